"""Onsets → beats, downbeats and meter.

A tempogram (autocorrelation of the onset strength) proposes beat periods, a prior prefers those
people tap, dynamic programming finds the beats (Ellis, "Beat tracking by dynamic programming",
2007), and the pattern of bass drum and snare over the beats says where bars start.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from indexer.drums.types import BeatGrid, DrumsError, Onset

_RATE: Final = 100
_BPM_RANGE: Final = (55.0, 215.0)
_PRIOR_BPM: Final = 118.0
_PRIOR_OCTAVES: Final = 0.75
"""People tap near 2 Hz; a Gaussian over log tempo of this width (Parncutt's preferred pulse)."""
_HINT_OCTAVES: Final = 0.06
"""A tempo measured elsewhere is trusted within about 4 %."""
_BACKBEAT_WEIGHT: Final = 2.5
"""How much snares on every second beat count beside the strokes' own periods."""
_TIGHTNESS: Final = 300.0
"""How dearly a beat interval pays for leaving the period."""
_WEIGHTS: Final = {"KD": 1.0, "SD": 1.0, "HH": 0.5, "CY": 0.6, "TT": 0.4, "OT": 0.3}
_CLICK_STEPS: Final = 2001
"""Trial periods within 2.5 %: 0.0025 % apart, 6 ms over a song of four minutes."""
_CLICK_SHARE: Final = 0.95
"""An even grid that collects this share of what free beats collect was played to a click."""
_REFINE_S: Final = 0.045
"""A beat moves to the strokes that lie this near to it."""
_SMOOTH_BEATS: Final = 6
"""A beat is smoothed over this many on each side: three bars see through a player's jitter."""
_MIN_ONSETS: Final = 8


def track_beats(
    onsets: tuple[Onset, ...],
    *,
    duration_s: float,
    tempo_hint: float | None = None,
    bpm: float | None = None,
    offset_s: float | None = None,
) -> BeatGrid:
    """Find the beats.

    Args:
        onsets: Sorted by time.
        duration_s: Of the recording; beats reach from before 0 to past it.
        tempo_hint: A tempo heard elsewhere; it or a simple multiple is preferred.
        bpm: The tempo, known for certain: the grid is then strictly even.
        offset_s: Time of a downbeat, known for certain.

    Raises:
        DrumsError: Too few onsets, or a tempo that no music has.
    """
    if len(onsets) < _MIN_ONSETS:
        raise DrumsError("There are too few drum strokes in this recording to find its beat.")
    if bpm is not None and not 20 <= bpm <= 400:
        raise DrumsError(f"A tempo of {bpm:g} BPM is not one to play; give one from 20 to 400.")
    if offset_s is not None and not abs(offset_s) <= duration_s:
        raise DrumsError(f"A first downbeat at {offset_s:g} s lies outside the recording.")
    envelope = onset_envelope(onsets, duration_s)
    if bpm is not None:
        beats = _even_beats(envelope, 60 / bpm, duration_s, offset_s)
    else:
        period_s = beat_period(onsets, duration_s, tempo_hint=tempo_hint)
        heard = _dynamic_beats(envelope, period_s)
        beats = _click_beats(heard, envelope, onsets, duration_s)
        if beats is None:
            beats = _extended(_refined(heard, onsets), duration_s)
    meter, division = _meter(beats, onsets)
    downbeat = _downbeat(beats, onsets, meter)
    if offset_s is not None:
        downbeat = int(np.argmin(np.abs(beats - offset_s))) % meter
    return BeatGrid(tuple(float(b) for b in beats), downbeat, meter, division)


def onset_envelope(onsets: tuple[Onset, ...], duration_s: float) -> NDArray[np.float64]:
    """Strokes as bumps of 20 ms on a 100 Hz axis, louder and deeper ones higher."""
    size = int(max([duration_s, *(o.time_s for o in onsets)]) * _RATE) + _RATE
    envelope = np.zeros(size)
    for onset in onsets:
        weight = _WEIGHTS[onset.drum.family] * (0.4 + 0.6 * onset.velocity)
        place = onset.time_s * _RATE
        left = int(place)
        envelope[left] += weight * (1 - (place - left))
        envelope[left + 1] += weight * (place - left)
    return gaussian_filter1d(envelope, 2.0)


def beat_period(
    onsets: tuple[Onset, ...], duration_s: float, *, tempo_hint: float | None = None
) -> float:
    """The beat period in seconds that the tempograms and the prior agree on.

    Bass drum and snare beat time together, and snares usually come every second beat, which
    tells a tempo from its double and from one and a half of it.
    """

    def tempogram(*families: str) -> NDArray[np.float64]:
        chosen = tuple(o for o in onsets if o.drum.family in families)
        return _autocorrelation(onset_envelope(chosen, duration_s))

    strokes, snares, deep = tempogram(*_WEIGHTS), tempogram("SD"), tempogram("KD", "SD")
    bpms = np.exp(np.linspace(np.log(_BPM_RANGE[0]), np.log(_BPM_RANGE[1]), 600))
    lags = 60 * _RATE / bpms
    axis = np.arange(strokes.size)
    support = np.zeros(bpms.size)
    for multiple, weight in ((1, 1.0), (2, 0.7), (4, 0.7), (0.5, 0.3), (3, 0.3)):
        support += weight * np.interp(lags * multiple, axis, strokes)
    every_second = np.interp(2 * lags, axis, snares) - np.interp(lags, axis, snares)
    pulse = np.interp(lags, axis, deep)
    support += _BACKBEAT_WEIGHT * np.maximum(every_second, 0) * pulse
    prior = np.exp(-0.5 * (np.log2(bpms / _PRIOR_BPM) / _PRIOR_OCTAVES) ** 2)
    if tempo_hint is not None and tempo_hint > 0:
        near = [
            weight * np.exp(-0.5 * (np.log2(bpms / (tempo_hint * factor)) / _HINT_OCTAVES) ** 2)
            for factor, weight in ((1, 1.0), (2, 0.35), (0.5, 0.35))
        ]
        prior = prior * (0.25 + np.max(near, axis=0))
    best = int(np.argmax(support * prior))
    return 60 / float(bpms[best])


def _autocorrelation(envelope: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = envelope - envelope.mean()
    spectrum = np.fft.rfft(centred, 2 * centred.size)
    correlation = np.fft.irfft(np.abs(spectrum) ** 2)[: centred.size]
    return np.maximum(correlation / max(correlation[0], 1e-12), 0)


def _dynamic_beats(envelope: NDArray[np.float64], period_s: float) -> NDArray[np.float64]:
    """Beat times that collect the most strength at nearly even intervals."""
    period = period_s * _RATE
    lead = int(2 * period) + 1
    envelope = np.pad(envelope, (lead, 0))
    local = gaussian_filter1d(envelope, max(1.0, period / 32))
    local = local / (local.std() + 1e-12)
    offsets = np.arange(-int(2 * period), -int(period / 2))
    penalty = -_TIGHTNESS * np.log(-offsets / period) ** 2
    score, back = local.copy(), np.full(local.size, -1)
    for now in range(-int(offsets[0]), local.size):
        total = score[now + offsets] + penalty
        best = int(np.argmax(total))
        score[now] = local[now] + total[best]
        back[now] = now + offsets[best]
    tail = max(0, local.size - int(period) - 1)
    now = tail + int(np.argmax(score[tail:]))
    beats = []
    while now >= 0:
        beats.append(now - lead)
        now = int(back[now])
    return np.array(beats[::-1]) / _RATE


def _click_beats(
    heard: NDArray[np.float64],
    envelope: NDArray[np.float64],
    onsets: tuple[Onset, ...],
    duration_s: float,
) -> NDArray[np.float64] | None:
    """One even grid through the whole recording, where the strokes lie on it; else None.

    The period is the one at which the strokes agree best on their place within a sixteenth. Such a
    grid also leads through passages without drums, where beats found one by one go astray.
    """
    times = np.array([o.time_s for o in onsets])
    weights = np.array([_WEIGHTS[o.drum.family] * o.velocity for o in onsets])
    periods = float(np.median(np.diff(heard))) * np.linspace(0.975, 1.025, _CLICK_STEPS)
    rounds = np.array([np.dot(weights, np.exp(8j * np.pi * times / p)) for p in periods])
    best = int(np.argmax(np.abs(rounds)))
    period_s = float(periods[best])
    first = float(np.angle(rounds[best])) / (2 * np.pi) * period_s / 4
    axis = np.arange(envelope.size)

    def collected(beats: NDArray[np.float64]) -> float:
        inside = beats[(beats > times[0] - 0.1) & (beats < times[-1] + 0.1)]
        return float(np.interp(inside * _RATE, axis, envelope).sum())

    grids = [
        np.arange(first + quarter * period_s / 4 - period_s, duration_s + period_s, period_s)
        for quarter in range(4)
    ]
    even = max(grids, key=collected)
    return even if collected(even) >= _CLICK_SHARE * collected(heard) else None


def _even_beats(
    envelope: NDArray[np.float64], period_s: float, duration_s: float, offset_s: float | None
) -> NDArray[np.float64]:
    """An even grid of a known tempo, shifted to where the strokes are."""
    if offset_s is None:
        shifts = np.arange(0, period_s, 0.002)
        axis = np.arange(envelope.size)
        beats = np.arange(0, max(duration_s - period_s, period_s), period_s)
        sums = [np.interp((beats + s) * _RATE, axis, envelope).sum() for s in shifts]
        offset_s = float(shifts[int(np.argmax(sums))])
    first = offset_s - np.ceil(offset_s / period_s) * period_s
    return np.arange(first, duration_s + period_s, period_s)


def _refined(beats: NDArray[np.float64], onsets: tuple[Onset, ...]) -> NDArray[np.float64]:
    """Beats between the first and the last stroke, moved onto strokes and smoothed."""
    times = np.array([o.time_s for o in onsets])
    weights = np.array([_WEIGHTS[o.drum.family] * o.velocity for o in onsets])
    played = (beats > times[0] - 0.1) & (beats < times[-1] + 0.1)
    if played.sum() < 4:
        raise DrumsError("The drums in this recording are too short to find their beat.")
    moved = beats[played]
    trust = np.full(moved.size, 0.05)
    for index, beat in enumerate(moved):
        near = np.abs(times - beat) < _REFINE_S
        if near.any():
            moved[index] = float(np.average(times[near], weights=weights[near]))
            trust[index] = 1.0
    return _smoothed(moved, trust)


def _smoothed(beats: NDArray[np.float64], trust: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each beat on the parabola through those around it: players drift, they do not jump."""
    out = beats.copy()
    for index in range(beats.size):
        low, high = max(0, index - _SMOOTH_BEATS), min(beats.size, index + _SMOOTH_BEATS + 1)
        degree = 2 if high - low >= 8 else 1
        axis = np.arange(low, high) - index
        weights = np.sqrt(trust[low:high])
        out[index] = np.polyfit(axis, beats[low:high], degree, w=weights)[-1]
    return out


def _beat_features(beats: NDArray[np.float64], onsets: tuple[Onset, ...]) -> NDArray[np.float64]:
    """What is struck in the first and the second half of each beat: (n_beats, 8)."""
    rows = np.zeros((beats.size, 2, 4))
    column = {"KD": 0, "SD": 1, "HH": 2, "CY": 3}
    gaps = np.diff(beats, append=2 * beats[-1] - beats[-2])
    for onset in onsets:
        index = int(np.searchsorted(beats, onset.time_s + 0.06)) - 1
        if index < 0 or onset.drum.family not in column:
            continue
        place = (onset.time_s - beats[index]) / gaps[index]
        if place < 1.2:
            half = int(place > 0.25)
            rows[index, half, column[onset.drum.family]] += onset.velocity
    return rows.reshape(beats.size, 8)


def _meter(beats: NDArray[np.float64], onsets: tuple[Onset, ...]) -> tuple[int, int]:
    """(beats a bar, parts a beat divides into)."""
    rows = _beat_features(beats, onsets)
    rows = rows - rows.mean(axis=0)
    norm = float((rows**2).sum()) + 1e-9

    def likeness(lag: int) -> float:
        if lag >= len(rows):
            return 0.0
        return float((rows[:-lag] * rows[lag:]).sum()) / norm * len(rows) / (len(rows) - lag)

    three = likeness(3) + likeness(6) + likeness(9)
    four = likeness(4) + likeness(8) + likeness(12)
    # A backbeat repeats every two beats, so that four must be no worse than two allows.
    meter = 3 if three > four + 0.3 and likeness(3) > likeness(2) else 4
    return meter, 3 if _is_compound(beats, onsets) else 2


def _is_compound(beats: NDArray[np.float64], onsets: tuple[Onset, ...]) -> bool:
    """Whether the strokes between beats fall on thirds more than on halves and quarters."""
    places = np.interp([o.time_s for o in onsets], beats, np.arange(beats.size)) % 1
    thirds = int(((np.abs(places - 1 / 3) < 0.05) | (np.abs(places - 2 / 3) < 0.05)).sum())
    halves = int((np.abs(places - 1 / 2) < 0.06).sum())
    return thirds > 2 * halves and thirds > 0.15 * len(onsets)


def _downbeat(beats: NDArray[np.float64], onsets: tuple[Onset, ...], meter: int) -> int:
    """Which of the first `meter` beats starts a bar."""
    rows = _beat_features(beats, onsets)
    kick, snare, cymbal = rows[:, 0], rows[:, 1], rows[:, 3]
    scores = []
    for phase in range(meter):
        places = np.arange(phase, beats.size, meter)
        score = kick[places].mean() - 0.9 * snare[places].mean() + 2.0 * cymbal[places].mean()
        for back in (1, 3) if meter == 4 else (1, 2):
            off = (places + back)[places + back < beats.size]
            score += 0.5 * snare[off].sum() / max(1, off.size)
        scores.append(float(score))
    first_stroke = int(np.argmin(np.abs(beats - onsets[0].time_s))) % meter
    scores[first_stroke] += 0.25
    return int(np.argmax(scores))


def _extended(beats: NDArray[np.float64], duration_s: float) -> NDArray[np.float64]:
    """Beats continued evenly to both ends of the recording."""
    lead_s = float(np.median(np.diff(beats[:9])))
    tail_s = float(np.median(np.diff(beats[-9:])))
    before = max(0, int(np.floor(beats[0] / lead_s)))
    after = max(1, int(np.ceil((duration_s - beats[-1]) / tail_s)))
    head = beats[0] - lead_s * np.arange(before, 0, -1)
    tail = beats[-1] + tail_s * np.arange(1, after + 1)
    return np.concatenate([head, beats, tail])
