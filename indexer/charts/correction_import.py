"""Corrected charts imported as the charts of their tracks, and compared with automatic ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from indexer.charts.chart_job import track_options
from indexer.charts.chart_pipeline import write_charts
from indexer.charts.file_charts import automatic_charts, chart_session
from indexer.charts.kept_corrections import (
    corrected_chart,
    delete_correction,
    read_chart_file,
    save_correction,
)
from indexer.charts.options import ChartOptions, OnProgress, ignore_progress
from indexer.charts.saved_charts import save_bundle
from indexer.drums.corrections.correction import (
    CorrectedChart,
    as_chart_set,
    f_measures,
    shift_of,
    shifted,
    times_of,
)
from indexer.drums.types import LEVELS, ChartSet, DrumsError
from indexer.drums.version import chart_version
from indexer.files.audio.decoding import AudioError
from store.charts import chart_corrections
from store.charts.chart_corrections import CorrectionDetail
from store.charts.current_charts import chart_folder
from store.settings import StoreSettings
from store.tracks import track_details


def import_correction(
    file: Path,
    track_id: int,
    *,
    force: bool = False,
    on_progress: OnProgress = ignore_progress,
) -> CorrectionDetail:
    """Import a corrected chart: store it, and make its bundle the track's chart.

    Args:
        file: `.dtx` or `.mid`.
        track_id: The track that it is of.
        force: Import a chart that does not seem to fit the recording.
        on_progress: Gets a fraction 0..1 and what is being done.

    Raises:
        AudioError: The recording cannot be used.
        DrumsError: The file is no chart, or one of another recording.
        StoreError: There is no such track.
    """
    imported = read_chart_file(file)
    path = track_details.track_file(track_id)
    options = replace(track_options(track_id, list(LEVELS)), correction=None)
    with chart_session(path, options, on_progress=on_progress) as session:
        charts = session.chart(options, on_progress=on_progress)
        shift_s = shift_of(imported, charts.chart_set, force=force)
        chart = shifted(imported, shift_s)
        scores = _scores(chart, charts.chart_set)
        charts = replace(charts, chart_set=as_chart_set(chart, charts.chart_set, levels=LEVELS))
        number = save_correction(file, track_id, chart, shift_s=shift_s, scores=scores)
        out = StoreSettings().charts / chart_folder(
            track_id, LEVELS, version=chart_version(), correction_id=number
        )
        try:
            bundle = write_charts(charts, session.recording, out, options, on_progress=on_progress)
        except (AudioError, DrumsError):
            delete_correction(number)
            raise
    save_bundle(track_id, bundle)
    return next(one for one in chart_corrections.corrections(track_id) if one.id == number)


def score_correction(
    correction: CorrectionDetail,
    *,
    profile: str = "default",
    on_progress: OnProgress = ignore_progress,
) -> dict[str, float]:
    """Compare the chart that would be made today with a stored correction.

    Returns:
        F-measure (±50 ms) of MASTER by class, and of all of them as "F".

    Raises:
        AudioError: The recording cannot be used.
        DrumsError: The correction's file is damaged, or nothing can be charted.
        StoreError: The track is missing.
    """
    path = track_details.track_file(correction.track_id)
    chart = corrected_chart(correction)
    charts = automatic_charts(path, ChartOptions(profile=profile), on_progress=on_progress)
    return _scores(chart, charts.chart_set)


def _scores(chart: CorrectedChart, automatic: ChartSet) -> dict[str, float]:
    """F-measures of the hardest automatic level."""
    detected = times_of(automatic.levels[-1].notes, automatic.tempo)
    return f_measures(times_of(chart.notes, chart.tempo), detected)
