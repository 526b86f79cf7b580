"""Names of the library in a request, before any word gets a meaning."""

import pytest

from assistant.understanding.lexing.entities import Entity
from assistant.understanding.lexing.lexicon import language
from assistant.understanding.lexing.plain_text import tokenise
from assistant.understanding.names import mentions

LIBRARY = {
    "sunny afternoon": [Entity("track", 1, "Sunny Afternoon", "Harbour Choir")],
    "harbour choir": [Entity("artist", 7, "Harbour Choir")],
    "happy": [Entity("track", 2, "Happy", "Ada Lund")],
    "ada lund": [Entity("artist", 8, "Ada Lund")],
    "lund": [Entity("artist", 8, "Ada Lund")],
    "slow songs": [Entity("album", 3, "Slow Songs", "Ada Lund")],
    "valse": [Entity("album", 4, "La Valse", "Ada Lund")],
    "une valse": [Entity("album", 4, "La Valse", "Ada Lund")],
    "night on the wide open road": [Entity("track", 5, "Night on the Wide Open Road", "Tors")],
    "ten": [Entity("album", 6, "Ten", "Tors")],
}


def named(text: str, spoken: str = "en") -> list[str]:
    tokens = tokenise(text)
    found = {
        run: LIBRARY[typed.lower()]
        for run, typed in mentions.runs(text, tokens).items()
        if typed.lower() in LIBRARY
    }
    out = mentions.with_names(text, tokens, found, language(spoken))
    return [f"{token.norm}:{token.raw}" for token in out if token.entities]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("sunny afternoon", ["@name-track:Sunny Afternoon"]),
        ("play sunny afternoon please", ["@name-track:Sunny Afternoon"]),
        ("music for a sunny afternoon", []),
        ("songs by harbour choir", ["@name-artist:Harbour Choir"]),
        ("happy songs", []),
        ("happy", []),
        ("the song happy", ["@name-track:Happy"]),
        ("happy by ada lund", ["@name-track:Happy", "@name-artist:Ada Lund"]),
        ("play slow songs", []),
        ("something from the album slow songs", ["@name-album:Slow Songs"]),
        ("ten songs", []),
        ("night on the wide open road", ["@name-track:Night on the Wide Open Road"]),
        ("Ada Lund's best songs", ["@name-artist:Ada Lund"]),
    ],
)
def test_names_win_where_a_name_stands(text: str, names: list[str]) -> None:
    assert named(text) == names


def test_an_article_that_the_name_does_not_have_makes_another_word_of_it() -> None:
    assert named("une valse", "fr") == []
