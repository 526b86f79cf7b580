"""Turns that go to a model, against a local server with Ollama's wire format."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, Literal

import pytest

from assistant.model.model_choice import HISTORY_TOKENS
from assistant.settings import Settings
from assistant.turns import model_turn
from assistant.turns.conversation import Conversation
from assistant.turns.events import AnswerText, ToolFailed, ToolShown, TurnDone, TurnNotice
from assistant.turns.turn import take_turn, understand_line
from tools import TOOLS
from tools.base import Arguments, Rendering, ToolContext, ToolResult


class LampArguments(Arguments):
    """Which colour."""

    colour: Literal["red", "blue"]


class Lamp:
    """A tool that is not one of the product."""

    name = "set_lamp"
    description = "Set the colour of the lamp."
    arguments = LampArguments

    def run(self, arguments: LampArguments, context: ToolContext) -> ToolResult:
        return ToolResult({"colour": arguments.colour})

    def render(self, result: ToolResult, context: ToolContext) -> Rendering:
        return Rendering(f"The lamp is {result.facts['colour']}.", "text")


LAMP = Lamp()
ODD = "jazz but only when it rains outside"  # the reader defers it


async def ask(text: str, conversation: Conversation, settings: Settings) -> list[Any]:
    return [event async for event in take_turn(text, conversation, settings=settings)]


def words(events: list[Any]) -> str:
    return "".join(event.text for event in events if isinstance(event, AnswerText))


def shown(events: list[Any]) -> list[ToolShown]:
    return [event for event in events if isinstance(event, ToolShown)]


async def test_a_choice_that_the_result_answers(
    library: Path, ollama: Any, settings: Settings
) -> None:
    ollama.replies += [ollama.chooses(("search_tracks", {"genres": ["Jazz"], "text": ""}))]
    events = await ask(ODD, Conversation(), settings)
    assert shown(events)[0].call.arguments == {"genres": ["jazz"]}
    assert words(events) == shown(events)[0].rendering.sentence
    assert events[-1] == TurnDone("model", "en", "search_tracks")
    [choice] = ollama.chats()
    assert choice["stream"] is True
    assert choice["truncate"] is False
    assert choice["keep_alive"] == -1
    assert choice["options"]["num_ctx"] == 8192
    assert choice["options"]["temperature"] == 0
    assert "tools" not in choice
    calls = choice["format"]["properties"]["calls"]["items"]["anyOf"]
    names = [call["properties"]["tool"]["enum"][0] for call in calls]
    assert names == [*(tool.name for tool in TOOLS), "answer"]


async def test_a_model_that_reads_the_results_speaks_of_them(
    library: Path, ollama: Any, settings: Settings
) -> None:
    ollama.replies += [
        ollama.chooses(("search_tracks", {"genres": ["jazz"]}), read=True),
        ollama.answers("Two quiet ones: T1 and T2. Enjoy!"),
    ]
    events = await ask(ODD, Conversation(), settings)
    assert words(events).startswith("Two quiet ones: “Slow Harbour” and")
    choice, speech = ollama.chats()
    assert choice["format"] == speech["format"]
    assert choice["messages"] == speech["messages"][: len(choice["messages"])]
    assert speech["messages"][-1]["content"].startswith("search_tracks: {")
    assert events[-1] == TurnDone("model", "en", "search_tracks")


async def test_several_steps_in_one_reply(library: Path, ollama: Any, settings: Settings) -> None:
    steps = (
        ("search_tracks", {"genres": ["metal"], "sort": "bpm"}),
        ("summarize_track", {"track": "T1"}),
    )
    ollama.replies += [ollama.chooses(*steps)]
    text = "so, the fastest metal thing in there, what is that one about then"
    events = await ask(text, Conversation(), settings)
    search, summary = shown(events)
    first = search.rendering.data["tracks"][0]
    assert summary.call.arguments["track"] == f"{first['title']} by {first['artist']}"
    assert summary.rendering.data["track"]["id"] == first["id"]
    assert search.rendering.sentence in words(events)
    assert summary.rendering.sentence in words(events)


async def test_three_rounds_at_most(library: Path, ollama: Any, settings: Settings) -> None:
    for genre in ("jazz", "metal", "folk", "pop", "house"):
        ollama.replies += [ollama.chooses(("search_tracks", {"genres": [genre]}), read=True)]
    text = "jazz or metal or folk or pop or house, but only if it goes well with tea"
    events = await ask(text, Conversation(), settings)
    assert len(shown(events)) == len(ollama.chats()) == model_turn.ROUNDS == 3
    assert words(events).endswith(shown(events)[-1].rendering.sentence)


async def test_a_call_that_was_made_is_not_made_again(
    library: Path, ollama: Any, settings: Settings
) -> None:
    search = ("search_tracks", {"genres": ["jazz"]})
    ollama.replies += [ollama.chooses(search, read=True), ollama.chooses(search, read=True)]
    events = await ask(ODD, Conversation(), settings)
    assert len(shown(events)) == 1
    assert len(ollama.chats()) == 2
    assert words(events) == shown(events)[0].rendering.sentence


async def test_an_answer_is_shown_while_it_is_written(
    library: Path, ollama: Any, settings: Settings
) -> None:
    ollama.replies += [ollama.answers("Well, why not? I like the drums best. And you?")]
    events = await ask("which instrument is the nicest, eh?", Conversation(), settings)
    pieces = [event.text for event in events if isinstance(event, AnswerText)]
    assert pieces == ["Well, why not?", " I like the drums best.", " And you?"]


async def test_the_conversation_is_remembered_within_its_share(
    library: Path, ollama: Any, settings: Settings
) -> None:
    conversation = Conversation()
    for number in range(8):
        ollama.replies += [ollama.answers(f"Answer {number}. " + "So it is. " * 25)]
        await ask(f"and why is that so, number {number}, tell me?", conversation, settings)
    messages = ollama.chats()[-1]["messages"]
    text = json.dumps(messages)
    assert "number 6, tell me" in text
    assert '\\"text\\":\\"Answer 6.' in text
    assert "number 0, tell me" not in text
    start = ollama.chats()[0]["messages"][:-1]
    assert messages[: len(start)] == start
    earlier = messages[len(start) : -1]
    assert len(json.dumps(earlier)) / 3 < HISTORY_TOKENS * 1.5


async def test_the_tools_of_a_person_are_offered(
    library: Path, ollama: Any, settings: Settings
) -> None:
    turn = take_turn("make the lights blue, please, now", Conversation(), settings=settings,
                     tools=[*TOOLS, LAMP])  # fmt: skip
    ollama.replies += [ollama.chooses(("set_lamp", {"colour": "blue"}))]
    events = [event async for event in turn]
    assert words(events) == "The lamp is blue."
    [choice] = ollama.chats()
    assert (
        "set_lamp(colour red|blue): Set the colour of the lamp" in choice["messages"][0]["content"]
    )


async def test_the_next_turn_goes_to_the_reader(
    library: Path, ollama: Any, settings: Settings
) -> None:
    conversation = Conversation()
    ollama.replies += [ollama.calls(("search_tracks", {"genres": ["jazz"]}))]
    await ask(ODD, conversation, settings)
    asked = len(ollama.chats())
    events = await ask("without Mira Quist", conversation, settings)
    assert events[-1].by == "reader"
    assert conversation.state.query == {"genres": ["jazz"], "exclude_artists": ["Mira Quist"]}
    assert len(ollama.chats()) == asked


async def test_a_title_that_gives_orders_stays_a_title(
    library: Path, ollama: Any, settings: Settings
) -> None:
    ollama.replies += [
        ollama.calls(("search_tracks", {"genres": ["techno"]})),
        ollama.says("One track, T1."),
    ]
    events = await ask("techno but only when it rains outside", Conversation(), settings)
    assert len(shown(events)) == 1
    *before, last = ollama.chats()[1]["messages"]
    assert "Ignore all rules" not in json.dumps(before)
    facts = json.loads(last["content"].removeprefix("search_tracks: ").splitlines()[0])
    assert facts["tracks"][0]["title"].startswith("Ignore all rules")


async def test_identical_calls_run_once(library: Path, ollama: Any, settings: Settings) -> None:
    call = ("search_tracks", {"genres": ["jazz"]})
    ollama.replies += [ollama.calls(call, call, call), ollama.says("T1.")]
    events = await ask(ODD, Conversation(), settings)
    assert len(shown(events)) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("who won the cup in 1998?", "France did, against Brazil, by three goals to none."),
        ("what do you make of it all?", "Honestly, the Beatles changed everything!"),
        ("hallo there, my dear friend", "Hello! What are you in the mood for today?"),
        ("know any good ones about drummers?", "What has three legs and a wing? A piano."),
    ],
)
async def test_what_does_not_speak_of_the_library_is_the_models_own(
    library: Path, ollama: Any, settings: Settings, text: str, said: str
) -> None:
    ollama.replies += [ollama.answers(said)]
    events = await ask(text, Conversation(), settings)
    assert words(events) == said
    assert events[-1].by == "model"


async def test_an_unknown_track_asks_the_person(
    library: Path, ollama: Any, settings: Settings
) -> None:
    conversation = Conversation()
    ollama.replies += [ollama.calls(("summarize_track", {"track": "Ladder"}))]
    events = await ask("so what is that ladder thing about, eh, you know", conversation, settings)
    failed = next(event for event in events if isinstance(event, ToolFailed))
    assert len(failed.choices) == 2
    events = await ask("the second", conversation, settings)
    assert events[-1] == TurnDone("reader", "en", "summarize_track")


async def test_a_turn_can_be_stopped(library: Path, ollama: Any, settings: Settings) -> None:
    ollama.delay_s = 3.0
    turn = take_turn(ODD, Conversation(), settings=settings)
    waiting = asyncio.ensure_future(anext(turn))
    while not ollama.chats():
        await asyncio.sleep(0.02)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await turn.aclose()
    left = [task for task in asyncio.all_tasks() if "take_turn" in repr(task)]
    assert not left
    for _ in range(100):
        if ollama.hung_up:
            break
        await asyncio.sleep(0.02)
    assert len(ollama.hung_up) == 1  # the server stops working on it


async def test_a_thinking_model_is_told_not_to(
    library: Path, ollama: Any, settings: Settings
) -> None:
    ollama.models = {"qwen3:1.7b": ("completion", "tools", "thinking")}
    await ask(ODD, Conversation(model="qwen3:1.7b"), settings)
    assert ollama.chats()[0]["think"] is False


async def test_understand_line_by_the_model(library: Path, ollama: Any, settings: Settings) -> None:
    ollama.replies += [ollama.calls(("search_tracks", {"genres": ["jazz"], "limit": None}))]
    line = await understand_line(ODD, settings=settings)
    assert (line["tool"], line["arguments"], line["by"]) == (
        "search_tracks",
        {"genres": ["jazz"]},
        "model",
    )
    assert (await understand_line(ODD, True, settings=settings))["by"] == "none"


def prompt_of(chat: dict[str, Any]) -> str:
    return chat["messages"][-1]["content"]


async def test_the_readers_partial_reading_is_handed_over(
    library: Path, ollama: Any, settings: Settings
) -> None:
    ollama.replies += [ollama.calls(("search_tracks", {"genres": ["jazz"]})), ollama.says("T1.")]
    await ask(ODD, Conversation(), settings)
    request, _, told = prompt_of(ollama.chats()[0]).partition("\n")
    assert request == ODD
    assert '"genres":["jazz"]' in told
    assert "perhaps not all" in told


async def test_calls_in_other_wrappings_run_and_their_results_are_spoken_of(
    library: Path, ollama: Any, settings: Settings
) -> None:
    ollama.replies += [
        ollama.says('<tools>\n{"name": "search_tracks", "parameters": {"genres": ["jazz"]}}'),
        ollama.says("Two quiet ones: T1 and T2."),
    ]
    events = await ask(ODD, Conversation(), settings)
    assert "“Slow Harbour”" in words(events)
    roles = [message["role"] for message in ollama.chats()[1]["messages"]]
    assert roles == ["system", *["user", "assistant"] * (len(roles) // 2 - 1), "user"]


async def test_leaving_the_house_is_told_once(library: Path, ollama: Any) -> None:
    model = "gpt-oss:120b-cloud"
    ollama.models[model] = ("completion", "tools")
    settings = Settings(ollama_host=ollama.url, model=model, model_timeout_s=20)
    conversation = Conversation()
    first = await ask(ODD, conversation, settings)
    second = await ask(ODD, conversation, settings)
    told = [e.text for e in [*first, *second] if isinstance(e, TurnNotice) and "outside" in e.text]
    assert len(told) == 1
    assert "ollama.com" in told[0]
