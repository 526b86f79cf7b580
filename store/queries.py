"""The named queries: everything that the tools and the page read, as frozen results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from store.query import TrackQuery
from store.results import (
    Candidate,
    ChartDetail,
    LibraryStatus,
    NameMatch,
    PlaylistDetail,
    PlaylistSummary,
    SearchResult,
    TrackDetail,
    TrackRow,
)


def search(
    query: TrackQuery,
    *,
    default_limit: int = 10,
    ids: Sequence[int] | None = None,
    seed: int | None = None,
) -> SearchResult:
    """Tracks that fit every wish of `query`, but `like`, which the caller turns into `ids`.

    Args:
        ids: Only these tracks; their order is the relevance (nearest first).
        seed: Makes `sort="random"` repeatable.
    """
    raise NotImplementedError


def candidates(
    query: TrackQuery, *, limit: int = 2000, ids: Sequence[int] | None = None
) -> tuple[Candidate, ...]:
    """Tracks that fit `query`, most relevant first, with what an ordering needs."""
    raise NotImplementedError


def track(track_id: int) -> TrackDetail | None:
    """Everything known of a track."""
    raise NotImplementedError


def track_rows(ids: Sequence[int]) -> tuple[TrackRow, ...]:
    """The tracks in the order of `ids`; unknown ones are left out."""
    raise NotImplementedError


def resolve_track(name: str, *, limit: int = 5) -> tuple[NameMatch, ...]:
    """Tracks that a person may mean by "title", "title by artist" or "artist - title".

    Best first; a score of 90 or more is as good as exact. Misspelt names are found too.
    """
    raise NotImplementedError


class NameIndex:
    """Names in the library that resemble a text; reads the database on every call."""

    def artists(self, text: str, *, limit: int = 5) -> tuple[NameMatch, ...]:
        """Artists, best first."""
        raise NotImplementedError

    def albums(self, text: str, *, limit: int = 5) -> tuple[NameMatch, ...]:
        """Albums, best first."""
        raise NotImplementedError

    def tracks(self, text: str, *, limit: int = 5) -> tuple[NameMatch, ...]:
        """Tracks, best first; as `resolve_track`."""
        return resolve_track(text, limit=limit)


def track_file(track_id: int) -> Path:
    """The audio file of a track. Raises StoreError when the track or its file is not there."""
    raise NotImplementedError


def cover(track_id: int) -> tuple[str, bytes] | None:
    """(mime, bytes) of a track's cover."""
    raise NotImplementedError


def library_status(*, failures: int = 20) -> LibraryStatus:
    """Counts, progress and coverage, with the last `failures` failed files."""
    raise NotImplementedError


def save_playlist(
    name: str, entries: Sequence[tuple[int, str]], request: Mapping[str, object]
) -> PlaylistDetail:
    """Save (track id, reason) in this order. A name already used becomes "name 2"."""
    raise NotImplementedError


def playlist(name: str | int) -> PlaylistDetail | None:
    """A playlist by id, by name (case and accents aside), or "last"."""
    raise NotImplementedError


def playlists() -> tuple[PlaylistSummary, ...]:
    """All playlists, the newest first."""
    raise NotImplementedError


def delete_playlist(playlist_id: int) -> bool:
    """Forget a playlist; False when it is not there."""
    raise NotImplementedError


def chart(chart_id: int) -> ChartDetail | None:
    """A finished drum chart."""
    raise NotImplementedError


def charts_of(track_id: int) -> tuple[ChartDetail, ...]:
    """Charts of a track, the newest first."""
    raise NotImplementedError


def mir_exchange(track_id: int) -> dict[str, object] | None:
    """The analysis of a track in the exchange format; None when there is no such track."""
    raise NotImplementedError


def store_mir(track_id: int, exchange: Mapping[str, object]) -> None:
    """Check and store an analysis in the exchange format; what it leaves out stays.

    Raises:
        StoreError: No such track, or a value out of its range; the message says which.
    """
    raise NotImplementedError
