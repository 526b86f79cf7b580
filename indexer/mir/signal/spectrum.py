"""One pass of short-time spectra that onset, tempo and timbre stages share.

Audio is mono float32 at 22.05 kHz. The pass works in blocks, so that the spectra of a long
track never stand in memory; what stays is a few numbers a frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import fft

from indexer.mir.signal import spectral
from indexer.mir.types import AnalysisError

ANALYSIS_RATE_HZ = 22050
HOP_SAMPLES = 220
"""About 100 frames a second: 1 % of a beat at 60 BPM, and lags of whole frames up to 265 BPM."""
FRAME_RATE_HZ = ANALYSIS_RATE_HZ / HOP_SAMPLES
LONG_FRAME, LONG_BANDS = 1024, 72
SHORT_FRAME, SHORT_BANDS = 256, 30
BLOCK_FRAMES = 2048
FFT_SAMPLES = 65_536
"""Transformed at once: frames, windowed frames and spectra of this many stay in the cache."""
BAND_EDGES_HZ = (130.0, 300.0, 700.0, 1600.0, 3500.0, 7000.0)
"""Kick, low toms and bass, snare body, voice, snare noise, attack, cymbals."""
N_CURVES = len(BAND_EDGES_HZ) + 3
POWER_FLOOR = 2.5e-5
"""About −77 dB under a full-scale tone: quieter changes are noise, not onsets."""
REFERENCE_RMS = 0.1
"""The pass scales every track to −20 dBFS, so that its onsets do not depend on mastering."""
SILENT_RMS = 1e-5


@dataclass(frozen=True, slots=True)
class SpectrumScan:
    """What one pass over the spectra leaves.

    Attributes:
        onset_curves: float32, (9, n_frames), half-wave rectified log-power rises: seven bands from
            low to high, all bands with the long frame, all bands with the short frame.
        descriptors: float32, (n_rows, 6): the columns of `spectral.DESCRIPTORS`, every
            fourth frame, silent frames left out.
        silent: Nothing to hear in the whole track.
    """

    onset_curves: np.ndarray
    descriptors: np.ndarray
    silent: bool


def to_analysis_rate(samples: np.ndarray, *, sample_rate: int) -> np.ndarray:
    """Mono float32 at 22.05 kHz; values that are not finite become 0.

    Raises:
        AnalysisError: The array is not one channel, or empty.
    """
    if samples.ndim != 1:
        raise AnalysisError("Expected one channel of audio; mix it down before the analysis.")
    if samples.size == 0:
        raise AnalysisError("The file holds no audio.")
    clean = samples.astype(np.float32, copy=False)
    if not np.isfinite(clean).all():
        clean = np.nan_to_num(clean, nan=0.0, posinf=0.0, neginf=0.0)
    if sample_rate == ANALYSIS_RATE_HZ:
        return clean
    import soxr

    return soxr.resample(clean, sample_rate, ANALYSIS_RATE_HZ).astype(np.float32, copy=False)


def _hz_to_mel(hz: np.ndarray) -> np.ndarray:
    """Slaney's scale: linear below 1 kHz, logarithmic above."""
    linear = hz * 3 / 200
    return np.where(hz < 1000, linear, 15 + np.log(np.maximum(hz, 1e-9) / 1000) * 27 / np.log(6.4))


def _mel_to_hz(mel: np.ndarray) -> np.ndarray:
    return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * np.log(6.4) / 27))


@lru_cache(maxsize=4)
def mel_filters(frame: int, n_bands: int) -> tuple[np.ndarray, np.ndarray]:
    """Triangles of equal area, float32 (n_bins, n_bands), and the centre of each in Hz."""
    top = _hz_to_mel(np.array(ANALYSIS_RATE_HZ / 2))
    corners = _mel_to_hz(np.linspace(0.0, float(top), n_bands + 2))
    bins = np.arange(frame // 2 + 1) * ANALYSIS_RATE_HZ / frame
    rise = (bins[:, None] - corners[:-2]) / np.diff(corners)[:-1]
    fall = (corners[2:] - bins[:, None]) / np.diff(corners)[1:]
    filters = np.maximum(0, np.minimum(rise, fall)) * 2 / (corners[2:] - corners[:-2])
    return filters.astype(np.float32), corners[1:-1]


def power_blocks(
    samples: np.ndarray, *, frame: int, block: int = BLOCK_FRAMES, gain: float = 1.0
) -> Iterator[np.ndarray]:
    """Power spectra of `gain` · samples in blocks, float32 (≤ block, frame/2 + 1).

    Frames are centred on multiples of the hop; beyond the ends there is silence. The array is
    written over for the next block.
    """
    window = (gain * np.hanning(frame + 1)[:-1]).astype(np.float32)
    n_frames = len(samples) // HOP_SAMPLES + 1
    out = np.empty((min(block, n_frames), frame // 2 + 1), dtype=np.float32)
    part = max(FFT_SAMPLES // frame, 1)
    for first in range(0, n_frames, block):
        last = min(first + block, n_frames)
        for start in range(first, last, part):
            frames = _frames(samples, frame, start, min(start + part, last))
            spectra = np.asarray(fft.rfft(frames * window, axis=1))
            power = out[start - first : start - first + len(frames)]
            np.square(np.real(spectra), out=power)
            power += np.square(np.imag(spectra))
        yield out[: last - first]


def _frames(samples: np.ndarray, frame: int, first: int, last: int) -> np.ndarray:
    """Frames `first` .. `last` − 1, (n, frame); a copy only where they reach beyond the ends."""
    begin = first * HOP_SAMPLES - frame // 2
    end = (last - 1) * HOP_SAMPLES + frame // 2
    inside = samples[max(begin, 0) : end]
    if begin < 0 or end > len(samples):
        inside = np.pad(inside, (max(-begin, 0), max(end - len(samples), 0)))
    return np.lib.stride_tricks.sliding_window_view(inside, frame)[::HOP_SAMPLES]


def scan(samples: np.ndarray) -> SpectrumScan:
    """Runs the pass over mono float32 audio at 22.05 kHz."""
    rms = spectral.rms(samples)
    n_frames = len(samples) // HOP_SAMPLES + 1
    if rms < SILENT_RMS:
        empty = np.zeros((0, len(spectral.DESCRIPTORS)), dtype=np.float32)
        return SpectrumScan(np.zeros((N_CURVES, n_frames), dtype=np.float32), empty, True)
    gain = REFERENCE_RMS / rms
    curves = np.zeros((N_CURVES, n_frames), dtype=np.float32)
    rows: list[np.ndarray] = []
    _, centres = mel_filters(LONG_FRAME, LONG_BANDS)
    bands = np.digitize(centres, BAND_EDGES_HZ)
    position = 0
    last: np.ndarray | None = None
    for power in power_blocks(samples, frame=LONG_FRAME, gain=gain):
        log_mel = _log_mel(power, LONG_FRAME, LONG_BANDS)
        rise, last = _rises(log_mel, last)
        for band in range(N_CURVES - 2):
            curves[band, position : position + len(rise)] = rise[:, bands == band].mean(axis=1)
        curves[-2, position : position + len(rise)] = rise.mean(axis=1)
        rows.append(spectral.describe(power[::4], sample_rate=ANALYSIS_RATE_HZ))
        position += len(rise)
    position, last = 0, None
    for power in power_blocks(samples, frame=SHORT_FRAME, gain=gain):
        rise, last = _rises(_log_mel(power, SHORT_FRAME, SHORT_BANDS), last)
        curves[-1, position : position + len(rise)] = rise.mean(axis=1)
        position += len(rise)
    return SpectrumScan(curves, np.concatenate(rows), False)


def _log_mel(power: np.ndarray, frame: int, n_bands: int) -> np.ndarray:
    filters, _ = mel_filters(frame, n_bands)
    return np.log10(power @ filters + np.float32(POWER_FLOOR))


def _rises(log_mel: np.ndarray, last: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Half-wave rectified differences and the last row, for the next block."""
    before = log_mel[:1] if last is None else last
    rise = np.maximum(np.diff(np.concatenate([before, log_mel]), axis=0), 0)
    return rise, log_mel[-1:]
