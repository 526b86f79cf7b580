"""How well two tracks follow each other: tempo, key and energy, each 0..1, 1 the best.

Tempo is compared after folding by ×2 and ÷2 (a 70 BPM track sits on a 140 BPM one), keys on the
Camelot wheel. All measures are symmetric. A value that is not known neither helps nor hinders:
its similarity is `UNKNOWN` for every neighbour, so it has no say in the order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TEMPO_WEIGHT: Final = 0.45
KEY_WEIGHT: Final = 0.30
ENERGY_WEIGHT: Final = 0.25
TEMPO_STEPS: Final = ((0.03, 1.0), (0.06, 0.6), (0.12, 0.3))
"""(relative difference below which, similarity): what a pitch fader can bridge."""
MIXING: Final = 0.06
"""Relative difference of two tempos that mix: the step of a pitch fader at ±6 %."""
UNKNOWN: Final = 0.5
TEMPO_TIE_BREAK: Final = 0.02
"""Weight of the folded distance in octaves: among jumps beyond 12 % the smaller one is better."""
OCTAVE_TIE_BREAK: Final = 0.06
"""Weight of each octave folded away: 80 and 160 BPM mix, but a list should not hop between them."""

_CAMELOT = re.compile(r"(1[0-2]|[1-9])([AB])")


def folded_ratio(slow_bpm: float, fast_bpm: float) -> float:
    """Ratio of two tempos after folding by octaves, 1 (equal) to √2 (farthest).

    Raises:
        ValueError: A tempo is not above 0.
    """
    if slow_bpm <= 0 or fast_bpm <= 0:
        raise ValueError(f"Expected tempos above 0 BPM, not {slow_bpm} and {fast_bpm}")
    octaves = np.log2(fast_bpm / slow_bpm)
    return float(2.0 ** abs(octaves - np.round(octaves)))


def tempo_similarity(first_bpm: float, second_bpm: float) -> float:
    """Similarity of two tempos in the steps of `TEMPO_STEPS`."""
    apart = folded_ratio(first_bpm, second_bpm) - 1.0
    return next((value for limit, value in TEMPO_STEPS if apart < limit), 0.0)


def mixing_tempos(bpm: float) -> tuple[tuple[float, float], ...]:
    """Return the ranges (lowest, highest) in BPM that mix with a tempo, its half and its double."""
    return tuple((tempo / (1 + MIXING), tempo * (1 + MIXING)) for tempo in (bpm, bpm / 2, bpm * 2))


def key_similarity(first: str, second: str) -> float:
    """Graded similarity of two Camelot keys.

    Raises:
        ValueError: A key is not a Camelot code such as "8A".
    """
    (number, letter), (other_number, other_letter) = _parts(first), _parts(second)
    steps = abs(number - other_number)
    steps = min(steps, 12 - steps)
    if letter == other_letter:
        return {0: 1.0, 1: 0.9, 2: 0.55}.get(steps, 0.1)
    return {0: 0.9, 1: 0.45}.get(steps, 0.1)


def _parts(camelot: str) -> tuple[int, str]:
    match = _CAMELOT.fullmatch(camelot)
    if match is None:
        raise ValueError(f"Expected a Camelot code such as 8A, not {camelot!r}")
    return int(match[1]), match[2]


def tempo_costs(tempos_bpm: Floats) -> Floats:
    """Cost 0..1 of every pair, plus the tie-breaks; float64 (n,) with NaN for unknown → (n, n)."""
    known = np.isfinite(tempos_bpm) & (tempos_bpm > 0)
    octaves = np.log2(np.where(known, tempos_bpm, 1.0))
    distance = octaves[:, None] - octaves[None, :]
    folded = np.abs(np.round(distance))
    distance = np.abs(distance - np.round(distance))
    apart = 2.0**distance - 1.0
    similarity = np.zeros_like(apart)
    for limit, value in reversed(TEMPO_STEPS):
        similarity[apart < limit] = value
    costs = 1.0 - similarity + TEMPO_TIE_BREAK * distance + OCTAVE_TIE_BREAK * folded
    return _neutral(costs, known)


def key_costs(keys: Sequence[str | None]) -> Floats:
    """Cost 0..1 of every pair of Camelot keys, None for unknown → float64 (n, n)."""
    present = sorted({key for key in keys if key})
    table = np.full((len(present) + 1, len(present) + 1), 1.0 - UNKNOWN)
    for a, first in enumerate(present):
        for b, second in enumerate(present):
            table[a, b] = 1.0 - key_similarity(first, second)
    place = {key: at for at, key in enumerate(present)}
    index = np.array([place.get(key or "", len(present)) for key in keys], dtype=np.intp)
    return table[np.ix_(index, index)]


def energy_costs(energies: Floats) -> Floats:
    """Cost 0..1 of every pair of energies; float64 (n,) 0..1 with NaN for unknown → (n, n)."""
    known = np.isfinite(energies)
    filled = np.where(known, energies, 0.0)
    return _neutral(np.abs(filled[:, None] - filled[None, :]), known)


def _neutral(costs: Floats, known: NDArray[np.bool_]) -> Floats:
    costs[~known, :] = 1.0 - UNKNOWN
    costs[:, ~known] = 1.0 - UNKNOWN
    return costs


def transition_costs(
    *,
    tempos_bpm: Floats,
    keys: Sequence[str | None],
    energies: Floats,
    harmonic: bool = True,
) -> Floats:
    """Cost of every pair of neighbours, float64 (n, n), about 0..1, symmetric.

    Args:
        tempos_bpm: float64 (n,), BPM, NaN for unknown.
        keys: n Camelot keys, None for unknown.
        energies: float64 (n,), 0..1, NaN for unknown.
        harmonic: False leaves the keys out.
    """
    costs = TEMPO_WEIGHT * tempo_costs(tempos_bpm) + ENERGY_WEIGHT * energy_costs(energies)
    if harmonic:
        costs += KEY_WEIGHT * key_costs(keys)
    return costs
