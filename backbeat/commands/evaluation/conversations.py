"""`backbeat eval FILE` for conversations: each turn as in the chat, on a copy of the library."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

from rich.markup import escape
from rich.table import Table

from backbeat.commands.evaluation.call_words import call_words
from backbeat.terminal import console, give_up

if TYPE_CHECKING:
    from assistant.evaluation.call_matching import MatchVerdict
    from assistant.evaluation.conversations import TalkTurn
    from assistant.evaluation.request_sets import SetLine

_NOT_COPIED: Final = ("models", "cache", "demo", "evaluations", "exports")
"""Parts of the data folder that no turn reads; models and cache are large."""


def run_conversations(
    lines: Sequence[SetLine], *, model: str | None, use_model: bool, judged: Path | None
) -> list[dict[str, Any]]:
    """Hold and print the conversations; return their turns as JSON-able values.

    Args:
        lines: The turns.
        model: Name of the model; None: that of the settings.
        use_model: Ask the model what the reader defers.
        judged: File with a verdict a line, in the order of the turns.
    """
    from assistant.evaluation.conversations import conversations, hold
    from assistant.settings import Settings

    settings = Settings(use_model=use_model)
    if model:
        settings = settings.model_copy(update={"model": model})
    turns: list[TalkTurn] = []
    for talk in conversations(lines):
        with _copied_library():
            turns += asyncio.run(hold(talk, settings))
    if judged is not None:
        _take_verdicts(turns, judged)
    else:
        _match_expected(turns)
    _print_turns(turns)
    if any(turn.verdict for turn in turns):
        console.print(_share_table(turns))
    return [{**asdict(turn), "line": turn.line.model_dump(by_alias=True)} for turn in turns]


@contextmanager
def _copied_library() -> Iterator[None]:
    """Use a copy of the data folder, so that every conversation finds the same library."""
    from store.database import db
    from store.settings import StoreSettings
    from store.vectors import vector_service

    folder = StoreSettings().folder
    before = os.environ.get("BACKBEAT_DATA")
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(
            folder, copy, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*_NOT_COPIED)
        )
        os.environ["BACKBEAT_DATA"] = copy
        db.reset()
        db.upgrade()
        try:
            yield
        finally:
            vector_service.close()
            if before is None:
                del os.environ["BACKBEAT_DATA"]
            else:
                os.environ["BACKBEAT_DATA"] = before
            db.reset()


def _take_verdicts(turns: Sequence[TalkTurn], judged: Path) -> None:
    """Set the verdicts of a person: the first word of each line that is not empty or a remark."""
    from assistant.evaluation.call_matching import MatchVerdict

    lines = judged.read_text(encoding="utf-8").splitlines()
    words = [line.split()[0] for line in lines if line.strip() and not line.startswith("#")]
    known: dict[str, MatchVerdict] = {name: name for name in get_args(MatchVerdict)}
    if unknown := [word for word in words if word not in known]:
        give_up(f"{judged}: expected one of {', '.join(known)}, not {unknown[0]!r}")
    if len(words) != len(turns):
        give_up(f"{judged}: expected {len(turns)} verdicts, one a turn, not {len(words)}")
    for turn, word in zip(turns, words, strict=True):
        turn.verdict = known[word]


def _match_expected(turns: Sequence[TalkTurn]) -> None:
    from assistant.evaluation.call_matching import verdict

    for turn in turns:
        if turn.line.expected:
            turn.verdict = verdict(turn.calls, turn.line.expected)


def _print_turns(turns: Sequence[TalkTurn]) -> None:
    for turn in turns:
        verdict = f"{turn.verdict or '':9}"
        console.print(f"[dim]{verdict}[/dim]", end="")
        console.print(escape(f"{turn.line.talk} › {turn.line.text}"), soft_wrap=True)
        called = " + ".join(call_words(name, arguments) for name, arguments in turn.calls)
        titles = f"  [{' | '.join(turn.titles)}]" if turn.titles else ""
        console.print(escape(f"             {called or 'nothing'}{titles}"), soft_wrap=True)
        console.print(escape(f"             {turn.by}: {turn.first_line}"), soft_wrap=True)
        if turn.choices:
            console.print(escape(f"             asks: {' | '.join(turn.choices)}"), soft_wrap=True)


def _share_table(turns: Sequence[TalkTurn]) -> Table:
    """Return the shares of the verdicts by language."""
    from assistant.evaluation.call_matching import MatchVerdict

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("turns", "", *get_args(MatchVerdict)):
        table.add_column(column, justify="left" if column == "turns" else "right")
    counted = [turn for turn in turns if turn.verdict]
    for language in (*sorted({turn.line.language for turn in counted}), "all"):
        counts = Counter(
            turn.verdict for turn in counted if language in (turn.line.language, "all")
        )
        shares = [f"{counts[name] / counts.total():.1%}" for name in get_args(MatchVerdict)]
        table.add_row(language, str(counts.total()), *shares)
    return table
