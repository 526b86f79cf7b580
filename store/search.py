"""Tracks that fit a wish: the search, its reasons, and what emptied it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlmodel import Session

from store.db import read, rows
from store.details import moods_of, rows_of
from store.folding import artist_parts, fold
from store.query import TrackQuery
from store.results import Candidate, SearchResult, TrackRow
from store.wishes import Wish, wishes

_FROM: Final = """
FROM track LEFT JOIN trackaudiofeatures AS features ON features.track_id = track.id
LEFT JOIN artist ON artist.id = track.artist_id LEFT JOIN album ON album.id = track.album_id"""

_AMONG: Final = " JOIN json_each(:ids) AS among ON among.value = track.id"
_SHOWN: Final = "NOT track.missing"

_ORDERS: Final = {
    "bpm": "features.bpm IS NULL, features.bpm, relevance DESC, track.id",
    "energy": "features.energy IS NULL, features.energy DESC, relevance DESC, track.id",
    "year": "track.year IS NULL, track.year, relevance DESC, track.id",
    "added": "track.added_at DESC, track.id DESC",
    "relevance": "relevance DESC, track.folded, track.id",
    "random": "track.id",
}
"""Tempo and year from the lowest up, energy from the highest down, what was added last first."""


def search(
    query: TrackQuery,
    *,
    default_limit: int = 10,
    ids: Sequence[int] | None = None,
    seed: int | None = None,
) -> SearchResult:
    """Tracks that fit every wish of `query`, but `like`, which the caller turns into `ids`.

    Args:
        query: The wishes.
        default_limit: How many at most when the query does not say.
        ids: Only these tracks; their order is the relevance (nearest first).
        seed: Makes `sort="random"` repeatable.
    """
    asked = wishes(query)
    limit = query.limit or default_limit
    with read() as session:
        total = _count(session, asked, ids)
        if total == 0:
            return SearchResult((), 0, emptied_by=_emptied_by(session, asked, ids))
        if query.sort == "random":
            every = [row.id for row in _select(session, asked, ids, sort="random", limit=-1)]
            best = random.Random(seed).sample(every, min(limit, len(every)))
        else:
            found = _select(session, asked, ids, sort=query.sort or "relevance", limit=limit)
            best = [row.id for row in found]
        tracks = rows_of(session, best)
        moods = moods_of(session, best)
    why = {shown.id: _reasons(shown, moods.get(shown.id, {}), query) for shown in tracks}
    return SearchResult(tracks, total, why)


def candidates(
    query: TrackQuery, *, limit: int = 2000, ids: Sequence[int] | None = None
) -> tuple[Candidate, ...]:
    """Tracks that fit `query`, most relevant first, with what an ordering needs."""
    with read() as session:
        found = _select(session, wishes(query), ids, sort="relevance", limit=limit)
        moods = moods_of(session, [row.id for row in found])
    return tuple(
        Candidate(
            id=row.id,
            title=row.title,
            artist=row.artist,
            duration_s=row.duration_s,
            bpm=row.bpm,
            camelot=row.camelot_key,
            energy=row.energy,
            danceability=row.danceability,
            year=row.year,
            moods=moods.get(row.id, {}),
            relevance=row.relevance,
        )
        for row in found
    )


def statement(
    asked: Sequence[Wish], ids: Sequence[int] | None, *, sort: str
) -> tuple[str, dict[str, object]]:
    """The SQL of a search and what it binds, but `:limit`."""
    parts = [wish.relevance for wish in asked if wish.relevance]
    if ids is not None:
        parts.append("(1.0 - among.key / :id_count)")
    relevance = " + ".join(f"coalesce({part}, 0.0)" for part in parts)
    score = f"({relevance}) / {len(parts)}" if parts else "1.0"
    where, values = _where(asked, ids)
    sql = (
        "SELECT track.id, track.title, artist.name AS artist, track.duration_s, track.year, "
        "features.bpm, features.camelot_key, features.energy, features.danceability, "
        f"{score} AS relevance {where} ORDER BY {_ORDERS[sort]} LIMIT :limit"
    )
    return sql, values


def _select(
    session: Session, asked: Sequence[Wish], ids: Sequence[int] | None, *, sort: str, limit: int
) -> Sequence[Any]:
    sql, values = statement(asked, ids, sort=sort)
    return rows(session, sql, **_used(sql, values | {"limit": limit}))


def _where(asked: Iterable[Wish], ids: Sequence[int] | None) -> tuple[str, dict[str, object]]:
    values: dict[str, object] = {}
    conditions = [_SHOWN]
    for wish in asked:
        conditions.append(f"({wish.condition})")
        values |= wish.values
    among = ""
    if ids is not None:
        among = _AMONG
        values |= {"ids": json.dumps(list(ids)), "id_count": float(max(len(ids), 1))}
    return f"{_FROM}{among} WHERE {' AND '.join(conditions)}", values


def _count(session: Session, asked: Iterable[Wish], ids: Sequence[int] | None) -> int:
    where, values = _where(asked, ids)
    sql = f"SELECT count(*) AS total {where}"
    return int(rows(session, sql, **_used(sql, values))[0].total)


def _used(sql: str, values: dict[str, object]) -> dict[str, object]:
    """The values that the statement binds: a count leaves those of the relevance out."""
    return {name: value for name, value in values.items() if f":{name}" in sql}


def _emptied_by(
    session: Session, asked: Sequence[Wish], ids: Sequence[int] | None
) -> tuple[tuple[str, int], ...]:
    """Wishes without which something fits; or else those that nothing fits even alone (0)."""
    without = [
        (wish.name, _count(session, [other for other in asked if other is not wish], ids))
        for wish in asked
    ]
    helping = tuple(sorted((pair for pair in without if pair[1]), key=lambda pair: -pair[1]))
    if helping:
        return helping
    return tuple((wish.name, 0) for wish in asked if not _count(session, [wish], ids))


def _reasons(shown: TrackRow, moods: dict[str, float], query: TrackQuery) -> tuple[str, ...]:
    reasons: list[str] = []
    if query.text:
        reasons.append(f'"{query.text}"')
    if query.artists and shown.artist:
        parts = artist_parts(shown.artist)
        named = [name for name in query.artists if fold(name) in parts]
        reasons.append(f"artist: {shown.artist if named else query.artists[0]}")
    if query.genres and shown.genre:
        reasons.append(f"genre: {shown.genre}")
    reasons += [f"mood: {mood}" for mood in query.moods if mood in moods]
    if (query.bpm_min or query.bpm_max) and shown.bpm is not None:
        reasons.append(f"{shown.bpm:.0f} BPM")
    if (query.keys or query.harmonic_with) and shown.camelot:
        mixes = query.harmonic_with and shown.camelot != query.harmonic_with
        reasons.append(f"{shown.camelot} ↔ {query.harmonic_with}" if mixes else shown.camelot)
    if (query.year_min or query.year_max) and shown.year:
        reasons.append(str(shown.year))
    if query.energy:
        reasons.append(f"energy: {query.energy}")
    if query.instrumental is not None:
        reasons.append("instrumental" if query.instrumental else "vocals")
    return tuple(reasons)
