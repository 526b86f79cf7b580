"""Strength 0..1 of every mood of the vocabulary; a track has a mood from 0.5 on.

A mood with several conditions has the strength of the weakest (fuzzy conjunction): "workout" is
energetic, danceable and not dark.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from indexer.mir.tags.genre import fold_text
from indexer.mir.tags.score import clip01
from indexer.mir.types import DerivedScores, NormalizedFeatures

VERSION: Final = 4
"""Raised with every change of a mood; see `indexer.mir.stage_versions`."""

RAMP = 2.0
"""Slope: from strength 0.5 to 1.0 within a quarter of the range of the value."""
TAGGED_STRENGTH = 0.9
"""Strength of a mood that is tagged in the file."""

MOOD_WORDS: Mapping[str, tuple[str, ...]] = {
    "happy": ("happy", "joyful", "joyeux", "cheerful", "fun", "gai", "heureux"),
    "sad": ("sad", "triste", "sorrowful", "tristesse"),
    "aggressive": ("aggressive", "angry", "agressif", "violent", "intense"),
    "party": ("party", "fete", "festive", "festif"),
    "relaxed": ("relaxed", "relaxing", "calm", "calme", "peaceful", "soothing", "mellow"),
    "dark": ("dark", "sombre", "gloomy", "sinister"),
    "bright": ("bright", "lumineux", "sunny"),
    "energetic": ("energetic", "energique", "energy", "upbeat", "lively"),
    "chill": ("chill", "chillout", "laid back", "cool"),
    "melancholic": ("melancholic", "melancholy", "melancolique", "wistful", "bittersweet"),
    "uplifting": ("uplifting", "inspiring", "euphoric", "hopeful"),
    "romantic": ("romantic", "romantique", "love", "amour", "tender", "sensual"),
    "dancefloor": ("dancefloor", "dance", "danceable", "dansant"),
    "ambient": ("ambient", "atmospheric", "ethereal", "dreamy"),
    "intimate": ("intimate", "intime"),
    "epic": ("epic", "epique", "grandiose", "heroic", "dramatic"),
    "workout": ("workout", "sport", "gym", "running"),
    "focus": ("focus", "concentration", "study"),
    "background": ("background", "fond"),
}


def above(value: float | None, threshold: float) -> float | None:
    """Return 0.5 at the threshold, rising to 1 at 0.25 above it; None without a value."""
    return None if value is None else clip01(0.5 + RAMP * (value - threshold))


def below(value: float | None, threshold: float) -> float | None:
    """Return 0.5 at the threshold, rising to 1 at 0.25 below it; None without a value."""
    return None if value is None else clip01(0.5 - RAMP * (value - threshold))


def all_of(*strengths: float | None) -> float:
    """Return the weakest of the conditions; 0 where one of them has no value."""
    return min((0.0 if s is None else s for s in strengths), default=0.0)


def mood_strengths(
    n: NormalizedFeatures,
    s: DerivedScores,
    *,
    sad: float | None,
    romantic: float | None,
    tagged: tuple[str, ...] = (),
) -> dict[str, float]:
    """Compute mood → strength 0..1, rounded to 4 digits, for every mood.

    Args:
        n: Normalized features.
        s: DerivedScores.
        sad: `mood_sad` of `features.toml`.
        romantic: `mood_romantic` of `features.toml`.
        tagged: Mood words tagged in the file; a known one sets its mood to `TAGGED_STRENGTH`.
    """
    strengths = {**_qualities(n, s, sad=sad, romantic=romantic), **_uses(n, s)}
    for mood in _tagged_moods(tagged):
        strengths[mood] = max(strengths[mood], TAGGED_STRENGTH)
    return {mood: round(value, 4) for mood, value in strengths.items()}


def _qualities(
    n: NormalizedFeatures, s: DerivedScores, *, sad: float | None, romantic: float | None
) -> dict[str, float]:
    """Moods that describe the music."""
    energy, valence = s.energy_score, s.mood_valence
    return {
        "happy": all_of(above(n.mood_happy, 0.55)),
        "sad": all_of(above(sad, 0.55), below(energy, 0.7), below(valence, 0.2)),
        "aggressive": all_of(above(n.mood_aggressive, 0.6)),
        "relaxed": all_of(above(n.mood_relaxed, 0.6), below(energy, 0.4)),
        "dark": all_of(below(valence, -0.1)),
        "bright": all_of(above(valence, 0.1)),
        "energetic": all_of(above(energy, 0.6)),
        "chill": all_of(
            above(n.mood_relaxed, 0.5), below(energy, 0.4), below(n.mood_aggressive, 0.5)
        ),
        "melancholic": all_of(below(valence, -0.2), below(energy, 0.55), above(sad, 0.45)),
        "uplifting": all_of(above(valence, 0.3), above(energy, 0.5)),
        "romantic": all_of(
            above(romantic, 0.55), below(energy, 0.55), below(n.mood_aggressive, 0.5)
        ),
    }


def _uses(n: NormalizedFeatures, s: DerivedScores) -> dict[str, float]:
    """Moods that name a use or a setting."""
    energy, valence, dance = s.energy_score, s.mood_valence, s.dance_score
    return {
        "party": all_of(above(n.mood_party, 0.55), above(dance, 0.5), above(energy, 0.45)),
        "dancefloor": all_of(above(dance, 0.6), above(energy, 0.4)),
        "ambient": all_of(
            above(n.instrumental, 0.5), below(energy, 0.4), below(n.danceability, 0.5)
        ),
        "intimate": all_of(above(s.acousticness, 0.55), below(dance, 0.45), below(energy, 0.5)),
        "epic": all_of(above(s.complexity_score, 0.55), above(energy, 0.55), below(dance, 0.65)),
        "workout": all_of(above(energy, 0.65), above(dance, 0.55), above(valence, -0.1)),
        "focus": all_of(
            above(n.instrumental, 0.5),
            below(energy, 0.5),
            below(n.danceability, 0.7),
            below(n.mood_aggressive, 0.5),
        ),
        "background": all_of(below(energy, 0.45), above(s.acousticness, 0.35)),
    }


def _tagged_moods(tagged: tuple[str, ...]) -> list[str]:
    """Moods whose words are tagged in the file, in any case, with or without accents."""
    words = {fold_text(part) for text in tagged for part in re.split("[/,;|]", text)}
    return [mood for mood, known in MOOD_WORDS.items() if words & set(known)]
