from __future__ import annotations

import pytest

from indexer.files.tags.tag_key import parse_key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("8A", ("A", "minor")),
        ("08a", ("A", "minor")),
        ("8B", ("C", "major")),
        ("12B", ("E", "major")),
        ("1m", ("A", "minor")),
        ("1d", ("C", "major")),
        ("6m", ("G#", "minor")),
        ("Am", ("A", "minor")),
        ("AM", ("A", "major")),
        ("A", ("A", "major")),
        ("F#m", ("F#", "minor")),
        ("F♯ minor", ("F#", "minor")),
        ("Bb", ("A#", "major")),
        ("B♭m", ("A#", "minor")),
        ("Cb", ("B", "major")),
        ("a minor", ("A", "minor")),
        ("A:min", ("A", "minor")),
        ("Ebmaj", ("D#", "major")),
        ("la mineur", ("A", "minor")),
        ("Si bémol majeur", ("A#", "major")),
        ("do dièse mineur", ("C#", "minor")),
        ("Ré majeur", ("D", "major")),
        ("Des-Dur", ("C#", "major")),
        ("fis-moll", ("F#", "minor")),
        ("h-moll", ("B", "minor")),
        ("Es-Dur", ("D#", "major")),
        ("As-Dur", ("G#", "major")),
    ],
)
def test_reads_every_notation(text, key):
    assert parse_key(text) == key


@pytest.mark.parametrize("text", ["", "o", "13A", "0B", "Xm", "minor", "A minor seventh", "A" * 99])
def test_what_is_no_key_is_none(text):
    assert parse_key(text) is None
