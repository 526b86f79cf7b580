from __future__ import annotations

import pytest

from indexer.files.tags.tag_key import MixingComment, parse_key, parse_mixing_comment


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


@pytest.mark.parametrize(
    "text",
    ["8A/Am", "Am (8A)", "8A - Am", "8A - 124", "A Minor (8A)", "8A - 124.0 - Energy 6", "Am | 8A"],
)
def test_several_notations_in_one_tag_count_where_they_agree(text):
    assert parse_key(text) == ("A", "minor")


@pytest.mark.parametrize("text", ["8A/8B", "Am (9A)", "124 - Energy 6", "()"])
def test_notations_that_disagree_are_no_key(text):
    assert parse_key(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("8A - 124.0 - Energy 6", MixingComment(("A", "minor"), 124.0, 6)),
        ("4A/Fm - 128,5 - Energy 10", MixingComment(("F", "minor"), 128.5, 10)),
        ("8A - Energy 6", MixingComment(("A", "minor"), None, 6)),
        ("Energy 6", MixingComment(None, None, 6)),
        ("Am - 124", MixingComment(("A", "minor"), 124.0, None)),
        ("12b", MixingComment(("E", "major"), None, None)),
        ("A", None),
        ("Do", None),
        ("124", None),
        ("8A/9B - Energy 5", None),
        ("8A - 124.0 - Energy 6 - bought in Leeds", None),
    ],
)
def test_comments_of_programs_for_djs(text: str, found: MixingComment | None) -> None:
    assert parse_mixing_comment(text) == found
