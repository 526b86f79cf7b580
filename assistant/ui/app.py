"""The chat page: Chainlit's handlers and nothing else."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import chainlit as cl
from chainlit.input_widget import Select, TextInput

from assistant import answers
from assistant.answers import Language
from assistant.messages import ToolCall
from assistant.model.ollama_models import ModelServerError, model_state, pull
from assistant.settings import Settings, current
from assistant.turns import pausing
from assistant.turns.conversation import Conversation
from assistant.turns.events import (
    AnalysisPaused,
    Question,
    ToolFailed,
    ToolProgress,
    ToolShown,
    ToolStarted,
    TurnNotice,
    Words,
)
from assistant.turns.turn import take_turn
from assistant.ui.buttons import press, text_of
from assistant.ui.escaping import escaped
from assistant.ui.page_elements import elements, megabytes
from assistant.web.access_guard import same
from prompts import load
from store import queries
from store.search.query import TrackQuery
from tools.library_progress import progress_fact, progress_note
from tools.text.untrusted import shown

_NO_MODEL = "-"
_WRONG_PASSWORD_DELAY_S = 1.0  # makes guessing slow
_PULL_STEP = 0.02  # of the download between two updates of the page

if (_password := current().password) is not None:
    _secret = _password.get_secret_value()

    @cl.password_auth_callback
    async def sign_in(username: str, password: str) -> cl.User | None:
        """Any name with the password; a wrong one has to wait."""
        if same(password, _secret):
            return cl.User(identifier=username or "listener")
        await asyncio.sleep(_WRONG_PASSWORD_DELAY_S)
        return None


@cl.set_starters
async def starters(user: cl.User | None, language: str | None) -> list[cl.Starter]:
    """Requests to click, in the language of the browser; one with a track of the library."""
    spoken = _page_language(language)
    requests = list(answers.starters(spoken))
    found = await asyncio.to_thread(queries.search, TrackQuery(sort="random"), default_limit=1)
    for track in found.tracks:
        names = ("chart_starter", "chart_starter_message")
        label, message = (answers.page(spoken, name, title=shown(track.title)) for name in names)
        requests.append((label, message))
    return [cl.Starter(label=label, message=message) for label, message in requests]


@cl.on_chat_start
async def start() -> None:
    """A fresh conversation."""
    cl.user_session.set("conversation", Conversation())
    await _send_settings()
    await _tell_of_library()


@cl.on_message
async def answer(message: cl.Message) -> None:
    """One turn."""
    await _Page(message.content).run()


@cl.action_callback("choose")
async def choose(action: cl.Action) -> None:
    """A name among those that were probably meant."""
    text = str(action.payload.get("name", ""))
    await cl.Message(content=text, type="user_message").send()
    await _Page(text).run()


@cl.action_callback("press")
async def pressed(action: cl.Action) -> None:
    """A button of an element."""
    await cl.Message(content=text_of(action.payload), type="user_message").send()
    await _Page(text_of(action.payload)).press(action.payload)


@cl.action_callback("pause")
async def pause(action: cl.Action) -> None:
    """Let the analysis rest, or go on."""
    language = _conversation().spoken or _page_language(_session_language())
    if action.payload.get("resume"):
        await cl.Message(content=await asyncio.to_thread(pausing.resume, language)).send()
    else:
        said = await asyncio.to_thread(pausing.pause, language)
        await cl.Message(content=said, actions=[_resume_action(language)]).send()
    await action.remove()


@cl.on_settings_update
async def change_settings(values: dict[str, Any]) -> None:
    """Another model, another language, a model to fetch."""
    conversation = _conversation()
    language = values.get("language")
    conversation.language = language if language in answers.LANGUAGES else None
    if (model := values.get("model")) and model != _NO_MODEL:
        conversation.model = model
        conversation.told.clear()
    if name := str(values.get("pull") or "").strip():
        await _pull(name)
        conversation.told.clear()
        await _send_settings()


class _Page:
    """Shows the events of one turn."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._conversation = _conversation()
        self._message = cl.Message(content="")
        self._steps: dict[str, cl.Step] = {}
        self._language: Language = _page_language(_session_language())

    async def run(self) -> None:
        """Take the turn; a stop closes it."""
        async with self._told_if_broken():
            turn = take_turn(self._text, self._conversation, settings=current())
            try:
                async for event in turn:
                    await self._show(event)
            finally:
                await turn.aclose()
        await self._message.send()

    async def press(self, payload: Mapping[str, Any]) -> None:
        """Do what a button asks for."""
        async with self._told_if_broken():
            for event in await press(
                payload, self._conversation, settings=current(), language=self._language
            ):
                await self._show(event)
        await self._message.send()

    @asynccontextmanager
    async def _told_if_broken(self) -> AsyncGenerator[None, None]:
        """A mistake inside goes on to the log, and the person is told; a stop is no mistake."""
        try:
            yield
        finally:
            if isinstance(error := sys.exception(), Exception):
                detail = type(error).__name__
                for step in self._steps.values():
                    await step.remove()
                await self._message.stream_token(
                    answers.answer(self._language_of_turn(), "broken", detail=detail)
                )
                await self._message.send()

    async def _show(self, event: object) -> None:
        if isinstance(event, ToolStarted):
            await self._start_step(event.call)
        elif isinstance(event, ToolProgress):
            step = self._steps[_key(event.call)]
            step.output = f"{round(event.fraction * 100)} % {event.step}"
            await step.update()
        elif isinstance(event, ToolShown):
            await self._end_step(event.call, event.rendering.sentence)
            shown = elements(event.rendering, self._language_of_turn(), event.call)
            self._message.elements = [*(self._message.elements or []), *shown]  # type: ignore[list-item]
            if event.rendering.kind == "status":
                self._message.actions = _pause_actions(
                    event.rendering.data, self._language_of_turn()
                )
        elif isinstance(event, ToolFailed):
            await self._end_step(event.call, event.message, failed=True)
            self._offer(event.choices)
        elif isinstance(event, Question):
            self._offer(event.choices)
        elif isinstance(event, AnalysisPaused):
            self._message.actions = [_resume_action(self._language_of_turn())]
        elif isinstance(event, Words):
            await self._message.stream_token(_shown_words(event.text))
        elif isinstance(event, TurnNotice):
            await cl.Message(content=f"ℹ️ {event.text}").send()

    def _offer(self, choices: tuple[str, ...]) -> None:
        self._message.actions = [
            cl.Action(name="choose", label=choice, payload={"name": choice}) for choice in choices
        ]

    def _language_of_turn(self) -> Language:
        return self._conversation.spoken or self._language

    async def _start_step(self, call: ToolCall) -> None:
        label = answers.tool_label(self._language_of_turn(), call.name)
        # the picture is looked up by name otherwise, which must be without accents then
        picture = {"avatarName": "default"}
        step = cl.Step(name=label, type="tool", show_input="json", metadata=picture)
        step.input = json.dumps({call.name: call.arguments}, ensure_ascii=False, indent=1)
        self._steps[_key(call)] = step
        await step.__aenter__()

    async def _end_step(self, call: ToolCall, output: str, *, failed: bool = False) -> None:
        step = self._steps.pop(_key(call))
        step.output = escaped(output)
        step.is_error = failed
        await step.__aexit__(None, None, None)


def _resume_action(language: Language) -> cl.Action:
    label = load("pause", language)["resume"]
    return cl.Action(name="pause", label=label, payload={"resume": True})


def _pause_actions(facts: Mapping[str, Any], language: Language) -> list[cl.Action]:
    """A button that lets the analysis rest, or go on where its owner may decide that."""
    if reason := facts["paused"]:
        return [] if reason == "too_hot" else [_resume_action(language)]
    if not facts["indexer_alive"] or not facts["queued"] + facts["running"]:
        return []
    label = load("pause", language)["pause"]
    return [cl.Action(name="pause", label=label, payload={"resume": False})]


def _key(call: ToolCall) -> str:
    return call.id or json.dumps([call.name, call.arguments], sort_keys=True)


def _shown_words(text: str) -> str:
    """Help is our own Markdown; everything else may hold titles."""
    return text if text in map(answers.help_text, answers.LANGUAGES) else escaped(text)


def _conversation() -> Conversation:
    conversation = cl.user_session.get("conversation")
    if not isinstance(conversation, Conversation):
        conversation = Conversation()
        cl.user_session.set("conversation", conversation)
    return conversation


def _session_language() -> str | None:
    return getattr(cl.context.session, "language", None)


def _page_language(browser: str | None) -> Language:
    locale = current().locale
    if locale != "auto":
        return locale
    return "fr" if (browser or "").lower().startswith("fr") else "en"


async def _tell_of_library() -> None:
    """That there is no music yet, or that some of it is still to be listened to."""
    fact = await asyncio.to_thread(progress_fact)
    if note := progress_note(fact, _page_language(_session_language())):
        await cl.context.emitter.send_toast(note, "info" if fact["left"] else "warning")


async def _send_settings() -> None:
    settings, language = current(), _page_language(_session_language())
    conversation = _conversation()
    state = await model_state(settings, conversation.model)
    models = {name: name for name in state.installed if "embed" not in name} or {
        answers.page(language, "model_none"): _NO_MODEL
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
                    "English": "en",
                    "Français": "fr",
                },
                initial_value=conversation.language or "auto",
            ),
        ]
    ).send()


async def _pull(name: str) -> None:
    """Fetch a model and show how far it is."""
    settings: Settings = current()
    language = _page_language(_session_language())
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
        _conversation().model = name
    except ModelServerError as error:
        message.content = escaped(str(error))
    await message.update()
