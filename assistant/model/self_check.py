"""Warm-up and self-check of a model in the background, before the first request."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

import prompts
from assistant.model.checked_models import ModelCheck, save_check, saved_check
from assistant.model.llm import ModelError, ModelFailure, load_litellm
from assistant.model.model_choice import Chooser, ModelChoice
from assistant.model.ollama_models import ModelState, model_state
from assistant.model.tool_schemas import ANSWER
from assistant.model.tool_style import ToolStyle
from assistant.settings import Settings
from tools.base import Tool

logger = logging.getLogger(__name__)

_POINTS: Final = 2  # a request: the tool, and its arguments
_UNREACHABLE: Final[frozenset[ModelFailure]] = frozenset({"no_server", "no_model", "timeout"})
_running_checks: set[asyncio.Task[Any]] = set()


async def warm_up(settings: Settings, tools: Sequence[Tool]) -> None:
    """Load the model, let it cache the prompt, and check it if it was not checked before.

    Nothing is sent to a model outside the local network before a user asks something.
    """
    state = await model_state(settings)
    if not state.usable or settings.leaves_house(state.model):
        return
    await asyncio.to_thread(load_litellm)
    try:
        await Chooser(settings, state, tools).warm()
        if saved_check(state) is None:
            await check_model(settings, state, tools)
            await Chooser(settings, state, tools).warm()
    except ModelError as error:
        logger.info("The model could not be warmed up: %s", error)


def cancel_self_checks() -> None:
    """Stop self-checks: a request has priority, as the server handles one at a time."""
    for task in _running_checks:
        task.get_loop().call_soon_threadsafe(task.cancel)


async def check_model(settings: Settings, state: ModelState, tools: Sequence[Tool]) -> ModelCheck:
    """Try a model on a few requests, held to the schema and natively, and store the result.

    The native style is skipped when the schema style makes no mistake.

    Raises:
        ModelError: The server did not answer.
    """
    requests = prompts.load("model_check")["request"]
    most = _POINTS * len(requests)
    task = asyncio.current_task()
    assert task is not None
    _running_checks.add(task)
    results: dict[ToolStyle, tuple[int, float]] = {}
    try:
        results["schema"] = await _try_style("schema", settings, state, tools, requests)
        if state.tools and results["schema"][0] < most:
            results["native"] = await _try_style("native", settings, state, tools, requests)
    finally:
        _running_checks.discard(task)
    style = max(
        results, key=lambda style: results[style][0]
    )  # the constrained one when both are as good
    check = ModelCheck(
        style=style,
        points={name: points for name, (points, _) in results.items()},
        most=most,
        seconds=round(results[style][1], 1),
    )
    save_check(state, check)
    return check


async def _try_style(
    style: ToolStyle,
    settings: Settings,
    state: ModelState,
    tools: Sequence[Tool],
    requests: Sequence[Mapping[str, Any]],
) -> tuple[int, float]:
    """Return points, and seconds a request."""
    chooser = Chooser(settings, state, tools, style=style)
    points, started = 0, time.monotonic()
    for request in requests:
        try:
            chosen = await chooser.choose(chooser.opening(request["text"]))
        except ModelError as error:
            if error.failure in _UNREACHABLE:
                raise
            continue
        points += _points(chosen, request)
    return points, (time.monotonic() - started) / len(requests)


def _points(chosen: ModelChoice, request: Mapping[str, Any]) -> int:
    if request["tool"] == ANSWER:
        return 0 if chosen.calls else _POINTS
    if len(chosen.calls) != 1 or chosen.calls[0].name != request["tool"]:
        return 0
    arguments = chosen.calls[0].arguments
    return 1 + all(arguments.get(name) == value for name, value in request["arguments"].items())
