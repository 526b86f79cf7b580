"""Names against a library: spelling, ties, and words that are also names."""

from collections.abc import Collection, Sequence

import pytest
from rapidfuzz import fuzz, utils

from assistant.understanding import FoundName, read
from assistant.understanding.lexing.entities import Entity
from assistant.understanding.lexing.name_lookups import MOST_LOOKUPS

ARTISTS = [
    "Muse",
    "Air",
    "The Doors",
    "Radiohead",
    "Björk",
    "Georges Brassens",
    "Simon & Garfunkel",
]
TRACKS = ["Hurt by Nine Inch Nails", "Hurt by Johnny Cash", "Teardrop", "Blue Monday"]


class Library:
    """Names of a small library."""

    def _near(self, fragment: str, names: Sequence[str]) -> list[FoundName]:
        def score(name: str) -> float:
            short = name.split(" by ")[0]
            wanted = [name] if " by " in fragment else [name, short]
            return max(fuzz.ratio(fragment, w, processor=utils.default_process) for w in wanted)

        matches = [FoundName(name, score(name)) for name in names]
        return sorted(matches, key=lambda match: -match.score)

    def named(self, names: Collection[str]) -> dict[str, list[Entity]]:
        found: dict[str, list[Entity]] = {}
        for name in names:
            if artist := self.artists([name]).get(name):
                found.setdefault(name, []).append(Entity("artist", ARTISTS.index(artist), artist))
            for number, track in enumerate(TRACKS):
                title, _, by = track.partition(" by ")
                if title.lower() == name.lower():
                    found.setdefault(name, []).append(Entity("track", number, title, by))
        return found

    def near(self, name: str) -> list[tuple[Entity, float]]:
        artists = [
            (Entity("artist", 0, found.name), found.score) for found in self.near_artists(name)
        ]
        tracks = [
            (Entity("track", 0, found.name.split(" by ")[0]), found.score)
            for found in self.near_tracks(name)
        ]
        return sorted([*artists, *tracks], key=lambda one: -one[1])

    def artists(self, names: Collection[str]) -> dict[str, str]:
        near = {name: self._near(name, ARTISTS)[0] for name in names}
        return {name: match.name for name, match in near.items() if match.score == 100.0}

    def tracks(self, name: str) -> list[FoundName]:
        return [match for match in self._near(name, TRACKS) if match.score == 100.0]

    def near_artists(self, name: str) -> list[FoundName]:
        return self._near(name, ARTISTS)

    def near_tracks(self, name: str) -> list[FoundName]:
        return self._near(name, TRACKS)


@pytest.mark.parametrize(
    ("text", "artist"),
    [
        ("songs by radiohead", "Radiohead"),
        ("songs by radiohed", "Radiohead"),
        ("some radiohead", "Radiohead"),
        ("chansons de georges brassens", "Georges Brassens"),
        ("sad songs by muse", "Muse"),
    ],
)
def test_artists_take_the_spelling_of_the_library(text: str, artist: str) -> None:
    reading = read(text, names=Library())
    assert reading.tool == "search_tracks"
    assert reading.arguments["artists"] == [artist]


def test_of_a_title_with_two_tracks_the_tool_asks_which() -> None:
    reading = read("tell me about Hurt", names=Library())
    assert (reading.tool, reading.arguments) == ("summarize_track", {"track": "Hurt"})
    assert not reading.entities


def test_a_title_with_its_artist_is_clear() -> None:
    reading = read("tell me about Hurt by Johnny Cash", names=Library())
    assert reading.arguments == {"track": "Hurt by Johnny Cash"}


def test_an_unknown_title_is_kept_as_typed() -> None:
    assert read("songs like Zanzibar Nights", names=Library()).arguments == {
        "track": "Zanzibar Nights"
    }


@pytest.mark.parametrize("text", ["play muse", "the doors are open", "give me air"])
def test_ordinary_words_are_no_artists_without_a_sign(text: str) -> None:
    assert read(text).tool is None


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("play Teardrop", {"track": "Teardrop"}),
        ("joue blue monday stp", {"track": "Blue Monday"}),
        ("Blue Mondey", {"text": "Blue Monday"}),
        ("find Teardrop by Radiohead", {"text": "Teardrop", "artists": ["Radiohead"]}),
        ("find Yellow by Coldplay", {"text": "Yellow", "artists": ["Coldplay"]}),
    ],
)
def test_a_title_is_no_artist(text: str, arguments: dict[str, object]) -> None:
    reading = read(text, names=Library())
    assert reading.arguments == arguments


@pytest.mark.parametrize("text", ["Louder please", "Surprise me"])
def test_the_capital_of_a_sentence_makes_no_name(text: str) -> None:
    assert "artists" not in read(text, names=Library()).arguments


class Counted(Library):
    """A library that counts what is looked up."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def named(self, names: Collection[str]) -> dict[str, list[Entity]]:
        self.asked.append(("named", ""))
        return super().named(names)

    def tracks(self, name: str) -> list[FoundName]:
        self.asked.append(("tracks", name))
        return super().tracks(name)

    def near_tracks(self, name: str) -> list[FoundName]:
        self.asked.append(("near_tracks", name))
        return super().near_tracks(name)


@pytest.mark.parametrize(
    "text",
    [
        "sad jazz around 120 bpm in A minor",
        "une heure de musique douce sans paroles",
        "is jazz better than rock?",
        "how many songs do I have?",
        "we will see what the quiet harvest moon over some old barn may bring us",
    ],
)
def test_every_run_of_words_is_looked_up_at_once(text: str) -> None:
    library = Counted()
    assert read(text, names=library).arguments == read(text).arguments
    assert library.asked.count(("named", "")) == 1
    assert len(library.asked) <= MOST_LOOKUPS
    assert len(set(library.asked)) == len(library.asked)


@pytest.mark.parametrize(
    ("text", "artist"),
    [
        ("songs by B.B. King from 1970", "B.B. King"),
        ("songs by Dr. Dre", "Dr. Dre"),
        ("songs by R.E.M.", "R.E.M."),
        ("songs by Prince.", "Prince"),
    ],
)
def test_initials_are_part_of_a_name(text: str, artist: str) -> None:
    assert read(text).arguments["artists"] == [artist]


def test_a_quoted_title_keeps_the_space_after_it() -> None:
    reading = read('tell me about "Toxicity" by System of a Down')
    assert reading.arguments == {"track": "Toxicity by System of a Down"}


@pytest.mark.parametrize("text", ["the song after Zanzibar", "le morceau après Zanzibar"])
def test_what_another_song_is_next_to_is_no_artist(text: str) -> None:
    assert read(text, names=Library()).tool is None
