"""What the help and the starters promise."""

from __future__ import annotations

import re

import pytest

import prompts
from assistant import answers
from assistant.answers import Language
from assistant.understanding import ConversationState, ResultTrack, read

LANGUAGES = prompts.languages()
_QUOTED = re.compile(r"“([^”]+)”|«\s*([^»]+?)\s*»")
SHOWN = ConversationState(
    tool="search_tracks",
    query_tool="search_tracks",
    query={"genres": ["jazz"]},
    results=(ResultTrack(1, "First", "A"), ResultTrack(2, "Second", "B")),
    playlist="Jazz",
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_of_the_help_is_read(language: Language) -> None:
    examples = ["".join(found) for found in _QUOTED.findall(answers.help_text(language))]
    assert len(examples) == 8
    unread = [text for text in examples if not read(text, state=SHOWN).tool]
    assert not unread


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_starter_is_read(language: Language) -> None:
    messages = [message for _, message in answers.starters(language)]
    assert len(messages) == 4
    assert not [text for text in messages if not read(text).tool]
