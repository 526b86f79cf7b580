"""An argument stays only where the person's words or the conversation support it."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.model.grounding.argument_support import supported
from assistant.model.grounding.evidence import evidence
from assistant.understanding import ConversationState, ResultTrack
from tools import tool


def kept(
    text: str, arguments: dict[str, Any], name: str = "search_tracks", **state: Any
) -> dict[str, Any]:
    return supported(tool(name), arguments, evidence(text, state=ConversationState(**state)))


MADE_UP = {"artists": ["The Beatles"], "keys": ["8A", "8B"], "year_min": 1960, "year_max": 1970}


@pytest.mark.parametrize("text", ["surprise me", "surprends-moi", "whatever you like, truly"])
def test_what_nobody_asked_for_becomes_a_random_choice(text: str) -> None:
    assert kept(text, MADE_UP) == {"sort": "random"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("some jazzy stuff my dad would like", {"genres": ["jazz"]}),
        ("du jazz pour mon père", {"genres": ["jazz"]}),
        ("bebop for a rainy night", {"genres": ["jazz"]}),
        ("a bit of rap, no?", {"genres": ["hip hop"]}),
        ("I feel sad, match that", {"moods": ["sad"]}),
        ("something slow-ish and slow", {"bpm_max": 90}),
        ("rien de rapide ? si, du rapide", {"bpm_min": 130}),
        ("go to about 120 with it", {"bpm_min": 114, "bpm_max": 126}),
        ("pretend it is 1985", {"year_min": 1985, "year_max": 1985}),
        ("les années quatre-vingt, quoi", {"year_min": 1980, "year_max": 1989}),
        ("what goes in A minor", {"keys": ["8A"]}),
        (
            "the night owls where nobody sings",
            {"artists": ["The Night Owls"], "instrumental": True},
        ),
        ("celui de Éloïse Duprès", {"artists": ["Eloise Dupres"]}),
        ("like Midnite Drive but newer", {"like": "Midnight Drive"}),
        ("the quickest metal one", {"genres": ["metal"], "sort": "bpm", "limit": 1}),
        ("douze morceaux", {"limit": 12}),
    ],
)
def test_what_was_said_stays(text: str, said: dict[str, Any]) -> None:
    assert kept(text, {**said, "energy": "medium", "exclude_genres": ["punk"]}) == said


@pytest.mark.parametrize(
    ("text", "name", "arguments", "left"),
    [
        ("an hour", "make_playlist", {"duration_min": 60, "arc": "wave"}, {"duration_min": 60}),
        ("une heure", "make_playlist", {"duration_min": 60.0}, {"duration_min": 60.0}),
        ("starts asleep, ends awake", "make_playlist", {"arc": "rise"}, {"arc": "rise"}),
        ("export", "export_playlist", {"playlist": "last", "format": "nsp"}, {"playlist": "last"}),
        ("for navidrome", "export_playlist", {"format": "nsp"}, {"format": "nsp"}),
        ("drums please", "generate_drum_chart", {"track": "Yesterday"}, {}),
        ("drums for halo", "generate_drum_chart", {"track": "Halo"}, {"track": "Halo"}),
        ("drums for that", "generate_drum_chart", {"track": "T2"}, {}),
    ],
)  # fmt: skip
def test_other_tools(text: str, name: str, arguments: dict[str, Any], left: dict[str, Any]) -> None:
    assert kept(text, arguments, name) == left


def test_the_conversation_supports_too() -> None:
    shown = (ResultTrack(1, "Blue Smoke", "Harlan Pike Trio"),)
    assert kept("that one", {"like": "Blue Smoke"}, results=shown) == {"like": "Blue Smoke"}
    assert kept("that one", {"like": "Blue Smoke"}) == {}
    charted = kept("drums for that", {"track": "T1"}, "generate_drum_chart", results=shown)
    assert charted == {"track": "T1"}
    query = {"genres": ["jazz"], "bpm_max": 90}
    assert kept("and calmer", {**query, "moods": ["dark"]}, query=query) == query


@pytest.mark.parametrize(
    ("text", "written", "left"),
    [
        ("I am cooking for friends", "cooking for friends", "cooking for friends"),
        ("can you find me music for a rainy sunday", "a rainy sunday", "a rainy sunday"),
        ("music for a rainy sunday", "Music for a rainy sunday", "rainy sunday"),
        ("music for a rainy sunday", "a snowy monday on the sunday", "a sunday"),
        ("hello", "Bohemian Rhapsody", None),
    ],
)
def test_a_description_is_a_part_of_the_request(text: str, written: str, left: str | None) -> None:
    assert kept(text, {"text": written}).get("text") == left


def test_a_description_that_repeats_or_empties_the_filters_is_dropped() -> None:
    filters = {"genres": ["jazz"]}
    assert kept("jazz music please", {**filters, "text": "jazz music"}) == filters
    assert kept("jazz, not that vacarme", {**filters, "text": "vacarme"}) == filters
    named = {**filters, "text": "Vacarme"}
    assert kept("jazz called Vacarme", named) == named
    scene = {**filters, "text": "rainy night"}
    assert kept("jazz for a rainy night", scene) == scene


def test_a_mood_that_was_not_said_leaves_the_scene() -> None:
    assert kept("we are painting the kitchen", {"moods": ["romantic"]}) == {
        "text": "painting the kitchen"
    }
    assert kept("order a pair of shoes", {"genres": ["pop"]}) == {}


def test_nothing_is_wanted_and_left_out_at_once() -> None:
    both = {"artists": ["The Night Owls"], "exclude_artists": ["The Night Owls"]}
    assert kept("The Night Owls alone", both) == {"artists": ["The Night Owls"]}


def test_an_argument_of_no_tool_is_left_to_the_tools_own_check() -> None:
    assert kept("hello", {"path": "/etc/passwd"}) == {"path": "/etc/passwd"}
