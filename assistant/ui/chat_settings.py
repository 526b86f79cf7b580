"""The settings panel of the page: model, language, and a model to download."""

from __future__ import annotations

import chainlit as cl
from chainlit.input_widget import Select, TextInput

import prompts
from assistant import answers
from assistant.model.ollama_models import ModelServerError, model_state, pull
from assistant.settings import Settings, current
from assistant.ui.escaping import escaped
from assistant.ui.page_elements import megabytes
from assistant.ui.page_session import current_conversation, session_language

NO_MODEL = "-"
"""Value of the entry that stands for "no model is installed"."""
_PULL_STEP = 0.02
"""Fraction of a download between two updates of the page."""


async def send_settings() -> None:
    """Show the settings panel with the models that are installed."""
    settings, language = current(), session_language()
    conversation = current_conversation()
    state = await model_state(settings, conversation.model)
    models = {name: name for name in state.installed if "embed" not in name} or {
        answers.page(language, "model_none"): NO_MODEL
    }
    chosen = state.model if state.model in models.values() else next(iter(models.values()))
    fetch = TextInput(
        id="pull",
        label=answers.page(language, "settings_pull"),
        description=answers.page(language, "settings_pull_help", small=settings.small_model),
        placeholder=settings.model,
    )
    await cl.ChatSettings(
        [
            Select(
                id="model",
                label=answers.page(language, "settings_model"),
                description=answers.page(language, "settings_model_help"),
                items=models,
                initial_value=chosen,
            ),
            *([fetch] if settings.uses_ollama else []),
            Select(
                id="language",
                label=answers.page(language, "settings_language"),
                items={
                    answers.page(language, "language_auto"): "auto",
                    **{prompts.language_name(name): name for name in prompts.languages()},
                },
                initial_value=conversation.language or "auto",
            ),
        ]
    ).send()


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
