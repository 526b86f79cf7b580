"""`backbeat eval`: measure the reader and a language model on a set of requests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.evaluation.cases import EvaluationCase, cases, fingerprint
from backbeat.commands.evaluation import request_set
from backbeat.commands.evaluation.runs import GO_ON, Asked, ask_all
from backbeat.terminal import console, give_up, use_data_folder

if TYPE_CHECKING:
    from assistant.evaluation.answer_scoring import EvaluationScore
    from assistant.evaluation.contestants import EvaluationAnswer


def evaluate(
    file: Annotated[
        Path | None,
        typer.Argument(help="A set of requests as JSON lines; without it the one built in."),
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="Ask this model; the one of the settings with --both.")
    ] = None,
    reader: Annotated[
        bool, typer.Option("--reader", help="Ask the built-in reader (also when nobody is named).")
    ] = False,
    both: Annotated[
        bool, typer.Option("--both", help="The reader, and the model where the reader defers.")
    ] = False,
    show: Annotated[
        request_set.Show, typer.Option(help="List the requests of FILE that came out so.")
    ] = "none",
    judge: Annotated[
        Path | None,
        typer.Option(help="Your verdicts on the turns of FILE's conversations, one a line."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Ask so many requests, spread over all kinds.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write results and answers to this file.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run that was stopped.")
    ] = False,
    data: Annotated[
        Path | None, typer.Option(help="Folder of Backbeat's data; FILE is read with its names.")
    ] = None,
) -> None:
    """Measure which tool is called with what, on a set of requests; choose a model by it."""
    use_data_folder(data)
    if file is None:
        whole, stopped = _built_in(Asked(model, reader, both), cases(limit), resume=resume)
    else:
        asked = Asked(model, reader, both, request_set.library_names())
        run = request_set.SetRun(limit, show, judge, resume)
        whole, stopped = request_set.run_set(file, asked, run)
    if json_file is not None:
        text = json.dumps(whole, ensure_ascii=False, indent=1)
        json_file.write_text(text + "\n", encoding="utf-8")
    if stopped:
        give_up(f"{stopped} {GO_ON}")


@dataclass(frozen=True, slots=True)
class _Result:
    """The score of one contestant, and the answers that it was computed from."""

    score: EvaluationScore
    answers: list[tuple[EvaluationCase, EvaluationAnswer]]


def _built_in(
    asked: Asked, requests: Sequence[EvaluationCase], *, resume: bool
) -> tuple[dict[str, Any], str]:
    """Ask the set built in; return the results, and why the run stopped early or ""."""
    from assistant.evaluation.answer_scoring import score
    from backbeat.commands.evaluation import tables

    results: list[_Result] = []
    stopped = ""
    for contestant, about in asked.contestants(fingerprint()):
        answers, stopped = ask_all(contestant, about, requests, resume=resume)
        pairs = [(case, answers[case.id]) for case in requests if case.id in answers]
        results.append(_Result(score(contestant.name, pairs), pairs))
        if stopped:
            break
    scores = [result.score for result in results]
    console.print(tables.quality_table(scores))
    console.print()
    console.print(tables.kind_table(scores))
    return _as_json(results), stopped


def _as_json(results: Sequence[_Result]) -> dict[str, Any]:
    from assistant.evaluation.answer_scoring import verdict

    rows = [
        {
            **result.score.model_dump(),
            "cases": [
                {
                    "text": case.text,
                    "kind": case.kind,
                    "expected": [case.tool, case.arguments],
                    "verdict": verdict(case, answer),
                    **answer.model_dump(),
                }
                for case, answer in result.answers
            ],
        }
        for result in results
    ]
    return {"set": fingerprint(), "contestants": rows}
