"""Misspelt names: taken where one alone is near."""

from collections.abc import Collection, Sequence

import pytest

from assistant.understanding import FoundName, read
from assistant.understanding.lexing.entities import Entity

THINGS = [
    Entity("artist", 1, "Harbour Choir"),
    Entity("artist", 2, "Georges Mallard"),
    Entity("track", 3, "Copper Lantern", "Harbour Choir"),
    Entity("track", 4, "Ivory", "Harbour Choir"),
    Entity("track", 5, "Ivoly", "Georges Mallard"),
]


class Names:
    """A library that finds everything near, so that the reader has to tell what is meant."""

    def named(self, names: Collection[str]) -> dict[str, list[Entity]]:
        found = {name: [e for e in THINGS if e.name.lower() == name.lower()] for name in names}
        return {name: entities for name, entities in found.items() if entities}

    def near(self, name: str) -> list[tuple[Entity, float]]:
        return [(entity, 60.0) for entity in THINGS]

    def tracks(self, name: str) -> Sequence[FoundName]:
        return [FoundName(e.name, 100.0) for e in THINGS if e.name.lower() == name.lower()]

    def near_artists(self, name: str) -> Sequence[FoundName]:
        return []

    def near_tracks(self, name: str) -> Sequence[FoundName]:
        return []


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("songs by harbuor choir", {"artists": ["Harbour Choir"]}),
        ("find coper lantern", {"text": "Copper Lantern"}),
        ("coper lantern", {"text": "Copper Lantern"}),
        ("songs by malard", {"artists": ["Georges Mallard"]}),
        ("happy songs by harbour chior", {"artists": ["Harbour Choir"], "moods": ["happy"]}),
    ],
)
def test_a_slip_is_the_name_that_is_near(text: str, arguments: dict[str, object]) -> None:
    assert read(text, names=Names()).arguments == arguments


@pytest.mark.parametrize("text", ["find ivony", "find copper cups", "find kopper lamterm"])
def test_what_may_be_several_or_is_too_far_is_not_guessed(text: str) -> None:
    assert read(text, names=Names()).tool is None
