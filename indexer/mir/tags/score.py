"""Stage `scores`: energy, valence and others. The weights of missing inputs are redistributed.

The reasons for the weights are in `docs/experiments/analysis.md`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from indexer.mir.types import DerivedScores, NormalizedFeatures

VERSION: Final = 4
"""Raised with every change of a score; see `indexer.mir.stage_versions`."""

BPM_LOW, BPM_HIGH = 60.0, 200.0
"""Tempi at 0 and 1 of `bpm_n`."""
MINOR_BRIGHTNESS, MAJOR_BRIGHTNESS = 0.25, 0.75
"""Contribution of the scale to valence, 0..1."""
VALENCE_STRETCH = 1.3
"""A mean of several values has less variance than each; this restores the full range."""
ENERGY_SLOPE = 5.5
"""The same for energy, by a logistic curve, which keeps the order of very calm tracks."""
NOTHING: Final = DerivedScores(None, None, None, None, None, None)
"""Of what is no music."""

Term = tuple[float, float | None]
"""(weight, value on 0..1 or None)."""


def clip01(value: float) -> float:
    """Clip `value` to 0..1."""
    return min(max(value, 0.0), 1.0)


def bpm_n(bpm: float | None) -> float | None:
    """Scale a tempo to 0..1: 60 BPM is 0, 120 is 0.4286, 200 is 1."""
    return None if bpm is None else clip01((bpm - BPM_LOW) / (BPM_HIGH - BPM_LOW))


def weighted(terms: Sequence[Term]) -> float | None:
    """Return the weighted mean of the present terms times the sum of all weights; None if none."""
    total = sum(weight for weight, _ in terms)
    present = [(weight, value) for weight, value in terms if value is not None]
    if not present:
        return None
    return sum(w * v for w, v in present) / sum(w for w, _ in present) * total


def energy_score(n: NormalizedFeatures, *, activity: float | None) -> float | None:
    """Compute energy: 0 (a lullaby) .. 1 (thrash metal, hard techno).

    Args:
        n: Normalized features.
        activity: `activity` of `features.toml` 0..1: onset rate, spectral flux, loudness.
    """
    calm = None if n.mood_relaxed is None else 1 - n.mood_relaxed
    electric = None if n.acoustic is None else 1 - n.acoustic
    mean = weighted(
        (
            (0.40, activity),
            (0.20, n.mood_aggressive),
            (0.10, calm),
            (0.15, n.danceability),
            (0.10, electric),
            (0.05, bpm_n(n.bpm)),
        )
    )
    return None if mean is None else 1 / (1 + math.exp(-ENERGY_SLOPE * (mean - 0.5)))


def mood_valence(n: NormalizedFeatures, *, sad: float | None) -> float | None:
    """Compute valence, −1..1; calm music is neither positive nor negative by itself.

    Args:
        n: Normalized features.
        sad: `mood_sad` of `features.toml`, 0..1.
    """
    mode = None
    if n.scale is not None:
        mode = MAJOR_BRIGHTNESS if n.scale == "major" else MINOR_BRIGHTNESS
    mean = weighted(
        (
            (0.40, n.mood_happy),
            (0.25, None if sad is None else 1 - sad),
            (0.10, n.mood_party),
            (0.10, None if n.mood_aggressive is None else 1 - n.mood_aggressive),
            (0.15, mode),
        )
    )
    if mean is None or (n.mood_happy is None and n.mood_party is None):
        return None
    return min(max(2 * VALENCE_STRETCH * (mean - 0.5), -1.0), 1.0)


def dance_score(n: NormalizedFeatures) -> float | None:
    """Compute danceability increased by a fast tempo: 0..1."""
    if n.danceability is None:
        return None
    mean = weighted(((1.0, n.danceability), (0.2, bpm_n(n.bpm))))
    return None if mean is None else clip01(mean)


def acousticness(n: NormalizedFeatures) -> float | None:
    """Compute acoustic sound increased by a voice: 0..1.

    The voice counts in proportion to the acoustic sound: rap over a drum machine is not acoustic.
    """
    if n.acoustic is None:
        return None
    voice = 0.0 if n.instrumental is None else 1 - n.instrumental
    return clip01(n.acoustic * (1 + 0.3 * voice))


def complexity_score(n: NormalizedFeatures) -> float | None:
    """Compute complexity, 0..1: tonal, sung and fast music scores higher."""
    voice = None if n.instrumental is None else 1 - n.instrumental
    mean = weighted(((0.5, n.tonal), (0.3, voice), (0.2, bpm_n(n.bpm))))
    return None if mean is None or n.tonal is None else clip01(mean)


def emotional_intensity(n: NormalizedFeatures) -> float | None:
    """Return the highest of the four moods, 0..1."""
    moods = [n.mood_happy, n.mood_aggressive, n.mood_party, n.mood_relaxed]
    known = [mood for mood in moods if mood is not None]
    return max(known) if known else None


def score(n: NormalizedFeatures, *, activity: float | None, sad: float | None) -> DerivedScores:
    """Compute all scores of a track.

    Args:
        n: Normalized features.
        activity: `activity` of `features.toml`, 0..1.
        sad: `mood_sad` of `features.toml`, 0..1.
    """
    return DerivedScores(
        energy_score=energy_score(n, activity=activity),
        dance_score=dance_score(n),
        acousticness=acousticness(n),
        complexity_score=complexity_score(n),
        emotional_intensity=emotional_intensity(n),
        mood_valence=mood_valence(n, sad=sad),
    )
