"""Which calls count as right, partly right or wrong."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.evaluation.call_matching import verdict
from assistant.evaluation.request_sets import ExpectedCall


def call(tool: str | None, optional: dict[str, Any] | None = None, **arguments: Any) -> Any:
    return ExpectedCall(tool=tool, arguments=arguments, optional=optional or {})


NOTHING = call(None)
HARBOUR = call("summarize_track", track="Slow Harbour")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"genres": ["jazz", "soul"], "bpm_max": 90.0},
            {"genres": ["soul", "jazz"], "bpm_max": 90},
        ),
        ({"artists": ["celine dion"]}, {"artists": ["Céline Dion"]}),
        ({"artists": ["The Beatles"]}, {"artists": ["beatles"]}),
        ({"moods": ["chill"]}, {"moods": "*"}),
        ({"moods": ["chill", "dark"]}, {"moods": ["*"]}),
        ({"genres": ["rock"], "energy": "low"}, {"genres": ["rock"], "*": 1}),
        ({"genres": ["rock"]}, {"genres": ["rock"], "*": 1}),
        ({"sort": "bpm", "descending": True}, {"sort": "bpm"}),
        ({"like": "Slow Harbour by Mira Quist"}, {"like": "slow harbour"}),
        ({}, {}),
    ],
)
def test_equal_arguments_are_right(given: dict[str, Any], expected: dict[str, Any]) -> None:
    wanted = ExpectedCall(tool="search_tracks", arguments=expected)
    assert verdict([("search_tracks", given)], [wanted]) == "right"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"genres": ["jazz"], "year_min": 1990}, {"genres": ["jazz"]}),
        ({"genres": ["soul"]}, {"genres": ["jazz"]}),
        ({"genres": ["jazz"]}, {"genres": ["jazz", "soul"]}),
        ({"keys": ["9A"]}, {"keys": ["8A", "9A"]}),
        ({"bpm_min": 91}, {"bpm_min": 90}),
        ({"instrumental": False}, {"instrumental": True}),
        ({"limit": True}, {"limit": 1}),
        ({}, {"moods": ["chill"]}),
        ({"moods": []}, {"moods": "*"}),
        ({"text": "Stand"}, {"text": "Stand by Me"}),
        ({"like": "Stand"}, {"like": "Stand by Me"}),
        ({"descending": True}, {}),
    ],
)
def test_other_arguments_are_wrong(given: dict[str, Any], expected: dict[str, Any]) -> None:
    wanted = ExpectedCall(tool="search_tracks", arguments=expected)
    assert verdict([("search_tracks", given)], [wanted]) == "wrong"


def test_what_is_missing_is_partly() -> None:
    wanted = call("search_tracks", genres=["jazz"], year_min=1960, year_max=1969)
    assert verdict([("search_tracks", {"genres": ["jazz"]})], [wanted]) == "partly"
    assert verdict([("search_tracks", {"genres": ["jazz"], "limit": 3})], [wanted]) == "wrong"
    assert verdict([("make_playlist", {"genres": ["jazz"]})], [wanted]) == "wrong"


def test_optional_arguments_must_match_when_they_are_there() -> None:
    wanted = call("make_playlist", {"moods": "*", "text": "road"}, duration_min=60)
    assert verdict([("make_playlist", {"duration_min": 60})], [wanted]) == "right"
    moods = {"duration_min": 60, "moods": ["dark"]}
    assert verdict([("make_playlist", moods)], [wanted]) == "right"
    assert verdict([("make_playlist", {"duration_min": 60, "text": "sea"})], [wanted]) == "wrong"


def test_nothing_to_be_called() -> None:
    assert verdict([], [NOTHING]) == "right"
    assert verdict([("search_tracks", {})], [NOTHING]) == "wrong"
    assert verdict([], [HARBOUR]) == "deferred"
    assert verdict([], [HARBOUR, NOTHING]) == "right"
    assert verdict([("summarize_track", {"track": "Slow Harbour"})], [HARBOUR, NOTHING]) == "right"


def test_a_fact_asked_for_is_part_of_the_summary() -> None:
    fact = ("summarize_track", {"track": "Slow Harbour", "about": "key"})
    assert verdict([fact], [HARBOUR]) == "right"
    tempo = call("summarize_track", track="Slow Harbour", about="bpm")
    assert verdict([fact], [tempo]) == "wrong"


def test_every_call_must_be_right() -> None:
    right = ("summarize_track", {"track": "Slow Harbour"})
    assert verdict([right, ("library_status", {})], [HARBOUR]) == "wrong"
    assert verdict([right, right], [HARBOUR]) == "right"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"genres": ["jazz"]}, call("search_tracks", genres=["jazz"])),
        ({"genres": ["jazz"]}, call("make_playlist", genres=["jazz"])),
        ({"track": "Iron Weather"}, call("search_tracks", text="Iron Weather")),
        (
            {"track": "Iron Weather by Halde"},
            call("search_tracks", text="iron weather", artists=["Halde"]),
        ),
        ({"track": "Iron Weather de Halde"}, call("search_tracks", text="Iron Weather by Halde")),
        ({"track": "Ladder", "when": "next"}, call("play_music", track="Ladder", when="next")),
        ({"text": "Ladder"}, call("play_music", track="Ladder")),
        ({"text": "Ladder", "artists": ["Halde"]}, call("play_music", track="Ladder by Halde")),
        ({"track": "Stand by Me by Otis"}, call("play_music", track="Stand by Me")),
    ],
)
def test_playing_is_as_right_as_the_search(given: dict[str, Any], expected: ExpectedCall) -> None:
    assert verdict([("play_music", given)], [expected]) == "right"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"genres": ["jazz"]}, call("search_tracks", genres=["soul"])),
        ({"track": "Ladder"}, call("search_tracks", text="Iron Weather")),
        ({"playlist": "Dinner"}, call("search_tracks", text="Dinner")),
        ({"track": "Ladder"}, call("find_similar", track="Ladder")),
    ],
)
def test_playing_something_else_is_wrong(given: dict[str, Any], expected: ExpectedCall) -> None:
    assert verdict([("play_music", given)], [expected]) == "wrong"
    assert verdict(
        [("search_tracks", {"text": "Ladder"})], [call("play_music", track="Ladder")]
    ) == ("wrong")
