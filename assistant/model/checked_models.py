"""Results of the models' self-checks, stored in the data folder by the model's digest."""

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

CHECK_VERSION: Final = 2
"""Version of the requests; a new version invalidates the stored checks."""
_FILE: Final = "model_checks.json"


class ModelCheck(FrozenModel):
    """The result of one model's self-check.

    Attributes:
        style: The call style with more points.
        points: Points by style: at most two a request, for the tool and its arguments.
        most: Maximum of points.
        seconds: Mean duration of a request in the better style.
    """

    style: ToolStyle
    points: dict[ToolStyle, int]
    most: int
    seconds: float
    version: int = CHECK_VERSION


def saved_check(state: ModelState) -> ModelCheck | None:
    """Return the stored check of this model, if there is one."""
    saved = _read_all().get(state.digest)
    if saved is None:
        return None
    try:
        check = ModelCheck.model_validate(saved)
    except ValidationError:
        return None
    return check if check.version == CHECK_VERSION else None


def save_check(state: ModelState, check: ModelCheck) -> None:
    """Store a check; on a full or read-only disk it is repeated later."""
    checks = {**_read_all(), state.digest: check.model_dump()}
    path = StoreSettings().folder / _FILE
    temporary = path.with_suffix(".new")
    try:
        temporary.write_text(json.dumps(checks, indent=1), encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        logger.info("The self-check could not be kept: %s", error)


def style_of(state: ModelState) -> ToolStyle:
    """Return the call style of a model: constrained, unless its check found native better."""
    check = saved_check(state)
    return check.style if check and state.tools else "schema"


def _read_all() -> dict[str, object]:
    try:
        found = json.loads((StoreSettings().folder / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
