"""Half or double of a tempo, settled by a genre tag of the file: drum and bass is counted at 174.

Only an unsure estimate is moved, only by tags that people wrote, and only where one of half, same
and double fits (`genre_tempo.toml`).
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from indexer.mir.tags.genre import fold_text
from indexer.mir.types import Tempo

SETTLED_CONFIDENCE: Final = 0.9
"""Confidence of a tempo, at least, whose half or double a genre has settled."""


@dataclass(frozen=True, slots=True)
class TempoRange:
    """Tempi of a genre, BPM, and the confidence up to which they count."""

    names: frozenset[str]
    low: float
    high: float
    confidence: float

    def holds(self, bpm: float) -> bool:
        """Return whether a tempo is one of the genre."""
        return self.low <= bpm <= self.high


def settled(tempo: Tempo, *, genres: Sequence[str]) -> Tempo:
    """Return the tempo at the half or double that the genre is counted at.

    Args:
        tempo: Estimated from the audio.
        genres: Genre tags of the file, as written.
    """
    if tempo.bpm is None:
        return tempo
    folded = [f" {fold_text(text)} " for text in genres]
    ranges = [
        one for one in _ranges() if any(f" {n} " in text for n in one.names for text in folded)
    ]
    if any(one.holds(tempo.bpm) for one in ranges):
        return tempo
    others = [
        bpm
        for bpm in (tempo.bpm * 2, tempo.bpm / 2)
        if any(one.holds(bpm) and tempo.confidence <= one.confidence for one in ranges)
    ]
    if len(others) != 1:
        return tempo
    return dataclasses.replace(
        tempo,
        bpm=others[0],
        alternative=tempo.bpm,
        confidence=max(tempo.confidence, SETTLED_CONFIDENCE),
    )


@cache
def _ranges() -> tuple[TempoRange, ...]:
    path = Path(__file__).with_suffix(".toml")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(
        TempoRange(frozenset(map(fold_text, one["names"])), low, high, one["confidence"])
        for one in data.values()
        for low, high in (one["bpm"],)
    )
