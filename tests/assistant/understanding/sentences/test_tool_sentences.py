"""The sentences of the tools: each language's own examples, as they stand beside them."""

from collections.abc import Collection
from typing import Any

import pytest

import prompts
from assistant.understanding import ConversationState, FoundName, ResultTrack, read
from assistant.understanding.lexing.entities import Entity, EntityKind
from store.folding import fold
from tools import TOOLS

SHOWN = (ResultTrack(1, "First", "A"), ResultTrack(2, "Second", "B"), ResultTrack(3, "Third", "C"))


NAMED: dict[str, EntityKind] = {
    "track": "track", "tracks": "track", "like": "track", "mixes_with": "track",
    "exclude_tracks": "track", "artists": "artist", "exclude_artists": "artist",
    "albums": "album", "album": "album", "playlist": "playlist",
}  # fmt: skip
"""What the names in an argument are."""


class Names:
    """A library that has what an example expects."""

    def __init__(self, arguments: dict[str, Any]) -> None:
        self.entities: list[Entity] = []
        for name, kind in NAMED.items():
            value = arguments.get(name) or []
            if value is True:  # "like" of a track that is liked
                continue
            for number, one in enumerate(value if isinstance(value, list) else [value]):
                title, _, artist = one.partition(" by ")
                self.entities.append(Entity(kind, number, title, artist))
                if artist:
                    self.entities.append(Entity("artist", number, artist))

    def named(self, names: Collection[str]) -> dict[str, list[Entity]]:
        found = {
            name: [e for e in self.entities if e.name != "last" and fold(e.name) == fold(name)]
            for name in names
        }
        return {name: entities for name, entities in found.items() if entities}

    def near(self, name: str) -> list[tuple[Entity, float]]:
        return []

    def artists(self, names: Collection[str]) -> dict[str, str]:
        found = {e.name for e in self.entities if e.kind == "artist"}
        return {name: one for name in names for one in found if fold(one) == fold(name)}

    def tracks(self, name: str) -> list[FoundName]:
        title = name.partition(" by ")[0]
        return [FoundName(name, 100.0) for e in self.entities if fold(e.name) == fold(title)]

    def near_artists(self, name: str) -> list[FoundName]:
        return []

    def near_tracks(self, name: str) -> list[FoundName]:
        return []


def examples() -> list[Any]:
    found = []
    for language in prompts.languages():
        for tool in TOOLS:
            try:
                words = prompts.load(f"tools/{tool.name}", language)
            except prompts.PromptError:
                continue
            found += [
                pytest.param(tool, language, test, id=f"{language}-{test['text']}")
                for test in words.get("reader_tests", ())
            ]
    return found


@pytest.mark.parametrize(("tool", "language", "test"), examples())
def test_a_sentence_asks_for_its_tool(tool: Any, language: str, test: dict[str, Any]) -> None:
    state = ConversationState(language=language)
    if tool.name == "edit_playlist":  # "take out the last one" needs a list to take it from
        state = state.after(
            "make_playlist", {"genres": ["rock"]}, results=SHOWN, playlist="Mix", playlist_id=1
        )
    if test.get("after"):
        state = state.after(test["after"], {"genres": ["rock"]}, results=SHOWN)
    reading = read(test["text"], state=state, names=Names(test["arguments"]))
    assert reading.tool == tool.name
    found = _folded(reading.arguments)
    if "playlist" not in test["arguments"] and found.get("playlist") == "last":
        del found["playlist"]  # what an edit is of where no other is named
    assert found == _folded(test["arguments"])
    tool.arguments.model_validate(reading.arguments)


def _folded(arguments: dict[str, Any]) -> dict[str, Any]:
    """Capitals of names aside: the library's spelling is what the example says."""
    return {
        name: [fold(one) for one in value]
        if isinstance(value, list) and name in NAMED
        else fold(value)
        if isinstance(value, str) and name in NAMED
        else value
        for name, value in arguments.items()
    }


def test_every_tool_with_sentences_has_examples_in_every_language() -> None:
    for tool in TOOLS:
        for language in prompts.languages():
            try:
                words = prompts.load(f"tools/{tool.name}", language)
            except prompts.PromptError:
                continue
            if words.get("reader"):
                assert len(words.get("reader_tests", ())) >= 2, (tool.name, language)
