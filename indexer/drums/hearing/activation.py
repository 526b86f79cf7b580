"""Onset activations of each drum voice, and the detector that reads them from band energy.

Any function from samples to `Activations` is a `Detector`; this one uses the rise of the
logarithmic power in bands (spectral flux), `network.py` a trained network.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.fft import rfft

from indexer.arrays import Float32
from indexer.drums.hearing.mel import centred_frames
from indexer.drums.types import Drum

FRAMES_PER_S: Final = 100
"""One frame every 10 ms, a third of the tightest hit window of the players (34 ms)."""
SAMPLE_RATE: Final = 44100
_FFT_SAMPLES: Final = 2048
_HOP_SAMPLES: Final = SAMPLE_RATE // FRAMES_PER_S
_BLOCK_FRAMES: Final = 1024
"""Spectra are computed in blocks of this many frames to bound the memory."""
EDGES_HZ: Final = (
    30, 60, 90, 130, 180, 250, 350, 500, 700, 1000, 1400, 2000, 2800, 4000, 5500, 7500, 9500,
    12000, 15500,
)  # fmt: skip
"""Band limits; lossy codecs keep nothing above 15.5 kHz."""
BAND_THRESHOLDS: Final[dict[Drum, float]] = {
    Drum.KICK: 0.45,
    Drum.SNARE: 0.15,
    Drum.HAT_CLOSED: 0.35,
}
"""Least height of a peak; calibrated on manually annotated recordings (`benchmarks/drums.py`)."""
_FLOOR: Final = 0.03
"""Relative power (−15 dB) below a band's loud frames that counts as silence: of floors from −30 to
−15 dB the last detected most onsets under other instruments."""
_SILENCE: Final = 1e-6
"""Inaudible power; keeps dither from being detected as drums."""
_CYMBAL_LEVEL_DB: Final = -47.0
"""Level of 7.5 to 12 kHz relative to the loudest band: recordings with drums exceed it (−26 to
−44 dB on fifty of many genres), pianos do not (−47 to −61 dB). Only the band detector needs it; the
network also detects a bass drum without cymbals."""
_DECAY_FRAMES: Final = (2, 7)
"""Snare wires still sound 20–70 ms after the onset; the click of a bass drum beater does not."""
_KICK_DECAY_SHARE: Final = 0.5
"""Share of the bass drum's decay level that is subtracted from the snare's."""
_LAGS: Final = (2, 3)
"""The rise is relative to the louder of these earlier frames, which ignores slow crescendos."""


@dataclass(frozen=True, eq=False)
class Activations:
    """Output of a detector, one row every 10 ms.

    Attributes:
        values: float32, (n_frames, n_drums), 0 and up: onset activation; columns as in `drums`.
        drums: The voices that the detector distinguishes.
        level_db: float32, (n_frames, n_drums), dB relative to the loud frames of the voice; the
            velocity is computed from it.
        strength: float32, (n_frames,): onset strength of all voices together.
        thresholds: Least height of a peak of each voice, from detectors that have already removed
            all other peaks; else None.
    """

    values: Float32
    drums: tuple[Drum, ...]
    level_db: Float32
    strength: Float32
    thresholds: tuple[float, ...] | None = None


Detector = Callable[..., Activations]
"""`detector(samples, sample_rate=44100)`: float32 mono samples → `Activations`."""


def band_power(samples: Float32) -> Float32:
    """Return the mean power in each band of `EDGES_HZ`: float32, (n_frames, n_bands)."""
    count = samples.size // _HOP_SAMPLES + 1
    window = np.hanning(_FFT_SAMPLES).astype(np.float32)
    hz = np.fft.rfftfreq(_FFT_SAMPLES, 1 / SAMPLE_RATE)
    weights = np.stack(
        [
            (inside := (hz >= low) & (hz < high)) / inside.sum()
            for low, high in itertools.pairwise(EDGES_HZ)
        ],
        axis=1,
    ).astype(np.float32)
    power = np.empty((count, len(EDGES_HZ) - 1), np.float32)
    for first in range(0, count, _BLOCK_FRAMES):
        last = min(first + _BLOCK_FRAMES, count)
        frames = centred_frames(samples, first, last, size=_FFT_SAMPLES, hop=_HOP_SAMPLES)
        magnitude = np.abs(np.asarray(rfft(frames * window, axis=1), np.complex64))
        power[first:last] = np.square(magnitude) @ weights
    return power


def log_rise(power: Float32) -> tuple[Float32, Float32]:
    """Return (rise, level): level is log power scaled to 0 (floor)..1 (loud), rise its increase."""
    loud = np.percentile(power, 95, axis=0) + _SILENCE
    level = np.log10(power / loud + _FLOOR) / -np.log10(_FLOOR) + 1
    padded = np.pad(level, ((max(_LAGS), 0), (0, 0)))
    before = np.maximum(*(padded[max(_LAGS) - lag : len(padded) - lag] for lag in _LAGS))
    return np.maximum(level - before, 0).astype(np.float32), level.astype(np.float32)


def _decay_level(level: Float32, low_hz: int, high_hz: int) -> Float32:
    """Return the mean level of a frequency range 20–70 ms after each frame: (n_frames,)."""
    band = level[:, _bands(low_hz, high_hz)].mean(axis=1)
    first, last = _DECAY_FRAMES
    padded = np.pad(band, (0, last))
    return np.mean([padded[i : i + band.size] for i in range(first, last)], axis=0)


def _bands(low_hz: int, high_hz: int) -> slice:
    """Return the columns of the bands within a frequency range."""
    return slice(EDGES_HZ.index(low_hz), EDGES_HZ.index(high_hz))


def detect_bands(samples: Float32, *, sample_rate: int = SAMPLE_RATE) -> Activations:
    """Detect bass drum, snare and hi-hat by band energy; nothing in music without cymbals.

    Args:
        samples: float32, (n_samples,), mono.
        sample_rate: Hz, must be 44100.

    Raises:
        ValueError: Another sample rate.
    """
    if sample_rate != SAMPLE_RATE:
        raise ValueError(f"Expected samples at {SAMPLE_RATE} Hz, not {sample_rate}")
    power = band_power(samples)
    found = band_activations(power)
    return found if has_cymbals(power) else replace(found, values=np.zeros_like(found.values))


def band_activations(power: Float32) -> Activations:
    """Return the activations of bass drum, snare and hi-hat from the rise of their bands.

    Args:
        power: float32, (n_frames, n_bands), from `band_power`.
    """
    rise, level = log_rise(power)
    kick = rise[:, _bands(60, 130)].mean(axis=1)
    # a snare rises in shell, body and wires at once, and decays slower than a bass drum's click
    parts = [rise[:, _bands(*b)].mean(axis=1) for b in ((180, 500), (500, 1400), (1400, 5500))]
    decay = _decay_level(level, 180, 7500) - _KICK_DECAY_SHARE * _decay_level(level, 30, 130)
    snare = np.cbrt(np.prod(parts, axis=0)) * np.maximum(decay, 0)
    hat = rise[:, _bands(7500, 12000)].mean(axis=1)
    decibels = 10 * np.log10(power / np.percentile(power, 98, axis=0).clip(_SILENCE) + 1e-5)
    levels = [
        decibels[:, _bands(*limits)].mean(axis=1)
        for limits in ((60, 130), (1400, 5500), (7500, 12000))
    ]
    values = np.stack([kick, snare, hat], axis=1).astype(np.float32)
    return Activations(
        values=values,
        drums=(Drum.KICK, Drum.SNARE, Drum.HAT_CLOSED),
        level_db=np.stack(levels, axis=1).astype(np.float32),
        strength=rise.mean(axis=1).astype(np.float32),
    )


def has_cymbals(power: Float32) -> bool:
    """Return whether the level of 7.5 to 12 kHz is as high as in recordings with drums."""
    mean = power.mean(axis=0)
    share = float(mean[_bands(7500, 12000)].mean()) / max(float(mean.max()), _SILENCE)
    return 10 * np.log10(share + 1e-12) > _CYMBAL_LEVEL_DB
