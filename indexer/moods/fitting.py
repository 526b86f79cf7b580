"""Fit the mood model: weak labels of the analytic scores, refined by what people said.

The scaler and the principal components are those of reference tracks of the library. Each mood has
a logistic regression over the components and the logit of its analytic strength. Reference tracks
weigh together as much as `WEAK_LABELS` labels, so that a mood begins as it was and moves with what
is said of it. Decisions of tracks that were left out calibrate the probability (Platt's method).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from store.moods.inputs import MoodInputs
from store.moods.model import MoodHead, MoodModel, design, logit
from store.vocabulary import MOODS

Floats = NDArray[np.float64]

COMPONENTS: Final = 24
WEAK_LABELS: Final = 12.0
"""What all reference tracks together weigh, in labels of people."""
PENALTY: Final = 0.05
"""C of the logistic regression."""
FOLDS: Final = 8
LEAST_LABELS: Final = 25
LEAST_OF_A_KIND: Final = 3
"""Labels that a mood needs of each kind, fits and does not fit."""
LEAST_SLOPE: Final = 0.2
"""The calibration never turns a decision around, nor flattens it away."""
DIGITS: Final = 6
"""Decimals of a stored coefficient: the last bits of a sum differ between machines."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Labels of one mood; the arrays have one entry a label.

    Attributes:
        tracks: int, ids; all labels of a track are in one fold.
        fits: bool.
    """

    tracks: NDArray[np.int64]
    fits: NDArray[np.bool_]

    @property
    def enough(self) -> bool:
        """Whether there are labels enough, of both kinds."""
        least = min(int(self.fits.sum()), int((~self.fits).sum()))
        return len(self.fits) >= LEAST_LABELS and least >= LEAST_OF_A_KIND


@dataclass(frozen=True, slots=True)
class Space:
    """Scaler and components, fitted on reference tracks."""

    mean: Floats
    scale: Floats
    components: Floats

    def columns(self, inputs: MoodInputs, mood: str) -> Floats:
        """Return float64, (n, k + 1): what the head of a mood sees."""
        parts = design(inputs.values, self.mean, self.scale, self.components)
        return np.column_stack([parts, logit(inputs.analytic[:, MOODS.index(mood)])])


def fit_space(reference: MoodInputs) -> Space:
    """Return scaler and components of at least two tracks."""
    from sklearn.decomposition import PCA

    known = np.isfinite(reference.values)
    counted = np.maximum(known.sum(axis=0), 1)
    filled = np.where(known, reference.values, 0.0).astype(float)
    mean = filled.sum(axis=0) / counted
    spread = np.where(known, (filled - mean) ** 2, 0.0).sum(axis=0) / counted
    mean, scale = np.round(mean, DIGITS), np.round(np.maximum(np.sqrt(spread), 1e-3), DIGITS)
    scaled = (np.where(known, reference.values, mean) - mean) / scale
    size = min(COMPONENTS, len(scaled) - 1, scaled.shape[1])
    found = PCA(size, svd_solver="full", random_state=0).fit(scaled)
    deviation = np.maximum(np.sqrt(found.explained_variance_), 1e-6)
    components = np.round(found.components_ / deviation[:, None], DIGITS)
    return Space(mean, scale, components)


def fit_head(
    space: Space, reference: MoodInputs, said: MoodInputs, labels: Labelled, mood: str
) -> MoodHead:
    """Return the calibrated head of a mood.

    Args:
        space: Scaler and components.
        reference: Tracks with weak labels.
        said: Tracks that people judged, with all ids of `labels`.
        labels: What they said.
        mood: Which mood.
    """
    weights, intercept = _fit(space, reference, said, labels, mood)
    slope, offset = 1.0, 0.0
    if labels.enough:
        slope, offset = _calibrated(left_out(space, reference, said, labels, mood), labels)
    rounded = tuple(round(float(one), DIGITS) for one in weights)
    return MoodHead(rounded, *(round(float(n), DIGITS) for n in (intercept, slope, offset)))


def left_out(
    space: Space,
    reference: MoodInputs,
    said: MoodInputs,
    labels: Labelled,
    mood: str,
    *,
    known: Labelled | None = None,
) -> Floats:
    """Return float64, (labels,): decisions on each label by a head that never saw its track.

    Args:
        space: Scaler and components.
        reference: Tracks with weak labels.
        said: Tracks that people judged.
        labels: Labels that are decided on.
        mood: Which mood.
        known: Labels that are learned from; `labels` by default.
    """
    learned = labels if known is None else known
    decisions = np.zeros(len(labels.fits))
    columns = space.columns(said, mood)[np.searchsorted(said.ids, labels.tracks)]
    for fold in range(FOLDS):
        kept = learned.tracks % FOLDS != fold
        held = labels.tracks % FOLDS == fold
        if held.any():
            part = Labelled(learned.tracks[kept], learned.fits[kept])
            weights, intercept = _fit(space, reference, said, part, mood)
            decisions[held] = columns[held] @ weights + intercept
    return decisions


def fit_decisions(
    space: Space, reference: MoodInputs, said: MoodInputs, labels: Labelled, mood: str,
    others: MoodInputs,
) -> Floats:  # fmt: skip
    """Return float64, (n,): decisions on `others` by a head that is fitted on all labels."""
    weights, intercept = _fit(space, reference, said, labels, mood)
    return space.columns(others, mood) @ weights + intercept


def fit_model(space: Space, heads: Mapping[str, MoodHead]) -> MoodModel:
    """Return the model of a space and heads."""
    return MoodModel(
        tuple(map(float, space.mean)),
        tuple(map(float, space.scale)),
        tuple(tuple(map(float, row)) for row in space.components),
        dict(sorted(heads.items())),
    )


def labelled(rows: Sequence[tuple[int, bool]]) -> Labelled:
    """Return (track, fits) as arrays, in the order of the tracks."""
    ordered = sorted(rows)
    return Labelled(
        np.array([track for track, _ in ordered], np.int64),
        np.array([fits for _, fits in ordered], np.bool_),
    )


def _fit(
    space: Space, reference: MoodInputs, said: MoodInputs, labels: Labelled, mood: str
) -> tuple[Floats, float]:
    """Return (weights, intercept) of a logistic regression on weak and given labels."""
    from sklearn.linear_model import LogisticRegression

    strength = reference.analytic[:, MOODS.index(mood)].astype(float)
    weak = strength >= 0.5
    sure = np.abs(2 * strength - 1) + 1e-3
    columns = [space.columns(reference, mood)]
    targets, weights = [weak], [_balanced(weak, sure) * WEAK_LABELS]
    if len(labels.fits):
        columns.append(space.columns(said, mood)[np.searchsorted(said.ids, labels.tracks)])
        targets.append(labels.fits)
        weights.append(_balanced(labels.fits, np.ones(len(labels.fits))) * len(labels.fits))
    target = np.concatenate(targets)
    if target.all() or not target.any():
        return np.zeros(columns[0].shape[1]), 4.0 if target.all() else -4.0
    found: Any = LogisticRegression(C=PENALTY, max_iter=500, tol=1e-8)
    found.fit(np.concatenate(columns), target, sample_weight=np.concatenate(weights))
    return found.coef_[0], float(found.intercept_[0])


def _balanced(kinds: NDArray[np.bool_], weights: Floats) -> Floats:
    """Return weights of sum 1, half of it for each kind where there are both."""
    made = weights.astype(float).copy()
    for kind in (kinds, ~kinds):
        total = made[kind].sum()
        if total:
            made[kind] /= total
    return made / max(made.sum(), 1e-12)


def _calibrated(decisions: Floats, labels: Labelled) -> tuple[float, float]:
    """Return (slope, offset) by which decisions on left-out tracks become probabilities."""
    from sklearn.linear_model import LogisticRegression

    weights = _balanced(labels.fits, np.ones(len(labels.fits))) * len(labels.fits)
    found: Any = LogisticRegression(C=1.0).fit(decisions[:, None], labels.fits, weights)
    slope = float(found.coef_[0, 0])
    return (slope, float(found.intercept_[0])) if slope >= LEAST_SLOPE else (1.0, 0.0)
