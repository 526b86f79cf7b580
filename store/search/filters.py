"""A `TrackQuery` as SQL: one condition a filter, every value bound.

The fragments are constants; nothing that a person or a model wrote becomes part of a statement.
"""

from __future__ import annotations

import re
from typing import Final

from store.folding import fold
from store.search.collection_filters import RELATED_KEY, collection_filters
from store.search.filter_parts import Filter, belongs, listed, none_of, range_filter
from store.search.genre_filters import genre_filters
from store.search.query import TrackQuery
from store.tables.analysis import BPM_UNSURE
from store.vocabulary import harmonic_neighbours

ENERGY_LOW_BELOW: Final = 0.4
ENERGY_HIGH_ABOVE: Final = 0.65
"""Energy on 0..1: low is below the first, high above the second, medium between."""

INSTRUMENTAL_FROM: Final = 0.5
MOOD_FROM: Final = 0.5
OTHER_COUNT: Final = 0.4
"""What a track is worth whose half or double has the tempo, beside 0.5 and more for its own."""
_UNSURE: Final = f"features.{BPM_UNSURE}"

_WORD: Final = re.compile(r"[^\W_]+")


def query_filters(query: TrackQuery) -> tuple[Filter, ...]:
    """Return the filters of `query`, without `like`, `sort`, `limit`.

    The two ends of a range are one filter, named after its lower end when it has one.
    """
    return (
        *_text(query),
        *_artists(query),
        *genre_filters(query),
        *_moods(query),
        *_tempo(query),
        *_keys(query),
        *_years(query),
        *_character(query),
        *collection_filters(query),
    )


def match_words(text: str) -> str | None:
    """`text` for FTS5: every word as a quoted beginning; None when there is no word in it."""
    return " ".join(f'"{word}"*' for word in dict.fromkeys(_words(text))) or None


def _words(text: str) -> list[str]:
    """The words that names are searched for: without a leading article, if there are others."""
    folded = fold(text)
    words = _WORD.findall(text.casefold())
    if len(words) > 1 and not folded.startswith(fold(words[0])):
        return words[1:]
    return words


def _text(query: TrackQuery) -> list[Filter]:
    if query.text is None:
        return []
    words = match_words(query.text)
    if words is None:
        folded = "(track.folded = :text OR artist.folded = :text OR album.folded = :text)"
        return [Filter("text", folded, {"text": fold(query.text)}, few=True)]
    title = f'title : "{" ".join(_words(query.text))}" *'
    values: dict[str, object] = {
        "text_title": f"({words}) AND ({title})",
        "text_rest": f"({words}) NOT ({title})",
        "text_folded": fold(query.text),
    }
    return [Filter("text", "", values, _NAMED, (("words", _WITH_WORDS),), few=True)]


_WITH_WORDS: Final = """(
    SELECT rowid AS track_id, 0.8 AS fit FROM track_text WHERE track_text MATCH :text_title
    UNION ALL
    SELECT rowid, 0.5 FROM track_text WHERE track_text MATCH :text_rest) AS words"""
_NAMED: Final = """CASE WHEN track.id IN (
    SELECT id FROM track WHERE folded = :text_folded
    UNION ALL SELECT id FROM track WHERE artist_id IN
        (SELECT id FROM artist WHERE folded = :text_folded))
    THEN 1.0 ELSE words.fit END"""
"""Asked of indexes alone: a common word is in the names of thousands of tracks."""


_BY_ARTIST: Final = """
    SELECT id FROM track WHERE artist_id IN ({ids})
    UNION SELECT t.id FROM album AS a JOIN track AS t ON t.album_id = a.id
    WHERE a.artist_id IN ({ids})"""
_ARTIST_IDS: Final = """
    SELECT artist_id FROM artistalias WHERE folded IN (SELECT value FROM json_each(:{name}))
    AND (sure OR folded IN (SELECT folded FROM artist))"""


def _artists(query: TrackQuery) -> list[Filter]:
    found = []
    for name, wanted in (("artists", query.artists), ("exclude_artists", query.exclude_artists)):
        if wanted:
            theirs = _BY_ARTIST.format(ids=_ARTIST_IDS.format(name=name))
            values: dict[str, object] = {name: listed([fold(one) for one in wanted])}
            found.append(belongs(name, theirs, values, wanted=name == "artists"))
    return found


_MOOD: Final = f"{{name}}.mood = :{{name}} AND {{name}}.strength >= {MOOD_FROM}"
"""The number stands in it, so that the index of the moods that count is used."""
_MOOD_TABLE: Final = "moodtag AS {name} INDEXED BY ix_moodtag_mood_track"


def _moods(query: TrackQuery) -> list[Filter]:
    found = []
    moods = sorted(set(query.moods))
    if moods:
        names = [f"mood_{at}" for at in range(len(moods))]
        strengths = " + ".join(f"{name}.strength" for name in names)
        found.append(
            Filter(
                "moods",
                " AND ".join(_MOOD.format(name=name) for name in names),
                dict(zip(names, moods, strict=True)),
                f"({strengths}) / {len(names)}",
                tuple((name, _MOOD_TABLE.format(name=name)) for name in names),
            )
        )
    if query.exclude_moods:
        found.append(none_of("exclude_moods", query.exclude_moods, _MOOD_TABLE, _MOOD))
    return found


def _tempo(query: TrackQuery) -> list[Filter]:
    one = range_filter("bpm", "features.bpm", query.bpm_min, query.bpm_max)
    if one is None:
        return []
    if query.bpm_min is None or query.bpm_max is None:
        return [one]
    middle, half = (query.bpm_min + query.bpm_max) / 2, (query.bpm_max - query.bpm_min) / 2
    closeness = (
        f"CASE WHEN {one.condition} THEN 1.0 - 0.5 * abs(features.bpm - :bpm_middle) / :bpm_half "
        f"ELSE {OTHER_COUNT} END"
    )
    values = one.values | {"bpm_middle": middle, "bpm_half": max(half, 1e-6)}
    other = one.condition.replace("features.bpm", "features.bpm_alternative")
    return [Filter(one.name, f"({one.condition}) OR ({other} AND {_UNSURE})", values, closeness)]


def _years(query: TrackQuery) -> list[Filter]:
    one = range_filter("year", "track.year", query.year_min, query.year_max)
    return [one] if one else []


def _keys(query: TrackQuery) -> list[Filter]:
    found = []
    in_keys = "features.camelot_key IN (SELECT value FROM json_each(:{name}))"
    if query.keys:
        found.append(Filter("keys", in_keys.format(name="keys"), {"keys": listed(query.keys)}))
    if query.harmonic_with:
        found.append(
            Filter(
                "harmonic_with",
                in_keys.format(name="harmonic_keys"),
                {
                    "harmonic_keys": listed(harmonic_neighbours(query.harmonic_with)),
                    "harmonic_with": query.harmonic_with,
                },
                f"CASE WHEN features.camelot_key = :harmonic_with THEN 1.0 ELSE {RELATED_KEY} END",
            )
        )
    return found


_ENERGY: Final = {
    "low": "features.energy < :energy_low",
    "medium": "features.energy BETWEEN :energy_low AND :energy_high",
    "high": "features.energy > :energy_high",
}


def _character(query: TrackQuery) -> list[Filter]:
    found = []
    if query.energy:
        ends: dict[str, object] = {}
        if query.energy != "high":
            ends["energy_low"] = ENERGY_LOW_BELOW
        if query.energy != "low":
            ends["energy_high"] = ENERGY_HIGH_ABOVE
        found.append(Filter("energy", _ENERGY[query.energy], ends))
    if query.instrumental is not None:
        sign = ">=" if query.instrumental else "<"
        found.append(
            Filter(
                "instrumental",
                f"features.instrumental {sign} :instrumental",
                {"instrumental": INSTRUMENTAL_FROM},
            )
        )
    return found
