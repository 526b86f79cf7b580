"""Programme loudness, loudness range and true peak of audio that arrives in blocks.

Sources: ITU-R BS.1770-4 (K-weighting, gating, true peak), EBU R 128, EBU Tech 3342 (range).
Input is float32 with full scale ±1. Energies go into histograms, so that memory does not grow
with the length of the audio.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from indexer.mir.signal.cascade import CascadeFilter
from indexer.mir.signal.k_weighting import k_weighting
from indexer.mir.types import AnalysisError

VERSION: Final = 1
"""Raised with every change of a loudness value; see `indexer.mir.stage_versions`."""

STEP_S = 0.1
"""Gating blocks overlap by 75 %, so a 400 ms block is four steps of 100 ms."""
MOMENTARY_STEPS = 4
SHORT_TERM_STEPS = 30
"""EBU 3342 measures the range on windows of 3 s."""
ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = -10.0
RANGE_GATE_LU = -20.0
RANGE_QUANTILES = (0.10, 0.95)
"""Gates and quantiles of BS.1770-4 and EBU 3342."""
LUFS_OFFSET = -0.691
"""BS.1770: a 997 Hz sine at full scale in one channel reads −3.01 LUFS."""
BIN_LU = 0.01
TOP_LUFS = 40.0
"""Resolution and upper end of the histograms."""
SURROUND_WEIGHT = 1.41
OVERSAMPLING = 4
"""BS.1770, for surround channels and for the true peak."""
PEAK_TAPS = 12
"""Taps per phase of the interpolator, as in BS.1770 annex 2."""
PEAK_NEAR = 0.6
"""Only around samples above this share of the peak can an inter-sample peak be higher: a tone up to
a quarter of the sample rate rises by at most 3 dB between two samples."""


@dataclass(frozen=True, slots=True)
class Loudness:
    """Loudness of a programme; a value is None where the audio is too short or too quiet.

    Attributes:
        integrated_lufs: Gated loudness, −70 .. about +5 LUFS.
        range_lu: Spread of the short-term loudness, 0 .. about 50 LU.
        true_peak_dbtp: Highest peak after fourfold oversampling, dB relative to full scale.
        duration_s: Length of the audio.
    """

    integrated_lufs: float | None
    range_lu: float | None
    true_peak_dbtp: float | None
    duration_s: float


def _channel_weights(channels: int) -> np.ndarray:
    """Weight of each channel of mono, stereo or surround (L R C LFE Ls Rs)."""
    weights = np.ones(channels)
    if channels == 5:
        weights[3:] = SURROUND_WEIGHT
    elif channels >= 6:  # L R C LFE Ls Rs: BS.1770 ignores the low-frequency channel
        weights[3] = 0.0
        weights[4:] = SURROUND_WEIGHT
    return weights


class _Histogram:
    """Counts and summed energies of gating blocks above the absolute gate."""

    def __init__(self) -> None:
        n_bins = int((TOP_LUFS - ABSOLUTE_GATE_LUFS) / BIN_LU)
        self.counts = np.zeros(n_bins, dtype=np.int64)
        self.energies = np.zeros(n_bins)

    def add(self, energies: np.ndarray) -> None:
        loud = LUFS_OFFSET + 10 * np.log10(np.maximum(energies, 1e-20))
        gated = loud > ABSOLUTE_GATE_LUFS
        index = ((loud[gated] - ABSOLUTE_GATE_LUFS) / BIN_LU).astype(int)
        index = np.minimum(index, len(self.counts) - 1)
        np.add.at(self.counts, index, 1)
        np.add.at(self.energies, index, energies[gated])

    def gated(self, gate_lu: float) -> tuple[np.ndarray, np.ndarray] | None:
        """Counts and energies above the relative gate; None without any block."""
        total = int(self.counts.sum())
        if total == 0:
            return None
        mean = self.energies.sum() / total
        threshold = LUFS_OFFSET + 10 * np.log10(mean) + gate_lu
        first = max(int(np.ceil((threshold - ABSOLUTE_GATE_LUFS) / BIN_LU)), 0)
        keep = np.arange(len(self.counts)) >= first
        return self.counts * keep, self.energies * keep


class LoudnessMeter:
    """Measures the loudness of audio in blocks of any size; memory does not grow with its length.

    Args:
        sample_rate: Hz, at least 4000.
        channels: Number of channels; surround order is L R C LFE Ls Rs.
    """

    def __init__(self, *, sample_rate: int, channels: int) -> None:
        if sample_rate < 4000 or channels < 1:
            raise AnalysisError(
                f"Expected audio of at least 4 kHz and one channel, not {sample_rate} Hz with "
                f"{channels} channels. The file may be damaged."
            )
        self._rate = sample_rate
        self._channels = channels
        self._weights = _channel_weights(channels)
        self._filter = CascadeFilter(k_weighting(sample_rate), channels=channels)
        self._step = round(sample_rate * STEP_S)
        self._rest = np.zeros(0)
        self._recent = np.zeros(0)
        self._blocks = _Histogram()
        self._windows = _Histogram()
        self._tail = np.zeros((channels, PEAK_TAPS), dtype=np.float32)
        self._peak = 0.0
        self._n_samples = 0

    def feed(self, samples: np.ndarray) -> None:
        """Measure the next block.

        Args:
            samples: float32, (channels, n_samples), full scale ±1; non-finite values count as 0.

        Raises:
            AnalysisError: The number of channels changed.
        """
        if samples.ndim != 2 or samples.shape[0] != self._channels:
            raise AnalysisError(
                f"The number of channels changed from {self._channels} inside the file; "
                "convert it once to a plain stereo file and index it again."
            )
        if samples.shape[1] == 0:
            return
        if not np.isfinite(samples).all():
            samples = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
        self._n_samples += samples.shape[1]
        self._feed_peak(samples)
        weighted = self._filter.feed(samples)
        self._feed_energy(self._weights @ np.square(weighted, out=weighted))

    def _feed_energy(self, energy: np.ndarray) -> None:
        energy = np.concatenate([self._rest, energy])
        n_steps = len(energy) // self._step
        self._rest = energy[n_steps * self._step :]
        if n_steps == 0:
            return
        steps = energy[: n_steps * self._step].reshape(n_steps, self._step).mean(axis=1)
        steps = np.concatenate([self._recent, steps])
        for length, histogram in (
            (MOMENTARY_STEPS, self._blocks),
            (SHORT_TERM_STEPS, self._windows),
        ):
            # earlier steps are used only as the start of a new window
            new = steps[max(len(self._recent) - length + 1, 0) :]
            if len(new) >= length:
                sums = np.convolve(new, np.full(length, 1 / length), mode="valid")
                histogram.add(np.maximum(sums, 0.0))
        self._recent = steps[-(SHORT_TERM_STEPS - 1) :]

    def _feed_peak(self, samples: np.ndarray) -> None:
        joined = np.concatenate([self._tail, samples.astype(np.float32, copy=False)], axis=1)
        self._tail = joined[:, -PEAK_TAPS:]
        phases = _peak_phases()
        for channel in joined:
            magnitude = np.abs(channel)
            self._peak = max(self._peak, float(magnitude.max()))
            near = magnitude >= PEAK_NEAR * max(self._peak, 1e-9)
            # the middle taps of two windows enclose a sample
            first = PEAK_TAPS // 2 - 1
            middles = near[first : first + max(len(channel) - PEAK_TAPS + 1, 0) + 1]
            starts = np.flatnonzero(middles[:-1] | middles[1:])
            windows = np.lib.stride_tricks.sliding_window_view(channel, PEAK_TAPS)
            for part in range(0, len(starts), 65536):
                values = windows[starts[part : part + 65536]] @ phases
                self._peak = max(self._peak, float(np.abs(values).max()))

    def result(self) -> Loudness:
        """Return the loudness of the blocks so far."""
        integrated = None
        gated = self._blocks.gated(RELATIVE_GATE_LU)
        if gated is not None and gated[0].sum() > 0:
            mean = gated[1].sum() / gated[0].sum()
            integrated = float(LUFS_OFFSET + 10 * np.log10(mean))
        peak = float(20 * np.log10(self._peak)) if self._peak > 1e-7 else None
        return Loudness(
            integrated_lufs=integrated,
            range_lu=self._range_lu(),
            true_peak_dbtp=peak,
            duration_s=self._n_samples / self._rate,
        )

    def _range_lu(self) -> float | None:
        gated = self._windows.gated(RANGE_GATE_LU)
        if gated is None or gated[0].sum() == 0:
            return None
        cumulative = np.cumsum(gated[0])
        low, high = (
            int(np.searchsorted(cumulative, q * (cumulative[-1] - 1) + 1)) for q in RANGE_QUANTILES
        )
        return float((high - low) * BIN_LU)


@cache
def _peak_phases() -> np.ndarray:
    """Windowed-sinc interpolator at ¼, ½ and ¾ of a sample: float32, (taps, phases)."""
    centre = PEAK_TAPS // 2 - 1
    columns = []
    for phase in range(1, OVERSAMPLING):
        offset = np.arange(PEAK_TAPS) - centre - phase / OVERSAMPLING
        taps = np.sinc(offset) * np.cos(np.pi * offset / (PEAK_TAPS + 1)) ** 2
        columns.append(taps / taps.sum())
    return np.array(columns, dtype=np.float32).T


def measure(samples: np.ndarray, *, sample_rate: int) -> Loudness:
    """Measure a whole array, float32, (channels, n_samples) or (n_samples,)."""
    block = np.atleast_2d(samples)
    meter = LoudnessMeter(sample_rate=sample_rate, channels=block.shape[0])
    meter.feed(block)
    return meter.result()
