"""Automatic charts compared with corrected ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from indexer.charts.file_charts import automatic_charts
from indexer.charts.options import ChartOptions, OnProgress, ignore_progress
from indexer.charts.part_files import sound_file
from indexer.charts.stored_corrections import corrected_chart
from indexer.drums.corrections.chart_reading import CorrectedChart
from indexer.drums.corrections.correction import f_measures, times_of
from indexer.drums.types import ChartSet, DrumsError
from indexer.files.audio.audio_types import AudioError
from store.charts.chart_corrections import CorrectionDetail
from store.results import StoreError


@dataclass(frozen=True)
class ScoredCorrection:
    """A correction with the F-measures of the chart that would be made today.

    Attributes:
        scores: As of `score_correction`; empty where the song cannot be charted.
        error: Why it cannot.
    """

    correction: CorrectionDetail
    scores: Mapping[str, float]
    error: str | None = None


def score_corrections(
    corrections: Iterable[CorrectionDetail],
    *,
    profile: str = "default",
    on_progress: OnProgress = ignore_progress,
) -> Iterator[ScoredCorrection]:
    """Compare the charts that would be made today with corrections, one after the other.

    Args:
        corrections: Stored ones.
        profile: One of `profiles.PROFILES`.
        on_progress: Gets a fraction 0..1 of each song and the name of the step.
    """
    for correction in corrections:
        try:
            scores = score_correction(correction, profile=profile, on_progress=on_progress)
        except (AudioError, DrumsError, StoreError) as error:
            yield ScoredCorrection(correction, {}, str(error))
        else:
            yield ScoredCorrection(correction, scores)


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
    path = sound_file(correction.track_id)
    chart = corrected_chart(correction)
    charts = automatic_charts(path, ChartOptions(profile=profile), on_progress=on_progress)
    return level_scores(chart, charts.chart_set)


def level_scores(chart: CorrectedChart, automatic: ChartSet) -> dict[str, float]:
    """Return the F-measures of the hardest automatic level against a corrected chart."""
    detected = times_of(automatic.levels[-1].notes, automatic.tempo)
    return f_measures(times_of(chart.notes, chart.tempo), detected)
