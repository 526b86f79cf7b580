"""Why a track stands where it stands, in words: "8A → 9A, +1.5 BPM, a bit more energy"."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from store.results import Candidate, TrackRow
from tools.text.words import Language, number, say
from tools.tracks.compatibility import tempo_similarity

SAME_TEMPO_BPM: Final = 0.5
A_BIT: Final = 0.04
"""A difference of energy that can be heard; below it is "the same"."""
CLEARLY: Final = 0.15
OCTAVE: Final = 0.5
"""log2 of the tempos' ratio beyond which they meet at half or double time."""


@dataclass(frozen=True, slots=True)
class Mixable:
    """What a reason speaks of."""

    bpm: float | None
    camelot: str | None
    energy: float | None


@dataclass(frozen=True, slots=True)
class TempoJumps:
    """Steps whose tempos are farther apart than a pitch fader bridges, half and double allowed.

    Attributes:
        count: How many of them.
        known: Whether the tempo of every track is known.
    """

    count: int
    known: bool


def tempo_jumps(tracks: Sequence[TrackRow]) -> TempoJumps:
    """Count the jumps of tempo between neighbours; an unknown tempo is none."""
    tempos = [track.bpm for track in tracks]
    jumps = [a and b and not tempo_similarity(a, b) for a, b in pairwise(tempos)]
    return TempoJumps(sum(map(bool, jumps)), known=all(tempos))


def row_reasons(tracks: Sequence[TrackRow | Candidate], language: Language) -> list[str]:
    """The reason of each track of a playlist, in its order."""
    steps = [Mixable(track.bpm, track.camelot, track.energy) for track in tracks]
    reasons = [opening(step, language) for step in steps[:1]]
    return reasons + [transition(before, after, language) for before, after in pairwise(steps)]


def opening(track: Mixable, language: Language) -> str:
    """The reason of the first track."""
    parts = [track.camelot] if track.camelot else []
    if track.bpm:
        parts.append(f"{number(language, track.bpm)} BPM")
    if not parts:
        return say(language, "reason.opens")
    return say(language, "reason.opens_with", what=", ".join(parts))


def transition(before: Mixable, after: Mixable, language: Language) -> str:
    """The reason of any other track."""
    parts = [_key(before, after, language), _tempo(before, after, language)]
    parts.append(_energy(before, after, language))
    return ", ".join(part for part in parts if part) or say(language, "reason.variety")


def _key(before: Mixable, after: Mixable, language: Language) -> str:
    if not before.camelot or not after.camelot:
        return ""
    if before.camelot == after.camelot:
        return say(language, "reason.same_key", key=after.camelot)
    return f"{before.camelot} → {after.camelot}"


def _tempo(before: Mixable, after: Mixable, language: Language) -> str:
    if not before.bpm or not after.bpm:
        return ""
    octaves = math.log2(after.bpm / before.bpm)
    if abs(octaves) > OCTAVE:
        key = "reason.double_time" if octaves > 0 else "reason.half_time"
        tempo = number(language, after.bpm)
        return say(language, key, bpm=tempo)
    change = after.bpm - before.bpm
    if abs(change) < SAME_TEMPO_BPM:
        return say(language, "reason.same_tempo")
    return f"{'+' if change > 0 else '−'}{number(language, abs(change))} BPM"


def _energy(before: Mixable, after: Mixable, language: Language) -> str:
    if before.energy is None or after.energy is None:
        return ""
    change = after.energy - before.energy
    if abs(change) < A_BIT:
        return say(language, "reason.same_energy")
    size = "a_bit" if abs(change) < CLEARLY else "clearly"
    return say(language, f"reason.{size}_{'more' if change > 0 else 'less'}")
