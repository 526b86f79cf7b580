"""The command: choose who is asked, ask, write the results."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assistant.evaluation.cases import EvaluationCase, cases, fingerprint
from backbeat.terminal import console, give_up, notes, use_data_folder

if TYPE_CHECKING:
    from assistant.evaluation.answer_scoring import EvaluationScore
    from assistant.evaluation.contestants import Contestant, EvaluationAnswer
    from assistant.model.model_choice import Chooser
    from assistant.model.ollama_models import ModelProblem

_GO_ON: Final = "Go on with: backbeat eval --resume and the same options."


def evaluate(
    model: Annotated[
        str | None, typer.Option(help="Ask this model; the one of the settings with --both.")
    ] = None,
    reader: Annotated[
        bool, typer.Option("--reader", help="Ask the built-in reader (also when nobody is named).")
    ] = False,
    both: Annotated[
        bool, typer.Option("--both", help="The reader, and the model where the reader defers.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Ask so many requests, spread over all kinds.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write results and answers to this file.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run that was stopped.")
    ] = False,
    data: Annotated[Path | None, typer.Option(help="Folder of Backbeat's data.")] = None,
) -> None:
    """Measure which tool is called with what, on a set of requests; choose a model by it."""
    from backbeat.commands import evaluation_tables

    use_data_folder(data)
    asked = cases(limit)
    contestants = _contestants(model, reader=reader, both=both)
    results: list[tuple[EvaluationScore, list[tuple[EvaluationCase, EvaluationAnswer]]]] = []
    lost = ""
    for contestant, about in contestants:
        try:
            result, lost = asyncio.run(_run(contestant, asked, about, resume=resume))
        except KeyboardInterrupt:
            give_up(f"Stopped. {_GO_ON}")
        results.append(result)
        if lost:
            break
    scores = [score for score, _ in results]
    console.print(evaluation_tables.quality_table(scores))
    console.print()
    console.print(evaluation_tables.kind_table(scores))
    if json_file is not None:
        json_file.write_text(_as_json(results), encoding="utf-8")
    if lost:
        give_up(f"{lost} {_GO_ON}")


def _contestants(
    model: str | None, *, reader: bool, both: bool
) -> list[tuple[Contestant, dict[str, Any]]]:
    """Who is asked, and what makes its answers those of another run."""
    from assistant.evaluation.contestants import ModelAlone, ReaderAlone, ReaderAndModel

    shared = {"set": fingerprint()}
    found: list[tuple[Contestant, dict[str, Any]]] = []
    if reader or not (model or both):
        found.append((ReaderAlone(), shared))
    if model or both:
        chooser, name, about = asyncio.run(_model(model))
        contestant = (
            ReaderAndModel(f"reader + {name}", chooser) if both else ModelAlone(name, chooser)
        )
        found.append((contestant, {**shared, **about}))
    return found


async def _model(wanted: str | None) -> tuple[Chooser, str, dict[str, Any]]:
    from assistant.model.model_choice import Chooser
    from assistant.model.ollama_models import model_state
    from assistant.settings import Settings
    from tools import TOOLS

    settings = Settings()
    state = await model_state(settings, wanted)
    if not state.usable:
        problems: dict[ModelProblem | None, str] = {
            "off": "Language models are turned off (BACKBEAT_USE_MODEL).",
            "no_server": f"No model server answers at {settings.model_address}.",
            "no_model": f"{state.model} is not installed: backbeat models pull {state.model}",
        }
        give_up(problems.get(state.problem, f"{state.model} cannot answer in words."))
    chooser = Chooser(settings, state, TOOLS)
    told = hashlib.sha256(chooser.system.content.encode()).hexdigest()[:12]
    about = {"digest": state.digest, "style": chooser.style, "system": told}
    return chooser, state.model, {**about, "num_ctx": settings.num_ctx}


async def _run(
    contestant: Contestant, asked: Sequence[EvaluationCase], about: dict[str, Any], *, resume: bool
) -> tuple[tuple[EvaluationScore, list[tuple[EvaluationCase, EvaluationAnswer]]], str]:
    """Ask what was not asked yet; also why the run broke off, if it did."""
    from assistant.evaluation.answer_log import AnswerLog
    from assistant.evaluation.answer_scoring import score
    from assistant.evaluation.contestants import LostServerError
    from store.settings import StoreSettings

    folder = StoreSettings().folder / "evaluations"
    journal = AnswerLog(folder, contestant.name, about, resume=resume)
    waiting = [case for case in asked if case.id not in journal.answers]
    if resume and len(waiting) < len(asked):
        notes.print(f"{escape(contestant.name)}: {len(asked) - len(waiting)} answers are there.")
    lost = ""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=notes) as progress:
        task = progress.add_task(
            escape(contestant.name), total=len(asked), completed=len(asked) - len(waiting)
        )
        for case in waiting:
            try:
                journal.add(await contestant.answer(case))
            except LostServerError as error:
                lost = f"The model server stopped answering ({error})."
                break
            progress.advance(task)
    pairs = [(case, journal.answers[case.id]) for case in asked if case.id in journal.answers]
    return (score(contestant.name, pairs), pairs), lost


def _as_json(
    results: Sequence[tuple[EvaluationScore, list[tuple[EvaluationCase, EvaluationAnswer]]]],
) -> str:
    from assistant.evaluation.answer_scoring import verdict

    rows = [
        {
            **score.model_dump(),
            "cases": [
                {
                    "text": case.text,
                    "kind": case.kind,
                    "expected": [case.tool, case.arguments],
                    "verdict": verdict(case, answer),
                    **answer.model_dump(),
                }
                for case, answer in pairs
            ],
        }
        for score, pairs in results
    ]
    whole = {"set": fingerprint(), "contestants": rows}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
