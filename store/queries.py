"""The named queries, all of them with frozen results: the names to import."""

from __future__ import annotations

from store.charts.drum_charts import chart, charts_of
from store.jobs.library_status import library_status
from store.library.mir_exchange import mir_exchange, store_mir
from store.playlists import (
    change_playlist,
    delete_playlist,
    playlist,
    playlists,
    restore_playlist,
    save_playlist,
)
from store.search.name_search import NameIndex, resolve_track
from store.search.track_search import any_fits, candidates, how_many, search
from store.tracks.track_details import cover, track, track_file, track_rows

__all__ = [
    "NameIndex",
    "any_fits",
    "candidates",
    "change_playlist",
    "chart",
    "charts_of",
    "cover",
    "delete_playlist",
    "how_many",
    "library_status",
    "mir_exchange",
    "playlist",
    "playlists",
    "resolve_track",
    "restore_playlist",
    "save_playlist",
    "search",
    "store_mir",
    "track",
    "track_file",
    "track_rows",
]
