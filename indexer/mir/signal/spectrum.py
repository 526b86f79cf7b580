"""Short-time spectra: onset curves and spectral descriptors in one pass.

Audio is mono float32 at 22.05 kHz. The pass works in blocks of frames, so that memory holds a few
numbers a frame instead of the spectra of a whole track.
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
"""About 100 frames a second: a frame is 1 % of a beat at 60 BPM and 4 % of one at 265 BPM."""
FRAME_RATE_HZ = ANALYSIS_RATE_HZ / HOP_SAMPLES
LONG_FRAME_SAMPLES, LONG_BANDS = 1024, 72
"""46 ms with 72 mel bands: resolves frequency."""
SHORT_FRAME_SAMPLES, SHORT_BANDS = 256, 30
"""12 ms with 30 mel bands: resolves time."""
BLOCK_FRAMES = 2048
"""Frames held at once: 4 MB of spectra."""
DESCRIPTOR_STEP = 4
"""Spectral descriptors are computed for every fourth frame: their mean hardly changes."""
FFT_SAMPLES = 65_536
"""Samples of all frames per transform: frames and spectra fit into the processor cache."""
BAND_EDGES_HZ = (130.0, 300.0, 700.0, 1600.0, 3500.0, 7000.0)
"""Seven bands: kick, low toms and bass, snare body, voice, snare noise, attack, cymbals."""
N_CURVES = len(BAND_EDGES_HZ) + 3
"""Seven bands, all bands with the long frame, all bands with the short frame."""
POWER_FLOOR = 2.5e-5
"""About −77 dB relative to a full-scale tone: lower changes are noise, not onsets."""
REFERENCE_RMS = 0.1
"""Every track is scaled to −20 dBFS, so that onsets do not depend on mastering."""
SILENT_RMS = 1e-5
"""−100 dBFS: tracks below are silent."""


@dataclass(frozen=True, slots=True)
class SpectrumScan:
    """Result of one pass over the spectra.

    Attributes:
        onset_curves: float32, (9, n_frames), half-wave rectified log-power rises: seven bands from
            low to high, all bands with the long frame, all bands with the short frame.
        descriptors: float32, (n_rows, 6): the columns of `spectral.DESCRIPTORS`, every
            fourth frame, silent frames left out.
        silent: The level of the whole track is below `SILENT_RMS`.
    """

    onset_curves: np.ndarray
    descriptors: np.ndarray
    silent: bool


def to_analysis_rate(samples: np.ndarray, *, sample_rate: int) -> np.ndarray:
    """Resample mono audio to 22.05 kHz, float32 (n_samples,); non-finite values become 0.

    Args:
        samples: float, (n_samples,).
        sample_rate: Hz.

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
    """Mel scale of Slaney (1998): linear below 1 kHz, logarithmic above."""
    linear = hz * 3 / 200
    return np.where(hz < 1000, linear, 15 + np.log(np.maximum(hz, 1e-9) / 1000) * 27 / np.log(6.4))


def _mel_to_hz(mel: np.ndarray) -> np.ndarray:
    return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * np.log(6.4) / 27))


@lru_cache(maxsize=4)
def mel_filters(frame: int, n_bands: int) -> tuple[np.ndarray, np.ndarray]:
    """Return triangles of equal area, float32 (n_bins, n_bands), and the centre of each in Hz."""
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
    """Yield power spectra of `gain` · `samples` in blocks, float32 (≤ block, frame/2 + 1).

    Frames are centred on multiples of the hop and padded with silence at both ends. The yielded
    array is overwritten by the next block.
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
    """Compute onset curves and spectral descriptors.

    Args:
        samples: float32, (n_samples,), mono at 22.05 kHz.
    """
    rms = spectral.rms(samples)
    n_frames = len(samples) // HOP_SAMPLES + 1
    if rms < SILENT_RMS:
        empty = np.zeros((0, len(spectral.DESCRIPTORS)), dtype=np.float32)
        return SpectrumScan(np.zeros((N_CURVES, n_frames), dtype=np.float32), empty, True)
    gain = REFERENCE_RMS / rms
    curves = np.zeros((N_CURVES, n_frames), dtype=np.float32)
    descriptors = _scan_long_frames(samples, gain, curves)
    _scan_short_frames(samples, gain, curves)
    return SpectrumScan(curves, descriptors, False)


def _scan_long_frames(samples: np.ndarray, gain: float, curves: np.ndarray) -> np.ndarray:
    """Fill all rows of `curves` but the last; return the descriptors, float32 (n_rows, 6)."""
    _, centres = mel_filters(LONG_FRAME_SAMPLES, LONG_BANDS)
    bands = np.digitize(centres, BAND_EDGES_HZ)
    rows: list[np.ndarray] = []
    position = 0
    last: np.ndarray | None = None
    for power in power_blocks(samples, frame=LONG_FRAME_SAMPLES, gain=gain):
        rise, last = _rises(_log_mel(power, LONG_FRAME_SAMPLES, LONG_BANDS), last)
        for band in range(N_CURVES - 2):
            curves[band, position : position + len(rise)] = rise[:, bands == band].mean(axis=1)
        curves[-2, position : position + len(rise)] = rise.mean(axis=1)
        rows.append(spectral.describe(power[::DESCRIPTOR_STEP], sample_rate=ANALYSIS_RATE_HZ))
        position += len(rise)
    return np.concatenate(rows)


def _scan_short_frames(samples: np.ndarray, gain: float, curves: np.ndarray) -> None:
    """Fill the last row of `curves`."""
    position = 0
    last: np.ndarray | None = None
    for power in power_blocks(samples, frame=SHORT_FRAME_SAMPLES, gain=gain):
        rise, last = _rises(_log_mel(power, SHORT_FRAME_SAMPLES, SHORT_BANDS), last)
        curves[-1, position : position + len(rise)] = rise.mean(axis=1)
        position += len(rise)


def _log_mel(power: np.ndarray, frame: int, n_bands: int) -> np.ndarray:
    """log10 of the power in mel bands, float32 (n_frames, n_bands)."""
    filters, _ = mel_filters(frame, n_bands)
    return np.log10(power @ filters + np.float32(POWER_FLOOR))


def _rises(log_mel: np.ndarray, last: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Half-wave rectified differences and the last row, for the next block."""
    before = log_mel[:1] if last is None else last
    rise = np.maximum(np.diff(np.concatenate([before, log_mel]), axis=0), 0)
    return rise, log_mel[-1:]
