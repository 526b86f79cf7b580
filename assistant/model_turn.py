"""The part of a turn that a model does: choose tools, then say what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from assistant.llm import Choice, ModelClient, ModelError
from assistant.messages import Message, ToolCall, ToolOutcome
from assistant.ollama_models import ModelState, model_state
from assistant.settings import Settings
from assistant.spoken import Guard, for_model
from assistant.tool_arguments import BadArgumentsError, said, validated
from assistant.tool_schemas import short_schemas
from assistant.turn_work import TurnWork
from tools.base import Rendering, Tool

_CALLS_AT_ONCE: Final = 3
_CHARACTERS_A_TOKEN: Final = 3  # of JSON and French, on the careful side
_PROMPT_SHARE: Final = 0.75  # of the context; the rest is for facts and the reply


class ModelTurn:
    """Single-shot choice, one repair, then one or two sentences that only name what was found."""

    def __init__(self, turn: TurnWork, state: ModelState) -> None:
        self._turn = turn
        self._client = client(turn.settings, state, list(turn.tools.values()))
        self._system = Message(role="system", content=system_prompt(turn.settings))

    async def run(self) -> bool:
        """True when the turn was answered."""
        turn = self._turn
        messages = self._opening()
        try:
            choice, calls = await self._choice(messages)
        except ModelError as error:
            turn.notice_once(
                error.failure,
                host=turn.settings.ollama_host,
                model=turn.conversation.model or turn.settings.model,
                small=turn.settings.small_model,
                detail=str(error)[:120],
            )
            return False
        if not calls:
            return self._small_answer(choice)
        shown: list[tuple[ToolOutcome, Rendering]] = []
        for call in calls:
            outcome, rendering = await turn.use(turn.tools[call.name], call)
            if rendering is None:
                turn.say(outcome.error or "")
                turn.done("model", call)
                return True
            shown.append((outcome, rendering))
        await self._speak(messages, shown)
        turn.done("model", calls[-1])
        return True

    def _opening(self) -> list[Message]:
        turn = self._turn
        request = Message(role="user", content=turn.text)
        history = turn.conversation.history()
        characters = sum(len(message.content) for message in [self._system, *history, request])
        if characters / _CHARACTERS_A_TOKEN > turn.settings.num_ctx * _PROMPT_SHARE:
            history = []
        return [self._system, *history, request]

    async def _choice(self, messages: list[Message]) -> tuple[Choice, list[ToolCall]]:
        """Ask for tools; wrong arguments are sent back once."""
        choice = await self._client.choose(messages)
        calls, complaints = checked_calls(choice, self._turn.tools)
        if complaints and not calls:
            again = [*messages, Message(role="assistant", tool_calls=choice.calls), *complaints]
            choice = await self._client.choose(again)
            calls, complaints = checked_calls(choice, self._turn.tools)
            if complaints and not calls:
                raise ModelError("nonsense", complaints[0].content)
        return choice, calls

    def _small_answer(self, choice: Choice) -> bool:
        """Words without a tool are taken when they claim nothing that the person did not say."""
        guard = Guard("", {}, self._turn.text)
        try:
            sentences = [*guard.feed(choice.text), *guard.finish()]
        except ValueError:
            return False
        if not sentences:
            return False
        self._turn.say(" ".join(sentences))
        self._turn.done("model")
        return True

    async def _speak(
        self, messages: list[Message], shown: Sequence[tuple[ToolOutcome, Rendering]]
    ) -> None:
        """Stream sentences as far as they are true; else the tools' own sentences."""
        facts, references = for_model(
            {outcome.call.name: outcome.facts or {} for outcome, _ in shown}
            if len(shown) > 1
            else shown[0][0].facts or {}
        )
        calls = tuple(outcome.call for outcome, _ in shown)
        conversation = [
            *messages,
            Message(role="assistant", tool_calls=calls),
            Message(
                role="tool",
                name=" + ".join(call.name for call in calls),
                tool_call_id=calls[0].id,
                content=facts,
            ),
        ]
        guard = Guard(facts, references, self._turn.text)
        said_any = False
        try:
            async for piece in self._client.speak(conversation):
                for sentence in guard.feed(piece):
                    self._turn.say(f" {sentence}" if said_any else sentence)
                    said_any = True
            for sentence in guard.finish():
                self._turn.say(f" {sentence}" if said_any else sentence)
                said_any = True
        except (ModelError, ValueError):
            template = " ".join(rendering.sentence for _, rendering in shown)
            self._turn.say(f" {template}" if said_any else template)
            return
        if not said_any:
            self._turn.say(" ".join(rendering.sentence for _, rendering in shown))


async def choose_tool(text: str, *, settings: Settings, tools: Sequence[Tool]) -> ToolCall | None:
    """The one call that the model would make; None when there is no model or no call."""
    state = await model_state(settings)
    if not state.usable:
        return None
    messages = [
        Message(role="system", content=system_prompt(settings)),
        Message(role="user", content=text),
    ]
    try:
        choice = await client(settings, state, tools).choose(messages)
    except ModelError:
        return None
    calls, _ = checked_calls(choice, {tool.name: tool for tool in tools})
    return calls[0] if calls else None


def client(settings: Settings, state: ModelState, tools: Sequence[Tool]) -> ModelClient:
    """A client whose requests all begin with the same bytes."""
    return ModelClient(
        settings,
        model=state.model,
        thinking=state.thinking,
        tools=short_schemas(tools),
    )


def system_prompt(settings: Settings) -> str:
    """The prompt, one language a server, so that the model reads it once."""
    return _prompt("fr" if settings.locale == "fr" else "en")


@cache
def _prompt(language: str) -> str:
    return (files("prompts") / language / "system.md").read_text("utf-8").strip()


def checked_calls(
    choice: Choice, tools: Mapping[str, Tool]
) -> tuple[list[ToolCall], list[Message]]:
    """Valid calls without repetitions, and for the others what is wrong with them."""
    calls: list[ToolCall] = []
    complaints: list[Message] = []
    for number, call in enumerate(choice.calls[:_CALLS_AT_ONCE]):
        identity = call.id or f"call-{number}"
        try:
            tool = tools[call.name]
            arguments = said(validated(tool, call.arguments))
        except KeyError:
            text = f"There is no tool {call.name[:60]!r}. Tools: {', '.join(tools)}"
        except BadArgumentsError as error:
            text = f"error: {error}"
        else:
            new = ToolCall(name=call.name, arguments=arguments, id=identity)
            if all((c.name, c.arguments) != (new.name, new.arguments) for c in calls):
                calls.append(new)
            continue
        complaints.append(Message(role="tool", name=call.name, tool_call_id=identity, content=text))
    return calls, complaints
