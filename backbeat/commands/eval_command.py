"""`backbeat eval`: measure the reader and a language model on the set of requests."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
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
    contestants = _contestants(model, reader=reader, both=both)
    results, stopped = _evaluate_all(contestants, cases(limit), resume=resume)
    scores = [result.score for result in results]
    console.print(evaluation_tables.quality_table(scores))
    console.print()
    console.print(evaluation_tables.kind_table(scores))
    if json_file is not None:
        json_file.write_text(_as_json(results), encoding="utf-8")
    if stopped:
        give_up(f"{stopped} {_GO_ON}")


@dataclass(frozen=True, slots=True)
class _Result:
    """The score of one contestant, and the answers that it was computed from."""

    score: EvaluationScore
    answers: list[tuple[EvaluationCase, EvaluationAnswer]]


def _evaluate_all(
    contestants: Sequence[tuple[Contestant, dict[str, Any]]],
    asked: Sequence[EvaluationCase],
    *,
    resume: bool,
) -> tuple[list[_Result], str]:
    """Return the results, and why the run stopped early; "" where it did not."""
    results: list[_Result] = []
    for contestant, about in contestants:
        try:
            result, stopped = asyncio.run(_evaluate(contestant, asked, about, resume=resume))
        except KeyboardInterrupt:
            give_up(f"Stopped. {_GO_ON}")
        results.append(result)
        if stopped:
            return results, stopped
    return results, ""


def _contestants(
    model: str | None, *, reader: bool, both: bool
) -> list[tuple[Contestant, dict[str, Any]]]:
    """Return each contestant with the values that must match for its logged answers to count."""
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
    system = hashlib.sha256(chooser.system.content.encode()).hexdigest()[:12]
    about = {"digest": state.digest, "style": chooser.style, "system": system}
    return chooser, state.model, {**about, "num_ctx": settings.num_ctx}


async def _evaluate(
    contestant: Contestant,
    asked: Sequence[EvaluationCase],
    about: dict[str, Any],
    *,
    resume: bool,
) -> tuple[_Result, str]:
    """Ask what was not asked yet; return why the run stopped early as well."""
    from assistant.evaluation.answer_log import AnswerLog
    from assistant.evaluation.answer_scoring import score
    from assistant.evaluation.contestants import LostServerError
    from store.settings import StoreSettings

    folder = StoreSettings().folder / "evaluations"
    log = AnswerLog(folder, contestant.name, about, resume=resume)
    remaining = [case for case in asked if case.id not in log.answers]
    done = len(asked) - len(remaining)
    if resume and done:
        notes.print(f"{escape(contestant.name)}: {done} answers are there.")
    stopped = ""
    with _progress_bar() as progress:
        task = progress.add_task(escape(contestant.name), total=len(asked), completed=done)
        for case in remaining:
            try:
                log.add(await contestant.answer(case))
            except LostServerError as error:
                stopped = f"The model server stopped answering ({error})."
                break
            progress.advance(task)
    pairs = [(case, log.answers[case.id]) for case in asked if case.id in log.answers]
    return _Result(score(contestant.name, pairs), pairs), stopped


def _progress_bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=notes,
    )


def _as_json(results: Sequence[_Result]) -> str:
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
    whole = {"set": fingerprint(), "contestants": rows}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
