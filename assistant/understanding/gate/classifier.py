"""How likely a sentence is a request that a tool can serve.

Logistic regression over hashed n-grams (`features`), made by `training.conversation.gate_weights`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.gate.features import indices

FILE: Final = Path(__file__).with_name("gate.npz")
UNKNOWN: Final = 0.5
"""The answer for a language without training sentences, and for a text without words."""


@dataclass(frozen=True, slots=True)
class GateWeights:
    """Weights of the gate.

    Attributes:
        weights: int8, (BUCKETS,), in units of `scale`.
        scale: Size of a unit.
        bias: Added to the sum.
        languages: Those it was trained for.
    """

    weights: NDArray[np.int8]
    scale: float
    bias: float
    languages: frozenset[str]

    def probability(self, text: str, language: str) -> float:
        """Probability (0..1) that a sentence is a request for music."""
        places = indices(text, language)
        total = int(self.weights[places].sum(dtype=np.int64)) * self.scale
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, self.bias + total / norm(places)))))


def norm(places: NDArray[np.int64]) -> float:
    """Length of a sentence's feature vector: long sentences are not surer than short ones."""
    return math.sqrt(max(1, places.size))


@cache
def load(path: Path = FILE) -> GateWeights:
    """Read the weights, once."""
    with np.load(path) as stored:
        return GateWeights(
            stored["weights"],
            float(stored["scale"]),
            float(stored["bias"]),
            frozenset(str(name) for name in stored["languages"]),
        )


def knows(language: str) -> bool:
    """Whether the gate was trained for a language."""
    return language in load().languages


def music_request(text: str, language: str) -> float:
    """Probability (0..1) that a tool can serve a sentence; `UNKNOWN` where it cannot tell."""
    if not any(character.isalnum() for character in text) or not knows(language):
        return UNKNOWN
    return load().probability(text, language)
