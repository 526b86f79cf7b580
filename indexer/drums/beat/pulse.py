"""Pulse tracking: a period from tempograms, and pulse times by dynamic programming.

The autocorrelation of the onset envelope, weighted by a prior over tempo, gives the period; pulse
times are found as in Ellis, "Beat tracking by dynamic programming" (2007). Whether the pulse is the
beat, its half or its double is estimated by `meter_hypotheses.py`.
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
"""Weight of an onset in the envelope, by family."""
_RATE_HZ: Final = 100
"""Frames a second of the envelope."""
_BPM_RANGE: Final = (55.0, 215.0)
_PRIOR_BPM: Final = 118.0
_PRIOR_OCTAVES: Final = 0.75
"""Gaussian over log2 tempo around 2 Hz, the preferred tapping rate (Parncutt, "A perceptual model
of pulse salience and metrical accent in musical rhythms", 1994)."""
_HINT_OCTAVES: Final = 0.06
"""Standard deviation of a tempo measured elsewhere: about 4 %."""
_BACKBEAT_WEIGHT: Final = 2.5
"""Weight of snares on every second beat against the autocorrelation of all onsets."""
_TIGHTNESS: Final = 300.0
"""Weight of the squared log deviation from the period against the onset strength."""
_WINDOW_S: Final = 8
"""Length of a local tempogram, one every second."""
_TEMPO_STEP, _TEMPO_STEPS = 0.01, 38
"""Local tempos within 46 % in steps of 1 %: less than an octave."""
_CHANGE_COST, _MAX_CHANGE_STEPS = 0.15, 20
"""Cost of a tempo change by one step, a fifth of the score of one second at the right tempo, and
number of steps from which it grows no more."""
_JUMP: Final = 0.035
"""Least log change of the tempo in one second that is a jump; drummers accelerate by less."""


def onset_envelope(onsets: tuple[Onset, ...], duration_s: float) -> Float64:
    """Return the onset strength at 100 Hz: Gaussians of 20 ms, weighted by family and velocity."""
    size = int(max([duration_s, *(o.time_s for o in onsets)]) * _RATE_HZ) + _RATE_HZ
    envelope = np.zeros(size)
    for onset in onsets:
        weight = WEIGHTS[onset.drum.family] * (0.4 + 0.6 * onset.velocity)
        frame = onset.time_s * _RATE_HZ
        left = int(frame)
        envelope[left] += weight * (1 - (frame - left))
        envelope[left + 1] += weight * (frame - left)
    return gaussian_filter1d(envelope, 2.0)


def strength_at(envelope: Float64, times_s: Float64) -> Float64:
    """Return the interpolated envelope at `times_s`."""
    return np.interp(times_s * _RATE_HZ, np.arange(envelope.size), envelope)


def pulse_period(
    onsets: tuple[Onset, ...], duration_s: float, *, tempo_hint: float | None = None
) -> float:
    """Return the most likely period in seconds.

    Snares on every second beat of bass drum and snare together distinguish a tempo from its double
    and from one and a half of it.

    Args:
        onsets: Sorted by time.
        duration_s: Length of the recording.
        tempo_hint: BPM measured elsewhere; it, its half and its double are preferred.
    """

    def tempogram(*families: str) -> Float64:
        chosen = tuple(o for o in onsets if o.drum.family in families)
        return _autocorrelation(onset_envelope(chosen, duration_s))

    every, snares = tempogram(*WEIGHTS), tempogram("SD")
    kicks_and_snares = tempogram("KD", "SD")
    bpms = np.exp(np.linspace(np.log(_BPM_RANGE[0]), np.log(_BPM_RANGE[1]), 600))
    lags = 60 * _RATE_HZ / bpms
    axis = np.arange(every.size)
    support = np.zeros(bpms.size)
    for multiple, weight in ((1, 1.0), (2, 0.7), (4, 0.7), (0.5, 0.3), (3, 0.3)):
        support += weight * np.interp(lags * multiple, axis, every)
    every_second = np.interp(2 * lags, axis, snares) - np.interp(lags, axis, snares)
    pulse = np.interp(lags, axis, kicks_and_snares)
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
    """Return the autocorrelation without its mean, lag 0 = 1, negative values 0: (n_frames,)."""
    centred = envelope - envelope.mean()
    length = next_fast_len(2 * centred.size, real=True)
    spectrum = np.fft.rfft(centred, length)
    correlation = np.fft.irfft(np.abs(spectrum) ** 2, length)[: centred.size]
    return np.maximum(correlation / max(correlation[0], 1e-12), 0)


def local_periods(envelope: Float64, period_s: float) -> Float64:
    """Return the period in seconds at every frame of the envelope: float64, (n_frames,).

    The Viterbi path through tempograms of eight seconds, one every second, around one period.

    Args:
        envelope: From `onset_envelope`.
        period_s: From `pulse_period`.
    """
    ratios = np.exp(np.arange(-_TEMPO_STEPS, _TEMPO_STEPS + 1) * _TEMPO_STEP)
    lags = period_s * _RATE_HZ * ratios
    size, hop = _WINDOW_S * _RATE_HZ, _RATE_HZ
    padded = np.pad(envelope, (size // 2, size // 2))
    starts = range(0, envelope.size, hop)
    scores = np.zeros((len(starts), ratios.size))
    unbias = size / np.maximum(size - np.arange(size), size / 4)
    for row, start in enumerate(starts):
        correlation = _autocorrelation(padded[start : start + size]) * unbias
        for multiple, weight in ((1, 1.0), (2, 0.7), (4, 0.7)):
            scores[row] += weight * np.interp(
                lags * multiple, np.arange(size), correlation, right=0.0
            )
    states = np.arange(ratios.size)
    apart = np.abs(np.subtract.outer(states, states))
    path = viterbi(scores, _CHANGE_COST * np.minimum(apart, _MAX_CHANGE_STEPS))
    steps = path.astype(np.float64) - _TEMPO_STEPS
    at = np.array(starts, float)
    return period_s * np.exp(np.interp(np.arange(envelope.size), at, _TEMPO_STEP * steps))


def tempo_jumps(
    onsets: tuple[Onset, ...], duration_s: float, *, tempo_hint: float | None = None
) -> list[float]:
    """Return the times at which the local tempo jumps, accurate to about two seconds."""
    envelope = onset_envelope(onsets, duration_s)
    period_s = pulse_period(onsets, duration_s, tempo_hint=tempo_hint)
    log_periods = np.log(local_periods(envelope, period_s)[::_RATE_HZ])
    return [float(i + 1) for i in np.flatnonzero(np.abs(np.diff(log_periods)) > _JUMP)]


def follow_pulse(envelope: Float64, periods_s: Float64) -> Float64:
    """Return the pulse times in seconds: most onset strength at intervals near the period.

    Args:
        envelope: From `onset_envelope`.
        periods_s: float64, (n_frames,): period at each frame of the envelope.
    """
    period = float(periods_s.max()) * _RATE_HZ
    lead = int(2 * period) + 1
    envelope = np.pad(envelope, (lead, 0))
    local_period = np.log(np.pad(periods_s, (lead, 0), mode="edge") * _RATE_HZ)
    local = gaussian_filter1d(envelope, max(1.0, float(np.median(periods_s)) * _RATE_HZ / 32))
    local = local / (local.std() + 1e-12)
    offsets = np.arange(-int(2 * period), -int(float(periods_s.min()) * _RATE_HZ / 2))
    log_offsets = np.log(-offsets)
    score, back = local.copy(), np.full(local.size, -1)
    for now in range(-int(offsets[0]), local.size):
        total = score[now + offsets] - _TIGHTNESS * (log_offsets - local_period[now]) ** 2
        best = int(np.argmax(total))
        score[now] = local[now] + total[best]
        back[now] = now + offsets[best]
    tail = max(0, local.size - int(period) - 1)
    return (trace_back(back, tail + int(np.argmax(score[tail:]))) - lead) / _RATE_HZ
