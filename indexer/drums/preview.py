"""Which twenty seconds of a song stand for it: loud ones, like much of the rest.

Bars are described by their bands and pitch classes; a passage whose bars resemble many others is
what the song repeats (Cooper and Foote, "Automatic music summarization via similarity analysis",
ISMIR 2002). Of those the loud ones are choruses more often than verses.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.drums.types import TempoMap

Float = NDArray[np.float32]

PREVIEW_S: Final = 20.0
_FRAME_SAMPLES: Final = 4096
_BANDS: Final = 20
_PITCH_RANGE_HZ: Final = (110.0, 1760.0)
_BLOCK_FRAMES: Final = 256
_LOUDNESS_WEIGHT: Final = 1.0
"""Beside repetition, both as standard scores."""


def representative_s(samples: Float, *, sample_rate: int, tempo: TempoMap) -> float:
    """Where the passage of `PREVIEW_S` starts that stands for the song best, on a bar line.

    Args:
        samples: float32, (n_samples,), mono.
        sample_rate: Hz.
        tempo: Bars of the recording.
    """
    duration_s = samples.size / sample_rate
    if duration_s <= PREVIEW_S or samples.size < 2 * _FRAME_SAMPLES:
        return 0.0
    bars_s = [tempo.time_s(bar) for bar in range(tempo.position(duration_s)[0] + 2)]
    bars_s = [max(0.0, time_s) for time_s in bars_s if time_s < duration_s]
    bars, loudness = _bars(samples, sample_rate, np.array(bars_s))
    likeness = bars @ bars.T
    repeated = likeness.mean(axis=1)
    starts = [s for s in range(len(bars_s)) if bars_s[s] + PREVIEW_S <= duration_s]
    if len(starts) < 2:
        return 0.0
    ends = np.searchsorted(bars_s, np.array(bars_s) + PREVIEW_S - 1e-6)
    passages = [slice(start, max(int(ends[start]), start + 1)) for start in starts]
    often = _standard(np.array([repeated[p].mean() for p in passages]))
    loud = _standard(np.array([loudness[p].mean() for p in passages]))
    return float(bars_s[starts[int(np.argmax(often + _LOUDNESS_WEIGHT * loud))]])


def _standard(values: NDArray[np.floating]) -> NDArray[np.floating]:
    return (values - values.mean()) / (values.std() + 1e-9)


def _bars(
    samples: Float, sample_rate: int, bars_s: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Unit vectors that describe each bar, (n_bars, n_values), and its loudness in dB."""
    values, power = _frames(samples, sample_rate)
    centres_s = (np.arange(len(values)) + 0.5) * _FRAME_SAMPLES / sample_rate
    owner = np.searchsorted(bars_s, centres_s, side="right") - 1
    owner = owner.clip(0, len(bars_s) - 1)
    counts = np.maximum(np.bincount(owner, minlength=len(bars_s)), 1)
    sums = np.zeros((len(bars_s), values.shape[1]))
    np.add.at(sums, owner, values)
    means = sums / counts[:, None]
    means = (means - means.mean(axis=0)) / (means.std(axis=0) + 1e-6)
    means /= np.linalg.norm(means, axis=1, keepdims=True) + 1e-9
    energy = np.bincount(owner, weights=power, minlength=len(bars_s)) / counts
    return means, 10 * np.log10(energy + 1e-9)


def _frames(samples: Float, sample_rate: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bands in dB and shares of the pitch classes of every frame; and its power."""
    count = samples.size // _FRAME_SAMPLES
    frames = samples[: count * _FRAME_SAMPLES].reshape(count, _FRAME_SAMPLES)
    hz = np.fft.rfftfreq(_FRAME_SAMPLES, 1 / sample_rate)
    edges = np.searchsorted(hz, np.geomspace(50, 12000, _BANDS + 1))
    pitched = (hz > _PITCH_RANGE_HZ[0]) & (hz < _PITCH_RANGE_HZ[1])
    classes = np.round(12 * np.log2(hz[pitched] / 440)).astype(int) % 12
    to_class = np.eye(12)[classes]
    window = np.hanning(_FRAME_SAMPLES).astype(np.float32)
    rows: list[NDArray[np.float64]] = []
    loud = np.empty(count)
    for start in range(0, count, _BLOCK_FRAMES):
        block = frames[start : start + _BLOCK_FRAMES]
        loud[start : start + _BLOCK_FRAMES] = np.square(block).mean(axis=1)
        power = np.square(np.abs(np.fft.rfft(block * window, axis=1)))
        bands = np.add.reduceat(power, edges[:-1], axis=1)
        pitches = power[:, pitched] @ to_class
        share = pitches / (pitches.sum(axis=1, keepdims=True) + 1e-9)
        rows.append(np.hstack([10 * np.log10(bands + 1e-6), 12 * share]))
    return np.concatenate(rows), loud
