"""`backbeat chat`, `understand`, `mcp`: talking to the library without a browser."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from backbeat.terminal import console, notes, track_table, use_data_folder

if TYPE_CHECKING:
    from assistant.conversation import Conversation
    from assistant.events import TurnEvent
    from tools.base import Rendering

DataOption = Annotated[Path | None, typer.Option("--data", help="Folder of Backbeat's data.")]


def chat(
    once: Annotated[str | None, typer.Option(help="Ask one thing and end.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the events as one JSON object.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Talk to your library in the terminal, in English or French."""
    from assistant.conversation import Conversation
    from store import db

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
    from assistant.turn import understand_line

    use_data_folder(data)
    with asyncio.Runner() as runner:
        for line in sys.stdin:
            if text := line.strip():
                reading = runner.run(understand_line(text, reader_only=reader_only))
                print(json.dumps(reading, ensure_ascii=False), flush=True)


def mcp(data: DataOption = None) -> None:
    """Serve the same tools to an MCP client over standard input and output."""
    from store import db
    from tools import mcp_server

    use_data_folder(data)
    db.upgrade()
    mcp_server.main()


async def _turn(text: str, talk: Conversation, *, as_json: bool) -> None:
    from assistant.turn import take_turn

    record = _Record()
    async for event in take_turn(text, talk):
        record.add(event)
        if not as_json:
            _print_event(event)
    for job_id in record.open_jobs():
        chart = _follow_job(job_id, quiet=as_json)
        record.close_job(job_id, chart)
        if not as_json:
            console.print(f"\n{escape(str(chart.get('folder') or chart.get('error')))}", end="")
    if as_json:
        print(json.dumps(record.as_dict(text), ensure_ascii=False))
    else:
        console.print()


class _Record:
    """A turn as one object: for `--json`."""

    def __init__(self) -> None:
        self.words = ""
        self.calls: list[dict[str, Any]] = []
        self.notices: list[str] = []
        self.end: dict[str, Any] = {}

    def add(self, event: TurnEvent) -> None:
        """Keep what matters of an event."""
        from assistant import events

        match event:
            case events.Words(text):
                self.words += text
            case events.ToolShown(call, rendering, seconds, job_id):
                self.calls.append(
                    {"tool": call.name, "arguments": call.arguments, "kind": rendering.kind,
                     "data": rendering.data, "seconds": round(seconds, 3), "job_id": job_id}
                )  # fmt: skip
            case events.ToolFailed(call, message, choices):
                self.calls.append(
                    {"tool": call.name, "arguments": call.arguments, "error": message,
                     "choices": list(choices)}
                )  # fmt: skip
            case events.Notice(text):
                self.notices.append(text)
            case events.TurnDone(by, language, tool):
                self.end = {"by": by, "language": language, "tool": tool}
            case _:
                pass

    def open_jobs(self) -> list[int]:
        """Jobs that still run."""
        return [call["job_id"] for call in self.calls if call.get("job_id") is not None]

    def close_job(self, job_id: int, result: dict[str, Any]) -> None:
        """Put what came of a job beside its call."""
        for call in self.calls:
            if call.get("job_id") == job_id:
                call["result"] = result

    def as_dict(self, text: str) -> dict[str, Any]:
        """The whole turn."""
        return {
            "text": text, **self.end, "answer": self.words, "calls": self.calls,
            "notices": self.notices,
        }  # fmt: skip


def _follow_job(job_id: int, *, quiet: bool) -> dict[str, Any]:
    """See a job to its end, by the indexer that runs or by a worker of our own."""
    from rich.progress import Progress

    from indexer.service import run_jobs_until
    from store import queries
    from store.settings import StoreSettings

    with Progress(console=notes, transient=True, disable=quiet) as progress:
        task = progress.add_task("", total=1.0)
        job = run_jobs_until(
            job_id,
            on_progress=lambda job: progress.update(
                task, completed=job.progress, description=escape(job.step or job.state)
            ),
        )
    if job.state != "done":
        return {"state": job.state, "error": job.reason or job.state}
    chart_id = job.result.get("chart_id")
    chart = queries.chart(chart_id) if isinstance(chart_id, int) else None
    if chart is None:
        return {"state": "lost", "error": "The chart is not there any more."}
    charts = StoreSettings().charts
    return {
        "state": "done", "chart_id": chart.id, "bpm": chart.bpm, "levels": dict(chart.levels),
        "folder": str(charts / chart.folder), "zip": str(charts / chart.zip_file),
    }  # fmt: skip


def _print_event(event: TurnEvent) -> None:
    from assistant import events

    match event:
        case events.Words(text):
            console.print(escape(text), end="")
        case events.ToolProgress(_, fraction, step):
            notes.print(f"[dim]{fraction:4.0%} {escape(step)}[/dim]")
        case events.ToolShown(_, rendering):
            _print_rendering(rendering)
        case events.ToolFailed(_, _, choices) if choices:
            console.print("".join(f"\n  {i}. {escape(c)}" for i, c in enumerate(choices, 1)))
        case events.Notice(text):
            notes.print(f"[yellow]{escape(text)}[/yellow]")
        case _:
            pass


def _print_rendering(rendering: Rendering) -> None:
    tracks = rendering.data.get("tracks")
    if tracks:
        console.print(track_table(list(tracks), reasons=True))
    for name in ("file", "zip", "folder", "path"):
        if value := rendering.data.get(name):
            console.print(f"[dim]{name}:[/dim] {escape(str(value))}")
