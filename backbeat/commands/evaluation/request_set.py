"""`backbeat eval FILE`: a set of requests, counted by kind and language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from rich.markup import escape
from rich.table import Table

from backbeat.commands.evaluation.call_words import argument_words, call_words, value_words
from backbeat.commands.evaluation.conversations import run_conversations
from backbeat.commands.evaluation.runs import Asked, ask_all
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


@dataclass(frozen=True, slots=True)
class SetRun:
    """How a set is run.

    Attributes:
        limit: Ask so many requests, spread over the file.
        show: Requests of which verdict are listed.
        judged: File of a person's verdicts on the turns of conversations.
        resume: Keep the answers of a run that was stopped.
    """

    limit: int | None = None
    show: Show = "none"
    judged: Path | None = None
    resume: bool = False


def run_set(file: Path, asked: Asked, run: SetRun) -> tuple[dict[str, Any], str]:
    """Ask a set and print it; return the results, and why the run stopped early or ""."""
    from assistant.evaluation.request_sets import BadSetError, read_set
    from assistant.evaluation.set_scoring import judge

    try:
        lines, fingerprint = read_set(file)
    except BadSetError as error:
        give_up(str(error))
    single = [line for line in lines if not line.talk]
    if run.limit is not None and run.limit < len(single):
        single = [single[number * len(single) // run.limit] for number in range(run.limit)]
    results, stopped = [], ""
    for contestant, about in asked.contestants(fingerprint) if single else ():
        answers, stopped = ask_all(contestant, about, single, resume=run.resume)
        judged = [judge(line, answers[line.id]) for line in single if line.id in answers]
        print_set(contestant.name, judged, run.show)
        results.append(set_as_json(contestant.name, judged))
        if stopped:
            break
    turns = _conversation_turns(lines, asked, run, alone=not single)
    return {"set": fingerprint, "contestants": results, "turns": turns}, stopped


def _conversation_turns(
    lines: Sequence[SetLine], asked: Asked, run: SetRun, *, alone: bool
) -> list[dict[str, Any]]:
    """Hold the conversations; those beside single requests only where they are to be seen."""
    turns = [line for line in lines if line.talk]
    if not turns or not (alone or run.judged or run.show in ("all", "uncounted")):
        return []
    if asked.names is None:
        give_up("Conversations need a library: --data FOLDER")
    use_model = asked.both or asked.model is not None
    return run_conversations(turns, model=asked.model, use_model=use_model, judged=run.judged)


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
        call_words(call.tool or "nothing", call.arguments)
        + (f" [{argument_words(call.optional)}]" if call.optional else "")
        for call in line.expected
    ]
    return " | ".join(calls) or line.told


def answer_words(answer: EvaluationAnswer) -> str:
    """Return the calls made in one line, or what was done instead."""
    if answer.calls:
        by = "" if answer.by == "reader" else " (model)"
        return " + ".join(call_words(name, arguments) for name, arguments in answer.calls) + by
    if answer.choices:
        return f"asks: {' | '.join(answer.choices)}"
    if answer.error:
        return f"nothing ({answer.error})"
    return f"nothing, but read {value_words(answer.partial)}" if answer.partial else "nothing"
