"""Filters of what a library knows of a track besides its sound: album, length, likes, charts."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from store.folding import fold
from store.search.filter_parts import KIND, Filter, belongs, ends, listed
from store.search.query import MixRange, ResolvedQuery, TrackQuery
from store.stored_values import now, stamp
from store.vocabulary import SPOKEN

RELATED_KEY: Final = 0.9
"""What a key that mixes is worth beside the same key."""

_OF_ALBUMS: Final = """
SELECT t.id FROM album AS a JOIN track AS t ON t.album_id = a.id
WHERE a.folded IN (SELECT value FROM json_each(:albums))"""
_OF_ALBUM_IDS: Final = """
SELECT id FROM track WHERE album_id IN (SELECT value FROM json_each(:albums))"""
_FILES_OF: Final = """
SELECT value FROM json_each(:{ids})
UNION SELECT id FROM track WHERE recording IN
    (SELECT recording FROM track WHERE id IN (SELECT value FROM json_each(:{ids})))"""
"""Tracks, with the other files of their recordings."""
_LONG: Final = """(
    SELECT id AS track_id FROM track INDEXED BY ix_track_status
    WHERE missing = 0 AND duration_s > 0 AND {ends}) AS lasting"""
_ADDED: Final = """(
    SELECT id AS track_id FROM track INDEXED BY ix_track_missing_added
    WHERE missing = 0 AND added_at >= :added_since) AS added"""
_NO_MUSIC: Final = "SELECT id FROM track WHERE kind IS NOT NULL"
_SPOKEN: Final = "SELECT id FROM track WHERE kind IN (SELECT value FROM json_each(:spoken))"
_CHARTED: Final = "SELECT track_id FROM drumchart"
_LIKED: Final = "SELECT track_id FROM tracklike WHERE person_id = :liked_by AND value = 1"


def collection_filters(query: TrackQuery) -> list[Filter]:
    """Return the filters of kind, album, excluded tracks, length, age, chart, likes and mixing.

    Raises:
        ValueError: The query names tracks that were not looked up.
    """
    resolved = query if isinstance(query, ResolvedQuery) else ResolvedQuery()
    if resolved is not query and (query.exclude_tracks or query.mixes_with):
        raise ValueError("Expected a query whose names of tracks were looked up")
    found = _kind(query)
    if query.albums:
        ids = resolved.album_ids
        named = [fold(album) for album in query.albums] if ids is None else ids
        values: dict[str, object] = {"albums": listed(named)}
        albums = _OF_ALBUMS if ids is None else _OF_ALBUM_IDS
        found.append(belongs("albums", albums, values, wanted=True))
    if query.exclude_tracks:
        values = {"exclude_ids": listed(resolved.exclude_ids)}
        ids = _FILES_OF.format(ids="exclude_ids")
        found.append(belongs("exclude_tracks", ids, values, wanted=False))
    found += _length(query)
    if query.liked is not None:
        values = {"liked_by": resolved.person}
        found.append(belongs("liked", _LIKED, values, wanted=query.liked))
    if query.has_chart is not None:
        found.append(belongs("has_chart", _CHARTED, {}, wanted=query.has_chart))
    if resolved.mix_range is not None:
        found.append(_mixing(resolved.mix_range))
    if query.added_days is not None:
        since = stamp(now() - timedelta(days=query.added_days))
        found.append(Filter("added_days", "", {"added_since": since}, None, (("added", _ADDED),)))
    return found


def _kind(query: TrackQuery) -> list[Filter]:
    """Music, unless another kind is asked for."""
    if query.kind == "any":
        return []
    if query.kind == "speech":
        values: dict[str, object] = {"spoken": listed(SPOKEN)}
        return [belongs(KIND, _SPOKEN, values, wanted=True)]
    return [Filter(KIND, f"track.id NOT IN ({_NO_MUSIC})")]


def _length(query: TrackQuery) -> list[Filter]:
    shortest, longest = (
        None if minutes is None else 60.0 * minutes
        for minutes in (query.length_min, query.length_max)
    )
    found = ends("length", "duration_s", shortest, longest)
    if found is None:
        return []
    table = ("lasting", _LONG.format(ends=found[0]))
    return [Filter(next(iter(found[1])), "", found[1], None, (table,))]


def _mixing(range_: MixRange) -> Filter:
    conditions = [f"track.id NOT IN ({_FILES_OF.format(ids='mix_track')})"]
    values: dict[str, object] = {"mix_track": listed([range_.track_id])}
    fits = []
    if range_.keys:
        conditions.append("features.camelot_key IN (SELECT value FROM json_each(:mix_keys))")
        fits.append(f"CASE WHEN features.camelot_key = :mix_key THEN 1.0 ELSE {RELATED_KEY} END")
        values |= {"mix_keys": listed(range_.keys), "mix_key": range_.keys[0]}
    if range_.tempos_bpm:
        inside, near = [], []
        for at, (low, high) in enumerate(range_.tempos_bpm):
            inside.append(f"features.bpm BETWEEN :mix_low{at} AND :mix_high{at}")
            apart = f"abs(features.bpm - :mix_middle{at}) / :mix_middle{at}"
            near.append(f"WHEN {inside[-1]} THEN 1.0 - {apart}")
            values |= {f"mix_low{at}": low, f"mix_high{at}": high}
            values[f"mix_middle{at}"] = (low + high) / 2
        conditions.append(f"({' OR '.join(inside)})")
        fits.append(f"CASE {' '.join(near)} END")
    relevance = f"({' + '.join(fits)}) / {len(fits)}" if fits else None
    return Filter("mixes_with", " AND ".join(conditions), values, relevance)
