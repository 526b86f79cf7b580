"""Samples → activations: for every drum and frame, how much it looks like a stroke.

The detector of this version looks at the rise of the logarithmic power in bands. It is one
replaceable stage: anything that maps samples to `Activations` can stand in its place.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.drums.types import Drum

Float = NDArray[np.float32]

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
_FLOOR: Final = 1e-3
"""What lies 30 dB below a band's loud frames counts as silence."""
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
    """

    values: Float
    drums: tuple[Drum, ...]
    level_db: Float
    strength: Float


Detector = Callable[..., Activations]
"""`detector(samples, sample_rate=44100)`: float32 mono samples → `Activations`."""


def band_power(samples: Float) -> Float:
    """Mean power in each band of `EDGES_HZ`: float32, (n_frames, n_bands)."""
    padded = np.pad(samples, (_FFT_SAMPLES // 2, _FFT_SAMPLES // 2))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FFT_SAMPLES)[::_HOP_SAMPLES]
    window = np.hanning(_FFT_SAMPLES).astype(np.float32)
    hz = np.fft.rfftfreq(_FFT_SAMPLES, 1 / SAMPLE_RATE)
    sums = np.stack(
        [
            (inside := (hz >= low) & (hz < high)) / inside.sum()
            for low, high in itertools.pairwise(EDGES_HZ)
        ],
        axis=1,
    ).astype(np.float32)
    blocks = [
        np.square(np.abs(np.fft.rfft(frames[i : i + _BLOCK_FRAMES] * window, axis=1))) @ sums
        for i in range(0, len(frames), _BLOCK_FRAMES)
    ]
    return np.concatenate(blocks).astype(np.float32)


def log_rise(power: Float) -> tuple[Float, Float]:
    """(rise, level) of band powers, both in decades, floored at −30 dB of the loud frames."""
    loud = np.percentile(power, 95, axis=0) + 1e-9
    level = np.log10(power / loud + _FLOOR).astype(np.float32)
    padded = np.pad(level, ((max(_LAGS), 0), (0, 0)), constant_values=np.log10(_FLOOR))
    before = np.maximum(*(padded[max(_LAGS) - lag : len(padded) - lag] for lag in _LAGS))
    return np.maximum(level - before, 0), level


def _bands(low_hz: float, high_hz: float) -> slice:
    """The bands that lie within a frequency range."""
    return slice(EDGES_HZ.index(int(low_hz)), EDGES_HZ.index(int(high_hz)))


def detect_bands(samples: Float, *, sample_rate: int = SAMPLE_RATE) -> Activations:
    """The band-wise detector: bass drum, snare and hi-hat.

    Args:
        samples: float32, (n_samples,), mono.
        sample_rate: Must be 44100.

    Raises:
        ValueError: Another sample rate.
    """
    if sample_rate != SAMPLE_RATE:
        raise ValueError(f"Expected samples at {SAMPLE_RATE} Hz, not {sample_rate}")
    rise, level = log_rise(band_power(samples))
    kick = rise[:, _bands(30, 130)].mean(axis=1)
    body = rise[:, _bands(130, 350)].mean(axis=1)
    wires = rise[:, _bands(1000, 7500)].mean(axis=1)
    snare = np.sqrt(body * wires)
    hat = rise[:, _bands(5500, 15500)].mean(axis=1)
    levels = [
        level[:, _bands(*limits)].max(axis=1) * 10
        for limits in ((30, 130), (1000, 5500), (5500, 15500))
    ]
    return Activations(
        values=np.stack([kick, snare, hat], axis=1).astype(np.float32),
        drums=(Drum.KICK, Drum.SNARE, Drum.HAT_CLOSED),
        level_db=np.stack(levels, axis=1).astype(np.float32),
        strength=rise.mean(axis=1).astype(np.float32),
    )
