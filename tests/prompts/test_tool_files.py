"""The files of tools: the same sentences, values and requests in each language."""

import string
from pathlib import Path

import pytest

import prompts

LANGUAGES = prompts.languages()
FOLDER = Path(prompts.__file__).parent
TOOLS = sorted(path.stem for path in (FOLDER / "en" / "tools").glob("*.toml"))


def values(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_tool(language: str) -> None:
    assert sorted(p.stem for p in (FOLDER / language / "tools").glob("*.toml")) == TOOLS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("tool", TOOLS)
def test_the_same_sentences_with_the_same_values(tool: str, language: str) -> None:
    english, words = (prompts.own(f"tools/{tool}", name) for name in ("en", language))
    assert words["label"]
    said = words.get("say", {})
    assert said.keys() == english.get("say", {}).keys()
    for name, sentence in said.items():
        assert values(sentence) <= values(english["say"][name]), name
