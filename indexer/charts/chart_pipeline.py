"""A decoded recording → its charts → a bundle on disk."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.charts.detection import RecordingAnalysis, analyse_recording
from indexer.charts.options import ChartOptions, OnProgress, ignore_progress
from indexer.charts.playback_level import measure_level
from indexer.charts.recording import DecodedRecording, unheard
from indexer.charts.stored.kept_hearing import heard
from indexer.drums.chart import chart_onsets
from indexer.drums.corrections.chart_reading import CorrectedChart
from indexer.drums.corrections.correction import as_chart_set
from indexer.drums.formats.bundle import Bundle, write_bundle
from indexer.drums.formats.bundle_music import Music
from indexer.drums.formats.preview import representative_s
from indexer.drums.hearing.activation import SAMPLE_RATE, Detector
from indexer.drums.types import ChartSet
from indexer.drums.version import chart_version
from indexer.files.tags.cover import read_cover
from indexer.files.tags.tag_reading import FileTags, read_tags
from store.charts.current_charts import learned_file

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class RecordingCharts:
    """The charts of a recording before they are written.

    Attributes:
        tags: Of the file.
        preview_s: Start of the preview, seconds.
    """

    tags: FileTags
    chart_set: ChartSet
    preview_s: float


def chart_recording(
    recording: DecodedRecording,
    options: ChartOptions,
    *,
    detector: Detector,
    corrected: CorrectedChart | None = None,
    on_progress: OnProgress = ignore_progress,
) -> RecordingCharts:
    """Detect the drums of a recording and chart them, without writing a file.

    Args:
        recording: Decoded.
        options: Of the chart; `detector` and `corrected` replace its profile and correction.
        detector: Samples to activations.
        corrected: A corrected chart of this recording.
        on_progress: Gets a fraction 0..1 and the name of the step.

    Raises:
        DrumsError: There is nothing to chart.
    """
    tags = _tags_of(recording)
    tempo_hint = options.tempo_hint or tags.bpm or options.bpm
    on_progress(0.02, "listening for drums")
    wants_tempo = tempo_hint is None
    analysis = heard(
        options.hearing_file,
        _hearing_key(recording.file.path, options, wants_tempo=wants_tempo),
        lambda: analyse_recording(
            recording,
            detector=detector,
            wants_tempo=wants_tempo,
            on_progress=lambda fraction: on_progress(0.02 + 0.53 * fraction, "listening for drums"),
        ),
    )
    missing = unheard(analysis.frames, source_rate=recording.stereo.source_rate)
    if missing:
        log.warning("%s: %s", recording.file.path.name, missing)
    hint = tempo_hint or analysis.tempo_bpm
    chart_set = _chart_set(analysis, replace(options, tempo_hint=hint), tags, on_progress)
    if corrected is not None:
        chart_set = as_chart_set(corrected, chart_set, levels=options.levels)
    preview_s = representative_s(
        analysis.frames,
        sample_rate=SAMPLE_RATE,
        duration_s=analysis.duration_s,
        tempo=chart_set.tempo,
    )
    return RecordingCharts(tags, chart_set, preview_s)


def _hearing_key(path: Path, options: ChartOptions, *, wants_tempo: bool) -> str:
    """Return everything that decides what is heard in a file."""
    status, learned = path.stat(), learned_file()
    parts = (
        chart_version(),
        options.profile,
        learned.read_text("utf-8") if learned.is_file() else "",
        status.st_size,
        status.st_mtime_ns,
        wants_tempo,
    )
    return "|".join(map(str, parts))


def _tags_of(recording: DecodedRecording) -> FileTags:
    """Return the tags of a recording's file, and log what is wrong with them."""
    tags = read_tags(recording.file)
    for warning in tags.warnings:
        log.warning("%s: %s", recording.file.path.name, warning)
    return tags


def _chart_set(
    analysis: RecordingAnalysis, options: ChartOptions, tags: FileTags, on_progress: OnProgress
) -> ChartSet:
    return chart_onsets(
        analysis.onsets,
        duration_s=analysis.duration_s,
        title=options.title or tags.title,
        artist=options.artist or tags.artist or "",
        levels=options.levels,
        tempo_hint=options.tempo_hint,
        bpm=options.bpm,
        offset_s=options.offset_s,
        time_signature=options.time_signature,
        tempo_factor=options.tempo_factor,
        shift_s=options.shift_s,
        on_progress=lambda fraction, step: on_progress(0.55 + 0.05 * fraction, step),
    )


def write_charts(
    charts: RecordingCharts,
    recording: DecodedRecording,
    out: Path,
    options: ChartOptions,
    *,
    reserved: Collection[Path] = (),
    on_progress: OnProgress = ignore_progress,
) -> Bundle:
    """Write the bundle of a recording's charts into a folder of its own inside `out`.

    Args:
        charts: Of `recording`.
        recording: The music under the chart.
        out: Made if it is not there.
        options: Details and music of the bundle.
        reserved: Folders of other songs, which must not be replaced.
        on_progress: Gets a fraction 0..1 and the name of the step.

    Raises:
        DrumsError: The bundle cannot be written.
    """
    cover = read_cover(recording.file)
    genre = options.details.genre or ", ".join(charts.tags.genres[:1])
    picture = cover.data if cover else options.details.cover
    details = replace(options.details, genre=genre, cover=picture)
    rate = recording.stereo.played_rate
    on_progress(0.61, "reading the music")
    level = measure_level(recording.stereo.blocks(rate), sample_rate=rate)
    blocks = level.applied(recording.stereo.blocks(rate))
    return write_bundle(
        charts.chart_set,
        Music(blocks, rate, charts.preview_s, bgm=options.bgm),
        out=out,
        details=details,
        reserved=reserved,
        on_progress=lambda fraction, step: on_progress(0.62 + 0.38 * fraction, step),
    )
