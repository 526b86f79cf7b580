"""Names of a library: exact ones with their artist, near ones by likeness."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.turns.library_names import LibraryNames
from assistant.understanding import read


def names_of(found: object) -> list[str]:
    return [match.name for match in found]  # type: ignore[attr-defined]


def test_several_artists_are_found_at_once(library: Path) -> None:
    found = LibraryNames().artists(["mira quist", "elodie marchand", "porches", "nobody"])
    assert found == {
        "mira quist": "Mira Quist",
        "elodie marchand": "Élodie Marchand",
        "porches": "The Porches",
    }


def test_a_title_of_two_artists_names_both(library: Path) -> None:
    assert set(names_of(LibraryNames().tracks("ladder"))) == {
        "Ladder by Neon Coast",
        "Ladder by Halde",
    }


@pytest.mark.parametrize("typed", ["Ladder by Halde", "ladder de halde"])
def test_a_title_keeps_the_artist_that_was_named(library: Path, typed: str) -> None:
    assert names_of(LibraryNames().tracks(typed)) == ["Ladder by Halde"]


def test_a_title_that_is_not_there_is_only_near(library: Path) -> None:
    names = LibraryNames()
    assert names.tracks("Paper Bots") == []
    assert names_of(names.near_tracks("Paper Bots"))[0] == "Paper Boats"


def test_a_misspelt_title_is_suggested(library: Path) -> None:
    reading = read("play Iron Wether", names=LibraryNames())
    assert (reading.tool, reading.arguments) == ("play_music", {"track": "Iron Weather"})


def test_everyday_words_are_no_titles(library: Path) -> None:
    assert read("drum chart for one", names=LibraryNames()).tool is None
