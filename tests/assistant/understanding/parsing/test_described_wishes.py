"""What no filter takes is asked about; bare numbers and notes are read by their neighbours."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.understanding import read


@pytest.mark.parametrize(
    "text",
    [
        "songs without drums",
        "des titres sans batterie",
        "don't stop",
        "metal without screaming",
        "focus music no drums",
        "du métal sans hurlements",
    ],
)
def test_an_exclusion_that_no_filter_takes_is_asked_about(text: str) -> None:
    assert read(text).tool is None


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("electro but no dubstep", {"genres": ["electronic"], "exclude_genres": ["dubstep"]}),
        ("du classique sans opéra", {"genres": ["classical"], "exclude_genres": ["opéra"]}),
    ],
)
def test_a_style_is_excluded_as_a_tag(text: str, arguments: dict[str, Any]) -> None:
    assert read(text).arguments == arguments


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("songs about 120 bpm", {"bpm_min": 114, "bpm_max": 126}),
        ("rock 80 90", {"genres": ["rock"], "year_min": 1980, "year_max": 1999}),
        ("trance 138", {"genres": ["trance"], "bpm_min": 136, "bpm_max": 140}),
        ("blues in E", {"genres": ["blues"], "keys": ["12B"]}),
    ],
)
def test_bare_numbers_and_notes_are_years_tempos_and_keys(
    text: str, arguments: dict[str, Any]
) -> None:
    reading = read(text)
    assert reading.arguments == arguments
    assert not reading.unread


@pytest.mark.parametrize("text", ["what are songs about", "des morceaux sur ma clé", "jazz 100"])
def test_what_is_no_subject_and_no_tempo(text: str) -> None:
    assert read(text).tool is None


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("songs between four and five minutes", {"length_min": 4, "length_max": 5}),
        ("du funk de 3 à 5 minutes", {"genres": ["funk"], "length_min": 3, "length_max": 5}),
        ("pop 3 min max", {"genres": ["pop"], "length_max": 3}),
        ("songs that last three minutes", {"length_min": 2.5, "length_max": 3.5}),
        ("a playlist of 20 minutes", {"duration_min": 20}),
    ],
)
def test_lengths_of_tracks(text: str, arguments: dict[str, Any]) -> None:
    assert read(text).arguments == arguments


@pytest.mark.parametrize(
    "text",
    ["rock songs with a shuffle groove", "du métal à double pédale"],
)
def test_a_property_that_no_filter_takes_defers(text: str) -> None:
    assert read(text).tool is None
