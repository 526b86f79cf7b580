"""Champion against challenger, mood by mood: better on what people said, not worse elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.moods.fitting import Floats, Labelled, Space, fit_decisions, left_out
from store.moods.inputs import MoodInputs
from store.vocabulary import MOODS

Z_BETTER: Final = 0.3
"""Standard errors by which the challenger must decide more labels right than the champion."""
Z_CHANCE: Final = 2.3
"""Standard errors by which its decisions must order the labels better than chance: labels that are
given by chance teach nothing."""
REFERENCE_MARGIN: Final = 0.3
"""How much less the challenger may agree with the clear cases of the reference tracks (area under
the curve, 0..1)."""
CLEAR: Final = 0.25
"""Analytic strengths at least this far from 0.5 are clear cases."""
LEAST_CLEAR: Final = 5
"""Clear cases of each kind without which a mood has no reference."""


@dataclass(frozen=True, slots=True)
class MoodComparison:
    """How champion and challenger did on one mood, each cross-validated.

    Attributes:
        labels: How many.
        champion, challenger: Balanced accuracy on the labels, 0..1.
        z: By how many standard errors the challenger decides more labels right.
        reference_champion, reference_challenger: Agreement with the reference, 0..1.
        promoted: Whether the challenger serves from now on.
        reason: Why not: "few", "not_better", "worse_on_reference"; "" where promoted.
    """

    mood: str
    labels: int
    champion: float
    challenger: float
    z: float
    reference_champion: float
    reference_challenger: float
    promoted: bool
    reason: str


def compare(
    mood: str,
    *,
    space: Space,
    reference: MoodInputs,
    said: MoodInputs,
    labels: Labelled,
    champion_labels: Labelled | None,
) -> MoodComparison:
    """Compare a challenger, trained on `labels`, with the champion.

    Args:
        mood: Which.
        space: Scaler and components.
        reference: Tracks of the library; odd places teach, even ones judge.
        said: The tracks that people judged.
        labels: All labels of the mood.
        champion_labels: What the champion was trained on; None: the analytic strength is it.
    """
    taught, judged = _part(reference, 1), _part(reference, 0)
    analytic = said.analytic[:, MOODS.index(mood)][np.searchsorted(said.ids, labels.tracks)]
    if champion_labels is None:
        old = analytic.astype(float) - 0.5
    else:
        old = left_out(space, taught, said, labels, mood, known=champion_labels)
    new = left_out(space, taught, said, labels, mood)
    right_old, right_new = (old >= 0) == labels.fits, (new >= 0) == labels.fits
    z = _z(right_old, right_new)
    before = _agreement(space, taught, judged, said, champion_labels, mood)
    after = _agreement(space, taught, judged, said, labels, mood)
    champion, challenger = _accuracy(right_old, labels.fits), _accuracy(right_new, labels.fits)
    reason = ""
    if not labels.enough:
        reason = "few"
    elif z < Z_BETTER or challenger <= champion or _above_chance(new, labels.fits) < Z_CHANCE:
        reason = "not_better"
    elif after < before - REFERENCE_MARGIN:
        reason = "worse_on_reference"
    return MoodComparison(
        mood, len(labels.fits), champion, challenger, z, before, after, not reason, reason
    )


def _above_chance(decisions: Floats, fits: NDArray[np.bool_]) -> float:
    """Return by how many standard errors decisions order the labels better than chance does."""
    yes = int(fits.sum())
    no = len(fits) - yes
    error = float(np.sqrt((yes + no + 1) / (12 * yes * no)))  # of the area, Mann and Whitney
    return (_area(decisions, fits) - 0.5) / error


def _part(inputs: MoodInputs, rest: int) -> MoodInputs:
    at = np.arange(len(inputs.ids)) % 2 == rest
    return MoodInputs(inputs.ids[at], inputs.values[at], inputs.analytic[at])


def _z(old: NDArray[np.bool_], new: NDArray[np.bool_]) -> float:
    """Return McNemar's statistic, signed: positive where the new one is right more often."""
    won, lost = int((new & ~old).sum()), int((old & ~new).sum())
    return (won - lost) / float(np.sqrt(won + lost)) if won + lost else 0.0


def _accuracy(right: NDArray[np.bool_], fits: NDArray[np.bool_]) -> float:
    """Return balanced accuracy: the mean of the shares right of each kind there is."""
    shares = [float(right[kind].mean()) for kind in (fits, ~fits) if kind.any()]
    return float(np.mean(shares)) if shares else 0.0


def _agreement(
    space: Space,
    taught: MoodInputs,
    judged: MoodInputs,
    said: MoodInputs,
    labels: Labelled | None,
    mood: str,
) -> float:
    """Return the area under the curve on the clear cases; 1 where there are too few."""
    strength = judged.analytic[:, MOODS.index(mood)].astype(float)
    clear = np.abs(strength - 0.5) >= CLEAR
    kinds = strength[clear] >= 0.5
    if labels is None or min(int(kinds.sum()), int((~kinds).sum())) < LEAST_CLEAR:
        return 1.0
    decisions = fit_decisions(space, taught, said, labels, mood, judged)[clear]
    return _area(decisions, kinds)


def _area(decisions: Floats, kinds: NDArray[np.bool_]) -> float:
    order = np.argsort(decisions, kind="stable")
    ranks = np.empty(len(order))
    ranks[order] = np.arange(1, len(order) + 1)
    yes, no = int(kinds.sum()), int((~kinds).sum())
    return float((ranks[kinds].sum() - yes * (yes + 1) / 2) / (yes * no))
