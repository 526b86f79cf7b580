"""The prompt is made from the tools and their words, and stays short and the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import jsonschema
import pytest
from pydantic import Field

import prompts
from assistant.answers import Language
from assistant.model.instructions import compact, opening_messages
from assistant.model.tool_schemas import reply_schema
from tools import TOOLS
from tools.base import Arguments, TrackQuery

_BYTES_A_TOKEN = 3.3


@pytest.mark.parametrize("language", prompts.languages())
def test_it_is_short_and_the_same_every_time(language: Language) -> None:
    first, second = (opening_messages(language, TOOLS) for _ in range(2))
    assert first == second
    size = sum(len(message.content.encode()) for message in first)
    assert size / _BYTES_A_TOKEN < 1800  # sixteen tools; read once, then cached
    roles = [message.role for message in first]
    assert roles == ["system", *["user", "assistant"] * ((len(first) - 1) // 2)]


@pytest.mark.parametrize("language", prompts.languages())
def test_every_tool_has_a_line_and_every_example_keeps_to_the_schema(language: Language) -> None:
    system, *turns = opening_messages(language, TOOLS)
    for tool in TOOLS:
        assert f"\n{tool.name}(" in system.content
    schema = jsonschema.Draft202012Validator(reply_schema(TOOLS))
    answers = [turn.content for turn in turns if turn.role == "assistant"]
    assert 8 <= len(answers) <= 24
    for answer in answers:
        schema.validate(json.loads(answer))


class TeaArguments(Arguments):
    """Which tea."""

    tea: str = Field(description="The tea")


TEA = SimpleNamespace(name="make_tea", description="Make tea: any kind.", arguments=TeaArguments)
PICK = SimpleNamespace(name="pick", description="Pick tracks.", arguments=TrackQuery)


@pytest.fixture
def tea_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Words of a tool in a folder of its own."""
    folder = tmp_path / "words"
    (folder / "en" / "tools").mkdir(parents=True)
    (folder / "en" / "tools" / "make_tea.toml").write_text(
        '[[reader_tests]]\ntext = "a cup of mint"\narguments = { tea = "mint" }\n'
    )
    monkeypatch.setattr(prompts, "_folders", [folder, *prompts._folders])
    prompts.load.cache_clear()
    yield
    prompts.load.cache_clear()


def test_a_new_tool_appears_by_itself(tea_words: None) -> None:
    messages = opening_messages("en", [TEA, PICK])
    assert "make_tea(tea): Make tea" in messages[0].content
    assert "pick(*): Pick tracks" in messages[0].content
    turns = [(a.content, b.content) for a, b in zip(messages[1::2], messages[2::2], strict=True)]
    call = {"tool": "make_tea", "arguments": {"tea": "mint"}}
    assert ("a cup of mint", compact([call])) in turns
    assert not any("search_tracks" in said for _, said in turns)


def test_arguments_that_a_tool_lacks_are_left_out_of_the_examples() -> None:
    examples = prompts.load("model", "en")["example"]
    calls = [call for example in examples for call in example["calls"]]
    known = {call["arguments"].get("descending") for call in calls}
    assert True in known  # an example uses it; tools of today may not have it
    for message in opening_messages("en", TOOLS):
        if "descending" in message.content and message.role == "assistant":
            assert "descending" in TrackQuery.model_fields
