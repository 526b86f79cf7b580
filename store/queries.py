"""The named queries, all of them with frozen results: the names to import."""

from __future__ import annotations

from store.charts import chart, charts_of
from store.details import cover, track, track_file, track_rows
from store.exchange import mir_exchange, store_mir
from store.names import NameIndex, resolve_track
from store.playlists import (
    change_playlist,
    delete_playlist,
    playlist,
    playlists,
    restore_playlist,
    save_playlist,
)
from store.search import any_fits, candidates, how_many, search
from store.status import library_status

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
