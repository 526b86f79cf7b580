"""Runs of `backbeat eval`: who is asked, and every request that was not asked yet."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from backbeat.terminal import give_up, notes

if TYPE_CHECKING:
    from assistant.evaluation.contestants import AskedRequest, Contestant, EvaluationAnswer
    from assistant.model.model_choice import Chooser
    from assistant.model.ollama_models import ModelProblem
    from assistant.understanding.lexing.name_lookups import NameSource

GO_ON: Final = "Go on with: backbeat eval --resume and the same options."


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked: the reader (also when nobody is named), a model alone, or both as in the chat.

    Attributes:
        model: Name of the model; None: that of the settings.
        names: The library's names for the reader; None: names are taken as written.
    """

    model: str | None
    reader: bool
    both: bool
    names: NameSource | None = None

    def contestants(self, fingerprint: str) -> list[tuple[Contestant, dict[str, Any]]]:
        """Return each contestant with the values that must match for its logged answers to count.

        Args:
            fingerprint: Hash of the set of requests.
        """
        from assistant.evaluation.contestants import ModelAlone, ReaderAlone, ReaderAndModel

        shared = {"set": fingerprint}
        found: list[tuple[Contestant, dict[str, Any]]] = []
        if self.reader or not (self.model or self.both):
            found.append((ReaderAlone(names=self.names), shared))
        if self.model or self.both:
            chooser, name, about = asyncio.run(_model(self.model))
            contestant = (
                ReaderAndModel(f"reader + {name}", chooser, self.names)
                if self.both
                else ModelAlone(name, chooser)
            )
            found.append((contestant, {**shared, **about}))
        return found


def ask_all(
    contestant: Contestant, about: dict[str, Any], asked: Sequence[AskedRequest], *, resume: bool
) -> tuple[dict[str, EvaluationAnswer], str]:
    """Return the answers by request, and why the run stopped early; "" where it did not."""
    try:
        return asyncio.run(_ask_all(contestant, about, asked, resume=resume))
    except KeyboardInterrupt:
        give_up(f"Stopped. {GO_ON}")


async def _ask_all(
    contestant: Contestant, about: dict[str, Any], asked: Sequence[AskedRequest], *, resume: bool
) -> tuple[dict[str, EvaluationAnswer], str]:
    from assistant.evaluation.answer_log import AnswerLog
    from assistant.evaluation.contestants import LostServerError
    from store.settings import StoreSettings

    folder = StoreSettings().folder / "evaluations"
    log = AnswerLog(folder, contestant.name, about, resume=resume)
    remaining = [case for case in asked if case.id not in log.answers]
    done = len(asked) - len(remaining)
    if resume and done:
        notes.print(f"{escape(contestant.name)}: {done} answers are there.")
    with _progress_bar() as progress:
        task = progress.add_task(escape(contestant.name), total=len(asked), completed=done)
        for case in remaining:
            try:
                log.add(await contestant.answer(case))
            except LostServerError as error:
                return log.answers, f"The model server stopped answering ({error})."
            progress.advance(task)
    return log.answers, ""


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


def _progress_bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=notes,
    )
