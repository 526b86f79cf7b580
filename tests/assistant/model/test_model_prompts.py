"""What models and MCP clients are told, in every language alike."""

from __future__ import annotations

from typing import Any

import pytest

import prompts

LANGUAGES = prompts.languages()


def shape(value: Any) -> Any:
    """The keys of nested tables, without the texts."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ["str"]  # words; a language has as many as it needs
    if isinstance(value, list):
        return [shape(item) for item in value]
    return type(value).__name__


@pytest.mark.parametrize("name", ["model", "mcp"])
def test_every_language_says_the_same(name: str) -> None:
    first, *others = (shape(prompts.own(name, language)) for language in LANGUAGES)
    assert all(other == first for other in others)


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_in_braces_are_filled(language: str) -> None:
    told = prompts.own("model", language)
    assert "{}" in told["model"]["hint"].format(reading="{}")
    values = {"model": "a", "fallback": "b", "host": "c"}
    for text in told["notices"].values():
        assert "{" not in text.format(**values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_prompts_of_clients_use_the_same_arguments_everywhere(language: str) -> None:
    english = {each["name"]: each for each in prompts.load("mcp", "en")["prompts"]}
    for each in prompts.own("mcp", language)["prompts"]:
        names = [argument["name"] for argument in each["arguments"]]
        assert names == [argument["name"] for argument in english[each["name"]]["arguments"]]
        for name in names:
            assert f"{{{name}}}" in each["text"]
