"""The mood model as numbers: scaler → principal components → one calibrated logistic head a mood.

A mood without a head keeps its analytic strength. Everything is JSON: nothing that is loaded runs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from store.moods.inputs import INPUTS, MoodInputs
from store.results import StoreError
from store.vocabulary import MOODS

LEAST_STRENGTH: Final = 0.02
"""Analytic strengths are clipped to this distance from 0 and 1 before their logit is taken."""


@dataclass(frozen=True, slots=True)
class MoodHead:
    """Logistic regression over the components and the logit of the analytic strength.

    Attributes:
        weights: One a component, and one for the logit.
        slope: Of the calibration: probability = logistic(slope · decision + offset).
    """

    weights: tuple[float, ...]
    intercept: float
    slope: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class MoodModel:
    """The whole model.

    Attributes:
        mean: (INPUTS,) what is subtracted, and filled in where a value is not known.
        scale: (INPUTS,) what is divided by.
        components: (k, INPUTS), each of unit variance over the reference tracks.
        heads: Mood → head, of the moods that were learned.
    """

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    components: tuple[tuple[float, ...], ...]
    heads: Mapping[str, MoodHead]

    def as_json(self) -> str:
        """Return the model as text; the same model is the same text."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))


def model_from_json(text: str) -> MoodModel:
    """Return the model that `as_json` wrote.

    Raises:
        StoreError: It is damaged.
    """
    try:
        stored: dict[str, Any] = json.loads(text)
        model = MoodModel(
            tuple(map(float, stored["mean"])),
            tuple(map(float, stored["scale"])),
            tuple(tuple(map(float, row)) for row in stored["components"]),
            {mood: _head(head) for mood, head in stored["heads"].items() if mood in MOODS},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"The mood model cannot be read: {error!r}.") from error
    sizes = {len(model.mean), len(model.scale), *map(len, model.components)}
    heads = {len(head.weights) for head in model.heads.values()}
    if sizes != {INPUTS} or not heads <= {len(model.components) + 1}:
        raise StoreError("The mood model is of other inputs.")
    return model


def _head(stored: dict[str, Any]) -> MoodHead:
    weights = tuple(map(float, stored["weights"]))
    numbers = (stored["intercept"], stored["slope"], stored["offset"])
    return MoodHead(weights, *map(float, numbers))


def design(
    values: NDArray[Any], mean: NDArray[Any], scale: NDArray[Any], components: NDArray[Any]
) -> NDArray[np.float64]:
    """Return float64, (n, k): values scaled and projected; what is not known is the mean."""
    scaled = (np.where(np.isfinite(values), values, mean) - mean) / scale
    return scaled @ components.T


def logit(strength: NDArray[Any]) -> NDArray[np.float64]:
    """Return the logit of analytic strengths 0..1."""
    inside = np.clip(strength.astype(float), LEAST_STRENGTH, 1 - LEAST_STRENGTH)
    return np.log(inside / (1 - inside))


def predict(model: MoodModel, inputs: MoodInputs) -> NDArray[np.float64]:
    """Return float64, (n, moods): the probability 0..1 that each mood fits.

    Moods without a head have their analytic strength.
    """
    found = inputs.analytic.astype(float).copy()
    if not len(inputs.ids) or not model.heads:
        return found
    parts = design(
        inputs.values, np.array(model.mean), np.array(model.scale), np.array(model.components)
    )
    for mood, head in model.heads.items():
        at = MOODS.index(mood)
        columns = np.column_stack([parts, logit(inputs.analytic[:, at])])
        decision = columns @ np.array(head.weights) + head.intercept
        found[:, at] = 1 / (1 + np.exp(-(head.slope * decision + head.offset)))
    return found


def uncertainty(probability: NDArray[Any]) -> NDArray[np.float64]:
    """Return how open a probability leaves it: 0 at 0 and 1, 1 at 0.5 (binary entropy in bits)."""
    inside = np.clip(probability.astype(float), 1e-12, 1 - 1e-12)
    return -(inside * np.log2(inside) + (1 - inside) * np.log2(1 - inside))
