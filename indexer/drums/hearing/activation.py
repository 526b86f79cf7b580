"""Samples → activations: for every drum and frame, how much it looks like a stroke.

The detector in this file looks at the rise of the logarithmic power in bands. It is one
replaceable stage: anything that maps samples to `Activations` can stand in its place, as the
trained network of `network.py` does.
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
"""A frame every 10 ms: finer than the tightest hit window (34 ms) by a factor of three."""
SAMPLE_RATE: Final = 44100
_FFT_SAMPLES: Final = 2048
_HOP_SAMPLES: Final = SAMPLE_RATE // FRAMES_PER_S
_BLOCK_FRAMES: Final = 1024
"""Spectra are made and summed in blocks of this many frames, so that memory stays flat."""
EDGES_HZ: Final = (
    30, 60, 90, 130, 180, 250, 350, 500, 700, 1000, 1400, 2000, 2800, 4000, 5500, 7500, 9500,
    12000, 15500,
)  # fmt: skip
"""Band limits; files that went through a lossy codec hold nothing above 15.5 kHz."""
BAND_THRESHOLDS: Final[dict[Drum, float]] = {
    Drum.KICK: 0.45,
    Drum.SNARE: 0.15,
    Drum.HAT_CLOSED: 0.35,
}
"""What a peak must reach; calibrated on recordings annotated by people (`benchmarks/drums.py`)."""
_FLOOR: Final = 0.03
"""What lies 15 dB below a band's loud frames counts as silence: of floors from −30 to −15 dB the
last found most strokes under other instruments."""
_SILENCE: Final = 1e-6
"""Power below which nothing is audible; it keeps dither from being taken for drums."""
_CYMBAL_SHARE_DB: Final = -47.0
"""Recordings with drums hold more than this between 7.5 and 12 kHz beside their loudest band
(−26 to −44 dB on fifty of many genres); pianos hold −47 to −61 dB. Bands cannot tell those from
drums; the network can, and hears a bass drum without cymbals, too."""
_RING_FRAMES: Final = (2, 7)
"""A snare's wires still ring 20–70 ms after the stroke; the click of a beater does not."""
_KICK_SHARE: Final = 0.5
"""How much of the bass drum's ring is taken off the snare's."""
_LAGS: Final = (2, 3)
"""A rise is counted against the louder of these earlier frames, which ignores slow swells."""


@dataclass(frozen=True, eq=False)
class Activations:
    """What a detector says.

    Attributes:
        values: float32, (n_frames, n_drums), 0 and up; the columns follow `drums`.
        drums: The voices it can tell.
        level_db: float32, (n_frames, n_drums): loudness of each voice's own band, relative to
            its loud frames; velocity is read from it.
        strength: float32, (n_frames,): how much of an onset of anything there is.
        thresholds: What a peak of each voice must reach, where the detector decides that itself;
            it then also sees to it that no other peaks are left.
    """

    values: Float32
    drums: tuple[Drum, ...]
    level_db: Float32
    strength: Float32
    thresholds: tuple[float, ...] | None = None


Detector = Callable[..., Activations]
"""`detector(samples, sample_rate=44100)`: float32 mono samples → `Activations`."""


def band_power(samples: Float32) -> Float32:
    """Mean power in each band of `EDGES_HZ`: float32, (n_frames, n_bands)."""
    count = samples.size // _HOP_SAMPLES + 1
    window = np.hanning(_FFT_SAMPLES).astype(np.float32)
    hz = np.fft.rfftfreq(_FFT_SAMPLES, 1 / SAMPLE_RATE)
    sums = np.stack(
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
        power[first:last] = np.square(magnitude) @ sums
    return power


def log_rise(power: Float32) -> tuple[Float32, Float32]:
    """(rise, level): log power from the floor (0) to the loud frames (about 1), and its rise."""
    loud = np.percentile(power, 95, axis=0) + _SILENCE
    level = np.log10(power / loud + _FLOOR) / -np.log10(_FLOOR) + 1
    padded = np.pad(level, ((max(_LAGS), 0), (0, 0)))
    before = np.maximum(*(padded[max(_LAGS) - lag : len(padded) - lag] for lag in _LAGS))
    return np.maximum(level - before, 0).astype(np.float32), level.astype(np.float32)


def _ring(level: Float32, low_hz: int, high_hz: int) -> Float32:
    """Mean level of a frequency range shortly after each frame."""
    band = level[:, _bands(low_hz, high_hz)].mean(axis=1)
    first, last = _RING_FRAMES
    padded = np.pad(band, (0, last))
    return np.mean([padded[i : i + band.size] for i in range(first, last)], axis=0)


def _bands(low_hz: int, high_hz: int) -> slice:
    """The bands that lie within a frequency range."""
    return slice(EDGES_HZ.index(low_hz), EDGES_HZ.index(high_hz))


def detect_bands(samples: Float32, *, sample_rate: int = SAMPLE_RATE) -> Activations:
    """The band-wise detector: bass drum, snare and hi-hat, in music that has cymbals.

    Args:
        samples: float32, (n_samples,), mono.
        sample_rate: Must be 44100.

    Raises:
        ValueError: Another sample rate.
    """
    if sample_rate != SAMPLE_RATE:
        raise ValueError(f"Expected samples at {SAMPLE_RATE} Hz, not {sample_rate}")
    power = band_power(samples)
    heard = rising_bands(power)
    return heard if has_cymbals(power) else replace(heard, values=np.zeros_like(heard.values))


def rising_bands(power: Float32) -> Activations:
    """Bass drum, snare and hi-hat by how their bands rise, whatever the music is.

    Args:
        power: float32, (n_frames, n_bands), of `band_power`.
    """
    rise, level = log_rise(power)
    kick = rise[:, _bands(60, 130)].mean(axis=1)
    # A snare sounds in shell, body and wires at once, and rings where a bass drum does not.
    parts = [rise[:, _bands(*b)].mean(axis=1) for b in ((180, 500), (500, 1400), (1400, 5500))]
    ring = _ring(level, 180, 7500) - _KICK_SHARE * _ring(level, 30, 130)
    snare = np.cbrt(np.prod(parts, axis=0)) * np.maximum(ring, 0)
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
    """Whether there is as much above 7.5 kHz, beside the loudest band, as drums leave there."""
    mean = power.mean(axis=0)
    share = float(mean[_bands(7500, 12000)].mean()) / max(float(mean.max()), _SILENCE)
    return 10 * np.log10(share + 1e-12) > _CYMBAL_SHARE_DB
