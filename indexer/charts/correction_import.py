"""Corrected charts, imported as the charts of their tracks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from indexer.charts.chart_job import track_options
from indexer.charts.chart_pipeline import write_charts
from indexer.charts.correction_scores import level_scores
from indexer.charts.file_charts import chart_session
from indexer.charts.options import OnProgress, ignore_progress
from indexer.charts.part_files import sound_file
from indexer.charts.stored.saved_charts import save_bundle
from indexer.charts.stored_corrections import (
    delete_correction,
    open_chart_file,
    save_correction,
)
from indexer.drums.corrections.correction import (
    as_chart_set,
    shift_of,
    shifted,
)
from indexer.drums.types import LEVELS, Drum, DrumsError
from indexer.drums.version import chart_version
from indexer.files.audio.audio_types import AudioError
from store.charts import chart_corrections
from store.charts.chart_corrections import CorrectionDetail
from store.charts.current_charts import chart_folder
from store.settings import StoreSettings


def import_correction(
    file: Path,
    track_id: int,
    *,
    force: bool = False,
    keys: Mapping[int, Drum] = MappingProxyType({}),
    on_remark: Callable[[str], None] = lambda _remark: None,
    on_progress: OnProgress = ignore_progress,
) -> CorrectionDetail:
    """Import a corrected chart: store it, and make its bundle the track's chart.

    Args:
        file: In one of the formats of `chart_reading.SUFFIXES`.
        track_id: The track that it is of.
        force: Import a chart that does not seem to fit the recording.
        keys: Drums that keys of a MIDI file are moved to.
        on_remark: Gets a sentence on each kind of thing that the file holds and the chart does not.
        on_progress: Gets a fraction 0..1 and the name of the step.

    Raises:
        AudioError: The recording cannot be used.
        DrumsError: The file is no chart, or one of another recording.
        StoreError: There is no such track.
    """
    opened = open_chart_file(file, keys=keys)
    imported = opened.chart()
    for remark in imported.remarks:
        on_remark(remark)
    path = sound_file(track_id)
    options = replace(track_options(track_id, list(LEVELS)), correction=None)
    with chart_session(path, options, on_progress=on_progress) as session:
        charts = session.chart(options, on_progress=on_progress)
        shift_s = shift_of(imported, charts.chart_set, force=force)
        chart = shifted(imported, shift_s)
        scores = level_scores(chart, charts.chart_set)
        charts = replace(charts, chart_set=as_chart_set(chart, charts.chart_set, levels=LEVELS))
        number = save_correction(opened, track_id, chart, shift_s=shift_s, scores=scores)
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
