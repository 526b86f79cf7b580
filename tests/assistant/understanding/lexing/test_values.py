"""Spoken numbers, decades, durations and keys."""

import pytest

from assistant.understanding.lexing.key_words import merge_keys
from assistant.understanding.lexing.lexicon import language
from assistant.understanding.lexing.plain_text import fold, tokenise
from assistant.understanding.lexing.typos import within_one_edit
from assistant.understanding.lexing.values import merge_decades, merge_durations, merge_numbers
from tools.base import CAMELOT


def norms(text: str, name: str) -> list[str]:
    known = language(name)
    tokens = merge_keys(merge_numbers(tokenise(text), known))
    tokens = merge_durations(text, merge_decades(tokens, known), known)
    return [token.norm for token in tokens]


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("twenty five", "en", "25"), ("a hundred and twenty", "en", "120"),
        ("ninety-nine", "en", "99"),
        ("one hundred", "en", "100"), ("seventeen", "en", "17"), ("twenty-one", "en", "21"),
        ("vingt et un", "fr", "21"), ("quatre-vingt-dix", "fr", "90"), ("soixante-dix", "fr", "70"),
        ("soixante et onze", "fr", "71"), ("quatre-vingt-dix-sept", "fr", "97"),
        ("cent vingt", "fr", "120"), ("dix-huit", "fr", "18"), ("quatre-vingts", "fr", "80"),
    ],
)  # fmt: skip
def test_spoken_numbers(text: str, name: str, value: str) -> None:
    assert norms(text, name) == [value]


@pytest.mark.parametrize(
    ("text", "name", "minutes"),
    [
        ("1h30", "en", 90), ("90 minutes", "en", 90), ("half an hour", "en", 30),
        ("a couple of hours", "en", 120), ("two and a half hours", "en", 150),
        ("an hour and a half", "en", 90), ("an hour and fifteen minutes", "en", 75),
        ("45min", "en", 45),
        ("1.5 hours", "en", 90), ("2 hours 20", "en", 140), ("une demi-heure", "fr", 30),
        ("une heure et demie", "fr", 90), ("deux heures et demie", "fr", 150), ("2h", "fr", 120),
        ("trois quarts d'heure", "fr", 45), ("1h30", "fr", 90), ("une heure", "fr", 60),
    ],
)  # fmt: skip
def test_durations(text: str, name: str, minutes: int) -> None:
    assert norms(text, name) == [f"@t{minutes}"]


@pytest.mark.parametrize(
    ("text", "name", "years"),
    [
        ("80s", "en", "1980-1989"), ("1980s", "en", "1980-1989"), ("'80s", "en", "1980-1989"),
        ("eighties", "en", "1980-1989"), ("2010s", "en", "2010-2019"), ("00s", "en", "2000-2009"),
        ("early 90s", "en", "1990-1994"), ("late nineties", "en", "1995-1999"),
        ("années 80", "fr", "1980-1989"), ("annees quatre-vingt-dix", "fr", "1990-1999"),
        ("années 2000", "fr", "2000-2009"), ("fin des années 70", "fr", "1975-1979"),
    ],
)  # fmt: skip
def test_decades(text: str, name: str, years: str) -> None:
    assert norms(text, name) == [f"@d{years}"]


@pytest.mark.parametrize(
    ("text", "camelot"),
    [
        ("8A", "8a"), ("08a", "8a"), ("12B", "12b"), ("1m", "8a"), ("1d", "8b"), ("4m", "11a"),
        ("A minor", "8a"), ("a minor", "8a"), ("F sharp minor", "11a"), ("f# minor", "11a"),
        ("B flat major", "6b"), ("Bb major", "6b"), ("C♯ minor", "12a"), ("C major", "8b"),
        ("la mineur", "8a"), ("fa dièse mineur", "11a"), ("si bémol majeur", "6b"),
        ("do majeur", "8b"), ("do#m", "12a"), ("sib majeur", "6b"), ("ré mineur", "7a"),
        ("mi bemol mineur", "2a"), ("F#m", "11a"), ("Bbm", "3a"),
    ],
)  # fmt: skip
def test_keys(text: str, camelot: str) -> None:
    assert norms(text, "en") == [f"@k{camelot}"]


@pytest.mark.parametrize(
    "text",
    [
        "a minor detail",
        "a minor key",
        "I am",
        "la musique",
        "si",
        "A",
        "B",
        "do",
        "13A",
        "0A",
        "a major hit",
    ],
)
def test_what_is_no_key(text: str) -> None:
    assert not any(norm.startswith("@k") for norm in norms(text, "en"))


def test_every_spelling_of_every_key_agrees_with_the_table() -> None:
    for (pitch, mode), camelot in CAMELOT.items():
        spelled = pitch.replace("#", " sharp")
        assert norms(f"in {spelled} {mode}", "en") == ["in", f"@k{camelot.lower()}"]


@pytest.mark.parametrize(
    ("left", "right", "near"),
    [
        ("playlsit", "playlist", True), ("energtic", "energetic", True), ("jazzz", "jazz", True),
        ("tecno", "techno", True), ("techno", "techno", True), ("tehcon", "techno", False),
        ("rock", "rack", True), ("", "a", True), ("abc", "cab", False),
    ],
)  # fmt: skip
def test_one_edit(left: str, right: str, near: bool) -> None:
    assert within_one_edit(left, right) is near
    assert within_one_edit(right, left) is near


def test_folding_drops_accents_and_apostrophes() -> None:
    assert fold("Énergique") == "energique"
    assert fold("Don’t") == "dont"


def test_quotes_elisions_and_units_are_split() -> None:
    assert [t.norm for t in tokenise("l'heure du « Grand Bleu » à 45min")] == [
        "l", "heure", "du", "@q", "a", "45", "min",
    ]  # fmt: skip
