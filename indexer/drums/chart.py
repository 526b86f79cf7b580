"""Samples → a set of charts: the order of the stages, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Unpack

from indexer.arrays import Float32
from indexer.drums.beat.beat_tracking import Known, check_offset, check_tempo, parse_signature
from indexer.drums.beat.medley import track_recording
from indexer.drums.beat.tempo_map import tempo_map
from indexer.drums.hearing.activation import SAMPLE_RATE, Detector
from indexer.drums.hearing.peaks import DEFAULT_DETECTOR, transcribe
from indexer.drums.hearing.presence import require_drums
from indexer.drums.score.difficulty import dlevel
from indexer.drums.score.playability import playable
from indexer.drums.score.quantize import quantize
from indexer.drums.score.reduce import reduce_levels
from indexer.drums.types import LEVELS, ChartSet, DrumsError, LevelChart, Onset, TempoMap

Progress = Callable[[float, str], None]


def make_chart_set(
    samples: Float32,
    *,
    sample_rate: int = SAMPLE_RATE,
    title: str,
    artist: str,
    levels: Sequence[str] = LEVELS,
    detector: Detector = DEFAULT_DETECTOR,
    on_progress: Progress | None = None,
    **known: Unpack[Known],
) -> ChartSet:
    """Chart the drums of a recording.

    Args:
        samples: float32, (n_samples,), mono.
        sample_rate: 44100.
        title: As the game shows it; any text.
        artist: As the game shows it; any text.
        levels: Which of `LEVELS` to make.
        detector: The stage that hears the drums.
        on_progress: Called with a fraction 0..1 and what is being done.
        known: What is known of its beat.

    Raises:
        DrumsError: No drums, no beat, or an unknown level.
    """
    _known(levels)
    if on_progress:
        on_progress(0.0, "listening for drums")
    return chart_onsets(
        transcribe(samples, sample_rate=sample_rate, detector=detector),
        duration_s=samples.size / sample_rate,
        title=title,
        artist=artist,
        levels=levels,
        on_progress=on_progress,
        **known,
    )


def chart_onsets(
    onsets: tuple[Onset, ...],
    *,
    duration_s: float,
    title: str,
    artist: str,
    levels: Sequence[str] = LEVELS,
    on_progress: Progress | None = None,
    **known: Unpack[Known],
) -> ChartSet:
    """Chart strokes that were heard; arguments as `make_chart_set` has.

    Raises:
        DrumsError: No drums, no beat, or an unknown level.
    """
    wanted = _known(levels)
    require_drums(onsets, duration_s=duration_s)
    progress = on_progress or (lambda _fraction, _step: None)
    progress(0.6, "finding the beat")
    bars = track_recording(onsets, duration_s=duration_s, known=known)
    tempo = tempo_map(bars, first_onset_s=onsets[0].time_s)
    progress(0.85, "writing the notes")
    charts = _level_charts(onsets, tempo, bars.division)
    progress(1.0, "charted")
    return ChartSet(
        title=title,
        artist=artist,
        tempo=tempo,
        beats_per_bar=bars.beats_per_bar,
        bgm_bar=bgm_bar(tempo),
        levels=tuple(chart for chart in charts if chart.level in wanted),
        onsets=onsets,
        duration_s=duration_s,
        division=bars.division,
    )


def _level_charts(
    onsets: tuple[Onset, ...], tempo: TempoMap, division: int
) -> tuple[LevelChart, ...]:
    """All levels; none is called harder than the next."""
    written = quantize(onsets, tempo, division=division)
    reduced = reduce_levels(playable(written, tempo), tempo, division=division)
    numbers = accumulate((dlevel(notes, tempo) for notes in reduced.values()), max)
    return tuple(
        LevelChart(level, number, reduced[level])
        for level, number in zip(reduced, numbers, strict=True)
    )


def check_known(levels: Sequence[str] = LEVELS, **known: Unpack[Known]) -> None:
    """Raise DrumsError, before anything is heard, where a person gave what cannot be charted."""
    check_tempo(known.get("bpm"))
    check_offset(known.get("offset_s"))
    time_signature = known.get("time_signature")
    if time_signature is not None:
        parse_signature(time_signature)
    _known(levels)


def _known(levels: Sequence[str]) -> frozenset[str]:
    wanted = frozenset(levels)
    if not wanted or wanted - set(LEVELS):
        raise DrumsError(f"Choose levels from {', '.join(LEVELS)}.")
    return wanted


def bgm_bar(tempo: TempoMap) -> int:
    """The last bar line at or before the recording's first sample."""
    return tempo.position(0.0)[0] if tempo.start_s < 0 else 0
