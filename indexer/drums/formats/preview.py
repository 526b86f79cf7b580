"""The preview of a song: twenty loud seconds that resemble much of the rest.

Bars are described by their bands and pitch classes; a passage whose bars resemble many others is
what the song repeats (Cooper and Foote, "Automatic music summarization via similarity analysis",
ISMIR 2002). Of those the loud ones are choruses more often than verses.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import Float32, Float64
from indexer.drums.types import TempoMap

PREVIEW_S: Final = 20.0
FRAME_SAMPLES: Final = 4096
BAND_EDGES_HZ: Final = tuple(float(hz) for hz in np.geomspace(50, 12000, 21))
"""Edges of the bands of `frame_features`."""
_PITCH_RANGE_HZ: Final = (110.0, 1760.0)
_BLOCK_FRAMES: Final = 256
_LOUDNESS_WEIGHT: Final = 1.0
"""Relative to repetition, both as standard scores."""


def frame_features(samples: Float32, *, sample_rate: int) -> Float32:
    """Return the features of each `FRAME_SAMPLES` of a recording, or of a part of it.

    Args:
        samples: float32, (n_samples,), mono.
        sample_rate: Hz.

    Returns:
        float32, (n_frames, n_values): power, then bands in dB and shares of the pitch classes.
    """
    count = samples.size // FRAME_SAMPLES
    frames = samples[: count * FRAME_SAMPLES].reshape(count, FRAME_SAMPLES)
    hz = np.fft.rfftfreq(FRAME_SAMPLES, 1 / sample_rate)
    edges = np.searchsorted(hz, BAND_EDGES_HZ)
    pitched = (hz > _PITCH_RANGE_HZ[0]) & (hz < _PITCH_RANGE_HZ[1])
    classes = np.round(12 * np.log2(hz[pitched] / 440)).astype(int) % 12
    to_class = np.eye(12)[classes]
    window = np.hanning(FRAME_SAMPLES).astype(np.float32)
    rows = np.empty((count, len(BAND_EDGES_HZ) + 12), np.float32)
    for start in range(0, count, _BLOCK_FRAMES):
        block = frames[start : start + _BLOCK_FRAMES]
        power = np.square(np.abs(np.fft.rfft(block * window, axis=1)))
        pitches = power[:, pitched] @ to_class
        share = pitches / (pitches.sum(axis=1, keepdims=True) + 1e-9)
        bands = np.add.reduceat(power, edges[:-1], axis=1)
        loud = np.square(block).mean(axis=1, keepdims=True)
        rows[start : start + len(block)] = np.hstack(
            [loud, 10 * np.log10(bands + 1e-6), 12 * share]
        )
    return rows


def representative_s(
    frames: Float32, *, sample_rate: int, duration_s: float, tempo: TempoMap
) -> float:
    """Return the start of the most representative passage of `PREVIEW_S`, on a bar line, seconds.

    Args:
        frames: Of the whole recording, from `frame_features`.
        sample_rate: Hz, of the samples.
        duration_s: Of the recording.
        tempo: Bars of the recording.
    """
    if duration_s <= PREVIEW_S or len(frames) < 2:
        return 0.0
    bars_s = [tempo.time_s(bar) for bar in range(tempo.position(duration_s)[0] + 2)]
    bars_s = [max(0.0, time_s) for time_s in bars_s if time_s < duration_s]
    bars, loudness = _bars(frames, sample_rate, np.array(bars_s))
    repeated = bars @ bars.mean(axis=0)
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


def _bars(frames: Float32, sample_rate: int, bars_s: Float64) -> tuple[Float64, Float64]:
    """Return a unit vector of each bar, (n_bars, n_values), and its loudness in dB."""
    centres_s = (np.arange(len(frames)) + 0.5) * FRAME_SAMPLES / sample_rate
    owner = np.searchsorted(bars_s, centres_s, side="right") - 1
    owner = owner.clip(0, len(bars_s) - 1)
    counts = np.maximum(np.bincount(owner, minlength=len(bars_s)), 1)
    sums = np.zeros((len(bars_s), frames.shape[1]))
    np.add.at(sums, owner, frames)
    means = sums / counts[:, None]
    values = means[:, 1:]
    values = (values - values.mean(axis=0)) / (values.std(axis=0) + 1e-6)
    values /= np.linalg.norm(values, axis=1, keepdims=True) + 1e-9
    return values, 10 * np.log10(means[:, 0] + 1e-9)
