"""A tool that is one object and its words: the page, models and MCP clients have it at once."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp.shared.memory import create_connected_server_and_client_session as connected
from pydantic import Field

import prompts
from assistant import answers
from assistant.settings import Settings
from assistant.turns.conversation import Conversation
from assistant.turns.events import AnswerText, ToolShown, TurnDone
from assistant.turns.turn import take_turn
from store.library import counting
from store.search.query import Name, TrackQuery
from tools import TOOLS
from tools.base import Arguments, Rendering, ToolContext, ToolError, ToolResult
from tools.mcp.mcp_server import build_server
from tools.text.words import say, say_count

WORDS = {
    "en": """
label = "letter count"

[say]
found_one = "One artist begins with {letter}."
found_other = "{count} artists begin with {letter}."
letter = "“{letter}” is no single letter."
""",
    "fr": """
label = "compte par lettre"

[say]
found_one = "{count} artiste commence par {letter}."
found_other = "{count} artistes commencent par {letter}."
letter = "« {letter} » n'est pas une seule lettre."
""",
}


class CountInitialsArguments(Arguments):
    """A letter."""

    letter: Name = Field(description="The first letter of the names")


class CountInitials:
    """Artists whose names begin with a letter."""

    name = "count_initials"
    description = "Count the artists whose names begin with a letter."
    arguments = CountInitialsArguments
    selects_tracks = True

    def run(self, arguments: CountInitialsArguments, context: ToolContext) -> ToolResult:
        letter = arguments.letter.upper()
        if len(letter) != 1:
            raise ToolError(say(context.language, "count_initials.letter", letter=letter))
        artists = [group.name for group in counting.groups(TrackQuery(), "artist")]
        found = sorted(name for name in artists if name.upper().startswith(letter))
        return ToolResult(facts={"letter": letter, "artists": found})

    def render(self, result: ToolResult, context: ToolContext) -> Rendering:
        letter, artists = result.facts["letter"], result.facts["artists"]
        sentence = say_count(context.language, "count_initials.found", len(artists), letter=letter)
        items = [{"label": name, "detail": "", "ask": f"tracks by {name}"} for name in artists]
        return Rendering(sentence, "list", {"title": letter, "items": items})


COUNT_INITIALS = CountInitials()
WITH_IT = (*TOOLS, COUNT_INITIALS)


@pytest.fixture
def words(tmp_path: Path) -> Iterator[None]:
    for language, text in WORDS.items():
        folder = tmp_path / "prompts" / language / "tools"
        folder.mkdir(parents=True)
        (folder / "count_initials.toml").write_text(text, encoding="utf-8")
    prompts.add_folder(tmp_path / "prompts")
    yield
    prompts.remove_folder(tmp_path / "prompts")


def test_the_page_names_it(words: None) -> None:
    assert answers.tool_label("en", "count_initials") == "letter count"
    assert answers.tool_label("fr", "count_initials") == "compte par lettre"


def test_without_its_words_it_keeps_its_name() -> None:
    assert answers.tool_label("en", "count_initials") == "count_initials"


async def test_a_model_calls_it(shelf: Any, words: None, ollama: Any) -> None:
    settings = Settings(ollama_host=ollama.url, num_ctx=32768, model_timeout_s=20)
    call = ("count_initials", {"letter": "m"})
    ollama.replies += [ollama.calls(call), ollama.says("")]
    conversation = Conversation()
    text = "whose name out of everybody begins like a mountain does?"
    events = [
        event async for event in take_turn(text, conversation, settings=settings, tools=WITH_IT)
    ]
    [shown] = [event for event in events if isinstance(event, ToolShown)]
    assert shown.call.arguments == {"letter": "m"}
    labels = [item["label"] for item in shown.rendering.data["items"]]
    assert labels == ["Massive Attack", "Miles Davis"]
    said = "".join(event.text for event in events if isinstance(event, AnswerText))
    assert said == "2 artists begin with M."
    assert events[-1] == TurnDone("model", "en", "count_initials")
    assert "count_initials" in json.dumps(ollama.chats()[0])
    assert conversation.state.query_tool == "count_initials"


async def test_an_mcp_client_calls_it(shelf: Any, words: None) -> None:
    async with connected(build_server(language="fr", tools=WITH_IT)) as client:
        listed = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert listed["count_initials"].inputSchema["required"] == ["letter"]
        answer = await client.call_tool("count_initials", {"letter": "d"})
        assert answer.content[0].text == "2 artistes commencent par D."  # type: ignore[union-attr]
        wrong = await client.call_tool("count_initials", {"letter": "dd"})
        assert wrong.isError
        assert wrong.content[0].text == "« DD » n'est pas une seule lettre."  # type: ignore[union-attr]


async def test_elsewhere_it_is_not_there(shelf: Any) -> None:
    async with connected(build_server()) as client:
        answer = await client.call_tool("count_initials", {"letter": "d"})
    assert answer.isError
