"""What was measured of the tracks, for the tags of their files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from store.database.db import read, rows
from store.paths import decode_path, encode_path
from store.tracks.track_details import MOOD_SHOWN, moods_of

BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Measured:
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


def measured_tracks(under: Path | None = None) -> Iterator[Measured]:
    """Analysed tracks whose files are there, by id; below a folder (or the file) when given."""
    place = encode_path(under) if under is not None else None
    last = 0
    while True:
        with read() as session:
            found = rows(session, _TRACKS, after=last, limit=BATCH, place=place)
            moods = moods_of(session, [row.id for row in found])
        for row in found:
            values = row._asdict()
            number = values.pop("id")
            strengths = moods.get(number, {})
            values["path"] = decode_path(row.path)
            yield Measured(
                track_id=number,
                moods=tuple(m for m, strength in strengths.items() if strength >= MOOD_SHOWN),
                **values,
            )
        if len(found) < BATCH:
            return
        last = found[-1].id


def common_folder() -> Path | None:
    """The folder that all tracks lie in, as deep as it goes; None without any track."""
    with read() as session:
        ends = rows(
            session, "SELECT min(path) AS low, max(path) AS high FROM track WHERE NOT missing"
        )[0]
    if ends.low is None:
        return None
    # what lies between two paths in the order of letters begins as both do
    return decode_path(os.path.commonpath([Path(ends.low).parent, Path(ends.high).parent]))


_TRACKS: Final = """
SELECT t.id, t.path, f.bpm, f.bpm_confidence, f.key, f.scale, f.key_confidence,
  f.loudness_lufs, f.true_peak_dbtp
FROM track t JOIN trackaudiofeatures f ON f.track_id = t.id
WHERE t.id > :after AND NOT t.missing AND (
  :place IS NULL OR t.path = :place
  OR substr(t.path, 1, length(:place) + 1) = :place || '/')
ORDER BY t.id LIMIT :limit"""
