"""Tracks that sound as described: by moods, genres, tags of the taggers, energy and tempo.

Each term brings its best tracks out of an index; a track's score is the weighted sum over the
terms that brought it. So a description costs milliseconds however large the library is.
Raw SQL: a union of FTS5 and index look-ups, each with its own limit.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from store.database.db import read, rows
from store.vocabulary import GENRES, MOODS

TAGGER_TAGS: Final[dict[str, tuple[str, ...]]] = {
    "acoustic": ("acoustic",),
    "beats": ("beat", "beats"),
    "beautiful": ("beautiful",),
    "catchy": ("catchy",),
    "cello": ("cello",),
    "choir": ("choir", "choral"),
    "drums": ("drums",),
    "easy listening": ("easy listening",),
    "experimental": ("experimental", "weird"),
    "female vocals": (
        "female vocalists", "female vocalist", "female vocal", "female voice", "female", "woman",
    ),
    "flute": ("flute",),
    "guitar": ("guitar",),
    "harp": ("harp",),
    "harpsichord": ("harpsichord",),
    "heavy": ("hard rock", "heavy metal", "metal"),
    "loud": ("loud",),
    "male vocals": ("male vocalists", "male vocal", "male voice", "male", "man"),
    "mellow": ("mellow", "chillout", "easy listening"),
    "new age": ("new age",),
    "oldies": ("oldies", "60s", "70s"),
    "opera": ("opera",),
    "piano": ("piano",),
    "sensual": ("sexy",),
    "sitar": ("sitar", "indian"),
    "soft": ("soft", "quiet"),
    "strings": ("strings", "violin", "cello"),
    "synth": ("synth", "electro", "electronica"),
    "weird": ("weird", "experimental"),
}  # fmt: skip
"""A sound → its names in the two taggers."""

_MEASURED: Final = {
    "calm": ("1.0 - energy", "energy < 0.4 ORDER BY energy"),
    "slow": ("1.0", "bpm BETWEEN 1 AND 90 ORDER BY bpm"),
    "fast": ("1.0", "bpm > 130 ORDER BY bpm DESC"),
    "instrumental": ("instrumental", "instrumental >= 0.5 ORDER BY instrumental DESC"),
}
"""A sound → (its strength, where it is found), as SQL over the features."""

_UNDER: Final = {"electronic": ("techno", "house", "trance", "drum and bass")}
"""A genre → the genres that belong to it."""

TERMS: Final = frozenset((*MOODS, *GENRES, *TAGGER_TAGS, *_MEASURED))
"""The terms of a description."""

BEST_OF_A_TERM: Final = 3000
"""Tracks that a mood or measured sound brings; they come in the order of their strength."""
MOST_OF_A_TERM: Final = 8000
"""Tracks that a genre or tag brings, in no order: a little noise beats a slow search."""
NEAR_THE_BEST: Final = 0.5
"""A track that fits less than this share of what the best one does is left out."""

_MOOD: Final = """
SELECT track_id, :w{n} * strength AS score FROM (SELECT track_id, strength FROM moodtag
WHERE mood = :t{n} AND strength >= 0.3 ORDER BY strength DESC LIMIT :best)"""
# moods are weaker evidence than a genre: two of them must not outweigh it
_GENRE: Final = """
SELECT track_id, 1.4 * :w{n} * max(CASE WHEN main THEN 1.0 ELSE weight END) AS score
FROM (SELECT track_id, main, weight FROM genre JOIN genretag ON genre_id = genre.id
WHERE name IN (SELECT value FROM json_each(:t{n})) LIMIT :most) GROUP BY track_id"""
_TAG: Final = """
SELECT rowid AS track_id, :w{n} AS score FROM (SELECT rowid FROM track_text_tags
WHERE track_text_tags MATCH :t{n} LIMIT :most)"""
_FEATURE: Final = """
SELECT track_id, :w{n} * {strength} AS score FROM (SELECT track_id, energy, bpm, instrumental
FROM trackaudiofeatures WHERE {where} LIMIT :best)"""
_SUM: Final = """
SELECT track_id, sum(score) AS score FROM ({parts}) GROUP BY track_id
ORDER BY score DESC, track_id LIMIT :limit"""


def described(weights: Mapping[str, float], *, limit: int) -> tuple[int, ...]:
    """Tracks that sound like `weights` (a term of `TERMS` → weight above 0), the best first.

    Raises:
        ValueError: There is no such term.
    """
    unknown = set(weights) - TERMS
    if unknown:
        raise ValueError(f"Expected terms of `TERMS`, not {', '.join(sorted(unknown))}")
    parts: list[str] = []
    values: dict[str, object] = {}
    for term, weight in weights.items():
        ways = _ways(term)
        for sql, bound in ways:
            number = len(parts)
            parts.append(sql.replace("{n}", str(number)))
            values |= {f"w{number}": weight / len(ways), f"t{number}": bound}
    if not parts:
        return ()
    sql = _SUM.format(parts=" UNION ALL ".join(parts))
    values |= {"best": BEST_OF_A_TERM, "most": MOST_OF_A_TERM, "limit": limit}
    with read() as session:
        found = rows(session, sql, **{n: v for n, v in values.items() if f":{n}" in sql})
    return tuple(row.track_id for row in found if row.score >= NEAR_THE_BEST * found[0].score)


def _ways(term: str) -> list[tuple[str, str]]:
    """How a term is looked for: ("ambient" is a mood and a genre) SQL and the name it binds."""
    ways = []
    if term in MOODS:
        ways.append((_MOOD, term))
    if term in GENRES:
        ways.append((_GENRE, json.dumps([term, *_UNDER.get(term, ())])))
    if term in TAGGER_TAGS:
        words = (f'"{tag.replace(" ", "_")}"' for tag in TAGGER_TAGS[term])
        ways.append((_TAG, " OR ".join(words)))
    if term in _MEASURED:
        strength, where = _MEASURED[term]
        sql = _FEATURE.replace("{strength}", strength).replace("{where}", where)
        ways.append((sql, term))
    return ways
