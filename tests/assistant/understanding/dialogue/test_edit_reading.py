"""Follow-ups that change the last query, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assistant.understanding import Reading

Said = Callable[..., Reading]
SKA = {"genres": ["ska"]}


@pytest.mark.parametrize(
    ("first", "text", "arguments"),
    [
        ("find ska", "or funk", {"genres": ["ska", "funk"]}),
        ("find ska", "some reggae as well", {"genres": ["ska", "reggae"]}),
        ("find ska in 2B", "or 3B", {**SKA, "keys": ["2B", "3B"]}),
        ("find ska in 2B", "5B is fine too", {**SKA, "keys": ["2B", "5B"]}),
        ("find ska", "actually funk", {"genres": ["funk"]}),
        ("find ska", "sorry, I was after funk", {"genres": ["funk"]}),
        ("find ska", "that's not it, I wanted funk", {"genres": ["funk"]}),
        ("find happy ska", "lose the mood", SKA),
        ("find happy ska", "whatever genre", {"moods": ["happy"]}),
        ("find ska from the 90s", "the era doesn't matter", SKA),
        ("find ska around 110 bpm", "i don't care about the tempo", SKA),
        ("find ska", "nothing before 1985", {**SKA, "year_min": 1985}),
        ("find ska", "nothing newer than 1995", {**SKA, "year_max": 1995}),
        ("find ska from the 90s", "the same but from the 80s",
         {**SKA, "year_min": 1980, "year_max": 1989}),
        ("find ska", "move it to 150-160", {**SKA, "bpm_min": 150, "bpm_max": 160}),
        ("find ska", "way too slow", {**SKA, "bpm_min": 104}),
        ("find ska", "some of them are too fast", {**SKA, "bpm_max": 126}),
        ("find ska", "too noisy", {**SKA, "moods": ["relaxed"]}),
        ("find happy ska", "too happy", {**SKA, "exclude_moods": ["happy"]}),
        ("find sad ska", "not as sad, more romantic", {**SKA, "moods": ["romantic"],
         "exclude_moods": ["sad"]}),
        ("find party music", "a touch calmer", {"moods": ["relaxed"]}),
        ("find ska", "no more than 7", {**SKA, "limit": 7}),
        ("find ska", "nobody singing", {**SKA, "instrumental": True}),
        ("du ska", "ou du funk", {"genres": ["ska", "funk"]}),
        ("du ska", "du reggae aussi", {"genres": ["ska", "reggae"]}),
        ("du ska en 2B", "ou 3B", {**SKA, "keys": ["2B", "3B"]}),
        ("du ska", "finalement du funk", {"genres": ["funk"]}),
        ("du ska", "désolé, je cherchais du funk", {"genres": ["funk"]}),
        ("du ska", "c'est pas ce que je voulais, j'ai demandé du funk", {"genres": ["funk"]}),
        ("du ska joyeux", "laisse tomber l'ambiance", SKA),
        ("du ska joyeux", "peu importe le genre", {"moods": ["happy"]}),
        ("du ska des années 90", "l'époque, on s'en fiche", SKA),
        ("du ska autour de 110 bpm", "oublie le tempo", SKA),
        ("du ska", "rien d'avant 1985", {**SKA, "year_min": 1985}),
        ("du ska", "rien de plus récent que 1995", {**SKA, "year_max": 1995}),
        ("du ska des années 90", "pareil mais des années 80",
         {**SKA, "year_min": 1980, "year_max": 1989}),
        ("du ska", "passe à 150-160", {**SKA, "bpm_min": 150, "bpm_max": 160}),
        ("du ska", "beaucoup trop lent", {**SKA, "bpm_min": 104}),
        ("du ska", "certains sont trop rapides", {**SKA, "bpm_max": 126}),
        ("du ska", "trop bruyant", {**SKA, "moods": ["relaxed"]}),
        ("du ska joyeux", "trop joyeux", {**SKA, "exclude_moods": ["happy"]}),
        ("du ska triste", "pas si triste, plus romantique", {**SKA, "moods": ["romantic"],
         "exclude_moods": ["sad"]}),
        ("de la musique de fête", "un poil plus calme", {"moods": ["relaxed"]}),
        ("du ska", "pas plus de 7", {**SKA, "limit": 7}),
        ("du ska", "sans chanteur", {**SKA, "instrumental": True}),
    ],
)  # fmt: skip
def test_search(said: Said, first: str, text: str, arguments: dict[str, Any]) -> None:
    reading = said(first, text)
    assert (reading.tool, reading.arguments) == ("search_tracks", arguments)


@pytest.mark.parametrize(
    ("first", "text", "change"),
    [
        ("make a ska playlist", "that's far too long", {"limit": 15}),
        ("make a ska playlist", "50 minutes will do", {"duration_min": 50}),
        ("make a ska playlist", "too long, half an hour is plenty", {"duration_min": 30}),
        ("make a ska playlist", "stretch it to three hours", {"duration_min": 180}),
        ("make a ska playlist", "at most 12 songs", {"limit": 12}),
        ("make a ska playlist", "let it build up more quickly", {"arc": "rise"}),
        ("make a ska playlist", "could it begin softly and finish with a bang", {"arc": "rise"}),
        ("make a ska playlist", "have it cool down towards the end", {"arc": "fall"}),
        ("make a ska playlist", "a couple of them are too slow", {"bpm_min": 88}),
        ("une playlist ska", "c'est bien trop long", {"limit": 15}),
        ("une playlist ska", "50 minutes ça suffira", {"duration_min": 50}),
        ("une playlist ska", "trop long, une demi-heure suffit", {"duration_min": 30}),
        ("une playlist ska", "allonge-la à trois heures", {"duration_min": 180}),
        ("une playlist ska", "12 titres au maximum", {"limit": 12}),
        ("une playlist ska", "que ça monte plus vite", {"arc": "rise"}),
        ("une playlist ska", "il faudrait que ça commence doucement et que ça finisse fort",
         {"arc": "rise"}),
        ("une playlist ska", "que ça se calme à la fin", {"arc": "fall"}),
        ("une playlist ska", "quelques uns sont trop lents", {"bpm_min": 88}),
    ],
)  # fmt: skip
def test_playlist(said: Said, first: str, text: str, change: dict[str, Any]) -> None:
    reading = said(first, text)
    assert (reading.tool, reading.arguments) == ("make_playlist", {**SKA, **change})


@pytest.mark.parametrize("text", ["forget the key", "any artist", "n'importe quel album"])
def test_a_field_that_was_not_asked_for_cannot_be_dropped(said: Said, text: str) -> None:
    assert said("find ska", text).tool is None


@pytest.mark.parametrize("text", ["too slow", "or funk", "forget the tempo", "trop lent"])
def test_nothing_is_changed_where_nothing_was_said(said: Said, text: str) -> None:
    reading = said(text)
    assert reading.tool is None or "tempo" not in reading.arguments


@pytest.mark.parametrize("text", ["nice start", "that's wrong", "pas ça", "bon début, merci"])
def test_what_asks_for_nothing_changes_nothing(said: Said, text: str) -> None:
    assert said("find ska", text).tool is None
