"""Pitch-class profiles (HPCP) of spectral peaks, the input of key estimation.

Peaks of long spectra, interpolated on a log-parabola, are binned on a log-frequency axis of 60 bins
an octave, divided by the local root mean square (whitening), reduced by the expected overtones of
lower peaks, spread over semitones by a cos² lobe around the tuned pitch, and folded into one
octave: once for the treble, once for the bass.
Sources: Gómez (2006), "Tonal description of polyphonic audio" (HPCP); Mauch & Dixon (2010).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import fft, ndimage

from indexer.mir.signal.spectrum import ANALYSIS_RATE_HZ

FRAME_SAMPLES = 8192
"""372 ms: resolves semitones from 45 Hz upwards."""
HOP_SAMPLES = 4096
"""186 ms, half a frame."""
BINS_PER_OCTAVE = 60
LOWEST_HZ = 27.5
"""A0, so that bin 0 is an A."""
N_BINS = 7 * BINS_PER_OCTAVE
BINS_PER_SEMITONE = BINS_PER_OCTAVE // 12
TREBLE_HZ = (60.0, 2500.0)
BASS_HZ = (35.0, 200.0)
"""Ranges of the fundamentals of melody and chords, and of the bass."""
WHITENING_BINS = 61
"""About an octave: level relative to the neighbourhood, independent of timbre."""
OVERTONES = (3, 5, 6, 7)
"""Partials that are other pitch classes than their fundamental: fifth, third and seventh."""
OVERTONE_DECAY = 0.7
"""Expected amplitude of each partial, relative to the one below it."""
MIN_PEAK_RATIO = 0.1
"""Peaks more than 20 dB below the highest of their frame are partials and noise, not notes."""
QUIET_DB = -30.0
"""Frames this far below the loudest tenth carry reverberation rather than harmony."""
MAX_FRAMES = 1200
"""Longer tracks (from 3.7 min) are analysed in every n-th frame only, to bound time and memory."""
BLOCK_FRAMES = 32
"""Transformed at once: about 4 MB of frames and spectra."""
NARROW_BINS = 21
"""57 Hz: a steady pitch is a peak of three of these bins."""
NARROW_RATIO = 8.0
"""Power of the peak of a steady pitch, at least, relative to the mean of `NARROW_BINS` around it:
a sine has 14; noise, strokes and the gliding pitch of speech have less."""
SILENT_AMPLITUDE = 1e-6
"""−120 dB relative to full scale."""


@dataclass(frozen=True, slots=True)
class Chroma:
    """Pitch-class profiles of each loud frame.

    Attributes:
        treble: float32, (n_frames, 12) from C, unit length, 60..2500 Hz.
        bass: float32, (n_frames, 12) from C, unit length or 0, 35..200 Hz.
        tuning_cents: Offset from A = 440 Hz, −50..50.
        times_s: float64, (n_frames,), the middle of each frame.
        ends: The recording ends in quiet frames, that is, it is not cut in the middle.
        pitch_share: Share of the power that steady pitches have, 0 (drums, noise) .. 1 (tones), the
            mean of the frames.
    """

    treble: np.ndarray
    bass: np.ndarray
    tuning_cents: float
    times_s: np.ndarray
    ends: bool = False
    pitch_share: float = 1.0


def bin_frequencies_hz() -> np.ndarray:
    """Return the centres of the log-frequency bins, float64 (420,)."""
    return LOWEST_HZ * 2 ** (np.arange(N_BINS) / BINS_PER_OCTAVE)


def frame_step(n_samples: int) -> int:
    """Return the distance of analysed frames in hops, so that there are at most `MAX_FRAMES`."""
    n_frames = max(n_samples - FRAME_SAMPLES, 0) // HOP_SAMPLES + 1
    return int(np.ceil(n_frames / MAX_FRAMES))


def peak_spectra(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Compute peak amplitudes on the log-frequency axis, and the power and pitch of each frame.

    Args:
        samples: float32, (n_samples,), mono at 22.05 kHz.

    Returns:
        float32, (n_frames, 420); mean square, float64, (n_frames,); share of the power that steady
        pitches have, float64, (n_frames,), 0..1.
    """
    if len(samples) < FRAME_SAMPLES:
        samples = np.pad(samples, (0, FRAME_SAMPLES - len(samples)))
    frames = np.lib.stride_tricks.sliding_window_view(samples, FRAME_SAMPLES)[::HOP_SAMPLES]
    frames = frames[:: frame_step(len(samples))]
    window = np.hanning(FRAME_SAMPLES).astype(np.float32)
    out = np.zeros((len(frames), N_BINS), dtype=np.float32)
    energy, pitch = np.zeros(len(frames)), np.zeros(len(frames))
    n_bins = int(TREBLE_HZ[1] * 1.5 * FRAME_SAMPLES / ANALYSIS_RATE_HZ)
    for start in range(0, len(frames), BLOCK_FRAMES):
        windowed = frames[start : start + BLOCK_FRAMES] * window
        energy[start : start + BLOCK_FRAMES] = np.square(windowed).mean(axis=1)
        spectra = np.asarray(fft.rfft(windowed, axis=1))[:, :n_bins]
        magnitudes = np.abs(spectra)
        out[start : start + BLOCK_FRAMES] = _bin_peaks(magnitudes)
        pitch[start : start + BLOCK_FRAMES] = _pitch_shares(magnitudes)
    return out, energy, pitch


def _pitch_shares(spectra: np.ndarray) -> np.ndarray:
    """Share of the power between `TREBLE_HZ` in narrow peaks: float64 (n_frames,)."""
    low, high = (int(hz * FRAME_SAMPLES / ANALYSIS_RATE_HZ) for hz in TREBLE_HZ)
    power = np.square(spectra[:, low:high])
    around = ndimage.uniform_filter1d(power, NARROW_BINS, axis=1)
    middle = power[:, 1:-1]
    lobe = power[:, :-2] + middle + power[:, 2:]
    narrow = (middle >= power[:, :-2]) & (middle >= power[:, 2:])
    narrow &= middle > NARROW_RATIO * around[:, 1:-1]
    return np.where(narrow, lobe, 0.0).sum(axis=1) / np.maximum(power.sum(axis=1), 1e-20)


def _bin_peaks(spectra: np.ndarray) -> np.ndarray:
    """Peaks of magnitude spectra, interpolated and binned: float32 (n_frames, 420)."""
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
    """Return the tuning offset from A = 440 Hz in bins, −2.5..2.5, by circular mean over peaks."""
    weights = np.sqrt(peaks).sum(axis=0)
    angles = 2 * np.pi * np.arange(N_BINS) / BINS_PER_SEMITONE
    mean = np.sum(weights * np.exp(1j * angles))
    return float(np.angle(mean) * BINS_PER_SEMITONE / (2 * np.pi))


def _whiten(peaks: np.ndarray) -> np.ndarray:
    """Divide strong peaks by the local root mean square, which removes the spectral envelope."""
    peaks = np.where(peaks >= MIN_PEAK_RATIO * peaks.max(axis=1, keepdims=True), peaks, 0)
    local = np.sqrt(ndimage.uniform_filter1d(np.square(peaks), WHITENING_BINS, axis=1))
    return np.divide(peaks, local, out=np.zeros_like(peaks), where=local > 1e-9)


def _subtract_overtones(white: np.ndarray) -> np.ndarray:
    """Subtract from each bin the highest overtone that lower peaks are expected to have there."""
    wide = white.copy()
    np.maximum(wide[:, 1:], white[:, :-1], out=wide[:, 1:])
    np.maximum(wide[:, :-1], white[:, 1:], out=wide[:, :-1])
    expected = np.zeros_like(white)
    for partial in OVERTONES:
        up = round(BINS_PER_OCTAVE * np.log2(partial))
        overtone = OVERTONE_DECAY ** (partial - 1) * wide[:, :-up]
        np.maximum(expected[:, up:], overtone, out=expected[:, up:])
    return np.maximum(white - expected, 0)


def _fold(band_hz: tuple[float, float], tuning: float) -> np.ndarray:
    """Weights from bins to pitch classes, float32 (420, 12): cos² lobes of ±1 semitone."""
    position = (np.arange(N_BINS) - tuning) / BINS_PER_SEMITONE - 3  # bin 0 is A, class 0 is C
    distance = (position[:, None] - np.arange(12) + 6) % 12 - 6
    lobe = np.where(np.abs(distance) < 1, np.cos(np.pi / 2 * distance) ** 2, 0)
    hz = bin_frequencies_hz()
    inside = (hz >= band_hz[0]) & (hz <= band_hz[1])
    return (lobe * inside[:, None]).astype(np.float32)


def chroma(samples: np.ndarray) -> Chroma | None:
    """Compute the pitch-class profiles of a track; None without spectral peaks.

    Args:
        samples: float32, (n_samples,), mono at 22.05 kHz.
    """
    peaks, energy, pitch = peak_spectra(samples)
    quiet = np.quantile(energy, 0.9) * 10 ** (QUIET_DB / 10)
    loud = energy > max(quiet, SILENT_AMPLITUDE**2)
    step = HOP_SAMPLES * frame_step(len(samples))
    times_s = (np.flatnonzero(loud) * step + FRAME_SAMPLES / 2) / ANALYSIS_RATE_HZ
    peaks = peaks[loud]
    if peaks.size == 0 or float(peaks.max()) < SILENT_AMPLITUDE:
        return None
    tuning = tuning_bins(peaks)
    white = _subtract_overtones(_whiten(peaks))
    treble, bass = (_unit(white @ _fold(band, tuning)) for band in (TREBLE_HZ, BASS_HZ))
    cents = tuning * 100 / BINS_PER_SEMITONE
    share = float(pitch[loud].mean())
    return Chroma(treble, bass, cents, times_s, not loud[-1], share)


def _unit(rows: np.ndarray) -> np.ndarray:
    """Rows scaled to unit length; zero rows stay zero."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, length, out=np.zeros_like(rows), where=length > 1e-9)
