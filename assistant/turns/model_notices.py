"""Notices about the model beside the answer."""

from __future__ import annotations

import prompts
from assistant.model.llm import ModelError
from assistant.model.ollama_models import ModelState
from assistant.turns.events import TurnNotice
from assistant.turns.turn_work import TurnWork


def notice_once(turn: TurnWork, name: str, **values: object) -> None:
    """Show a notice of model.toml, once a conversation."""
    if name not in turn.conversation.given_notices:
        turn.conversation.given_notices.add(name)
        notices = prompts.load("model", turn.language)["notices"]
        turn.emit(TurnNotice(notices[name].format(**values)))


def notice_problem(turn: TurnWork, state: ModelState) -> None:
    """Say once why a model cannot be used."""
    if state.problem and state.problem != "off":
        turn.notice_once(
            state.problem,
            host=turn.settings.model_address,
            model=state.model,
            default=turn.settings.small_model,
        )


def notice_failure(turn: TurnWork, error: ModelError, model: str) -> None:
    """Say once how a model failed."""
    turn.notice_once(
        error.failure,
        host=turn.settings.model_address,
        model=model,
        small=turn.settings.small_model,
        detail=str(error)[:120],
    )
