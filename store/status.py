"""Counts and progress of the library."""

from __future__ import annotations

from typing import Final

from sqlmodel import Session

from store import jobs, state
from store.db import read, rows
from store.plain import stamp
from store.results import LibraryStatus

RATE_WINDOW_MIN: Final = 10
"""The speed of indexing is that of the last minutes, long enough to even out single files."""

_COUNTS: Final = """
SELECT (SELECT count(*) FROM track WHERE NOT missing) AS tracks,
    (SELECT count(DISTINCT artist_id) FROM track WHERE NOT missing) AS artists,
    (SELECT count(DISTINCT album_id) FROM track WHERE NOT missing) AS albums,
    (SELECT count(*) FROM playlist) AS playlists,
    (SELECT count(*) FROM drumchart) AS charts,
    (SELECT coalesce(sum(duration_s), 0.0) FROM track WHERE NOT missing) AS duration_s,
    (SELECT count(*) FROM track WHERE NOT missing AND analysed_at IS NOT NULL) AS analysed"""
_GENRES: Final = """
SELECT genre.name, count(*) AS tracks FROM genre JOIN genretag ON genre_id = genre.id
JOIN track ON track.id = track_id WHERE genretag.main AND NOT track.missing
GROUP BY genre.id ORDER BY tracks DESC, genre.name"""
_MOODS: Final = """
SELECT mood AS name, count(*) AS tracks FROM moodtag JOIN track ON track.id = track_id
WHERE strength >= 0.5 AND NOT track.missing GROUP BY mood ORDER BY tracks DESC, mood"""


def library_status(*, failures: int = 20) -> LibraryStatus:
    """Counts, progress and coverage, with the last `failures` failed files."""
    with read() as session:
        base = rows(session, _COUNTS)[0]
        genres = {row.name: int(row.tracks) for row in rows(session, _GENRES)}
        moods = {row.name: int(row.tracks) for row in rows(session, _MOODS)}
        rate = _rate_per_minute(session)
    states = jobs.counts("analyse")
    waiting = states.get("queued", 0) + states.get("running", 0)
    return LibraryStatus(
        tracks=base.tracks,
        artists=base.artists,
        albums=base.albums,
        playlists=base.playlists,
        charts=base.charts,
        duration_s=base.duration_s,
        analysed=base.analysed,
        queued=states.get("queued", 0),
        running=states.get("running", 0),
        failed=states.get("failed", 0),
        failures=jobs.failures(failures),
        genres=genres,
        moods=moods,
        indexer_alive=state.indexer_alive(),
        rate_per_minute=rate,
        eta_s=60.0 * waiting / rate if rate and waiting else None,
    )


def _rate_per_minute(session: Session) -> float | None:
    """Files finished a minute lately, since the last rest; None when nothing was finished."""
    rested = state.rested_until()
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
