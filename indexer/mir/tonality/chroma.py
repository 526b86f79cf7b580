"""Pitch-class profiles of spectral peaks: what the key is read from.

Peaks of long spectra (interpolated on a log-parabola) fall into a fine log-frequency axis, are
whitened against their neighbourhood, freed of the overtones of lower peaks, spread over semitones
by a cos² lobe after the tuning was taken out, and folded into octaves: once for the treble, once
for the bass.
Sources: Gómez (2006), "Tonal description of polyphonic audio" (HPCP); Mauch & Dixon (2010).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import fft, ndimage

from indexer.mir.signal.spectrum import ANALYSIS_RATE_HZ

FRAME_SAMPLES = 8192
"""372 ms: semitones part from 45 Hz upwards."""
HOP_SAMPLES = 4096
BINS_PER_OCTAVE = 60
LOWEST_HZ = 27.5
"""A0, so that bin 0 is an A."""
N_BINS = 7 * BINS_PER_OCTAVE
BINS_PER_SEMITONE = BINS_PER_OCTAVE // 12
TREBLE_HZ = (60.0, 2500.0)
BASS_HZ = (35.0, 200.0)
WHITENING_BINS = 61
"""About an octave: a pitch counts by how it stands out there, not by the timbre."""
OVERTONES = (3, 5, 6, 7)
"""Partials that are other pitch classes than their fundamental: fifth, third and seventh."""
OVERTONE_DECAY = 0.7
"""Each partial is taken to have this much of the one below it."""
LEAST_PEAK = 0.1
"""Peaks more than 20 dB under the loudest of their frame are partials and noise, not notes."""
QUIET_DB = -30.0
"""Frames this far under the loudest tenth carry reverberation rather than harmony."""
MAX_FRAMES = 1200
"""Of longer tracks every n-th frame: the key of four minutes is that of the whole."""
BLOCK_FRAMES = 32
"""Transformed at once: about 4 MB of frames and spectra."""
SILENT_ENERGY = 1e-6


@dataclass(frozen=True, slots=True)
class Chroma:
    """Pitch-class profiles, frame by frame, loud frames only.

    Attributes:
        treble: float32, (n_frames, 12) from C, unit length, 60..2500 Hz.
        bass: float32, (n_frames, 12) from C, unit length or 0, 35..200 Hz.
        tuning_cents: Offset from A = 440 Hz, −50..50.
        times_s: float, (n_frames,), the middle of each frame.
        ends: The recording dies away: it is not cut in the middle.
    """

    treble: np.ndarray
    bass: np.ndarray
    tuning_cents: float
    times_s: np.ndarray
    ends: bool = False


def bin_frequencies_hz() -> np.ndarray:
    """Centres of the log-frequency bins, float (420,)."""
    return LOWEST_HZ * 2 ** (np.arange(N_BINS) / BINS_PER_OCTAVE)


def frame_step(n_samples: int) -> int:
    """Every how many hops a frame is taken of audio this long."""
    n_frames = max(n_samples - FRAME_SAMPLES, 0) // HOP_SAMPLES + 1
    return int(np.ceil(n_frames / MAX_FRAMES))


def peak_spectra(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Peak amplitudes on the log-frequency axis and the energy of each frame.

    Args:
        samples: float32, (n,), mono at 22.05 kHz.

    Returns:
        float32 (n_frames, 420) and float (n_frames,).
    """
    if len(samples) < FRAME_SAMPLES:
        samples = np.pad(samples, (0, FRAME_SAMPLES - len(samples)))
    frames = np.lib.stride_tricks.sliding_window_view(samples, FRAME_SAMPLES)[::HOP_SAMPLES]
    frames = frames[:: frame_step(len(samples))]
    window = np.hanning(FRAME_SAMPLES).astype(np.float32)
    out = np.zeros((len(frames), N_BINS), dtype=np.float32)
    energy = np.zeros(len(frames))
    n_bins = int(TREBLE_HZ[1] * 1.5 * FRAME_SAMPLES / ANALYSIS_RATE_HZ)
    for start in range(0, len(frames), BLOCK_FRAMES):
        windowed = frames[start : start + BLOCK_FRAMES] * window
        energy[start : start + BLOCK_FRAMES] = np.square(windowed).mean(axis=1)
        spectra = np.asarray(fft.rfft(windowed, axis=1))[:, :n_bins]
        out[start : start + BLOCK_FRAMES] = _place_peaks(np.abs(spectra))
    return out, energy


def _place_peaks(spectra: np.ndarray) -> np.ndarray:
    middle = spectra[:, 1:-1]
    is_peak = (middle > spectra[:, :-2]) & (middle >= spectra[:, 2:]) & (middle > 1e-6)
    rows, columns = np.nonzero(is_peak)
    left, centre, right = (np.log(spectra[rows, columns + shift] + 1e-12) for shift in (0, 1, 2))
    curvature = left - 2 * centre + right
    offset = np.where(curvature < -1e-9, 0.5 * (left - right) / np.minimum(curvature, -1e-9), 0)
    height = np.exp(centre - 0.25 * (left - right) * offset)
    hz = (columns + 1 + offset) * ANALYSIS_RATE_HZ / FRAME_SAMPLES
    bins = np.round(BINS_PER_OCTAVE * np.log2(np.maximum(hz, 1.0) / LOWEST_HZ)).astype(int)
    inside = (bins >= 0) & (bins < N_BINS)
    flat = np.bincount(
        rows[inside] * N_BINS + bins[inside],
        weights=height[inside],
        minlength=len(spectra) * N_BINS,
    )
    return flat.reshape(len(spectra), N_BINS).astype(np.float32)


def tuning_bins(peaks: np.ndarray) -> float:
    """Offset of the whole track from A = 440 Hz in bins, −2.5..2.5, by circular mean."""
    weights = np.sqrt(peaks).sum(axis=0)
    angles = 2 * np.pi * np.arange(N_BINS) / BINS_PER_SEMITONE
    mean = np.sum(weights * np.exp(1j * angles))
    return float(np.angle(mean) * BINS_PER_SEMITONE / (2 * np.pi))


def _whiten(peaks: np.ndarray) -> np.ndarray:
    """Strong peaks over the local root mean square: timbre is levelled, pitches stay."""
    peaks = np.where(peaks >= LEAST_PEAK * peaks.max(axis=1, keepdims=True), peaks, 0)
    local = np.sqrt(ndimage.uniform_filter1d(np.square(peaks), WHITENING_BINS, axis=1))
    return np.divide(peaks, local, out=np.zeros_like(peaks), where=local > 1e-9)


def _without_overtones(white: np.ndarray) -> np.ndarray:
    """What stands out beyond the overtones that the peaks below it may have."""
    wide = white.copy()
    np.maximum(wide[:, 1:], white[:, :-1], out=wide[:, 1:])
    np.maximum(wide[:, :-1], white[:, 1:], out=wide[:, :-1])
    expected = np.zeros_like(white)
    for partial in OVERTONES:
        up = round(BINS_PER_OCTAVE * np.log2(partial))
        heard = OVERTONE_DECAY ** (partial - 1) * wide[:, :-up]
        np.maximum(expected[:, up:], heard, out=expected[:, up:])
    return np.maximum(white - expected, 0)


def _fold(band_hz: tuple[float, float], tuning: float) -> np.ndarray:
    """Weights from bins to pitch classes, float32 (420, 12): cos² lobes a semitone to each side."""
    position = (np.arange(N_BINS) - tuning) / BINS_PER_SEMITONE - 3  # bin 0 is A, class 0 is C
    distance = (position[:, None] - np.arange(12) + 6) % 12 - 6
    lobe = np.where(np.abs(distance) < 1, np.cos(np.pi / 2 * distance) ** 2, 0)
    hz = bin_frequencies_hz()
    inside = (hz >= band_hz[0]) & (hz <= band_hz[1])
    return (lobe * inside[:, None]).astype(np.float32)


def chroma(samples: np.ndarray) -> Chroma | None:
    """Pitch-class profiles of mono float32 audio at 22.05 kHz; None when nothing has a pitch."""
    peaks, energy = peak_spectra(samples)
    quiet = np.quantile(energy, 0.9) * 10 ** (QUIET_DB / 10)
    loud = energy > max(quiet, SILENT_ENERGY**2)
    step = HOP_SAMPLES * frame_step(len(samples))
    times_s = (np.flatnonzero(loud) * step + FRAME_SAMPLES / 2) / ANALYSIS_RATE_HZ
    peaks = peaks[loud]
    if peaks.size == 0 or float(peaks.max()) < SILENT_ENERGY:
        return None
    tuning = tuning_bins(peaks)
    white = _without_overtones(_whiten(peaks))
    treble, bass = (_unit(white @ _fold(band, tuning)) for band in (TREBLE_HZ, BASS_HZ))
    return Chroma(treble, bass, tuning * 100 / BINS_PER_SEMITONE, times_s, not loud[-1])


def _unit(rows: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, length, out=np.zeros_like(rows), where=length > 1e-9)
