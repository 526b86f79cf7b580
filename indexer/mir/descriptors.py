"""Scalar descriptors of a track under the names that are stored.

A name ends in its unit where it has one; the others lie on 0..1 or are rates per sample or frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.mir.rhythm import onset, rhythm_descriptors, tempo
from indexer.mir.signal import spectral
from indexer.mir.signal.loudness import Loudness
from indexer.mir.signal.spectrum import ANALYSIS_RATE_HZ, SpectrumScan

VERSION: Final = 2
"""Raised with every change of any descriptor; see `indexer.mir.stage_versions`."""

ALL_BANDS_CURVE: Final = -2
"""Row of the onset curves that holds the rise of all bands, long frame."""


@dataclass(frozen=True, slots=True)
class DescriptorInput:
    """What the descriptors are computed from.

    Attributes:
        samples: float32, (n_samples,), mono at 22.05 kHz.
        scan: From `spectrum.scan`.
        novelty: float32, (9, n_frames), from `onset.novelty`.
        bpm: Estimated tempo, whatever the file tags say; None without a pulse.
        beat_times_s: Ascending.
        key_clarity: 0..1, from `key.key_clarity`; None in silence.
    """

    samples: np.ndarray
    scan: SpectrumScan
    novelty: np.ndarray
    bpm: float | None
    beat_times_s: Sequence[float]
    key_clarity: float | None


def measure(audio: DescriptorInput, *, loudness: Loudness | None) -> dict[str, float]:
    """Compute all descriptors; those without a finite value are left out.

    Silence has no descriptors but its loudness: absence of onsets in it does not mean calm music.
    """
    found: dict[str, float | None] = {}
    if not audio.scan.silent:
        found = {
            **onset.onset_rates_hz(audio.scan.onset_curves, audio.novelty),
            "onset_strength": float(audio.scan.onset_curves[ALL_BANDS_CURVE].mean()),
            "pulse_clarity": tempo.pulse_clarity(audio.novelty, bpm=audio.bpm),
            **rhythm_descriptors.describe(audio.novelty, audio.beat_times_s),
            **spectral.summarise(audio.scan.descriptors),
            "key_clarity": audio.key_clarity,
            "zero_crossing_rate": spectral.zero_crossing_rate(audio.samples),
            "crest_factor_db": spectral.crest_factor_db(audio.samples),
            "level_variation_db": spectral.level_variation_db(
                audio.samples, sample_rate=ANALYSIS_RATE_HZ
            ),
        }
    if loudness is not None:
        found["loudness_lufs"] = loudness.integrated_lufs
        found["loudness_range_lu"] = loudness.range_lu
        found["true_peak_dbtp"] = loudness.true_peak_dbtp
    return {k: float(v) for k, v in found.items() if v is not None and np.isfinite(v)}
