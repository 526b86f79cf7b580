"""`backbeat chat`, `understand`: the chat in a terminal."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.markup import escape

from backbeat.terminal import console, item_table, notes, track_table, use_data_folder

if TYPE_CHECKING:
    from assistant.turns.conversation import Conversation
    from assistant.turns.events import TurnEvent
    from tools.base import Rendering

_CHART_WAIT_S: Final = 900.0
"""How long the command line waits for a drum chart: a long song on a slow board."""

DataOption = Annotated[Path | None, typer.Option("--data", help="Folder of Backbeat's data.")]


def chat(
    once: Annotated[str | None, typer.Option(help="Ask one thing and end.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the events as one JSON object.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Talk to your library in the terminal, in English or French."""
    from assistant.turns.conversation import Conversation
    from store.database import db

    use_data_folder(data)
    db.upgrade()
    talk = Conversation()
    if once is not None:
        asyncio.run(_turn(once, talk, as_json=as_json))
        return
    notes.print("Ask for music, in English or French. An empty line or Ctrl-D ends.")
    while True:
        try:
            text = console.input("[bold cyan]›[/bold cyan] ").strip()
        except (EOFError, KeyboardInterrupt):
            return
        if not text:
            return
        asyncio.run(_turn(text, talk, as_json=as_json))


def understand(
    reader_only: Annotated[bool, typer.Option("--reader-only", help="Never ask a model.")] = False,
    data: DataOption = None,
) -> None:
    """Read one request a line, print which tool it calls with what, as JSON. Runs nothing."""
    from assistant.turns.turn import understand_line

    use_data_folder(data)
    with asyncio.Runner() as runner:
        for line in sys.stdin:
            if text := line.strip():
                reading = runner.run(understand_line(text, reader_only=reader_only))
                print(json.dumps(reading, ensure_ascii=False), flush=True)


async def _turn(text: str, talk: Conversation, *, as_json: bool) -> None:
    from assistant.turns.turn import take_turn
    from indexer.jobs.service import serve_jobs

    record = _Record()
    with serve_jobs():
        async for event in take_turn(text, talk, wait_s=_CHART_WAIT_S):
            record.add(event)
            if not as_json:
                _print_event(event)
    if not as_json and record.choices:
        console.print("".join(f"\n  {i}. {escape(c)}" for i, c in enumerate(record.choices, 1)))
    if as_json:
        print(json.dumps(record.as_dict(text), ensure_ascii=False))
    else:
        console.print()


class _Record:
    """The events of a turn, collected for `--json`."""

    def __init__(self) -> None:
        self.words = ""
        self.calls: list[dict[str, Any]] = []
        self.notices: list[str] = []
        self.choices: tuple[str, ...] = ()
        self.end: dict[str, Any] = {}

    def add(self, event: TurnEvent) -> None:
        """Add an event."""
        from assistant.turns import events

        match event:
            case events.AnswerText(text):
                self.words += text
            case events.ToolShown(call, rendering, seconds, job_id):
                self.calls.append(
                    {"tool": call.name, "arguments": call.arguments, "kind": rendering.kind,
                     "data": rendering.data, "seconds": round(seconds, 3), "job_id": job_id}
                )  # fmt: skip
            case events.ToolFailed(call, message, choices):
                self.choices = choices
                self.calls.append(
                    {"tool": call.name, "arguments": call.arguments, "error": message,
                     "choices": list(choices)}
                )  # fmt: skip
            case events.TurnNotice(text):
                self.notices.append(text)
            case events.TurnDone(by, language, tool):
                self.end = {"by": by, "language": language, "tool": tool}
            case _:
                pass

    def as_dict(self, text: str) -> dict[str, Any]:
        """Return the whole turn as JSON-able values."""
        return {
            "text": text, **self.end, "answer": self.words, "calls": self.calls,
            "notices": self.notices,
        }  # fmt: skip


def _print_event(event: TurnEvent) -> None:
    from assistant.turns import events

    match event:
        case events.AnswerText(text):
            console.print(escape(text), end="")
        case events.ToolProgress(_, fraction, step):
            notes.print(f"[dim]{fraction:4.0%} {escape(step)}[/dim]")
        case events.ToolShown(_, rendering):
            _print_rendering(rendering)
        case events.TurnNotice(text):
            notes.print(f"[yellow]{escape(text)}[/yellow]")
        case _:
            pass


def _print_rendering(rendering: Rendering) -> None:
    tracks = rendering.data.get("tracks")
    if tracks and isinstance(tracks, Sequence):  # the status counts them
        console.print(track_table(list(tracks), reasons=True))
    if rendering.kind == "list":
        console.print(item_table(rendering.data["items"]))
    if (player := rendering.data.get("player")) and player["playing"]:
        notes.print("[dim]A terminal makes no sound: say “play” on the chat page.[/dim]")
    if rendering.kind == "chart" and (path := _chart_path(rendering.data.get("chart_id"))):
        console.print(escape(str(path)))


def _chart_path(chart_id: object) -> Path | None:
    """Return the path of a finished chart's zip; None while there is none."""
    from store.charts import drum_charts
    from store.settings import StoreSettings

    chart = drum_charts.chart(chart_id) if isinstance(chart_id, int) else None
    return StoreSettings().charts / chart.zip_file if chart else None
