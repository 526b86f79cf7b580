"""Whether and how two tracks mix: how far their tempos are apart, how their keys are related."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from tools.tracks.compatibility import MIXING

KeyRelation = Literal["same", "neighbour", "relative", "boost", "diagonal", "clash"]

FITTING_KEYS: Final = frozenset({"same", "neighbour", "relative"})
"""Relations of keys that sound well together."""
BOOST_STEPS: Final = 2
"""Steps up the Camelot wheel that raise the key by a whole tone."""


@dataclass(frozen=True, slots=True)
class Mix:
    """Two tracks side by side; None where a value is not known.

    Attributes:
        tempo_apart: Relative difference of the tempos, 0 and more, once the slower one is doubled
            where that brings them nearer.
        doubled: Whether it is doubled.
        keys: How the keys are related.
    """

    tempo_apart: float | None
    doubled: bool
    keys: KeyRelation | None

    @property
    def tempo_fits(self) -> bool | None:
        """Whether a pitch fader bridges the tempos."""
        return None if self.tempo_apart is None else self.tempo_apart <= MIXING

    @property
    def keys_fit(self) -> bool | None:
        """Whether the keys sound well together."""
        return None if self.keys is None else self.keys in FITTING_KEYS


def mix_of(first: tuple[float | None, str | None], second: tuple[float | None, str | None]) -> Mix:
    """Return how two tracks, each as (BPM, Camelot key), mix."""
    (bpm, key), (other_bpm, other_key) = first, second
    apart, doubled = None, False
    if bpm and other_bpm:
        ratio = max(bpm, other_bpm) / min(bpm, other_bpm)
        doubled = ratio > math.sqrt(2.0)
        ratio = ratio / 2.0 if doubled else ratio
        apart = max(ratio, 1.0 / ratio) - 1.0
    relation = key_relation(key, other_key) if key and other_key else None
    return Mix(apart, doubled, relation)


def key_relation(first: str, second: str) -> KeyRelation:
    """Return how two Camelot keys are related; the order does not matter."""
    steps = (int(second[:-1]) - int(first[:-1])) % 12
    steps = min(steps, 12 - steps)
    if first[-1] == second[-1]:
        names: dict[int, KeyRelation] = {0: "same", 1: "neighbour", BOOST_STEPS: "boost"}
        return names.get(steps, "clash")
    return "relative" if steps == 0 else "diagonal" if steps == 1 else "clash"
