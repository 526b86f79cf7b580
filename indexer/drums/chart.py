"""The pipeline from samples to a set of charts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Unpack

from indexer.arrays import Float32
from indexer.drums.beat.bar_meter import parse_signature
from indexer.drums.beat.beat_hints import BeatHints, check_offset, check_tempo
from indexer.drums.beat.medley import track_recording
from indexer.drums.beat.tempo_map import tempo_map
from indexer.drums.hearing.activation import SAMPLE_RATE, Detector
from indexer.drums.hearing.peaks import DEFAULT_DETECTOR, transcribe
from indexer.drums.hearing.presence import require_drums
from indexer.drums.score.difficulty import dlevel
from indexer.drums.score.playability import playable
from indexer.drums.score.quantize import quantize
from indexer.drums.score.reduce import reduce_levels
from indexer.drums.score.tempo_correction import corrected
from indexer.drums.types import LEVELS, ChartSet, DrumsError, LevelChart, Onset, TempoMap

Progress = Callable[[float, str], None]


def make_chart_set(
    samples: Float32,
    *,
    title: str,
    artist: str,
    levels: Sequence[str] = LEVELS,
    detector: Detector = DEFAULT_DETECTOR,
    on_progress: Progress | None = None,
    **hints: Unpack[BeatHints],
) -> ChartSet:
    """Chart the drums of a recording.

    Args:
        samples: float32, (n_samples,), mono, 44.1 kHz.
        title: Any text, shown by the game.
        artist: Any text, shown by the game.
        levels: Which of `LEVELS` to make.
        detector: Function that computes the activations.
        on_progress: Called with a fraction 0..1 and the name of the step.
        hints: Prior information about its beat.

    Raises:
        DrumsError: No drums, no beat, or an unknown level.
    """
    _check_levels(levels)
    if on_progress:
        on_progress(0.0, "listening for drums")
    return chart_onsets(
        transcribe(samples, detector=detector),
        duration_s=samples.size / SAMPLE_RATE,
        title=title,
        artist=artist,
        levels=levels,
        on_progress=on_progress,
        **hints,
    )


def chart_onsets(
    onsets: tuple[Onset, ...],
    *,
    duration_s: float,
    title: str,
    artist: str,
    levels: Sequence[str] = LEVELS,
    on_progress: Progress | None = None,
    **hints: Unpack[BeatHints],
) -> ChartSet:
    """Chart detected onsets; arguments as of `make_chart_set`.

    Raises:
        DrumsError: No drums, no beat, or an unknown level.
    """
    wanted = _check_levels(levels)
    require_drums(onsets, duration_s=duration_s)
    progress = on_progress or (lambda _fraction, _step: None)
    progress(0.6, "finding the beat")
    bars = track_recording(onsets, duration_s=duration_s, hints=hints)
    tempo = corrected(
        tempo_map(bars, first_onset_s=onsets[0].time_s),
        factor=1.0 if hints.get("bpm") else hints.get("tempo_factor", 1.0),
        shift_s=hints.get("shift_s", 0.0),
    )
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
    """Return the charts of all levels, with difficulties that never decrease."""
    notes = playable(quantize(onsets, tempo, division=division), tempo)
    reduced = reduce_levels(notes, tempo, division=division)
    numbers = accumulate((dlevel(notes, tempo) for notes in reduced.values()), max)
    return tuple(
        LevelChart(level, number, reduced[level])
        for level, number in zip(reduced, numbers, strict=True)
    )


def check_input(levels: Sequence[str] = LEVELS, **hints: Unpack[BeatHints]) -> None:
    """Raise DrumsError for levels or hints that cannot be charted, before any analysis."""
    check_tempo(hints.get("bpm"))
    check_offset(hints.get("offset_s"))
    time_signature = hints.get("time_signature")
    if time_signature is not None:
        parse_signature(time_signature)
    _check_levels(levels)


def _check_levels(levels: Sequence[str]) -> frozenset[str]:
    """Return the levels as a set, or raise DrumsError for unknown ones."""
    wanted = frozenset(levels)
    if not wanted or wanted - set(LEVELS):
        raise DrumsError(f"Choose levels from {', '.join(LEVELS)}.")
    return wanted


def bgm_bar(tempo: TempoMap) -> int:
    """Return the last bar that starts at or before the recording's first sample."""
    return tempo.position(0.0)[0] if tempo.start_s < 0 else 0
