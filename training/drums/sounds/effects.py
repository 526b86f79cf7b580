"""Rooms, equalisers and compressors: what happens to drums between the stick and the record."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d
from scipy.signal import butter, fftconvolve, lfilter, sosfilt

from indexer.drums.hearing.mel import SAMPLE_RATE

Float = NDArray[np.float32]
Random = np.random.Generator

_MAX_TAIL_S: Final = 1.2


def gain_of_db(db: float) -> float:
    """Amplitude factor of a gain in dB."""
    return float(10 ** (db / 20))


def log_uniform(rng: Random, low: float, high: float) -> float:
    """A number between two limits, even in logarithm: for frequencies and times."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def bell_eq(samples: Float, hz: float, gain_db: float, *, q: float = 0.8) -> Float:
    """A bell equaliser (R. Bristow-Johnson, Audio EQ Cookbook)."""
    amplitude = 10 ** (gain_db / 40)
    angle = 2 * np.pi * hz / SAMPLE_RATE
    alpha = np.sin(angle) / (2 * q)
    top = np.array([1 + alpha * amplitude, -2 * np.cos(angle), 1 - alpha * amplitude])
    bottom = np.array([1 + alpha / amplitude, -2 * np.cos(angle), 1 - alpha / amplitude])
    return np.asarray(lfilter(top / bottom[0], bottom / bottom[0], samples), np.float32)


def random_eq(rng: Random, samples: Float, *, strength_db: float, bands: int = 2) -> Float:
    """Random bells over the whole range."""
    for _ in range(bands):
        samples = bell_eq(samples, log_uniform(rng, 60, 14000), float(rng.normal(0, strength_db)))
    return samples


def saturate(rng: Random, samples: Float, *, max_drive: float = 5.0) -> Float:
    """Soft clipping, of a random strength."""
    peak = float(np.abs(samples).max()) + 1e-9
    return np.tanh(samples * np.float32(log_uniform(rng, 0.5, max_drive) / peak)).astype(np.float32)


def compress(rng: Random, samples: Float) -> Float:
    """A compressor: what is louder than the threshold is turned down with a release time."""
    block = 64
    count = -(-samples.size // block)
    peaks = np.abs(np.pad(samples, (0, count * block - samples.size))).reshape(count, block)
    attack_blocks = 1 + int(rng.integers(0, 8))
    level = maximum_filter1d(peaks.max(axis=1), attack_blocks)
    release_s = log_uniform(rng, 0.03, 0.4)
    keep = float(np.exp(-block / SAMPLE_RATE / release_s))
    envelope = np.asarray(lfilter([1 - keep], [1, -keep], level)) + 1e-6
    threshold = float(np.percentile(envelope, rng.uniform(20, 80)))
    ratio = rng.uniform(1.5, 6)
    gain = np.minimum(1, (threshold / np.maximum(envelope, 1e-6)) ** (1 - 1 / ratio))
    curve = np.interp(np.arange(samples.size), np.arange(count) * block, gain)
    return (samples * curve).astype(np.float32)


def add_reverb(rng: Random, samples: Float, *, low_db: float, high_db: float) -> Float:
    """Reverberation: decaying noise after a pre-delay, at a random level."""
    decay_s = log_uniform(rng, 0.15, 1.6)
    time = np.arange(int(min(decay_s, _MAX_TAIL_S) * SAMPLE_RATE)) / SAMPLE_RATE
    tail = rng.standard_normal(time.size) * 10 ** (-3 * time / decay_s)
    limits = [rng.uniform(80, 250), rng.uniform(3000, 10000)]
    sos = butter(1, limits, "bandpass", fs=SAMPLE_RATE, output="sos")
    tail = np.asarray(sosfilt(sos, tail))
    tail /= np.sqrt(np.square(tail).sum()) + 1e-9
    silence = np.zeros(int(rng.uniform(0.002, 0.03) * SAMPLE_RATE))
    response = np.concatenate([silence, tail]).astype(np.float32)
    wet = fftconvolve(samples, response)[: samples.size]
    return (samples + gain_of_db(rng.uniform(low_db, high_db)) * wet).astype(np.float32)


def change_speed(samples: Float, speed: float) -> Float:
    """Played faster or slower, as a tape would: pitch and length change together."""
    if abs(speed - 1) < 1e-3:
        return samples
    at = np.arange(int(samples.size / speed)) * speed
    return np.interp(at, np.arange(samples.size), samples).astype(np.float32)
