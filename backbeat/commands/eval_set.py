"""`backbeat eval FILE`: a set of requests, counted by kind and language."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from rich.markup import escape
from rich.table import Table

from backbeat.commands.eval_run import Asked, ask_all
from backbeat.terminal import console, give_up

if TYPE_CHECKING:
    from assistant.evaluation.contestants import EvaluationAnswer
    from assistant.evaluation.request_sets import SetLine
    from assistant.evaluation.set_scoring import JudgedLine
    from assistant.understanding.lexing.name_lookups import NameSource

Show = Literal["right", "partly", "deferred", "wrong", "uncounted", "all", "none"]
_COLOURS: Final = {"right": "green", "partly": "cyan", "deferred": "yellow", "wrong": "red"}


def library_names() -> NameSource | None:
    """Return the names of the library in the data folder; None where there is no library."""
    from assistant.turns.library_names import LibraryNames
    from store.results import StoreError

    names = LibraryNames()
    try:
        names.artists({"a"})
    except StoreError:
        return None
    return names


def run_set(
    file: Path, asked: Asked, *, limit: int | None, show: Show, resume: bool
) -> tuple[dict[str, Any], str]:
    """Ask a set and print it; return the results, and why the run stopped early or ""."""
    from assistant.evaluation.request_sets import BadSetError, read_set
    from assistant.evaluation.set_scoring import judge

    try:
        lines, fingerprint = read_set(file)
    except BadSetError as error:
        give_up(str(error))
    if limit is not None and limit < len(lines):
        lines = [lines[number * len(lines) // limit] for number in range(limit)]
    results, stopped = [], ""
    for contestant, about in asked.contestants(fingerprint):
        answers, stopped = ask_all(contestant, about, lines, resume=resume)
        judged = [judge(line, answers[line.id]) for line in lines if line.id in answers]
        print_set(contestant.name, judged, show)
        results.append(set_as_json(contestant.name, judged))
        if stopped:
            break
    return {"set": fingerprint, "contestants": results}, stopped


def print_set(name: str, judged: Sequence[JudgedLine], show: Show) -> None:
    """Print the lines asked for, all where none can be counted, then the counts."""
    counted = any(one.verdict for one in judged)
    for one in judged:
        if not counted or show in ("all", one.verdict or "uncounted"):
            _print_line(one)
    if counted:
        console.print(count_table(name, judged))


def count_table(name: str, judged: Sequence[JudgedLine]) -> Table:
    """Return counts and score by kind and language."""
    from assistant.evaluation.set_scoring import VERDICTS, tabulate

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(escape(name))
    table.add_column("")
    for column in ("asked", *VERDICTS, "right %", "wrong %", "score"):
        table.add_column(column, justify="right")
    for row in tabulate(judged):
        numbers = [row.counts[verdict] for verdict in VERDICTS]
        shares = [f"{row.counts[verdict] / row.asked:.1%}" for verdict in ("right", "wrong")]
        table.add_row(
            escape(row.kind), row.language, str(row.asked), *map(str, numbers), *shares,
            f"{row.score:g}",
        )  # fmt: skip
    return table


def set_as_json(name: str, judged: Sequence[JudgedLine]) -> dict[str, Any]:
    """Return counts and lines of one contestant as JSON-able values."""
    from assistant.evaluation.set_scoring import tabulate

    rows = [
        {"kind": row.kind, "language": row.language, "asked": row.asked, **row.counts,
         "score": row.score}
        for row in tabulate(judged)
    ]  # fmt: skip
    lines = [
        {**one.line.model_dump(by_alias=True), "verdict": one.verdict, **one.answer.model_dump()}
        for one in judged
    ]
    return {"name": name, "rows": rows, "lines": lines}


def _print_line(one: JudgedLine) -> None:
    line = one.line
    found = one.verdict or "uncounted"
    before = "".join(f"{text} → " for text in line.before)
    colour = _COLOURS.get(found, "dim")
    place = f"{line.kind} {line.language} {line.talk or line.id}"
    console.print(f"[{colour}]{found:10}[/{colour}][dim]{escape(place)}[/dim] ", end="")
    console.print(escape(f"{before}{line.text}"), soft_wrap=True)
    if line.expected or line.told:
        console.print(escape(f"           expected {expected_words(line)}"), soft_wrap=True)
    console.print(escape(f"           came     {answer_words(one.answer)}"), soft_wrap=True)


def expected_words(line: SetLine) -> str:
    """Return the expected calls in one line."""
    calls = [
        _call(call.tool or "nothing", call.arguments)
        + (f" [{_values(call.optional)}]" if call.optional else "")
        for call in line.expected
    ]
    return " | ".join(calls) or line.told


def answer_words(answer: EvaluationAnswer) -> str:
    """Return the calls made in one line, or what was done instead."""
    if answer.calls:
        by = "" if answer.by == "reader" else " (model)"
        return " + ".join(_call(name, arguments) for name, arguments in answer.calls) + by
    if answer.choices:
        return f"asks: {' | '.join(answer.choices)}"
    if answer.error:
        return f"nothing ({answer.error})"
    return f"nothing, but read {_compact(answer.partial)}" if answer.partial else "nothing"


def _call(name: str, arguments: dict[str, Any]) -> str:
    return f"{name}({_values(arguments)})"


def _values(arguments: dict[str, Any]) -> str:
    return ", ".join(f"{name}={_compact(value)}" for name, value in arguments.items())


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
