"""Samples → log-mel spectrogram, as the drum network reads it.

A frame every 10 ms, centred on its time; Hann window of 2048 samples; power summed in triangular
bands of equal width on Slaney's mel scale (M. Slaney, Auditory Toolbox, 1998). Computed in blocks,
so that memory stays flat, with the same result wherever a block ends.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft

Float = NDArray[np.float32]

SAMPLE_RATE: Final = 44100
HOP_SAMPLES: Final = 441
FFT_SAMPLES: Final = 2048
BANDS: Final = 88
LOW_HZ: Final = 30.0
HIGH_HZ: Final = 17000.0
REFERENCE_RMS: Final = 0.1
"""A recording is scaled to this level before it is heard, so that loudness does not matter."""
FLOOR: Final = 1e-3
"""Added to the power before the logarithm; it hides what is inaudible beside a full band."""
_SILENT_RMS: Final = 1e-6
_BLOCK_FRAMES: Final = 1024
_LINEAR_HZ: Final = 1000.0
_HZ_PER_MEL: Final = 200 / 3
_MELS_PER_LOG: Final = 27 / np.log(6.4)


def mel_to_hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    """Slaney's scale: linear up to 1 kHz, logarithmic above."""
    corner = _LINEAR_HZ / _HZ_PER_MEL
    high = _LINEAR_HZ * np.exp(np.maximum(mel - corner, 0) / _MELS_PER_LOG)
    return np.where(mel < corner, mel * _HZ_PER_MEL, high)


def hz_to_mel(hz: float) -> float:
    """The inverse of `mel_to_hz`."""
    if hz < _LINEAR_HZ:
        return hz / _HZ_PER_MEL
    return _LINEAR_HZ / _HZ_PER_MEL + _MELS_PER_LOG * float(np.log(hz / _LINEAR_HZ))


def band_edges_hz() -> NDArray[np.float64]:
    """Corners of the triangles: (BANDS + 2,); band i spans corners i to i + 2."""
    return mel_to_hz(np.linspace(hz_to_mel(LOW_HZ), hz_to_mel(HIGH_HZ), BANDS + 2))


def _filters() -> Float:
    """float32, (n_bins, BANDS): the weight of each bin in each band, at most 1."""
    edges = band_edges_hz()
    hz = np.fft.rfftfreq(FFT_SAMPLES, 1 / SAMPLE_RATE)[:, None]
    rising = (hz - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - hz) / (edges[2:] - edges[1:-1])
    return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)


def mel_power(samples: Float) -> Float:
    """Power in each band.

    Args:
        samples: float32, (n_samples,), mono, 44.1 kHz.

    Returns:
        float32, (n_frames, BANDS), one frame for every started hop.
    """
    count = -(-samples.size // HOP_SAMPLES)
    if count == 0:
        return np.zeros((0, BANDS), np.float32)
    padded = np.pad(samples.astype(np.float32), (FFT_SAMPLES // 2, FFT_SAMPLES))
    frames = np.lib.stride_tricks.sliding_window_view(padded, FFT_SAMPLES)[::HOP_SAMPLES][:count]
    window = np.hanning(FFT_SAMPLES + 1)[:-1].astype(np.float32)
    filters = _filters()
    power = np.empty((count, BANDS), np.float32)
    for i in range(0, count, _BLOCK_FRAMES):
        spectrum = rfft(frames[i : i + _BLOCK_FRAMES] * window, axis=1)
        magnitude = np.abs(np.asarray(spectrum, np.complex64))
        power[i : i + _BLOCK_FRAMES] = np.square(magnitude) @ filters
    return power


def rms(samples: Float) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if samples.size else 0.0


def normalised(samples: Float) -> Float:
    """The samples at `REFERENCE_RMS`; silence stays silence."""
    level = rms(samples)
    if level < _SILENT_RMS:
        return np.zeros_like(samples)
    return (samples * (REFERENCE_RMS / level)).astype(np.float32)


def compressed(power: Float) -> Float:
    """What the network reads: log power, scaled to about −2..2."""
    return (np.log10(power + FLOOR) * np.float32(0.77) + np.float32(0.38)).astype(np.float32)
