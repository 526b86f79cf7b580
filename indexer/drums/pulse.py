"""Onsets → a pulse: a period that the tempograms agree on, and the beats that follow it.

A tempogram (autocorrelation of the onset strength) proposes beat periods, a prior prefers those
people tap, and dynamic programming finds the beats (Ellis, "Beat tracking by dynamic programming",
2007). Whether this pulse is the beat, its half or its double is decided by `meter.py`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from indexer.drums.types import Onset

Float = NDArray[np.float64]

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


def onset_envelope(onsets: tuple[Onset, ...], duration_s: float) -> Float:
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


def strength_at(envelope: Float, times_s: Float) -> Float:
    """The envelope's value at some times."""
    return np.interp(times_s * _RATE, np.arange(envelope.size), envelope)


def pulse_period(
    onsets: tuple[Onset, ...], duration_s: float, *, tempo_hint: float | None = None
) -> float:
    """The period in seconds that the tempograms and the prior agree on.

    Bass drum and snare beat time together, and snares usually come every second beat, which
    tells a tempo from its double and from one and a half of it.
    """

    def tempogram(*families: str) -> Float:
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


def _autocorrelation(envelope: Float) -> Float:
    centred = envelope - envelope.mean()
    spectrum = np.fft.rfft(centred, 2 * centred.size)
    correlation = np.fft.irfft(np.abs(spectrum) ** 2)[: centred.size]
    return np.maximum(correlation / max(correlation[0], 1e-12), 0)


def follow_pulse(envelope: Float, period_s: float) -> Float:
    """Times in seconds that collect the most strength at nearly even intervals."""
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
