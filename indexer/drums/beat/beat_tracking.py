"""Beats, downbeats and meter of one passage at one tempo: pulse, meter hypothesis, fine grid."""

from __future__ import annotations

from typing import Final, Unpack

import numpy as np

from indexer.arrays import Float64
from indexer.drums.beat import downbeats, meter_hypotheses
from indexer.drums.beat.bar_meter import METERS, BarMeter, parse_signature
from indexer.drums.beat.bars import BeatGrid
from indexer.drums.beat.beat_hints import BeatHints, check_offset, check_tempo
from indexer.drums.beat.beat_smoothing import fit_beats, smooth_beats
from indexer.drums.beat.downbeats import CELLS_PER_BEAT
from indexer.drums.beat.meter_hypotheses import MeterHypothesis
from indexer.drums.beat.pulse import follow_pulse, local_periods, onset_envelope, pulse_period
from indexer.drums.types import DrumsError, Onset

_MIN_ONSETS: Final = 8
_HINT_WEIGHT: Final = 3.0
"""Log odds of a tempo measured elsewhere: right four times in five, and seldom a given multiple."""
_HINT_OCTAVES: Final = 0.06
"""Standard deviation of such a tempo: about 4 %."""
_QUARTER_PULSES: Final = (((2,), (1.0,)), ((3,), (1.5,)))
"""(divisions, lengths of the beat in pulses) of hypotheses whose quarter notes are the pulses."""


def track_beats(
    onsets: tuple[Onset, ...], *, duration_s: float, **hints: Unpack[BeatHints]
) -> BeatGrid:
    """Return the beats and the meter.

    Args:
        onsets: Sorted by time.
        duration_s: Length of the recording; beats reach from before 0 to past it.
        hints: Prior information.

    Raises:
        DrumsError: Too few onsets, an unplayable tempo, or an unknown time signature.
    """
    bpm, offset_s = hints.get("bpm"), hints.get("offset_s")
    tempo_hint, time_signature = hints.get("tempo_hint"), hints.get("time_signature")
    _validate(onsets, duration_s, bpm, offset_s)
    meters = METERS if time_signature is None else (parse_signature(time_signature),)
    if bpm is not None:
        pulses, is_even = _even_pulses(onsets, 60 / bpm, duration_s, offset_s), True
    else:
        pulses, is_even = estimate_pulses(onsets, duration_s=duration_s, tempo_hint=tempo_hint)
    best = _most_likely(pulses, onsets, meters, hints)
    if time_signature is None and bpm is None and offset_s is None:
        best = _irregular(best, pulses, onsets) or best
    beats = _beat_times(best, pulses, duration_s)
    if not is_even:
        beats = smooth_beats(beats, onsets)
    if offset_s is not None:
        return _shifted_grid(beats, best.meter, offset_s)
    bar_lines = irregular_bar_lines(beats, onsets, best.meter)
    return BeatGrid(_floats(beats), 0, best.meter.beats, best.meter.division, bar_lines)


def _shifted_grid(beats: Float64, meter: BarMeter, offset_s: float) -> BeatGrid:
    """Return the grid shifted so that its nearest (half) beat lies on a downbeat at `offset_s`."""
    step = 1.0 if meter.beats == int(meter.beats) else 0.5
    positions = np.arange(0, beats.size - 1 + step, step)
    times = np.interp(positions, np.arange(beats.size), beats)
    nearest = int(np.argmin(np.abs(times - offset_s)))
    shifted = _floats(beats + (offset_s - times[nearest]))
    first = float(positions[nearest]) % meter.beats
    return BeatGrid(shifted, first, meter.beats, meter.division)


def irregular_bar_lines(
    beats: Float64, onsets: tuple[Onset, ...], meter: BarMeter
) -> tuple[float, ...]:
    """Return the bar lines, in beats, where single bars are shorter or longer; else ().

    Args:
        beats: float64, (n_beats,), seconds; the first one starts a bar.
        onsets: Sorted by time.
        meter: Of most bars.
    """
    if meter not in METERS:
        return ()
    count = int(meter.beats)
    positions = np.interp([o.time_s for o in onsets], beats, np.arange(beats.size))
    cells = np.round(positions * CELLS_PER_BEAT).astype(np.intp)
    weights = np.array([0.3 + 0.7 * o.velocity for o in onsets])
    hits = downbeats.blurred_hits(downbeats.class_rows(onsets), cells, weights)
    odds = downbeats.downbeat_log_odds(hits, meter.name, meter.division)[::CELLS_PER_BEAT]
    first = int(positions[0] + 0.5) // count * count
    found = [first + line for line in downbeats.track_bar_lines(odds[first:], count)]
    even = list(range(first, odds.size, count))
    if found[: len(even)] == even or not downbeats.is_sharper(hits, found, even, count):
        return ()
    lines = [*range(0, first, count), *found]
    lines += range(lines[-1] + count, beats.size, count)
    return tuple(float(line) for line in lines)


def _floats(beats: Float64) -> tuple[float, ...]:
    return tuple(float(beat) for beat in beats)


def _validate(
    onsets: tuple[Onset, ...], duration_s: float, bpm: float | None, offset_s: float | None
) -> None:
    if len(onsets) < _MIN_ONSETS:
        raise DrumsError(
            "There are too few drum strokes in this recording to find its beat.", code="no_beat"
        )
    check_tempo(bpm)
    check_offset(offset_s, duration_s=duration_s)


def estimate_pulses(
    onsets: tuple[Onset, ...], *, duration_s: float, tempo_hint: float | None = None
) -> tuple[Float64, bool]:
    """Return the pulse times over the whole recording in seconds, and whether they are even."""
    envelope = onset_envelope(onsets, duration_s)
    period_s = pulse_period(onsets, duration_s, tempo_hint=tempo_hint)
    tracked = follow_pulse(envelope, local_periods(envelope, period_s))
    pulses, is_even = fit_beats(tracked, envelope, onsets)
    return _extend(pulses, duration_s), is_even


def pulse_positions(onsets: tuple[Onset, ...], pulses: Float64) -> Float64:
    """Return the position of each onset in pulses: float64, (n_onsets,)."""
    return np.interp([o.time_s for o in onsets], pulses, np.arange(pulses.size))


def _even_pulses(
    onsets: tuple[Onset, ...], period_s: float, duration_s: float, offset_s: float | None
) -> Float64:
    """Return pulses of a known period, in phase with a known downbeat or with the onsets."""
    if offset_s is None:
        times = np.array([o.time_s for o in onsets])
        sums = [np.exp(2j * np.pi * parts * times / period_s).sum() for parts in (4, 3)]
        parts = 4 if abs(sums[0]) >= abs(sums[1]) else 3
        phase = sums[0] if parts == 4 else sums[1]
        offset_s = float(np.angle(phase)) / (2 * np.pi) * period_s / parts
    first = offset_s - np.ceil(offset_s / period_s + 1) * period_s
    return np.arange(first, duration_s + 2 * period_s, period_s)


def _most_likely(
    pulses: Float64, onsets: tuple[Onset, ...], meters: tuple[BarMeter, ...], hints: BeatHints
) -> MeterHypothesis:
    """Return the most likely hypothesis; with a given tempo the quarter notes are the pulses."""
    positions = pulse_positions(onsets, pulses)
    pulse_bpm = 60 / float(np.median(np.diff(pulses)))
    is_tempo_given = hints.get("bpm") is not None
    found: list[MeterHypothesis] = []
    odds = np.zeros(0)
    for divisions, ratios in (
        _QUARTER_PULSES if is_tempo_given else (((2, 3), meter_hypotheses.RATIOS),)
    ):
        chosen = tuple(meter for meter in meters if meter.division in divisions)
        more, features = meter_hypotheses.list_hypotheses(
            positions, onsets, pulse_bpm=pulse_bpm, meters=chosen, ratios=ratios
        )
        found += more
        if more:
            odds = np.concatenate([odds, meter_hypotheses.log_likelihoods(features)])
    tempo_hint, offset_s = hints.get("tempo_hint"), hints.get("offset_s")
    if tempo_hint is not None and not is_tempo_given:
        odds += [_hint_log_odds(pulse_bpm / one.ratio, tempo_hint) for one in found]
    if offset_s is not None:
        position = float(np.interp(offset_s, pulses, np.arange(pulses.size)))
        return _with_bar_line_at(position, found, odds)
    return found[int(np.argmax(odds))]


def _irregular(
    best: MeterHypothesis, pulses: Float64, onsets: tuple[Onset, ...]
) -> MeterHypothesis | None:
    """Return a prominent hypothesis in 5/4 or 7/8, or None."""
    pulse_bpm = 60 / float(np.median(np.diff(pulses)))
    ratio = best.ratio if best.meter.division == 2 else best.ratio * 2 / 3
    positions = pulse_positions(onsets, pulses)
    return meter_hypotheses.find_irregular(positions, onsets, pulse_bpm=pulse_bpm, ratio=ratio)


def _hint_log_odds(bpm: float, hint: float) -> float:
    return _HINT_WEIGHT * float(np.exp(-0.5 * (np.log2(bpm / hint) / _HINT_OCTAVES) ** 2))


def _with_bar_line_at(
    position: float, found: list[MeterHypothesis], odds: Float64
) -> MeterHypothesis:
    """Return the most likely hypothesis with a bar line near a position in pulses.

    A given downbeat tells nothing about the length of bars, so beat length and meter are those of
    the most likely hypothesis of all.
    """
    likeliest = found[int(np.argmax(odds))]
    length = likeliest.ratio, likeliest.meter
    same = [i for i, one in enumerate(found) if (one.ratio, one.meter) == length]
    return found[max(same, key=lambda i: float(odds[i]) - 1e3 * _off_line(found[i], position))]


def _off_line(hypothesis: MeterHypothesis, position: float) -> float:
    """Return the distance from a bar line in beats, beyond the rounding to the grid."""
    bars = (position - hypothesis.start) / (hypothesis.ratio * hypothesis.meter.beats)
    return max(0.0, abs(bars - round(bars)) * hypothesis.meter.beats - 2 / CELLS_PER_BEAT)


def _beat_times(hypothesis: MeterHypothesis, pulses: Float64, duration_s: float) -> Float64:
    """Return the beats from a downbeat before 0 s to a beat past the end, in seconds."""
    bar = hypothesis.ratio * hypothesis.meter.beats
    axis = np.arange(pulses.size)
    first_s, last_s = float(pulses[1] - pulses[0]), float(pulses[-1] - pulses[-2])
    zero = float(np.interp(0.0, pulses, axis)) if pulses[0] <= 0 else -pulses[0] / first_s
    end = pulses.size - 1 + max(0.0, (duration_s - pulses[-1]) / last_s)
    start = hypothesis.start + np.floor((zero - hypothesis.start) / bar) * bar
    positions = np.arange(start, end + hypothesis.ratio, hypothesis.ratio)
    times = np.interp(positions, axis, pulses)
    times = np.where(positions < 0, pulses[0] + positions * first_s, times)
    is_past = positions > axis[-1]
    return np.where(is_past, pulses[-1] + (positions - axis[-1]) * last_s, times)


def _extend(beats: Float64, duration_s: float) -> Float64:
    """Return the beats continued evenly to both ends of the recording."""
    lead_s = float(np.median(np.diff(beats[:9])))
    tail_s = float(np.median(np.diff(beats[-9:])))
    before = max(0, int(np.floor(beats[0] / lead_s)) + 1)
    after = max(1, int(np.ceil((duration_s - beats[-1]) / tail_s)))
    head = beats[0] - lead_s * np.arange(before, 0, -1)
    tail = beats[-1] + tail_s * np.arange(1, after + 1)
    return np.concatenate([head, beats, tail])
