"""Stage `synthetic_tags`: tags by thresholds over scores, with strength and reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from indexer.mir.types import DerivedScores, DerivedTag, NormalizedFeatures, TagCategory

VERSION: Final = 4
"""Raised with every change of a tag, its score or its reason; see `indexer.mir.stage_versions`."""

Side = Literal["above", "below"]
FULL_MARGIN = 0.3
"""Distance from the threshold at which a tag has strength 1."""
MIN_STRENGTH = 0.5
"""Strength of a tag at its threshold."""

WORDS: Mapping[str, str] = {
    "mood_valence": "mood brightness",
    "energy_score": "energy",
    "emotional_intensity": "emotional intensity",
    "mood_aggressive": "aggressiveness",
    "dance_score": "danceability",
    "acousticness": "acoustic sound",
    "complexity_score": "complexity",
    "instrumental": "lack of vocals",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison: value `name` is above or below `threshold`."""

    name: str
    side: Side
    threshold: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A tag and its conditions, all of which must hold."""

    tag: str
    category: TagCategory
    conditions: tuple[Condition, ...]


def _rule(tag: str, category: TagCategory, *conditions: tuple[str, Side, float]) -> Rule:
    return Rule(tag, category, tuple(Condition(*c) for c in conditions))


RULES: Sequence[Rule] = (
    _rule("dark", "mood", ("mood_valence", "below", -0.1)),
    _rule("bright", "mood", ("mood_valence", "above", 0.1)),
    _rule("energetic", "mood", ("energy_score", "above", 0.6)),
    _rule("chill", "mood", ("energy_score", "below", 0.4)),
    _rule(
        "melancholic",
        "mood",
        ("mood_valence", "below", -0.2),
        ("energy_score", "below", 0.5),
        ("mood_aggressive", "below", 0.5),
    ),
    _rule("aggressive", "mood", ("mood_aggressive", "above", 0.6)),
    _rule("uplifting", "mood", ("mood_valence", "above", 0.3), ("energy_score", "above", 0.5)),
    _rule("high", "energy", ("energy_score", "above", 0.7)),
    _rule("medium", "energy", ("energy_score", "above", 0.3), ("energy_score", "below", 0.7)),
    _rule("low", "energy", ("energy_score", "below", 0.3)),
    _rule("dancefloor", "atmosphere", ("dance_score", "above", 0.6)),
    _rule(
        "ambient",
        "atmosphere",
        ("instrumental", "above", 0.5),
        ("acousticness", "above", 0.4),
        ("energy_score", "below", 0.4),
    ),
    _rule(
        "intimate",
        "atmosphere",
        ("acousticness", "above", 0.5),
        ("dance_score", "below", 0.4),
        ("complexity_score", "below", 0.5),
    ),
    _rule("epic", "atmosphere", ("complexity_score", "above", 0.6), ("energy_score", "above", 0.5)),
    _rule(
        "workout",
        "usage",
        ("energy_score", "above", 0.7),
        ("dance_score", "above", 0.6),
        ("mood_valence", "above", 0.0),
    ),
    _rule(
        "focus",
        "usage",
        ("energy_score", "above", 0.3),
        ("energy_score", "below", 0.6),
        ("acousticness", "above", 0.4),
    ),
    _rule("background", "usage", ("energy_score", "below", 0.4), ("acousticness", "above", 0.3)),
    _rule(
        "party",
        "usage",
        ("dance_score", "above", 0.6),
        ("energy_score", "above", 0.6),
        ("mood_valence", "above", 0.2),
    ),
)


def values_of(n: NormalizedFeatures, scores: DerivedScores) -> dict[str, float]:
    """Return the values that conditions name, without those that are None."""
    named = {
        "mood_valence": scores.mood_valence,
        "energy_score": scores.energy_score,
        "emotional_intensity": scores.emotional_intensity,
        "dance_score": scores.dance_score,
        "acousticness": scores.acousticness,
        "complexity_score": scores.complexity_score,
        "mood_aggressive": n.mood_aggressive,
        "instrumental": n.instrumental,
    }
    return {name: value for name, value in named.items() if value is not None}


def synthetic_tags(n: NormalizedFeatures, scores: DerivedScores) -> tuple[DerivedTag, ...]:
    """Return every tag whose conditions all hold, in the order of `RULES`."""
    values = values_of(n, scores)
    found = []
    for rule in RULES:
        if all(_holds(c, values) for c in rule.conditions):
            strength = min(_strength(c, values[c.name]) for c in rule.conditions)
            found.append(DerivedTag(rule.tag, strength, rule.category, _reason(rule, values)))
    return tuple(found)


def _holds(condition: Condition, values: Mapping[str, float]) -> bool:
    value = values.get(condition.name)
    if value is None:
        return False
    if condition.side == "above":
        return value > condition.threshold
    return value < condition.threshold


def _strength(condition: Condition, value: float) -> float:
    margin = min(abs(value - condition.threshold) / FULL_MARGIN, 1.0)
    return round(MIN_STRENGTH + (1 - MIN_STRENGTH) * margin, 4)


def _reason(rule: Rule, values: Mapping[str, float]) -> str:
    parts = [
        f"{WORDS[c.name]} {values[c.name]:.2f} is {c.side} {c.threshold:g}" for c in rule.conditions
    ]
    return " and ".join(parts)
