"""Log-mel spectrogram, the input of the drum network.

A centred frame every 10 ms, a Hann window of 2048 samples, power summed in triangular bands of
equal width on Slaney's mel scale (M. Slaney, Auditory Toolbox, 1998). Computed in blocks to bound
the memory; the result does not depend on where a block ends.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.fft import rfft

from indexer.arrays import Float32, Float64

SAMPLE_RATE: Final = 44100
HOP_SAMPLES: Final = 441
FFT_SAMPLES: Final = 2048
BANDS: Final = 88
LOW_HZ: Final = 30.0
HIGH_HZ: Final = 17000.0
REFERENCE_RMS: Final = 0.1
"""Level to which a recording is scaled before detection, so that loudness does not matter."""
FLOOR: Final = 1e-3
"""Power added before the logarithm; masks what is inaudible in a full mix."""
_SILENT_RMS: Final = 1e-6
_BLOCK_FRAMES: Final = 1024
_RMS_BLOCK: Final = 1 << 18
"""Samples squared at once: a float64 copy of ten minutes takes 200 MB."""
_LINEAR_HZ: Final = 1000.0
_HZ_PER_MEL: Final = 200 / 3
_MELS_PER_LOG: Final = 27 / np.log(6.4)


def mel_to_hz(mel: Float64) -> Float64:
    """Return Hz on Slaney's scale: linear up to 1 kHz, logarithmic above."""
    corner = _LINEAR_HZ / _HZ_PER_MEL
    high = _LINEAR_HZ * np.exp(np.maximum(mel - corner, 0) / _MELS_PER_LOG)
    return np.where(mel < corner, mel * _HZ_PER_MEL, high)


def hz_to_mel(hz: float) -> float:
    """Return mel; the inverse of `mel_to_hz`."""
    if hz < _LINEAR_HZ:
        return hz / _HZ_PER_MEL
    return _LINEAR_HZ / _HZ_PER_MEL + _MELS_PER_LOG * float(np.log(hz / _LINEAR_HZ))


def band_edges_hz() -> Float64:
    """Return the corners of the triangles: (BANDS + 2,); band i spans corners i to i + 2."""
    return mel_to_hz(np.linspace(hz_to_mel(LOW_HZ), hz_to_mel(HIGH_HZ), BANDS + 2))


def _filters() -> Float32:
    """Return the weight of each bin in each band: float32, (n_bins, BANDS), 0..1."""
    edges = band_edges_hz()
    hz = np.fft.rfftfreq(FFT_SAMPLES, 1 / SAMPLE_RATE)[:, None]
    rising = (hz - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - hz) / (edges[2:] - edges[1:-1])
    return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)


def mel_power(samples: Float32, *, gain: float = 1.0) -> Float32:
    """Return the power in each mel band.

    Args:
        samples: float32, (n_samples,), mono, 44.1 kHz.
        gain: Linear factor applied to the samples.

    Returns:
        float32, (n_frames, BANDS), one frame a hop, the last one started.
    """
    count = -(-samples.size // HOP_SAMPLES)
    window = (gain * np.hanning(FFT_SAMPLES + 1)[:-1]).astype(np.float32)
    filters = _filters()
    power = np.empty((count, BANDS), np.float32)
    for first in range(0, count, _BLOCK_FRAMES):
        last = min(first + _BLOCK_FRAMES, count)
        frames = centred_frames(samples, first, last, size=FFT_SAMPLES, hop=HOP_SAMPLES)
        magnitude = np.abs(np.asarray(rfft(frames * window, axis=1), np.complex64))
        power[first:last] = np.square(magnitude) @ filters
    return power


def centred_frames(samples: Float32, first: int, last: int, *, size: int, hop: int) -> Float32:
    """Return frames `first` to `last`, centred every `hop` samples and zero-padded at the ends.

    Only the samples of these frames are copied.

    Returns:
        float32, (last − first, size).
    """
    start, stop = first * hop - size // 2, (last - 1) * hop + size - size // 2
    part = samples[max(0, start) : max(0, stop)]
    padded = np.zeros(stop - start, np.float32)
    padded[max(0, -start) :][: part.size] = part
    return np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]


def rms(samples: Float32) -> float:
    """Return the root mean square; 0 for no samples."""
    if samples.size == 0:
        return 0.0
    flat = samples.ravel()
    blocks = range(0, flat.size, _RMS_BLOCK)
    total = sum(float(np.square(flat[i : i + _RMS_BLOCK], dtype=np.float64).sum()) for i in blocks)
    return (total / flat.size) ** 0.5


def reference_gain(samples: Float32) -> float:
    """Return the linear gain to `REFERENCE_RMS`; 0 for silence."""
    level = rms(samples)
    return REFERENCE_RMS / level if level >= _SILENT_RMS else 0.0


def normalised(samples: Float32) -> Float32:
    """Return the samples scaled to `REFERENCE_RMS`; silence stays silence."""
    return (samples * reference_gain(samples)).astype(np.float32)


def reference_power(samples: Float32) -> Float32:
    """Return `mel_power` of the samples at `REFERENCE_RMS`, without copying them."""
    return mel_power(samples, gain=reference_gain(samples))


def compressed(power: Float32) -> Float32:
    """Return the network's input: log10 power scaled to about −2..2."""
    return (np.log10(power + FLOOR) * np.float32(0.77) + np.float32(0.38)).astype(np.float32)
