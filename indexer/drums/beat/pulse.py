"""Onsets → a pulse: a period that the tempograms agree on, and the beats that follow it.

A tempogram (autocorrelation of the onset strength) proposes beat periods, a prior prefers those
people tap, and dynamic programming finds the beats (Ellis, "Beat tracking by dynamic programming",
2007). Whether this pulse is the beat, its half or its double is decided by `meter.py`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.fft import next_fast_len
from scipy.ndimage import gaussian_filter1d

from indexer.arrays import Float64
from indexer.drums.types import Onset
from indexer.viterbi import trace_back, viterbi

WEIGHTS: Final = {"KD": 1.0, "SD": 1.0, "HH": 0.5, "CY": 0.6, "TT": 0.4, "OT": 0.3}
"""How much a stroke of each class says about the beat."""
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
_LOCAL_S: Final = 8
_LOCAL_STEP, _LOCAL_STEPS = 0.01, 38
"""Local tempos within 46 %, a hundredth apart: no octave can be mistaken for a change."""
_MOVE_PRICE, _MOVE_FAR = 0.15, 20
"""A change by one step costs a fifth of what a second of the right tempo yields, a leap at most
twenty times that."""
_LEAP: Final = 0.035
"""From one second to the next drummers speed up or slow down by less than this; a leap is more."""


def onset_envelope(onsets: tuple[Onset, ...], duration_s: float) -> Float64:
    """Strokes as bumps of 20 ms on a 100 Hz axis, louder and deeper ones higher."""
    size = int(max([duration_s, *(o.time_s for o in onsets)]) * _RATE) + _RATE
    envelope = np.zeros(size)
    for onset in onsets:
        weight = WEIGHTS[onset.drum.family] * (0.4 + 0.6 * onset.velocity)
        place = onset.time_s * _RATE
        left = int(place)
        envelope[left] += weight * (1 - (place - left))
        envelope[left + 1] += weight * (place - left)
    return gaussian_filter1d(envelope, 2.0)


def strength_at(envelope: Float64, times_s: Float64) -> Float64:
    """The envelope's value at some times."""
    return np.interp(times_s * _RATE, np.arange(envelope.size), envelope)


def pulse_period(
    onsets: tuple[Onset, ...], duration_s: float, *, tempo_hint: float | None = None
) -> float:
    """The period in seconds that the tempograms and the prior agree on.

    Bass drum and snare beat time together, and snares usually come every second beat, which
    tells a tempo from its double and from one and a half of it.
    """

    def tempogram(*families: str) -> Float64:
        chosen = tuple(o for o in onsets if o.drum.family in families)
        return _autocorrelation(onset_envelope(chosen, duration_s))

    strokes, snares, deep = tempogram(*WEIGHTS), tempogram("SD"), tempogram("KD", "SD")
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


def _autocorrelation(envelope: Float64) -> Float64:
    centred = envelope - envelope.mean()
    length = next_fast_len(2 * centred.size, real=True)
    spectrum = np.fft.rfft(centred, length)
    correlation = np.fft.irfft(np.abs(spectrum) ** 2, length)[: centred.size]
    return np.maximum(correlation / max(correlation[0], 1e-12), 0)


def local_periods(envelope: Float64, period_s: float) -> Float64:
    """The period in seconds at every frame of the envelope: songs change their tempo.

    Tempograms of eight seconds, one every second, say how strong each tempo near the common one
    is; the best path through them stays where it is unless another tempo lasts.
    """
    ratios = np.exp(np.arange(-_LOCAL_STEPS, _LOCAL_STEPS + 1) * _LOCAL_STEP)
    lags = period_s * _RATE * ratios
    size, hop = _LOCAL_S * _RATE, _RATE
    padded = np.pad(envelope, (size // 2, size // 2))
    starts = range(0, envelope.size, hop)
    strengths = np.zeros((len(starts), ratios.size))
    fade = size / np.maximum(size - np.arange(size), size / 4)
    for row, start in enumerate(starts):
        correlation = _autocorrelation(padded[start : start + size]) * fade
        for multiple, weight in ((1, 1.0), (2, 0.7), (4, 0.7)):
            strengths[row] += weight * np.interp(
                lags * multiple, np.arange(size), correlation, right=0.0
            )
    states = np.arange(ratios.size)
    apart = np.abs(np.subtract.outer(states, states))
    path = viterbi(strengths, _MOVE_PRICE * np.minimum(apart, _MOVE_FAR))
    steps = path.astype(np.float64) - _LOCAL_STEPS
    at = np.array(starts, float)
    return period_s * np.exp(np.interp(np.arange(envelope.size), at, _LOCAL_STEP * steps))


def leaps(
    onsets: tuple[Onset, ...], duration_s: float, *, tempo_hint: float | None = None
) -> list[float]:
    """Times at which the local tempo leaps, give or take two seconds."""
    envelope = onset_envelope(onsets, duration_s)
    period_s = pulse_period(onsets, duration_s, tempo_hint=tempo_hint)
    each_s = np.log(local_periods(envelope, period_s)[::_RATE])
    return [float(i + 1) for i in np.flatnonzero(np.abs(np.diff(each_s)) > _LEAP)]


def follow_pulse(envelope: Float64, periods_s: Float64) -> Float64:
    """Times in seconds that collect the most strength at nearly even intervals.

    Args:
        envelope: From `onset_envelope`.
        periods_s: float64, as long as `envelope`.
    """
    period = float(periods_s.max()) * _RATE
    lead = int(2 * period) + 1
    envelope = np.pad(envelope, (lead, 0))
    local_period = np.log(np.pad(periods_s, (lead, 0), mode="edge") * _RATE)
    local = gaussian_filter1d(envelope, max(1.0, float(np.median(periods_s)) * _RATE / 32))
    local = local / (local.std() + 1e-12)
    offsets = np.arange(-int(2 * period), -int(float(periods_s.min()) * _RATE / 2))
    log_offsets = np.log(-offsets)
    score, back = local.copy(), np.full(local.size, -1)
    for now in range(-int(offsets[0]), local.size):
        total = score[now + offsets] - _TIGHTNESS * (log_offsets - local_period[now]) ** 2
        best = int(np.argmax(total))
        score[now] = local[now] + total[best]
        back[now] = now + offsets[best]
    tail = max(0, local.size - int(period) - 1)
    return (trace_back(back, tail + int(np.argmax(score[tail:]))) - lead) / _RATE
