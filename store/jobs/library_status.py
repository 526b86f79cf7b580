"""Counts and progress of the library.

Raw SQL: counts from covering indexes that are named (INDEXED BY), without reading the tracks.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row
from sqlmodel import Session

from store.database.db import read, rows
from store.jobs import indexer_state, job_reports
from store.results import LibraryStatus
from store.search.genre_names import genre_counts
from store.stored_values import stamp
from store.tracks.track_details import MOOD_SHOWN
from store.vocabulary import MOODS

RATE_WINDOW_MIN: Final = 10
"""The speed of indexing is that of the last minutes, long enough to even out single files."""

_COUNTS: Final = """
SELECT count(*) AS tracks, coalesce(sum(duration_s), 0.0) AS duration_s,
    count(analysed_at) AS analysed,
    (SELECT count(*) FROM playlist WHERE deleted_at IS NULL) AS playlists,
    (SELECT count(*) FROM drumchart) AS charts
FROM track INDEXED BY ix_track_status WHERE missing = 0"""
_NAMED: Final = """
SELECT (SELECT count(*) FROM {owner} WHERE EXISTS
    (SELECT 1 FROM track WHERE {owner}_id = {owner}.id)) - count(*) AS present
FROM (SELECT DISTINCT {owner}_id AS id FROM track WHERE missing = 1) AS g
WHERE id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM track WHERE {owner}_id = g.id AND missing = 0)"""
"""Those with tracks, less those all of whose tracks are missing: few are, and only they need a
look at rows."""
_MOODS: Final = f"""
SELECT value AS name, (SELECT count(*) FROM moodtag WHERE mood = value AND strength >= {MOOD_SHOWN})
    - (SELECT count(*) FROM track CROSS JOIN moodtag
        ON track_id = track.id AND mood = value AND strength >= {MOOD_SHOWN}
        WHERE missing = 1) AS tracks
FROM json_each(:moods)"""
_PROGRESS: Final = """
SELECT (SELECT count(*) FROM track WHERE missing = 0) AS tracks,
    (SELECT count(*) FROM track INDEXED BY ix_track_status
        WHERE missing = 0 AND analysed_at IS NOT NULL) AS analysed,
    (SELECT count(*) FROM job WHERE kind = 'analyse' AND state IN ('queued', 'running')) AS waiting
"""


@dataclass(frozen=True, slots=True)
class AnalysisProgress:
    """How far the analysis is.

    Attributes:
        tracks: In the library, missing ones left out.
        analysed: Of these.
        waiting: Files that are queued or being listened to.
    """

    tracks: int
    analysed: int
    waiting: int


_NO_MUSIC: Final = """
SELECT count(*) AS tracks FROM track INDEXED BY ix_track_kind
WHERE kind IS NOT NULL AND missing = 0"""


def no_music_count() -> int:
    """Return how many tracks are speech, other sounds or silence."""
    with read() as session:
        return int(rows(session, _NO_MUSIC)[0].tracks)


def read_progress() -> AnalysisProgress:
    """How far the analysis is, for those who need nothing else of `read_status`."""
    with read() as session:
        return count_progress(session)


def count_progress(session: Session) -> AnalysisProgress:
    """Return what `read_progress` does, within the caller's session."""
    found = rows(session, _PROGRESS)[0]
    return AnalysisProgress(found.tracks, found.analysed, found.waiting)


def read_status(*, failures: int = 20) -> LibraryStatus:
    """Counts, progress and coverage of one moment, with the last `failures` failed files."""
    with read() as session:
        base = rows(session, _COUNTS)[0]
        artists, albums = (
            rows(session, _NAMED.format(owner=owner))[0].present for owner in ("artist", "album")
        )
        moods = _coverage(rows(session, _MOODS, moods=json.dumps(MOODS)))
        rate = rate_per_minute(session)
        states = job_reports.counts_of(session, "analyse")
        failed = job_reports.failures_of(session, failures)
    waiting = states.get("queued", 0) + states.get("running", 0)
    return LibraryStatus(
        tracks=base.tracks,
        artists=artists,
        albums=albums,
        playlists=base.playlists,
        charts=base.charts,
        duration_s=base.duration_s,
        analysed=base.analysed,
        queued=states.get("queued", 0),
        running=states.get("running", 0),
        failed=states.get("failed", 0),
        failures=failed,
        genres=genre_counts(),
        moods=moods,
        indexer_alive=indexer_state.indexer_alive(),
        rate_per_minute=rate,
        eta_s=60.0 * waiting / rate if rate and waiting else None,
    )


def _coverage(counted: Sequence[Row[Any]]) -> dict[str, int]:
    """Name → tracks, of those that have any, the most first."""
    ranked = sorted(counted, key=lambda row: (-row.tracks, row.name))
    return {row.name: int(row.tracks) for row in ranked if row.tracks}


def rate_per_minute(session: Session) -> float | None:
    """Return the files finished a minute since the last rest; None when nothing was finished."""
    rested = indexer_state.rested_until()
    found = rows(
        session,
        _FINISHED,
        window=f"-{RATE_WINDOW_MIN} minutes",
        now=stamp(),
        since=stamp(rested) if rested else "",
    )[0]
    if not found.finished:
        return None
    return float(found.finished) / max(found.minutes, 0.25)


_FINISHED: Final = """
SELECT count(*) AS finished,
    (julianday(:now) - julianday(min(finished_at))) * 1440.0 AS minutes
FROM job
WHERE kind = 'analyse' AND state IN ('done', 'failed') AND finished_at >= datetime(:now, :window)
    AND finished_at >= :since"""
