"""The music with its drums turned down, block by block.

A sustained note stays at one frequency for long, a hit is short at all frequencies. So the
spectrogram is opened along time (a minimum, then a maximum filter over a few hundred milliseconds),
which removes whatever is shorter; the share that is left is the sustained part of each cell. The
rest is turned down only at the times and frequencies of detected onsets, so that plucked notes and
speech between them stay. This is harmonic-percussive separation after Fitzgerald (DAFx 2010), with
an opening instead of medians, which takes a tenth of the time, and guided by the onsets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.ndimage import gaussian_filter1d, maximum_filter1d, minimum_filter1d

from indexer.arrays import Float32
from indexer.drums.types import Drum, Onset

FRAME_SAMPLES: Final = 2048
HOP_SAMPLES: Final = 512
_BLOCK: Final = 512 * HOP_SAMPLES
"""About six seconds at once: 25 MB, and a fifth more work for the overlap."""
_CONTEXT: Final = 48 * HOP_SAMPLES
"""Each side of a block; openings and smoothing together reach 35 frames."""
_OPENED_FRAMES: Final = ((0.0, 31), (300.0, 21), (3000.0, 13))
"""(lowest frequency in Hz, frames): shorter sounds are percussive; 0.36, 0.24 and 0.15 s, as low
drums ring longer."""
_SMOOTH_FRAMES: Final = 1.0
_FLOOR: Final = 0.1
"""Nothing is turned down by more than 20 dB: holes in the music sound worse than drums."""
_EARLY_S: Final = 0.012
"""Onsets are timed at their attack, whose rise begins earlier."""

_Band = tuple[float, float, float]
_SOUNDS: Final[dict[str, tuple[float, tuple[_Band, ...]]]] = {
    "KD": (0.18, ((25, 160, 1.0), (2000, 6000, 0.5))),
    "SD": (0.22, ((120, 20000, 1.0),)),
    "HH": (0.12, ((3000, 20000, 1.0), (800, 3000, 0.5))),
    "CY": (0.9, ((1500, 20000, 1.0), (300, 1500, 0.6))),
    "TT": (0.3, ((50, 1000, 1.0), (1000, 8000, 0.6))),
    "OT": (0.1, ((700, 10000, 1.0),)),
}
"""Family → how long a hit sounds (s), and its bands: from Hz, to Hz, weight. Longer and wider ones
removed more of the other instruments than of the drums (`benchmarks/bgm.py`)."""
_OPEN_HAT_S: Final = 0.4


def reduce_drums(
    blocks: Iterable[Float32], onsets: Sequence[Onset], *, sample_rate: int
) -> Iterator[Float32]:
    """Turn the drums of a recording down.

    Args:
        blocks: float32, (n_channels, n), one after the other; any lengths.
        onsets: Sorted by time.
        sample_rate: Hz, 32000 to 48000.

    Yields:
        float32, (n_channels, n); as many samples as came.
    """
    window = np.zeros((0, 0), np.float32)
    start = 0  # of the next block to be yielded
    times = [onset.time_s for onset in onsets]
    for block in blocks:
        if not window.size:
            window = np.zeros((len(block), _CONTEXT), np.float32)
        window = np.concatenate([window, block], axis=1)
        while window.shape[1] >= _BLOCK + 2 * _CONTEXT:
            part = window[:, : _BLOCK + 2 * _CONTEXT]
            near = _near(onsets, times, start, sample_rate)
            yield _reduced(part, near, start, sample_rate)[:, _CONTEXT:-_CONTEXT]
            window = window[:, _BLOCK:].copy()
            start += _BLOCK
    left = window.shape[1] - _CONTEXT
    if left > 0:
        part = np.pad(window, ((0, 0), (0, 2 * _CONTEXT)))
        while left > 0:
            near = _near(onsets, times, start, sample_rate)
            size = min(left, _BLOCK)
            some = part[:, : size + 2 * _CONTEXT]
            yield _reduced(some, near, start, sample_rate)[:, _CONTEXT : _CONTEXT + size]
            part, left, start = part[:, _BLOCK:], left - size, start + size


def _near(
    onsets: Sequence[Onset], times: list[float], start: int, sample_rate: int
) -> Sequence[Onset]:
    """Return the onsets that sound within a block and its context."""
    longest_s = max(length_s for length_s, _ in _SOUNDS.values())
    first_s = (start - _CONTEXT) / sample_rate - longest_s
    last_s = (start + _BLOCK + _CONTEXT) / sample_rate
    low, high = np.searchsorted(times, (first_s, last_s))
    return onsets[int(low) : int(high)]


def _reduced(part: Float32, onsets: Sequence[Onset], start: int, sample_rate: int) -> Float32:
    """Reduce a block with its context on both sides; `start` is the first sample of the block."""
    spectra = spectra_of(part)
    power = np.square(np.abs(spectra)).sum(axis=0)
    spectra *= mask(power, onsets, first_s=(start - _CONTEXT) / sample_rate, rate=sample_rate)
    return samples_of(spectra, part.shape[1])


def mask(power: Float32, onsets: Sequence[Onset], *, first_s: float, rate: int) -> Float32:
    """Return the gain of each cell of a spectrum.

    Args:
        power: float32, (n_frames, n_bins), of the frames that `spectra_of` makes.
        onsets: Sorted by time.
        first_s: Time of the first sample.
        rate: Samples a second.

    Returns:
        float32, (n_frames, n_bins), `_FLOOR`..1.
    """
    percussive = _onset_weights(power.shape, onsets, first_s=first_s, rate=rate)
    return np.maximum(_FLOOR, 1 - percussive * (1 - _sustained(power, rate)))


def _sustained(power: Float32, rate: int) -> Float32:
    """Return the sustained share of each cell, 0..1."""
    hz = fft.rfftfreq(FRAME_SAMPLES, 1 / rate)
    level = gaussian_filter1d(np.sqrt(power), _SMOOTH_FRAMES, axis=0)
    held = np.empty_like(level)
    edges = [*np.searchsorted(hz, [low for low, _ in _OPENED_FRAMES]), hz.size]
    for (_, frames), low, high in zip(_OPENED_FRAMES, edges, edges[1:], strict=False):
        band = level[:, low:high]
        lowest = minimum_filter1d(band, frames, axis=0)
        held[:, low:high] = maximum_filter1d(lowest, frames, axis=0)
    return np.minimum(1, held / (level + 1e-9))


def _onset_weights(
    shape: tuple[int, ...], onsets: Sequence[Onset], *, first_s: float, rate: int
) -> Float32:
    """Return the weight with which each cell belongs to a drum hit, 0..1."""
    hz = fft.rfftfreq(FRAME_SAMPLES, 1 / rate)
    weights = np.zeros(shape, np.float32)
    for onset in onsets:
        length_s, bands = _SOUNDS[onset.drum.family]
        length_s = _OPEN_HAT_S if onset.drum is Drum.HAT_OPEN else length_s
        begin = int((onset.time_s - _EARLY_S - first_s) * rate / HOP_SAMPLES) + _LEAD
        size = int(length_s * rate / HOP_SAMPLES) + 2
        fade = max(2, size // 3)
        envelope = np.ones(size, np.float32)
        envelope[-fade:] = np.linspace(1, 0, fade + 2)[1:-1]
        envelope = envelope[max(0, -begin) :]
        for low_hz, high_hz, weight in bands:
            low, high = np.searchsorted(hz, (low_hz, high_hz))
            cells = weights[max(begin, 0) : max(begin + size, 0), low:high]
            np.maximum(cells, weight * envelope[: len(cells), None], out=cells)
    return weights


_LEAD: Final = FRAME_SAMPLES // (2 * HOP_SAMPLES) - 1
"""The frame whose middle is the first sample."""
_WINDOW: Final = np.sqrt(np.hanning(FRAME_SAMPLES + 1)[:-1]).astype(np.float32)


def spectra_of(samples: Float32) -> NDArray[np.complex64]:
    """Return the short-time spectra: complex64, (n_channels, n_frames, n_bins)."""
    padded = np.pad(samples, ((0, 0), (FRAME_SAMPLES - HOP_SAMPLES, FRAME_SAMPLES)))
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME_SAMPLES, axis=1)
    spectra = fft.rfft(frames[:, ::HOP_SAMPLES] * _WINDOW, axis=2)
    return np.asarray(spectra, np.complex64)


def samples_of(spectra: NDArray[np.complex64], size: int) -> Float32:
    """Invert `spectra_of`: float32, (n_channels, size)."""
    frames = np.asarray(fft.irfft(spectra, FRAME_SAMPLES, axis=2), np.float32) * _WINDOW
    channels, count, _ = frames.shape
    overlap = FRAME_SAMPLES // HOP_SAMPLES
    sound = np.zeros((channels, count + overlap - 1, HOP_SAMPLES), np.float32)
    for part in range(overlap):
        sound[:, part : part + count] += frames[:, :, part * HOP_SAMPLES : (part + 1) * HOP_SAMPLES]
    lead = FRAME_SAMPLES - HOP_SAMPLES
    return sound.reshape(channels, -1)[:, lead : lead + size] * (2 / overlap)
