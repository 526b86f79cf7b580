"""Orders about tracks that are pointed at, in any order of words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assistant.understanding import Reading

Said = Callable[..., Reading]
ONE, TWO, THREE = "Copper Hill by Ann Vale", "Night Ferry by The Kilns", "Step by Step by Bo Lind"
LIST, MIX = "find happy ska", "make a ska playlist"


def edit(action: str, **arguments: Any) -> dict[str, Any]:
    return {"action": action, **arguments}


@pytest.mark.parametrize(
    ("before", "text", "tool", "arguments"),
    [
        (LIST, "when it finishes I should like to hear the jazz one",
         "play_music", {"track": ONE, "when": "next"}),
        (LIST, "La deuxième, mais après celle-ci", "play_music", {"track": TWO, "when": "next"}),
        (LIST, "and could you keep all three together under the name “Harbour”?",
         "edit_playlist", edit("add", playlist="Harbour", tracks=[ONE, TWO, THREE])),
        (LIST, "save the first two of those as Sleep",
         "edit_playlist", edit("add", playlist="Sleep", tracks=[ONE, TWO])),
        (LIST, "garde les deux premières sous le nom Dodo",
         "edit_playlist", edit("add", playlist="Dodo", tracks=[ONE, TWO])),
        (LIST, "mets les trois dans Footing",
         "edit_playlist", edit("add", playlist="Footing", tracks=[ONE, TWO, THREE])),
        (LIST, "and what keys are those in?", "compare_tracks", {"tracks": [ONE, TWO, THREE]}),
        (LIST, "how do 1 and 3 compare", "compare_tracks", {"tracks": [ONE, THREE]}),
        (LIST, "hm actually what else do I have that's like the second one",
         "find_similar", {"track": TWO}),
        (LIST, "who's the second one by", "summarize_track", {"track": TWO, "about": "artist"}),
        (MIX, "Actually I'd rather open with Night Ferry",
         "edit_playlist", edit("move", playlist="last", tracks=[TWO], position=1)),
        (MIX, "i think the second one should come first",
         "edit_playlist", edit("move", playlist="last", tracks=[TWO], position=1)),
        (MIX, "could the house one go at the very end",
         "edit_playlist", edit("move", playlist="last", tracks=[TWO], position=-1)),
        (MIX, "mets plutôt Night Ferry à la fin, ce sera le slow",
         "edit_playlist", edit("move", playlist="last", tracks=[TWO], position=-1)),
        (MIX, "je préfère le nom « Pour Marek »",
         "edit_playlist", edit("rename", playlist="last", name="Pour Marek")),
        (MIX, "Good, that's my “Office” list",
         "edit_playlist", edit("rename", playlist="last", name="Office")),
        (MIX, "allez, on démarre, lance la liste", "play_music", {"playlist": "last"}),
    ],
)  # fmt: skip
def test_every_word_is_an_order_or_says_nothing(
    said: Said, before: str, text: str, tool: str, arguments: dict[str, Any]
) -> None:
    reading = said(before, text)
    assert (reading.tool, reading.arguments) == (tool, arguments)


@pytest.mark.parametrize(
    "text",
    [
        "don't open with Night Ferry",
        "comment elle s'appellera déjà demain ?",
        "open the door with Night Ferry's key",
        "n'enlève surtout pas la première",
    ],
)
def test_a_word_that_is_neither_is_no_order(said: Said, text: str) -> None:
    assert said(MIX, text).tool is None


def test_a_name_is_given_only_to_a_playlist_that_is_shown(said: Said) -> None:
    assert said(LIST, "Good, that's my “Office” list").tool != "edit_playlist"


def test_a_short_question_is_about_the_track_spoken_of(said: Said) -> None:
    reading = said(LIST, "tell me about the second one", "tempo ?")
    assert (reading.tool, reading.arguments) == ("summarize_track", {"track": TWO, "about": "bpm"})


def test_a_request_may_take_several_calls(said: Said) -> None:
    reading = said(LIST, "make a chart of the first one and the third one")
    assert (reading.tool, reading.arguments) == ("generate_drum_chart", {"track": ONE})
    assert reading.also == (("generate_drum_chart", {"track": THREE}),)


def test_a_track_in_the_place_of_another(said: Said) -> None:
    reading = said(MIX, "replace Night Ferry with Salt Road")
    assert reading.arguments == edit("add", playlist="last", tracks=["Salt Road"], position=2)
    removed = edit("remove", playlist="last", tracks=["Night Ferry"])
    assert reading.also == (("edit_playlist", removed),)
