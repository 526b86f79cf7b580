"""Evidence for a feature: standard scores of tags and descriptors, weighted, on 0..1.

The weights are data (`features.toml`); the usual value and spread of every tag and descriptor are
data (`reference.json`, robust statistics over varied music; its header says which).
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).parent
TINY_PROBABILITY = 1e-5
"""Probabilities below this are all the same "no": without it one tag could outweigh all."""
SCORE_LIMIT = 3.0
"""Standard scores are cut here, so that one odd value does not rule."""
LEAST_VALUES: Mapping[str, float] = {"loudness_lufs": -24.0}
"""Masters softer than this are all alike: such a level tells how a recording was made, not how
the music was played."""
SLOPE = 1.6
"""A track one spread above the middle gets 0.83: features reach from about .05 to .95."""
LEAST_WEIGHT_SHARE = 0.15
"""With less of the weights present than this nothing is said."""


@dataclass(frozen=True, slots=True)
class FeatureSpec:
    """Weights of one feature; `tags` by tagger output, `descriptors` by measured name."""

    share: float
    tags: Mapping[str, float]
    descriptors: Mapping[str, float]


@cache
def specs() -> dict[str, FeatureSpec]:
    """Every feature of `features.toml`."""
    data = tomllib.loads((FOLDER / "features.toml").read_text(encoding="utf-8"))
    return {
        name: FeatureSpec(part["share"], part["tags"], part["descriptors"])
        for name, part in data.items()
    }


@cache
def reference() -> dict[str, Any]:
    """`reference.json`: name → [median, spread] of tags (logit) and descriptors, and features."""
    return json.loads((FOLDER / "reference.json").read_text(encoding="utf-8"))


def logit(probability: float) -> float:
    """Log-odds of a probability, cut near 0 and 1."""
    p = min(max(probability, TINY_PROBABILITY), 1 - TINY_PROBABILITY)
    return float(np.log(p / (1 - p)))


def _score(value: float, usual: list[float]) -> float:
    middle, spread = usual
    return float(np.clip((value - middle) / spread, -SCORE_LIMIT, SCORE_LIMIT))


def tag_score(name: str, probability: float) -> float:
    """How unusual a tagger output is for music in general, −3..3."""
    return _score(logit(probability), reference()["tags"].get(name, [0.0, 1.0]))


def descriptor_score(name: str, value: float) -> float:
    """How unusual a descriptor is for music in general, −3..3; 0 when nothing is known of it."""
    usual = reference()["descriptors"].get(name)
    return 0.0 if usual is None else _score(max(value, LEAST_VALUES.get(name, -np.inf)), usual)


def raw_score(
    spec: FeatureSpec,
    *,
    tags: Mapping[str, float],
    measured: Mapping[str, float],
    usual: Mapping[str, Mapping[str, list[float]]],
) -> float | None:
    """Weighted mean of the standard scores that are there; None when too few are."""
    terms: list[tuple[float, float]] = []
    for name, weight in spec.tags.items():
        if name in tags and name in usual["tags"]:
            terms.append((weight, _score(logit(tags[name]), usual["tags"][name])))
    for name, weight in spec.descriptors.items():
        if name in measured and name in usual["descriptors"]:
            value = max(measured[name], LEAST_VALUES.get(name, -np.inf))
            terms.append((weight, _score(value, usual["descriptors"][name])))
    total = sum(abs(w) for w in (*spec.tags.values(), *spec.descriptors.values()))
    present = sum(abs(w) for w, _ in terms)
    if total == 0 or present < LEAST_WEIGHT_SHARE * total:
        return None
    return sum(w * s for w, s in terms) / present


def feature_inputs(
    name: str, *, tags: Mapping[str, float], measured: Mapping[str, float]
) -> tuple[bool, bool]:
    """Whether tagger outputs and whether descriptors contribute to a feature."""
    spec, usual = specs()[name], reference()
    return (
        any(tag in tags and tag in usual["tags"] for tag in spec.tags),
        any(d in measured and d in usual["descriptors"] for d in spec.descriptors),
    )


def feature(name: str, *, tags: Mapping[str, float], measured: Mapping[str, float]) -> float | None:
    """A feature of `features.toml` on 0..1; None where nothing tells."""
    data = reference()
    raw = raw_score(specs()[name], tags=tags, measured=measured, usual=data)
    part = data["features" if tags else "features_without_tags"]
    if raw is None or name not in part:
        return None
    middle, spread = part[name]
    return float(1 / (1 + np.exp(-SLOPE * (raw - middle) / spread)))
