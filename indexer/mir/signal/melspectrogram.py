"""Log-compressed mel spectrogram, the input of the tagger.

Source: mel filters of Slaney, Auditory Toolbox (1998): linear below 1 kHz, logarithmic above, each
triangle scaled to unit area. Equal to `librosa.feature.melspectrogram`, which is not used because
its first call compiles for seconds in every worker.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from indexer.arrays import Float32, Float64

SAMPLE_RATE: Final = 16_000
FFT_SAMPLES: Final = 512
HOP_SAMPLES: Final = 256
MELS: Final = 96
COMPRESSION: Final = 10_000.0
"""Factor of log10(1 + factor · power), as the tagger was trained."""

_LINEAR_HZ_PER_MEL: Final = 200 / 3
_LOG_START_HZ: Final = 1000.0
_LOG_STEP: Final = np.log(6.4) / 27
_CHUNK_FRAMES: Final = 4096
"""Frames per transform: limits the memory for long input to some tens of MB."""


def hz_to_mel(frequency_hz: Float64) -> Float64:
    """Slaney's mel scale."""
    linear = frequency_hz / _LINEAR_HZ_PER_MEL
    start = _LOG_START_HZ / _LINEAR_HZ_PER_MEL
    above = start + np.log(np.maximum(frequency_hz, 1e-9) / _LOG_START_HZ) / _LOG_STEP
    return np.where(frequency_hz >= _LOG_START_HZ, above, linear)


def mel_to_hz(mel: Float64) -> Float64:
    """Inverse of `hz_to_mel`."""
    start = _LOG_START_HZ / _LINEAR_HZ_PER_MEL
    above = _LOG_START_HZ * np.exp(_LOG_STEP * (mel - start))
    return np.where(mel >= start, above, mel * _LINEAR_HZ_PER_MEL)


@cache
def mel_filters(
    *, sample_rate: int = SAMPLE_RATE, fft_samples: int = FFT_SAMPLES, mels: int = MELS
) -> Float32:
    """Triangular filters of unit area from 0 Hz to half the sample rate.

    Returns:
        float32, (mels, fft_samples // 2 + 1).
    """
    bins_hz = np.fft.rfftfreq(fft_samples, 1 / sample_rate)
    limits = hz_to_mel(np.array([0.0, sample_rate / 2]))
    edges_hz = mel_to_hz(np.linspace(limits[0], limits[1], mels + 2))
    widths = np.diff(edges_hz)
    ramps = edges_hz[:, None] - bins_hz[None, :]
    rising = -ramps[:-2] / widths[:-1, None]
    falling = ramps[2:] / widths[1:, None]
    area = 2.0 / (edges_hz[2:] - edges_hz[:-2])
    filters = np.maximum(0, np.minimum(rising, falling)) * area[:, None]
    return filters.astype(np.float32)


def mel_power(samples: Float32) -> Float32:
    """Power in mel bands; frames are centred, the signal padded with zeros at both ends.

    Args:
        samples: float32, (n_samples,), mono at 16 kHz.

    Returns:
        float32, (n_frames, 96) with n_frames = 1 + n_samples // 256.
    """
    phase = 2 * np.pi * np.arange(FFT_SAMPLES) / FFT_SAMPLES
    window = (0.5 - 0.5 * np.cos(phase)).astype(np.float32)  # Hann, periodic
    padded = np.pad(samples.astype(np.float32, copy=False), FFT_SAMPLES // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, FFT_SAMPLES)[::HOP_SAMPLES]
    filters = mel_filters().T
    out = np.empty((len(frames), MELS), dtype=np.float32)
    for start in range(0, len(frames), _CHUNK_FRAMES):
        part = frames[start : start + _CHUNK_FRAMES] * window
        spectrum: NDArray[np.complex64] = np.asarray(scipy.fft.rfft(part, axis=1))
        power = np.square(spectrum.real) + np.square(spectrum.imag)
        out[start : start + len(power)] = power @ filters
    return out


def log_mel(samples: Float32) -> Float32:
    """log10(10000 · mel power + 1), float32 (n_frames, 96), ≥ 0."""
    return np.log10(COMPRESSION * mel_power(samples) + 1).astype(np.float32)
