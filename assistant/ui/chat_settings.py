"""The settings panel of the page: what stays with a person, and a model to download."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

import chainlit as cl
from chainlit.input_widget import Select, Switch, TextInput

import prompts
from assistant import answers
from assistant.answers import Language
from assistant.model.ollama_models import ModelServerError, model_state, pull
from assistant.settings import Settings, current
from assistant.ui.escaping import escaped
from assistant.ui.page_elements import megabytes
from assistant.ui.page_session import current_conversation, session_language
from store.people.preferences import PAGE_SIZES, THEMES, change_preferences, preferences

NO_MODEL: Final = "-"
"""Value of the entry that stands for "no model is installed"."""
AS_WRITTEN: Final = "auto"
"""Value of the entry that stands for the language of each request."""
_SWITCHES: Final = ("crossfade", "radio", "count_plays")
_PULL_STEP = 0.02
"""Fraction of a download between two updates of the page."""


async def send_settings() -> None:
    """Show the settings panel with what the person chose and the models that are installed."""
    settings, language = current(), session_language()
    conversation = current_conversation()
    chosen = await asyncio.to_thread(preferences, conversation.person)
    state = await model_state(settings, conversation.model)
    models = {name: name for name in state.installed if "embed" not in name} or {
        answers.page(language, "model_none"): NO_MODEL
    }
    model = state.model if state.model in models.values() else next(iter(models.values()))
    languages = {prompts.language_name(name): name for name in prompts.languages()}
    languages = {answers.page(language, "language_auto"): AS_WRITTEN, **languages}
    sizes = {str(size): str(size) for size in PAGE_SIZES}
    themes = {answers.page(language, f"theme_{name}"): name for name in THEMES}
    await cl.ChatSettings(
        [
            _select("language", language, languages, conversation.language or AS_WRITTEN),
            _select("results_per_page", language, sizes, str(chosen.results_per_page)),
            _select("theme", language, themes, chosen.theme or THEMES[0]),
            *(_switch(name, language, bool(asdict(chosen)[name])) for name in _SWITCHES),
            _select("model", language, models, model),
            *([_fetch(language, settings)] if settings.uses_ollama else []),
        ]
    ).send()


async def keep_settings(values: Mapping[str, Any]) -> None:
    """Keep what the settings panel says for this person, and tell the page."""
    changes: dict[str, Any] = {name: bool(values[name]) for name in _SWITCHES if name in values}
    if "language" in values:
        known = values["language"] in prompts.languages()
        changes["language"] = values["language"] if known else None
    if (model := values.get("model")) and model != NO_MODEL:
        changes["model"] = None if model == current().model else str(model)
    if str(values.get("results_per_page")) in map(str, PAGE_SIZES):
        changes["results_per_page"] = int(values["results_per_page"])
    if values.get("theme") in THEMES:
        changes["theme"] = values["theme"]
    person = current_conversation().person
    kept = asdict(await asyncio.to_thread(change_preferences, person, changes))
    await cl.send_window_message({"backbeat": "preferences", "values": kept})


def _select(name: str, language: Language, items: dict[str, str], value: str) -> Select:
    return Select(
        id=name,
        label=answers.page(language, f"settings_{name}"),
        description=answers.page(language, f"settings_{name}_help"),
        items=items,
        initial_value=value,
    )


def _switch(name: str, language: Language, on: bool) -> Switch:
    return Switch(
        id=name,
        label=answers.page(language, f"settings_{name}"),
        description=answers.page(language, f"settings_{name}_help"),
        initial=on,
    )


def _fetch(language: Language, settings: Settings) -> TextInput:
    return TextInput(
        id="pull",
        label=answers.page(language, "settings_pull"),
        description=answers.page(language, "settings_pull_help", small=settings.small_model),
        placeholder=settings.model,
    )


async def pull_model(name: str) -> None:
    """Download a model onto the model server and show the progress."""
    settings: Settings = current()
    language = session_language()
    message = cl.Message(content=answers.page(language, "pulling", model=name, status="…"))
    await message.send()
    shown = -1.0
    try:
        async for progress in pull(settings, name):
            if progress.fraction and abs(progress.fraction - shown) < _PULL_STEP:
                continue
            shown = progress.fraction
            status = escaped(progress.status)
            if progress.total_bytes:
                done = megabytes(language, progress.completed_bytes)
                status = f"{shown:.0%} ({done} / {megabytes(language, progress.total_bytes)})"
            message.content = answers.page(language, "pulling", model=escaped(name), status=status)
            await message.update()
        message.content = answers.page(language, "pulled", model=escaped(name))
        current_conversation().model = name
    except ModelServerError as error:
        message.content = escaped(str(error))
    await message.update()
