"""Onsets → beats, downbeats and meter: a pulse, a reading of its bars, and a fine grid."""

from __future__ import annotations

import math
from typing import Final, TypedDict, Unpack

import numpy as np

from indexer.arrays import Float64
from indexer.drums.beat import downbeats
from indexer.drums.beat import meter_hypotheses as metering
from indexer.drums.beat.beat_smoothing import best_beats, smoothed
from indexer.drums.beat.downbeats import PARTS
from indexer.drums.beat.meter_hypotheses import METERS, Meter, Reading
from indexer.drums.beat.pulse import follow_pulse, local_periods, onset_envelope, pulse_period
from indexer.drums.types import BeatGrid, DrumsError, Onset

_MIN_ONSETS: Final = 8
_HINT_WEIGHT: Final = 3.0
"""Logarithmic odds of a tempo measured elsewhere: right four times in five, and seldom a given
multiple."""
_HINT_OCTAVES: Final = 0.06
SIGNATURES: Final = (
    "2/4", "3/4", "4/4", "5/4", "6/4", "7/4", "5/8", "6/8", "7/8", "9/8", "12/8"
)  # fmt: skip
"""Time signatures that a person may ask for."""


class Known(TypedDict, total=False):
    """What is known of a beat before it is looked for.

    Attributes:
        tempo_hint: A tempo heard elsewhere; it or a simple multiple is preferred.
        bpm: Quarter notes a minute, known for certain: the grid is then strictly even.
        offset_s: Time of a downbeat, known for certain.
        time_signature: One of `SIGNATURES`, known for certain.
    """

    tempo_hint: float | None
    bpm: float | None
    offset_s: float | None
    time_signature: str | None


def is_one_piece(known: Known) -> bool:
    """Whether a person gave a tempo or an offset, which hold for a whole recording."""
    return bool(known.get("bpm")) or known.get("offset_s") is not None


def track_beats(
    onsets: tuple[Onset, ...], *, duration_s: float, **known: Unpack[Known]
) -> BeatGrid:
    """Find the beats.

    Args:
        onsets: Sorted by time.
        duration_s: Of the recording; beats reach from before 0 to past it.
        known: What a person, or another stage, knows.

    Raises:
        DrumsError: Too few onsets, a tempo that no music has, or an unknown time signature.
    """
    bpm, offset_s = known.get("bpm"), known.get("offset_s")
    tempo_hint, time_signature = known.get("tempo_hint"), known.get("time_signature")
    _validate(onsets, duration_s, bpm, offset_s)
    meters = METERS if time_signature is None else (parse_signature(time_signature),)
    if bpm is not None:
        pulses, is_even = _even_pulses(onsets, 60 / bpm, duration_s, offset_s), True
    else:
        pulses, is_even = find_pulses(onsets, duration_s=duration_s, tempo_hint=tempo_hint)
    best = _best_reading(
        pulses, onsets, meters, tempo_hint=tempo_hint, is_sure=bpm is not None, offset_s=offset_s
    )
    if time_signature is None and bpm is None and offset_s is None:
        best = _odd_or(best, pulses, onsets)
    beats = _beats_of(best, pulses, duration_s)
    if not is_even:
        beats = smoothed(beats, onsets)
    if offset_s is None:
        lines = followed_bars(beats, onsets, best.meter)
        return BeatGrid(_floats(beats), 0, best.meter.beats, best.meter.division, lines)
    step = 1.0 if best.meter.beats == int(best.meter.beats) else 0.5
    places = np.arange(0, beats.size - 1 + step, step)
    times = np.interp(places, np.arange(beats.size), beats)
    nearest = int(np.argmin(np.abs(times - offset_s)))
    moved = _floats(beats + (offset_s - times[nearest]))
    first = float(places[nearest]) % best.meter.beats
    return BeatGrid(moved, first, best.meter.beats, best.meter.division)


def followed_bars(beats: Float64, onsets: tuple[Onset, ...], meter: Meter) -> tuple[float, ...]:
    """Where bars start, in beats, where a bar now and then is shorter or longer; else nothing.

    Args:
        beats: Times; the first one starts a bar.
        onsets: The strokes.
        meter: Of most bars.
    """
    if meter not in METERS:
        return ()
    count = int(meter.beats)
    places = np.interp([o.time_s for o in onsets], beats, np.arange(beats.size))
    cells = np.round(places * PARTS).astype(np.intp)
    weights = np.array([0.3 + 0.7 * o.velocity for o in onsets])
    hits = downbeats.blurred_hits(downbeats.classes_of(onsets), cells, weights)
    odds = downbeats.log_odds(hits, meter.name, meter.division)[::PARTS]
    first = int(places[0] + 0.5) // count * count
    found = [first + line for line in downbeats.bar_lines(odds[first:], count)]
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


def check_offset(offset_s: float | None, *, duration_s: float = math.inf) -> None:
    """Raise DrumsError where a given downbeat lies outside the recording."""
    if offset_s is not None and not 0 <= offset_s <= duration_s:
        raise DrumsError(
            f"A bar that starts at {offset_s:g} s lies outside the recording; give the seconds "
            "from its start to any first beat of a bar."
        )


def check_tempo(bpm: float | None) -> None:
    """Raise DrumsError where a given tempo is none to play."""
    if bpm is not None and not 20 <= bpm <= 400:
        raise DrumsError(f"A tempo of {bpm:g} BPM is not one to play; give one from 20 to 400.")


def parse_signature(text: str) -> Meter:
    """A time signature as a person writes it.

    Raises:
        DrumsError: It is none of `SIGNATURES`.
    """
    if text not in SIGNATURES:
        raise DrumsError(f"“{text}” is no time signature to chart; use {', '.join(SIGNATURES)}.")
    count, _, unit = text.partition("/")
    if unit == "4":
        return Meter(int(count), 2)
    return Meter(int(count) / 2, 2) if int(count) % 3 else Meter(int(count) // 3, 3)


def find_pulses(
    onsets: tuple[Onset, ...], *, duration_s: float, tempo_hint: float | None = None
) -> tuple[Float64, bool]:
    """Times of a pulse over the whole recording, and whether it is an even one."""
    envelope = onset_envelope(onsets, duration_s)
    period_s = pulse_period(onsets, duration_s, tempo_hint=tempo_hint)
    heard = follow_pulse(envelope, local_periods(envelope, period_s))
    pulses, is_even = best_beats(heard, envelope, onsets)
    return _extended(pulses, duration_s), is_even


def places_of(onsets: tuple[Onset, ...], pulses: Float64) -> Float64:
    """Where the onsets lie, in pulses."""
    return np.interp([o.time_s for o in onsets], pulses, np.arange(pulses.size))


def _even_pulses(
    onsets: tuple[Onset, ...], period_s: float, duration_s: float, offset_s: float | None
) -> Float64:
    """A pulse of a known period, shifted to a known downbeat or to where the strokes are."""
    if offset_s is None:
        times = np.array([o.time_s for o in onsets])
        rounds = [np.exp(2j * np.pi * parts * times / period_s).sum() for parts in (4, 3)]
        parts = 4 if abs(rounds[0]) >= abs(rounds[1]) else 3
        turn = rounds[0] if parts == 4 else rounds[1]
        offset_s = float(np.angle(turn)) / (2 * np.pi) * period_s / parts
    first = offset_s - np.ceil(offset_s / period_s + 1) * period_s
    return np.arange(first, duration_s + 2 * period_s, period_s)


def _best_reading(
    pulses: Float64,
    onsets: tuple[Onset, ...],
    meters: tuple[Meter, ...],
    *,
    tempo_hint: float | None,
    is_sure: bool,
    offset_s: float | None,
) -> Reading:
    """The likeliest reading; of a sure tempo only those whose quarters are the pulses."""
    places = places_of(onsets, pulses)
    pulse_bpm = 60 / float(np.median(np.diff(pulses)))
    found: list[Reading] = []
    odds = np.zeros(0)
    sure = (((2,), (1.0,)), ((3,), (1.5,)))
    for divisions, ratios in sure if is_sure else (((2, 3), metering.RATIOS),):
        chosen = tuple(m for m in meters if m.division in divisions)
        more, features = metering.readings(
            places, onsets, pulse_bpm=pulse_bpm, meters=chosen, ratios=ratios
        )
        found += more
        if more:
            odds = np.concatenate([odds, metering.likelihoods(features)])
    if tempo_hint is not None and not is_sure:
        odds += [_hint_odds(pulse_bpm / reading.ratio, tempo_hint) for reading in found]
    if offset_s is not None:
        at = float(np.interp(offset_s, pulses, np.arange(pulses.size)))
        return _through(found, odds, at)
    return found[int(np.argmax(odds))]


def _odd_or(best: Reading, pulses: Float64, onsets: tuple[Onset, ...]) -> Reading:
    """A reading in 5/4 or 7/8 where one stands out, else `best`."""
    pulse_bpm = 60 / float(np.median(np.diff(pulses)))
    ratio = best.ratio if best.meter.division == 2 else best.ratio * 2 / 3
    places = places_of(onsets, pulses)
    return metering.odd_reading(places, onsets, pulse_bpm=pulse_bpm, ratio=ratio) or best


def _hint_odds(bpm: float, hint: float) -> float:
    return _HINT_WEIGHT * float(np.exp(-0.5 * (np.log2(bpm / hint) / _HINT_OCTAVES) ** 2))


def _through(found: list[Reading], odds: Float64, at: float) -> Reading:
    """The likeliest reading with a bar line near a place.

    That says where bars start, and nothing about how long they are: of the readings in the
    likeliest tempo and meter one is taken.
    """
    likeliest = found[int(np.argmax(odds))]
    length = likeliest.ratio, likeliest.meter
    alike = [i for i, reading in enumerate(found) if (reading.ratio, reading.meter) == length]
    return found[max(alike, key=lambda i: float(odds[i]) - 1e3 * _off_line(found[i], at))]


def _off_line(reading: Reading, at: float) -> float:
    """How far from a bar line a place lies, in beats, beyond the rounding to the grid."""
    bars = (at - reading.start) / (reading.ratio * reading.meter.beats)
    return max(0.0, abs(bars - round(bars)) * reading.meter.beats - 2 / PARTS)


def _beats_of(reading: Reading, pulses: Float64, duration_s: float) -> Float64:
    """Beats from a downbeat before the recording's start to a beat past its end."""
    bar = reading.ratio * reading.meter.beats
    axis = np.arange(pulses.size)
    first_s, last_s = float(pulses[1] - pulses[0]), float(pulses[-1] - pulses[-2])
    zero = float(np.interp(0.0, pulses, axis)) if pulses[0] <= 0 else -pulses[0] / first_s
    end = pulses.size - 1 + max(0.0, (duration_s - pulses[-1]) / last_s)
    start = reading.start + np.floor((zero - reading.start) / bar) * bar
    places = np.arange(start, end + reading.ratio, reading.ratio)
    times = np.interp(places, axis, pulses)
    times = np.where(places < 0, pulses[0] + places * first_s, times)
    past = places > axis[-1]
    return np.where(past, pulses[-1] + (places - axis[-1]) * last_s, times)


def _extended(beats: Float64, duration_s: float) -> Float64:
    """Beats continued evenly to both ends of the recording."""
    lead_s = float(np.median(np.diff(beats[:9])))
    tail_s = float(np.median(np.diff(beats[-9:])))
    before = max(0, int(np.floor(beats[0] / lead_s)) + 1)
    after = max(1, int(np.ceil((duration_s - beats[-1]) / tail_s)))
    head = beats[0] - lead_s * np.arange(before, 0, -1)
    tail = beats[-1] + tail_s * np.arange(1, after + 1)
    return np.concatenate([head, beats, tail])
