"""Edits of a query are values; applying one is a function."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.understanding import ResultTrack
from assistant.understanding.dialogue.queries.query_edits import apply, apply_exclusion, searched
from assistant.understanding.dialogue.queries.query_merging import Edit, opposites
from store.vocabulary import MOODS


def edited(query: dict[str, Any], edit: Edit, *, playlist: bool = False, **more: Any) -> Any:
    return apply(query, edit, playlist=playlist, **more)


@pytest.mark.parametrize(
    ("query", "edit", "result"),
    [
        ({"keys": ["5A"]}, Edit("add", {"keys": ["6A"]}), {"keys": ["5A", "6A"]}),
        ({"keys": ["5A"]}, Edit("refine", {"keys": ["6A"]}), {"keys": ["6A"]}),
        ({"harmonic_with": "5A"}, Edit("refine", {"keys": ["6A"]}), {"keys": ["6A"]}),
        ({"genres": ["ska"]}, Edit("add", {"genres": ["dub"]}), {"genres": ["ska", "dub"]}),
        ({"genres": ["ska"], "bpm_min": 90}, Edit("replace", {"genres": ["folk"]}),
         {"bpm_min": 90, "genres": ["folk"]}),
        ({"genres": ["ska"], "exclude_genres": ["pop"]}, Edit("instead", {"genres": ["pop"]}),
         {"genres": ["pop"]}),
        ({"moods": ["happy"]}, Edit("replace", {"moods": ["dancefloor"]}),
         {"moods": ["happy", "dancefloor"]}),
        ({"moods": ["happy"]}, Edit("instead", {"moods": ["dancefloor"]}),
         {"moods": ["dancefloor"]}),
        ({"genres": ["ska", "pop"]}, Edit("less", {"genres": ["pop"]}),
         {"genres": ["ska"], "exclude_genres": ["pop"]}),
        ({"moods": ["happy"], "exclude_moods": ["sad"]}, Edit("refine", {"moods": ["sad"]}),
         {"moods": ["sad"]}),
        ({"year_min": 1970, "year_max": 1979}, Edit("add", {"year_min": 1990, "year_max": 1999}),
         {"year_min": 1970, "year_max": 1999}),
        ({"bpm_min": 117, "bpm_max": 131}, Edit("add", {"bpm_min": 120, "bpm_max": 128}),
         {"bpm_min": 120, "bpm_max": 128}),
        ({"year_min": 1970, "year_max": 1979}, Edit("refine", {"year_min": 1990}),
         {"year_min": 1990}),
        ({"moods": ["sad"], "limit": 10}, Edit("refine", {"duration_min": 60}),
         {"moods": ["sad"], "duration_min": 60}),
        ({"genres": ["ska"]}, Edit("replace", {"exclude_genres": ["pop"]}),
         {"genres": ["ska"], "exclude_genres": ["pop"]}),
    ],
)  # fmt: skip
def test_edit(query: dict[str, Any], edit: Edit, result: dict[str, Any]) -> None:
    assert edited(query, edit) == result


@pytest.mark.parametrize(
    ("query", "field", "result"),
    [
        ({"genres": ["ska"], "year_min": 1970, "year_max": 1979}, "years", {"genres": ["ska"]}),
        ({"genres": ["ska"], "bpm_max": 90}, "tempo", {"genres": ["ska"]}),
        ({"genres": ["ska"], "moods": ["sad"]}, "genre", {"moods": ["sad"]}),
        ({"genres": ["ska"]}, "years", None),
        ({"genres": ["ska"], "limit": 10}, "genre", None),
    ],
)
def test_a_field_is_dropped_where_there_is_one_and_filters_remain(
    query: dict[str, Any], field: str, result: dict[str, Any] | None
) -> None:
    assert edited(query, Edit("drop", field=field)) == result


@pytest.mark.parametrize("mood", MOODS)
def test_no_edit_asks_for_opposites(mood: str) -> None:
    for other in opposites()[mood]:
        result = edited({"moods": [other]}, Edit("refine", {"moods": [mood]}))
        assert result == {"moods": [mood]}
        assert mood in opposites()[other]


def test_energy_and_moods_do_not_contradict() -> None:
    assert edited({"energy": "high"}, Edit("refine", {"moods": ["chill"]})) == {"moods": ["chill"]}
    result = edited({"moods": ["chill", "sad"]}, Edit("refine", {"energy": "high"}))
    assert result == {"moods": ["sad"], "energy": "high"}


def test_calmer_is_a_level_down_or_the_opposite_of_a_party() -> None:
    calmer = Edit("shift", field="energy", direction="down")
    assert edited({"energy": "high"}, calmer) == {"energy": "medium"}
    assert edited({"energy": "low"}, calmer) == {"energy": "low"}
    assert edited({"moods": ["party"]}, calmer) == {"moods": ["relaxed"]}


TEMPOS = tuple(ResultTrack(n, f"T{n}", bpm=bpm) for n, bpm in enumerate((80, 90, 100, 120)))


def test_too_slow_is_measured_by_what_was_shown() -> None:
    slow = Edit("shift", field="tempo_limit", direction="up")
    assert edited({}, slow, shown=TEMPOS) == {"bpm_min": 100}
    few = Edit("shift", field="tempo_limit", direction="up", some=True)
    assert edited({}, few, shown=TEMPOS) == {"bpm_min": 90}
    fast = Edit("shift", field="tempo_limit", direction="down", some=True)
    assert edited({}, fast, shown=TEMPOS) == {"bpm_max": 100}
    assert edited({}, slow) == {"bpm_min": 90}
    assert edited({"bpm_max": 90}, slow) == {"bpm_min": 90}


def test_too_slow_never_makes_an_empty_range() -> None:
    slow = Edit("shift", field="tempo_limit", direction="up")
    result = edited({"bpm_max": 85}, slow, shown=TEMPOS)
    assert result.get("bpm_min", 0) <= result.get("bpm_max", 999)


@pytest.mark.parametrize(
    ("query", "direction", "playlist", "result"),
    [
        ({"duration_min": 120}, "down", True, {"duration_min": 90}),
        ({"duration_min": 60}, "up", True, {"duration_min": 90}),
        ({"limit": 8}, "down", True, {"limit": 6}),
        ({}, "down", True, {"limit": 15}),
        ({}, "down", False, {"length_max": 5}),
        ({}, "up", False, {"length_min": 3}),
    ],
)
def test_shorter_and_longer(
    query: dict[str, Any], direction: Any, playlist: bool, result: dict[str, Any]
) -> None:
    edit = Edit("shift", field="duration", direction=direction)
    assert edited(query, edit, playlist=playlist) == result


def test_tracks_are_left_out_of_a_query() -> None:
    query = apply_exclusion({"genres": ["ska"], "exclude_tracks": ["A"]}, ["B"])
    assert query == {"genres": ["ska"], "exclude_tracks": ["A", "B"]}


def test_a_playlists_query_is_searched_without_what_orders_it() -> None:
    assert searched({"genres": ["ska"], "arc": "rise", "name": "X"}) == {"genres": ["ska"]}


def test_edits_leave_the_query_alone() -> None:
    query = {"genres": ["ska"], "moods": ["sad"]}
    edited(query, Edit("add", {"genres": ["pop"], "moods": ["happy"]}))
    assert query == {"genres": ["ska"], "moods": ["sad"]}
