"""The measured descriptors of a track under the names that are stored, each a plain number.

Every name ends in its unit; the others lie on 0..1 or are rates a sample or a frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from indexer.mir.rhythm import onset, rhythm_descriptors, tempo
from indexer.mir.signal import spectral
from indexer.mir.signal.loudness import Loudness
from indexer.mir.signal.spectrum import ANALYSIS_RATE_HZ, SpectrumScan

VERSION: Final = 2
"""Raised with every change of any descriptor; see `indexer.mir.stage_versions`."""

ALL_BANDS_CURVE = -2


def measure(
    samples: np.ndarray,
    *,
    scan: SpectrumScan,
    novelty: np.ndarray,
    bpm: float | None,
    beat_times_s: Sequence[float],
    key_clarity: float | None,
    loudness: Loudness | None,
) -> dict[str, float]:
    """All descriptors of mono float32 audio at 22.05 kHz; what cannot be measured is left out.

    Silence has no descriptors but its loudness: no onsets in it is not calmness.
    """
    found: dict[str, float | None] = {}
    if not scan.silent:
        found = {
            **onset.onset_rates_hz(scan.onset_curves, novelty),
            "onset_strength": float(scan.onset_curves[ALL_BANDS_CURVE].mean()),
            "pulse_clarity": tempo.pulse_clarity(novelty, bpm=bpm),
            **rhythm_descriptors.describe(novelty, beat_times_s),
            **spectral.summarise(scan.descriptors),
            "key_clarity": key_clarity,
            "zero_crossing_rate": spectral.zero_crossing_rate(samples),
            "crest_factor_db": spectral.crest_factor_db(samples),
            "level_variation_db": spectral.level_variation_db(
                samples, sample_rate=ANALYSIS_RATE_HZ
            ),
        }
    if loudness is not None:
        found["loudness_lufs"] = loudness.integrated_lufs
        found["loudness_range_lu"] = loudness.range_lu
        found["true_peak_dbtp"] = loudness.true_peak_dbtp
    return {k: float(v) for k, v in found.items() if v is not None and np.isfinite(v)}
