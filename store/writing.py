"""Everything the indexer writes, each call in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from store.records import AnalysisRecord, ChartRecord, FileFacts, KnownFile, TagFacts, TrackRecord


def save_track(record: TrackRecord) -> int:
    """Add the track at its path, or replace everything known of it; returns its id.

    Id, date added, playlists, charts and feedback stay. Without `analysis` what is known stays.
    """
    raise NotImplementedError


def save_analysis(track_id: int, analysis: AnalysisRecord) -> None:
    """Replace the analysis of a track that is there."""
    raise NotImplementedError


def retag_track(
    track_id: int, file: FileFacts, tags: TagFacts, *, analysis: AnalysisRecord | None = None
) -> None:
    """The tags changed, the audio did not: replace file facts and tags, keep the rest.

    With `analysis` (recomputed from the stored raw values and the new tags) that is replaced too;
    its `embeddings=None` keeps the vectors.
    """
    raise NotImplementedError


def move_track(old_path: Path, new_path: Path) -> bool:
    """The file has another name now; False when `old_path` is not known.

    A track known at `new_path` (and another track) is replaced by the moved one.
    """
    raise NotImplementedError


def move_folder(old_folder: Path, new_folder: Path) -> int:
    """A folder has another name: move every track under it; returns how many."""
    raise NotImplementedError


def copy_analysis(from_id: int, to_id: int) -> None:
    """Give a second copy of the same audio the analysis of the first."""
    raise NotImplementedError


def mark_missing(track_ids: list[int], *, missing: bool = True) -> None:
    """Files that are not there (any more), or are back: hidden from every search meanwhile."""
    raise NotImplementedError


def remove_track(track_id: int) -> None:
    """Forget a track and all that belongs to it."""
    raise NotImplementedError


def find_by_hash(content_hash: str) -> tuple[KnownFile, ...]:
    """Tracks of the same audio, the analysed ones first."""
    raise NotImplementedError


def find_by_path(path: Path) -> KnownFile | None:
    """The track at a path."""
    raise NotImplementedError


def known_files(under: Path | None = None) -> dict[str, KnownFile]:
    """Stored path text (`store.paths.encode_path`) → what is known; all, or those in a folder."""
    raise NotImplementedError


def save_chart(record: ChartRecord) -> int:
    """Keep a finished drum chart; returns its id."""
    raise NotImplementedError


def save_feedback(track_id: int, field: str, value: str) -> None:
    """Keep what a person said of a track."""
    raise NotImplementedError


def feedback(track_id: int) -> Mapping[str, str]:
    """Field → the last value a person gave."""
    raise NotImplementedError
