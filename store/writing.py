"""Everything that is written, each call in one transaction: the names to import."""

from __future__ import annotations

from store.charts.drum_charts import save_chart
from store.library.analysis_writing import copy_analysis
from store.library.track_files import (
    find_by_hash,
    find_by_path,
    known_files,
    mark_missing,
    move_folder,
    move_track,
)
from store.library.track_writing import (
    feedback,
    remove_track,
    retag_track,
    save_analysis,
    save_feedback,
    save_track,
)

__all__ = [
    "copy_analysis",
    "feedback",
    "find_by_hash",
    "find_by_path",
    "known_files",
    "mark_missing",
    "move_folder",
    "move_track",
    "remove_track",
    "retag_track",
    "save_analysis",
    "save_chart",
    "save_feedback",
    "save_track",
]
