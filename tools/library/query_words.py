"""A query in words: "dark jazz tracks by Miles Davis from the 1950s"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from store.search.query import TrackQuery
from store.vocabulary import MUSIC
from tools.text.kinds_of_tracks import genre_words, kinds_first
from tools.text.untrusted import shown
from tools.text.words import Language, known_name, listed, number, say, say_count

NAMES_SAID: Final = 3
_SAID: Final = frozenset(
    (
        *(
            "text",
            "artists",
            "exclude_artists",
            "exclude_tracks",
            "genres",
            "exclude_genres",
            "moods",
        ),
        *("exclude_moods", "albums", "bpm_min", "bpm_max", "keys", "harmonic_with", "year_min"),
        *("year_max", "length_min", "length_max", "energy", "instrumental", "liked", "has_chart"),
        *("mixes_with", "added_days", "like", "sort", "descending", "limit", "kind"),
    )
)
"""Fields that have words here; the others are "the rest"."""


def query_words(query: TrackQuery, count: int, language: Language) -> str:
    """Return what `count` tracks that fit `query` are, without the number."""
    parts = query_parts(query, language)
    if set(query.model_dump(exclude_defaults=True)) - _SAID - {"by"}:
        parts.append(say(language, "query.rest"))
    kinds = [
        part for part in (_moods(query, language), _genres(query.genres, count, language)) if part
    ]
    before = kinds if kinds_first(language) else []
    after = [*([] if before else reversed(kinds)), *parts]
    return say_count(
        language,
        "query.tracks",
        count,
        before="".join(f"{part} " for part in before),
        after="".join(f" {part}" for part in after),
    )


def query_parts(query: TrackQuery, language: Language) -> list[str]:
    """Return what a query asks for beside genres and moods, piece by piece."""
    return [
        *_names(query, language),
        *_times(query, language),
        *_sound(query, language),
        *_choice(query, language),
    ]


def _moods(query: TrackQuery, language: Language) -> str:
    if not query.moods:
        return ""
    names = [known_name(language, "moods", mood) for mood in query.moods]
    moods = " ".join(names) if kinds_first(language) else listed(language, names)
    return say(language, "query.moods", moods=moods)


def _genres(genres: Sequence[str], count: int, language: Language) -> str:
    if not genres:
        return ""
    names = [genre_words(language, genre, count) for genre in genres]
    return listed(language, names, last="or")


def _names(query: TrackQuery, language: Language) -> list[str]:
    parts = []
    for key, names, last in (
        ("by", query.artists, "or"),
        ("on", query.albums, "or"),
        ("with_text", [query.text] if query.text else [], "and"),
        ("like", [query.like] if query.like else [], "and"),
        ("mixing", [query.mixes_with] if query.mixes_with else [], "and"),
    ):
        if names:
            said = [shown(name, limit=40) for name in names[:NAMES_SAID]]
            parts.append(say(language, f"query.{key}", names=listed(language, said, last=last)))
    unwanted = [
        *(known_name(language, "genres", shown(genre)) for genre in query.exclude_genres),
        *(known_name(language, "moods", mood) for mood in query.exclude_moods),
        *(shown(name, limit=40) for name in (*query.exclude_artists, *query.exclude_tracks)),
    ][:NAMES_SAID]
    if unwanted:
        said = listed(language, unwanted, last="or")
        parts.append(say(language, "query.without", names=said))
    return parts


def _times(query: TrackQuery, language: Language) -> list[str]:
    parts = []
    low, high = query.year_min, query.year_max
    if low is not None and low == high:
        parts.append(say(language, "query.year", year=low))
    elif low is not None and high is not None and low % 10 == 0 and high == low + 9:
        parts.append(say(language, "query.decade", year=low))
    else:
        parts += _range("years", low, high, language)
    minutes = (query.length_min, query.length_max)
    parts += _range("length", *minutes, language)
    if query.added_days is not None:
        parts.append(say_count(language, "query.added", query.added_days))
    return parts


def _sound(query: TrackQuery, language: Language) -> list[str]:
    parts = _range("tempo", query.bpm_min, query.bpm_max, language)
    if query.keys:
        parts.append(say(language, "query.keys", keys=listed(language, query.keys, last="or")))
    if query.harmonic_with:
        parts.append(say(language, "query.mixing", names=query.harmonic_with))
    if query.energy:
        parts.append(say(language, "query.energy", energy=say(language, f"energy.{query.energy}")))
    if query.instrumental is not None:
        parts.append(say(language, "query.no_vocals" if query.instrumental else "query.vocals"))
    return parts


def _choice(query: TrackQuery, language: Language) -> list[str]:
    parts = []
    if query.kind and query.kind != MUSIC:
        parts.append(say(language, f"query.kind_{query.kind}"))
    for name, wanted in (("liked", query.liked), ("has_chart", query.has_chart)):
        if wanted is not None:
            parts.append(say(language, f"query.{name}" if wanted else f"query.not_{name}"))
    return parts


def _range(what: str, low: float | None, high: float | None, language: Language) -> list[str]:
    if low is None and high is None:
        return []
    end = "between" if low is not None and high is not None else "from" if high is None else "to"
    values = {
        "low": number(language, low or 0),
        "high": number(language, high or 0),
    }
    return [say(language, f"query.{what}_{end}", **values)]
