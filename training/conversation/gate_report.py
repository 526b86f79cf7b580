"""How well the gate tells requests from the rest, on sentences it never saw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.gate.classifier import GateWeights
from training.conversation.sentences import LANGUAGES, Sentence

PRECISION: Final = 0.99


def report(parts: Sequence[tuple[str, Sequence[Sentence], GateWeights]]) -> None:
    """Print recall at a precision of 99 % both ways, by source and over all, by language."""
    print(f"{'left out':18s} lang   act other | act found, other found at 99 % | right at 0.5")
    every: dict[str, list[tuple[float, bool]]] = {language: [] for language in LANGUAGES}
    for source, sentences, weights in parts:
        for language in LANGUAGES:
            scored = [
                (weights.probability(one.text, language), one.act)
                for one in sentences
                if one.language == language
            ]
            if scored:
                _print_row(source, language, scored)
                every[language] += scored
    for language, scored in every.items():
        _print_row("all", language, scored)


def _print_row(source: str, language: str, scored: Sequence[tuple[float, bool]]) -> None:
    chance = np.array([one[0] for one in scored])
    act = np.array([one[1] for one in scored])
    found = f"{_percent(recall(chance, act))} {_percent(recall(1 - chance, ~act))}"
    sides = [float(np.mean(chance[act] > 0.5)) if act.any() else np.nan]
    sides.append(float(np.mean(chance[~act] < 0.5)) if (~act).any() else np.nan)
    print(
        f"{source:18s} {language:4s} {act.sum():5d} {(~act).sum():5d} | {found} | "
        + " ".join(_percent(side) for side in sides)
    )


def _percent(share: float) -> str:
    return "    – " if np.isnan(share) else f"{100 * share:5.1f}%"


def recall(chance: NDArray[np.float64], wanted: NDArray[np.bool_]) -> float:
    """Largest share of the wanted found by a threshold at which 99 % of what passes is wanted.

    Both answers weigh alike; nan where one is missing.
    """
    if not wanted.any() or wanted.all():
        return float("nan")
    order = np.argsort(-chance, kind="stable")
    hits = np.cumsum(wanted[order]) / wanted.sum()
    false = np.cumsum(~wanted[order]) / (~wanted).sum()
    good = hits >= PRECISION * (hits + false)
    return float(hits[good].max(initial=0.0))


def report_wrong(
    source: str, sentences: Sequence[Sentence], weights: GateWeights, *, most: int
) -> None:
    """Print the surest wrong answers."""
    scored = [(weights.probability(one.text, one.language), one) for one in sentences]
    wrong = [(chance, one) for chance, one in scored if (chance > 0.5) != one.act]
    for chance, one in sorted(wrong, key=lambda pair: -abs(pair[0] - 0.5))[:most]:
        print(f"  {source} {one.language} {chance:.2f} act={one.act}: {one.text} ({one.kind})")
