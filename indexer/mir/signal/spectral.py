"""Spectral descriptors and level statistics.

Functions of spectra take `power`, float32 (n_frames, n_bins), and return one value a frame, float32
(n_frames,). Source: Peeters, "A large set of audio features for sound description" (2004).
"""

from __future__ import annotations

import numpy as np

DESCRIPTORS = (
    "spectral_centroid_hz",
    "spectral_bandwidth_hz",
    "spectral_rolloff_hz",
    "spectral_flatness",
    "spectral_flux",
    "high_energy_ratio",
)
"""Columns of `describe`, in order."""
ROLLOFF_SHARE = 0.85
"""Share of the power below the roll-off frequency, as is usual."""
SILENT_POWER = 1e-4
"""Frames below about −80 dB of a full-scale tone are left out."""
HIGH_HZ = 5000.0
"""Lower limit of the band of `high_energy_ratio`: cymbals, sibilants, noise."""
RMS_PART_SAMPLES = 65_536
"""Samples summed in float32; the sums of the parts are added in float64."""
LEVEL_BLOCK_S = 0.4
"""Block of `level_variation_db`: the momentary window of EBU R 128."""
TINY = 1e-12
"""Avoids division by zero and log of zero."""


def frequencies(n_bins: int, *, sample_rate: int) -> np.ndarray:
    """Return the centre of each bin in Hz, float32 (n_bins,)."""
    return np.linspace(0.0, sample_rate / 2, n_bins, dtype=np.float32)


def centroid_hz(power: np.ndarray, *, sample_rate: int) -> np.ndarray:
    """Compute the magnitude-weighted mean frequency, 0 .. sample_rate/2."""
    magnitude = np.sqrt(power)
    return magnitude @ frequencies(power.shape[1], sample_rate=sample_rate) / _total(magnitude)


def bandwidth_hz(power: np.ndarray, *, sample_rate: int) -> np.ndarray:
    """Compute the magnitude-weighted standard deviation around the centroid, 0 .. sample_rate/2."""
    magnitude = np.sqrt(power)
    freqs = frequencies(power.shape[1], sample_rate=sample_rate)
    total = _total(magnitude)
    mean = magnitude @ freqs / total
    return np.sqrt(np.maximum(magnitude @ np.square(freqs) / total - np.square(mean), 0))


def rolloff_hz(power: np.ndarray, *, sample_rate: int) -> np.ndarray:
    """Compute the frequency below which 85 % of the power lies, 0 .. sample_rate/2."""
    cumulative = np.cumsum(power, axis=1)
    index = np.argmax(cumulative >= ROLLOFF_SHARE * cumulative[:, -1:], axis=1)
    return frequencies(power.shape[1], sample_rate=sample_rate)[index]


def flatness(power: np.ndarray) -> np.ndarray:
    """Compute geometric over arithmetic mean of the power, 0 (a tone) .. 1 (white noise)."""
    geometric = np.exp(np.mean(np.log(power + TINY), axis=1))
    return np.minimum(geometric / (power.mean(axis=1) + TINY), 1.0)


def flux(power: np.ndarray) -> np.ndarray:
    """Compute the distance of successive unit-norm magnitude spectra, 0 (equal) .. √2."""
    magnitude = np.sqrt(power)
    unit = magnitude / (np.linalg.norm(magnitude, axis=1, keepdims=True) + TINY)
    change = np.linalg.norm(np.diff(unit, axis=0, prepend=unit[:1]), axis=1)
    return change


def high_energy_ratio(power: np.ndarray, *, sample_rate: int) -> np.ndarray:
    """Compute the share of the power above `HIGH_HZ`, 0..1."""
    high = frequencies(power.shape[1], sample_rate=sample_rate) >= HIGH_HZ
    return power[:, high].sum(axis=1) / _total(power)


def describe(power: np.ndarray, *, sample_rate: int) -> np.ndarray:
    """Compute `DESCRIPTORS` of the frames that are not silent, float32 (n_sounding, 6)."""
    sounding = power[power.sum(axis=1) > SILENT_POWER]
    if len(sounding) == 0:
        return np.zeros((0, len(DESCRIPTORS)), dtype=np.float32)
    columns = (
        centroid_hz(sounding, sample_rate=sample_rate),
        bandwidth_hz(sounding, sample_rate=sample_rate),
        rolloff_hz(sounding, sample_rate=sample_rate),
        flatness(sounding),
        flux(sounding),
        high_energy_ratio(sounding, sample_rate=sample_rate),
    )
    return np.stack(columns, axis=1).astype(np.float32)


def summarise(rows: np.ndarray) -> dict[str, float]:
    """Return the mean of each descriptor over the track; empty for silence."""
    if len(rows) == 0:
        return {}
    return dict(zip(DESCRIPTORS, (float(v) for v in rows.mean(axis=0)), strict=True))


def rms(samples: np.ndarray) -> float:
    """Return the root mean square of audio, float32 (n_samples,), without a copy of it."""
    parts = (
        samples[start : start + RMS_PART_SAMPLES]
        for start in range(0, len(samples), RMS_PART_SAMPLES)
    )
    return float(np.sqrt(sum(float(np.dot(part, part)) for part in parts) / max(len(samples), 1)))


def zero_crossing_rate(samples: np.ndarray) -> float:
    """Return sign changes per sample, 0..1 (0.5 for white noise), of mono float32 audio."""
    if len(samples) < 2:
        return 0.0
    negative = np.signbit(samples)
    return np.count_nonzero(negative[1:] != negative[:-1]) / (len(samples) - 1)


def crest_factor_db(samples: np.ndarray) -> float:
    """Return peak over RMS in dB: 3 for a sine, 0 for a square wave, 10..20 for music."""
    peak = float(max(samples.max(initial=0.0), -samples.min(initial=0.0)))
    if peak < 1e-6:
        return 0.0
    return float(20 * np.log10(peak / max(rms(samples), TINY)))


def level_variation_db(samples: np.ndarray, *, sample_rate: int) -> float:
    """Return the standard deviation of the level of blocks in dB.

    Blocks more than 60 dB below the loudest one are left out.
    """
    block = max(int(LEVEL_BLOCK_S * sample_rate), 1)
    n_blocks = len(samples) // block
    if n_blocks < 2:
        return 0.0
    blocks = samples[: n_blocks * block].reshape(n_blocks, block)
    power = np.einsum("ij,ij->i", blocks, blocks) / block
    power = power[power > max(1e-6 * float(power.max()), 1e-10)]
    return float(np.std(10 * np.log10(power))) if len(power) > 1 else 0.0


def _total(values: np.ndarray) -> np.ndarray:
    return values.sum(axis=1) + TINY
