"""The words of each tool: the same sentences with the same values in every language."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

import prompts
from tools import TOOLS

FOLDER = Path(prompts.__file__).parent
NAMES = sorted({path.stem for path in FOLDER.glob("*/tools/*.toml")})


def values(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_each_file_belongs_to_a_tool() -> None:
    assert set(NAMES) <= {tool.name for tool in TOOLS}


@pytest.mark.parametrize("name", NAMES)
def test_every_language_says_the_same(name: str) -> None:
    english, *others = (prompts.own(f"tools/{name}", each) for each in prompts.languages())
    for words in others:
        assert words["label"]
        assert set(words.get("say", ())) == set(english.get("say", ()))
        for key, sentence in english.get("say", {}).items():
            missing = values(sentence) - values(words["say"][key])
            assert missing <= {"count"}, key
            assert values(words["say"][key]) - values(sentence) <= {"count"}, key


@pytest.mark.parametrize("name", ["edit_playlist", "list_playlists"])
@pytest.mark.parametrize("language", prompts.languages())
def test_requests_to_try_are_there(name: str, language: str) -> None:
    words = prompts.own(f"tools/{name}", language)
    tool = next(tool for tool in TOOLS if tool.name == name)
    assert len(words["reader_tests"]) >= 15
    for request in words["reader_tests"]:
        tool.arguments.model_validate(request["arguments"])
    for intent in words["reader"]["intents"]:
        assert set(intent.get("arguments", ())) <= set(tool.arguments.model_fields)
        assert set(intent.get("slots", {}).values()) <= set(tool.arguments.model_fields)
