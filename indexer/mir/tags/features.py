"""Features on 0..1: weighted means of z-scores of tagger outputs and descriptors.

The weights are in `features.toml`; the median and spread of every tagger output and descriptor over
reference music are in `reference.json`, whose header says which music.
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
"""Lower limit of a probability before the logit, so that no single output dominates."""
SCORE_LIMIT = 3.0
"""Z-scores are clipped to ± this, so that no outlier dominates."""
MIN_VALUES: Mapping[str, float] = {"loudness_lufs": -24.0}
"""Lower limits of descriptors: a lower loudness reflects mastering, not how music is played."""
SLOPE = 1.6
"""Of the logistic curve: one spread above the median gives 0.83; features reach .05 to .95."""
MIN_WEIGHT_SHARE = 0.15
"""Share of the weights whose inputs must be present; below, a feature is None."""


@dataclass(frozen=True, slots=True)
class FeatureSpec:
    """Weights of one feature.

    Attributes:
        share: Share 0..1 of the reference music that has the quality.
        tags: Tagger output, as `msd:rock` → weight.
        descriptors: Descriptor name → weight.
    """

    share: float
    tags: Mapping[str, float]
    descriptors: Mapping[str, float]


@cache
def specs() -> dict[str, FeatureSpec]:
    """Load every feature of `features.toml`."""
    data = tomllib.loads((FOLDER / "features.toml").read_text(encoding="utf-8"))
    return {
        name: FeatureSpec(part["share"], part["tags"], part["descriptors"])
        for name, part in data.items()
    }


@cache
def reference() -> dict[str, Any]:
    """Load `reference.json`: name → [median, spread] of tags (logit), descriptors and features."""
    return json.loads((FOLDER / "reference.json").read_text(encoding="utf-8"))


def logit(probability: float) -> float:
    """Return the log-odds of a probability, clipped near 0 and 1."""
    p = min(max(probability, TINY_PROBABILITY), 1 - TINY_PROBABILITY)
    return float(np.log(p / (1 - p)))


def _z_score(value: float, usual: list[float]) -> float:
    middle, spread = usual
    return float(np.clip((value - middle) / spread, -SCORE_LIMIT, SCORE_LIMIT))


def tag_score(name: str, probability: float) -> float:
    """Return the z-score of a tagger output over the reference music, −3..3."""
    return _z_score(logit(probability), reference()["tags"].get(name, [0.0, 1.0]))


def descriptor_score(name: str, value: float) -> float:
    """Return the z-score of a descriptor over the reference music, −3..3; 0 without statistics."""
    usual = reference()["descriptors"].get(name)
    return 0.0 if usual is None else _z_score(max(value, MIN_VALUES.get(name, -np.inf)), usual)


def raw_score(
    spec: FeatureSpec,
    *,
    tags: Mapping[str, float],
    measured: Mapping[str, float],
    usual: Mapping[str, Mapping[str, list[float]]],
) -> float | None:
    """Return the weighted mean of the available z-scores; None when too few are available.

    Args:
        spec: Weights.
        tags: Tagger output → probability 0..1.
        measured: Descriptor → value.
        usual: `tags` and `descriptors` of `reference`.
    """
    terms: list[tuple[float, float]] = []
    for name, weight in spec.tags.items():
        if name in tags and name in usual["tags"]:
            terms.append((weight, _z_score(logit(tags[name]), usual["tags"][name])))
    for name, weight in spec.descriptors.items():
        if name in measured and name in usual["descriptors"]:
            value = max(measured[name], MIN_VALUES.get(name, -np.inf))
            terms.append((weight, _z_score(value, usual["descriptors"][name])))
    total = sum(abs(w) for w in (*spec.tags.values(), *spec.descriptors.values()))
    present = sum(abs(w) for w, _ in terms)
    if total == 0 or present < MIN_WEIGHT_SHARE * total:
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
    """Compute a feature of `features.toml`, 0..1; None where its inputs are missing.

    Args:
        name: Of the feature.
        tags: Tagger output, as `msd:rock` → probability 0..1; empty without a tagger.
        measured: Descriptor → value.
    """
    data = reference()
    raw = raw_score(specs()[name], tags=tags, measured=measured, usual=data)
    part = data["features" if tags else "features_without_tags"]
    if raw is None or name not in part:
        return None
    middle, spread = part[name]
    return float(1 / (1 + np.exp(-SLOPE * (raw - middle) / spread)))
