"""What a drummer plays, as training sees it: strokes of voices at times, with velocities."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

CLASS_OF_VOICE: Final[dict[str, int]] = {
    "kick": 0,
    "snare": 1,
    "side_stick": 2,
    "hat_closed": 3,
    "hat_pedal": 3,
    "hat_open": 4,
    "tom_high": 5,
    "tom_low": 6,
    "tom_floor": 7,
    "crash": 8,
    "ride": 9,
    "ride_bell": 9,
}
"""Rendered voice → class of the network (`CLASSES` in `indexer.drums.corrections.clip_format`);
"other" (claps, bells, shakers) sounds but belongs to none."""
VOICES: Final = (*CLASS_OF_VOICE, "other")

VOICE_OF_PITCH: Final[dict[int, str]] = {
    35: "kick",
    36: "kick",
    37: "side_stick",
    38: "snare",
    40: "snare",
    22: "hat_closed",
    42: "hat_closed",
    44: "hat_pedal",
    26: "hat_open",
    46: "hat_open",
    41: "tom_floor",
    43: "tom_floor",
    58: "tom_floor",
    45: "tom_low",
    47: "tom_low",
    48: "tom_high",
    50: "tom_high",
    49: "crash",
    52: "crash",
    55: "crash",
    57: "crash",
    51: "ride",
    59: "ride",
    53: "ride_bell",
}
"""Pitches of General MIDI, and of the Roland kit that the Groove MIDI Dataset was played on."""
_DOUBLE_HIT_S: Final = 0.02
"""Two strokes of a voice nearer than this are one (a trigger that fired twice)."""


@dataclass(frozen=True, order=True, slots=True)
class Hit:
    """One hit of a voice; velocity 0..1."""

    time_s: float
    voice: str
    velocity: float


@dataclass(frozen=True)
class Performance:
    """A passage: its strokes sorted by time, from time 0, where a bar starts."""

    hits: tuple[Hit, ...]
    bpm: float
    beats_per_bar: int = 4

    @property
    def bar_s(self) -> float:
        """Length of a bar."""
        return self.beats_per_bar * 60 / self.bpm


def clean_hits(hits: Iterable[Hit], *, duration_s: float) -> tuple[Hit, ...]:
    """Sorted, inside the passage, without double strokes."""
    last: dict[str, float] = {}
    kept: list[Hit] = []
    for hit in sorted(hits):
        if not 0 <= hit.time_s < duration_s:
            continue
        if hit.time_s - last.get(hit.voice, -1.0) >= _DOUBLE_HIT_S:
            last[hit.voice] = hit.time_s
            kept.append(hit)
    return tuple(kept)


def shift_hits(hits: Iterable[Hit], by_s: float) -> list[Hit]:
    """The strokes, later by `by_s`."""
    return [replace(hit, time_s=hit.time_s + by_s) for hit in hits]


def replace_voices(hits: Iterable[Hit], voices: dict[str, str]) -> list[Hit]:
    """The strokes with some voices exchanged."""
    return [replace(s, voice=voices.get(s.voice, s.voice)) for s in hits]
