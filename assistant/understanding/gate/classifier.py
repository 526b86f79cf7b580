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

from assistant.understanding.gate.features import vector

FILE: Final = Path(__file__).with_name("gate.npz")
UNKNOWN: Final = 0.5
"""The answer for a language without training sentences, and for a text without words."""


@dataclass(frozen=True, slots=True)
class GateWeights:
    """Weights of the gate.

    Attributes:
        weights: float16, (BUCKETS,).
        bias: Added to the sum.
        languages: Those it was trained for.
    """

    weights: NDArray[np.float16]
    bias: float
    languages: frozenset[str]

    def probability(self, text: str, language: str) -> float:
        """Probability (0..1) that a sentence is a request for music."""
        places, values = vector(text, language)
        total = float(self.weights[places].astype(np.float32) @ values) + self.bias
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, total))))


@cache
def load(path: Path = FILE) -> GateWeights:
    """Read the weights, once."""
    with np.load(path) as stored:
        return GateWeights(
            stored["weights"],
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
