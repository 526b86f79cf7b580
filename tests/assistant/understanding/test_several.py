"""Turns of several sentences."""

from __future__ import annotations

import pytest

from assistant.understanding import read
from assistant.understanding.several import sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("So old. Is it fast?", ["So old.", "Is it fast?"]),
        ("Play Mr. Brightside", ["Play Mr. Brightside"]),
        ("Make “Wait. What?” now. Thanks", ["Make “Wait. What?” now.", "Thanks"]),
        ("play R.E.M. and jazz", ["play R.E.M. and jazz"]),
        ("bof… mets du jazz", ["bof…", "mets du jazz"]),
        ("one line\nanother", ["one line", "another"]),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_a_remark_before_the_order_is_said_to_be_unused() -> None:
    reading = read("My boss is annoying today. Find happy ska")
    assert (reading.tool, reading.arguments["genres"]) == ("search_tracks", ["ska"])
    assert "boss" in reading.unread


def test_an_order_after_another_is_kept_for_later() -> None:
    reading = read("Make a ska playlist. How many albums do I have?")
    assert reading.tool == "make_playlist"
    assert reading.then == "How many albums do I have?"


@pytest.mark.parametrize(
    "text",
    ["Find happy ska. Nothing that my uncle frobnicates!", "Zorbify the flux. Find happy ska by X"],
)
def test_a_sentence_that_may_change_the_order_is_asked_about(text: str) -> None:
    reading = read(text)
    assert reading.tool is None or reading.unread
