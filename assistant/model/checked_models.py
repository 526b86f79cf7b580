"""How models did in their self-check, saved in the data folder by the model's digest."""

from __future__ import annotations

import json
import logging
from typing import Final

from pydantic import ValidationError

from assistant.frozen_model import FrozenModel
from assistant.model.ollama_models import ModelState
from assistant.model.tool_style import ToolStyle
from store.settings import StoreSettings

logger = logging.getLogger(__name__)

CHECK_VERSION: Final = 1
"""Of the requests; another one checks every model anew."""
_FILE: Final = "model_checks.json"


class ModelCheck(FrozenModel):
    """How a model did.

    Attributes:
        style: In which it did better.
        points: In each style that was tried: at most two a request, for the tool and its arguments.
        most: Points that could be had.
        seconds: A request took, in the better style.
    """

    style: ToolStyle
    points: dict[ToolStyle, int]
    most: int
    seconds: float
    version: int = CHECK_VERSION


def saved_check(state: ModelState) -> ModelCheck | None:
    """The check of this very model, if there was one."""
    saved = _read_all().get(state.digest)
    if saved is None:
        return None
    try:
        check = ModelCheck.model_validate(saved)
    except ValidationError:
        return None
    return check if check.version == CHECK_VERSION else None


def save_check(state: ModelState, check: ModelCheck) -> None:
    """Remember a check; a full or read-only disk only means that it is done again."""
    checks = {**_read_all(), state.digest: check.model_dump()}
    path = StoreSettings().folder / _FILE
    temporary = path.with_suffix(".new")
    try:
        temporary.write_text(json.dumps(checks, indent=1), encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        logger.info("The self-check could not be saved: %s", error)


def style_of(state: ModelState) -> ToolStyle:
    """How to ask this model: as its check says, before that as its capabilities say."""
    if not state.tools:
        return "schema"
    check = saved_check(state)
    return check.style if check else "native"


def _read_all() -> dict[str, object]:
    try:
        found = json.loads((StoreSettings().folder / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
