"""A chart job: the track of a job → a bundle in the charts folder → a row."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from indexer.charts.file_charts import chart_file
from indexer.charts.options import ChartOptions, OnProgress
from indexer.charts.part_files import sound_file
from indexer.charts.stored.saved_charts import save_bundle
from indexer.drums.formats.level_dtx import Details
from indexer.drums.types import LEVELS, DrumsError
from indexer.drums.version import chart_version
from store.charts.chart_timing import timing_of
from store.charts.current_charts import chart_folder, current_chart, newest_correction
from store.results import JobRow, StoreError
from store.settings import StoreSettings
from store.tracks import track_details


def make_chart(job: JobRow, *, on_progress: OnProgress) -> Mapping[str, object]:
    """Chart the track of a job and save the chart; a current one is used again.

    A track whose chart was corrected gets the corrected one; one whose tempo or offset was
    corrected is charted with them, from what was heard before.

    Returns:
        The job's result: `chart_id`.

    Raises:
        AudioError: The file cannot be used.
        DrumsError: There is nothing to chart, or the bundle cannot be written.
    """
    if job.track_id is None:
        raise DrumsError("This chart belongs to no track; ask for it again.")
    levels = _levels(job.payload.get("levels"))
    path = _file_of(job.track_id)
    version = chart_version()
    current = current_chart(job.track_id, levels, version=version)
    if current is not None:
        return {"chart_id": current.id}
    options = track_options(job.track_id, levels)
    correction_id = options.correction.id if options.correction else None
    folder = chart_folder(job.track_id, levels, version=version, correction_id=correction_id)
    bundle = chart_file(path, StoreSettings().charts / folder, options, on_progress=on_progress)
    return {"chart_id": save_bundle(job.track_id, bundle)}


def track_options(track_id: int, levels: list[str]) -> ChartOptions:
    """Options of the chart of a track: its names, tempo and timing, and its newest correction."""
    detail, timing = track_details.track(track_id), timing_of(track_id)
    cover = track_details.cover(track_id)  # of the whole file, where the track is a part of one
    return ChartOptions(
        levels=levels,
        title=detail.row.title if detail else None,
        artist=detail.row.artist if detail else None,
        tempo_hint=detail.row.bpm if detail else None,
        bpm=timing.bpm,
        tempo_factor=timing.factor,
        details=Details(cover=cover[1] if cover else None),
        shift_s=timing.shift_s,
        hearing_file=StoreSettings().charts / ".heard" / f"{track_id}.npz",
        correction=newest_correction(track_id),
    )


def _levels(wanted: object) -> list[str]:
    """Levels of a job's payload in order; all when none are named."""
    named = set(wanted) if isinstance(wanted, list) else set()
    return [level for level in LEVELS if level in named] or list(LEVELS)


def _file_of(track_id: int) -> Path:
    try:
        return sound_file(track_id)
    except StoreError as error:
        raise DrumsError(str(error)) from error
