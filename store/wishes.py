"""A `TrackQuery` as SQL: one condition a wish, every value bound.

The fragments are constants; nothing that a person or a model wrote becomes part of a statement.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from store.folding import fold
from store.query import TrackQuery
from store.vocabulary import harmonic_neighbours

ENERGY_LOW_BELOW: Final = 0.4
ENERGY_HIGH_ABOVE: Final = 0.65
"""Energy on 0..1: low is below the first, high above the second, medium between."""

INSTRUMENTAL_FROM: Final = 0.5
MOOD_FROM: Final = 0.5
GENRE_FROM: Final = 0.3
"""A genre that is not the main one counts from this weight on; below it is a mere trace."""

RELATED_KEY: Final = 0.9
"""What a key that mixes is worth beside the same key."""

_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish.

    Attributes:
        name: The TrackQuery field it came from.
        condition: SQL over `track`, `features` and `table`; "" when the table says it all.
        values: What the condition binds.
        relevance: SQL, 0..1: how well a track that fits does so; None when it says nothing.
        table: SQL: a table of the tracks that fit (`track_id`), with how well they do.
    """

    name: str
    condition: str
    values: dict[str, object] = field(default_factory=dict)
    relevance: str | None = None
    table: str = ""


def wishes(query: TrackQuery) -> tuple[Wish, ...]:
    """The wishes of `query` in the order of its fields; `like`, `sort` and `limit` are none.

    The two ends of a range are one wish, named after its lower end when it has one.
    """
    return tuple(
        wish
        for group in (_text(query), _artists(query), _genres(query), _moods(query))
        for wish in group
    ) + tuple(
        wish
        for group in (_tempo(query), _keys(query), _years(query), _character(query))
        for wish in group
    )


def match_words(text: str) -> str | None:
    """`text` for FTS5: every word as a quoted beginning; None when there is no word in it."""
    folded = fold(text)
    words = _WORD.findall(text.casefold())
    if len(words) > 1 and not folded.startswith(fold(words[0])):
        words = words[1:]
    return " ".join(f'"{word}"*' for word in words) or None


def _text(query: TrackQuery) -> list[Wish]:
    if query.text is None:
        return []
    words = match_words(query.text)
    if words is None:
        folded = "(track.folded = :text OR artist.folded = :text OR album.folded = :text)"
        return [Wish("text", folded, {"text": fold(query.text)})]
    condition = "track.id IN (SELECT rowid FROM track_text WHERE track_text MATCH :text)"
    relevance = (
        "CASE WHEN track.folded = :text_folded OR artist.folded = :text_folded "
        "THEN 1.0 WHEN instr(track.folded, :text_folded) THEN 0.8 ELSE 0.5 END"
    )
    return [Wish("text", condition, {"text": words, "text_folded": fold(query.text)}, relevance)]


_BY_ARTIST: Final = """track.id {which} (
    SELECT id FROM track WHERE artist_id IN ({ids})
    UNION SELECT track.id FROM album JOIN track ON track.album_id = album.id
    WHERE album.artist_id IN ({ids}))"""
_ARTIST_IDS: Final = """
    SELECT artist_id FROM artistalias WHERE folded IN (SELECT value FROM json_each(:{name}))
    AND (sure OR folded IN (SELECT folded FROM artist))"""


def _artists(query: TrackQuery) -> list[Wish]:
    found = []
    for name, wanted in (("artists", query.artists), ("exclude_artists", query.exclude_artists)):
        if wanted:
            condition = _BY_ARTIST.format(
                which="IN" if name == "artists" else "NOT IN",
                ids=_ARTIST_IDS.format(name=name),
            )
            found.append(Wish(name, condition, {name: _listed([fold(one) for one in wanted])}))
    return found


_OF_GENRE: Final = """(
    SELECT genretag.track_id, max(weight) AS fit
    FROM genre JOIN genretag ON genretag.genre_id = genre.id
    WHERE genre.name IN (SELECT value FROM json_each(:genres)) AND (main OR weight >= :genre_from)
    GROUP BY genretag.track_id) AS genre_fit"""
_NOT_OF_GENRE: Final = """track.id NOT IN (
    SELECT genretag.track_id FROM genre JOIN genretag ON genretag.genre_id = genre.id
    WHERE genre.name IN (SELECT value FROM json_each(:exclude_genres))
    AND (main OR weight >= :genre_from))"""


def _genres(query: TrackQuery) -> list[Wish]:
    found = []
    if query.genres:
        found.append(
            Wish(
                "genres",
                "",
                {"genres": _listed(query.genres), "genre_from": GENRE_FROM},
                "genre_fit.fit",
                _OF_GENRE,
            )
        )
    if query.exclude_genres:
        found.append(
            Wish(
                "exclude_genres",
                _NOT_OF_GENRE,
                {"exclude_genres": _listed(query.exclude_genres), "genre_from": GENRE_FROM},
            )
        )
    return found


_ONE_MOOD: Final = "mood_fit.mood = :mood AND mood_fit.strength >= :mood_from"
_ALL_MOODS: Final = """(SELECT track_id, avg(strength) AS strength FROM moodtag
    WHERE mood IN (SELECT value FROM json_each(:moods)) AND strength >= :mood_from
    GROUP BY track_id HAVING count(*) = :mood_count) AS mood_fit"""
_NO_MOOD: Final = """track.id NOT IN (
    SELECT track_id FROM moodtag WHERE mood IN (SELECT value FROM json_each(:exclude_moods))
    AND strength >= :mood_from)"""


def _moods(query: TrackQuery) -> list[Wish]:
    found = []
    if query.moods:
        found.append(_all_of(sorted(set(query.moods))))
    if query.exclude_moods:
        found.append(
            Wish(
                "exclude_moods",
                _NO_MOOD,
                {"exclude_moods": _listed(query.exclude_moods), "mood_from": MOOD_FROM},
            )
        )
    return found


def _all_of(moods: Sequence[str]) -> Wish:
    values: dict[str, object] = {"mood_from": MOOD_FROM}
    strength = "mood_fit.strength"
    if len(moods) == 1:
        values["mood"] = moods[0]
        return Wish("moods", _ONE_MOOD, values, strength, "moodtag AS mood_fit")
    values |= {"moods": _listed(moods), "mood_count": len(moods)}
    return Wish("moods", "", values, strength, _ALL_MOODS)


def _tempo(query: TrackQuery) -> list[Wish]:
    wish = _range("bpm", "features.bpm", query.bpm_min, query.bpm_max)
    if wish is None:
        return []
    if query.bpm_min is None or query.bpm_max is None:
        return [wish]
    middle, half = (query.bpm_min + query.bpm_max) / 2, (query.bpm_max - query.bpm_min) / 2
    closeness = "(1.0 - 0.5 * abs(features.bpm - :bpm_middle) / :bpm_half)"
    values = wish.values | {"bpm_middle": middle, "bpm_half": max(half, 1e-6)}
    return [Wish(wish.name, wish.condition, values, closeness)]


def _years(query: TrackQuery) -> list[Wish]:
    wish = _range("year", "track.year", query.year_min, query.year_max)
    return [wish] if wish else []


def _range(name: str, column: str, low: float | None, high: float | None) -> Wish | None:
    parts: list[str] = []
    values: dict[str, object] = {}
    for end, sign, value in ((f"{name}_min", ">=", low), (f"{name}_max", "<=", high)):
        if value is not None:
            parts.append(f"{column} {sign} :{end}")
            values[end] = value
    return Wish(next(iter(values)), " AND ".join(parts), values) if parts else None


def _keys(query: TrackQuery) -> list[Wish]:
    found = []
    in_keys = "features.camelot_key IN (SELECT value FROM json_each(:{name}))"
    if query.keys:
        found.append(Wish("keys", in_keys.format(name="keys"), {"keys": _listed(query.keys)}))
    if query.harmonic_with:
        found.append(
            Wish(
                "harmonic_with",
                in_keys.format(name="harmonic_keys"),
                {
                    "harmonic_keys": _listed(harmonic_neighbours(query.harmonic_with)),
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


def _character(query: TrackQuery) -> list[Wish]:
    found = []
    if query.energy:
        ends: dict[str, object] = {}
        if query.energy != "high":
            ends["energy_low"] = ENERGY_LOW_BELOW
        if query.energy != "low":
            ends["energy_high"] = ENERGY_HIGH_ABOVE
        found.append(Wish("energy", _ENERGY[query.energy], ends))
    if query.instrumental is not None:
        sign = ">=" if query.instrumental else "<"
        found.append(
            Wish(
                "instrumental",
                f"features.instrumental {sign} :instrumental",
                {"instrumental": INSTRUMENTAL_FROM},
            )
        )
    return found


def _listed(values: Sequence[str]) -> str:
    return json.dumps(list(values))
