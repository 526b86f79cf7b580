"""Words that nobody understands: ignored and named, or a reason to ask."""

import pytest

from assistant.understanding import read


@pytest.mark.parametrize(
    ("text", "tool", "unread"),
    [
        ("find me some splendiferous jazz from the 60s", "search_tracks", ("splendiferous",)),
        ("a splendiferous rock playlist please", "make_playlist", ("splendiferous",)),
        ("trouve-moi du rock croustillant des années 80", "search_tracks", ("croustillant",)),
    ],
)
def test_a_word_without_consequence_is_named(text: str, tool: str, unread: tuple[str, ...]) -> None:
    reading = read(text)
    assert (reading.tool, reading.unread) == (tool, unread)


@pytest.mark.parametrize(
    "text",
    [
        "find jazz but nothing frobnicated",  # a negation
        "find 1990s jazz frobbed Wibbleton",  # a name
        "find 4711 jazz",  # a number
        "find French pop",  # narrows all there is
        "transpose some jazz",  # another order
        "best selling album of 1985",  # another question
        "du rock mais pas trop gnagnant",
    ],
)
def test_a_word_that_may_change_the_meaning_is_asked_about(text: str) -> None:
    assert read(text).tool is None


def test_an_unknown_occasion_describes_a_playlist() -> None:
    reading = read("make me a playlist for assembling flat-pack furniture")
    assert reading.tool == "make_playlist"
    assert "furniture" in reading.arguments["text"]


def test_a_deferred_request_names_the_words_it_failed_on() -> None:
    assert read("please frobnicate the wibble").unread
