"""Measured values of the tracks, for the tags of their files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Select, func, or_, select
from sqlmodel import col

from store.database.db import read, rows
from store.paths import decode_path, encode_path
from store.tables.analysis import TrackAudioFeatures
from store.tables.tracks import Track
from store.tracks.track_details import MOOD_SHOWN, moods_of

BATCH: Final = 500
"""Tracks read at once."""
_END: Final = "SELECT path FROM track WHERE +missing = 0 ORDER BY path {way} LIMIT 1"
"""The first or last path of the index of paths; the plus keeps the index of `missing` out."""


@dataclass(frozen=True, slots=True)
class MeasuredTrack:
    """A track's file and its analysis."""

    track_id: int
    path: Path
    bpm: float | None
    bpm_confidence: float | None
    key: str | None
    scale: str | None
    key_confidence: float | None
    moods: tuple[str, ...]
    loudness_lufs: float | None
    true_peak_dbtp: float | None


def measured_tracks(under: Path | None = None) -> Iterator[MeasuredTrack]:
    """Yield analysed tracks that are not missing, by id; of a folder (or one file) when given.

    Parts of files are left out: a file's tags are those of all of it.
    """
    statement = _measured(under)
    last = 0
    while True:
        with read() as session:
            found = rows(session, statement.where(col(Track.id) > last))
            moods = moods_of(session, [row.id for row in found])
        for row in found:
            values = row._asdict()
            number = values.pop("id")
            strengths = moods.get(number, {})
            values["path"] = decode_path(row.path)
            yield MeasuredTrack(
                track_id=number,
                moods=tuple(m for m, strength in strengths.items() if strength >= MOOD_SHOWN),
                **values,
            )
        if len(found) < BATCH:
            return
        last = found[-1].id


def common_folder() -> Path | None:
    """Return the deepest folder that holds all tracks; None without any track."""
    with read() as session:
        low, high = (rows(session, _END.format(way=way)) for way in ("ASC", "DESC"))
    if not low:
        return None
    # what lies between two paths in the order of letters begins as both do
    return decode_path(os.path.commonpath([Path(low[0].path).parent, Path(high[0].path).parent]))


def _measured(under: Path | None) -> Select:
    track, features = Track, TrackAudioFeatures
    statement = (
        select(
            col(track.id),
            col(track.path),
            col(features.bpm),
            col(features.bpm_confidence),
            col(features.key),
            col(features.scale),
            col(features.key_confidence),
            col(features.loudness_lufs),
            col(features.true_peak_dbtp),
        )
        .join(features, col(features.track_id) == col(track.id))
        .where(col(track.missing).is_(False), col(track.end_s).is_(None), col(track.start_s) == 0)
        .order_by(col(track.id))
        .limit(BATCH)
    )
    if under is None:
        return statement
    path = encode_path(under)
    begins = func.substr(col(track.path), 1, len(path) + 1) == path + "/"
    return statement.where(or_(col(track.path) == path, begins))
