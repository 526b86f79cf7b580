"""Prior information about the beat of a recording, and its checks."""

from __future__ import annotations

import math
from typing import TypedDict

from indexer.drums.types import DrumsError


class BeatHints(TypedDict, total=False):
    """Prior information about a beat; values given by the user are used as they are.

    Attributes:
        tempo_hint: BPM measured elsewhere; it or a simple multiple is preferred.
        bpm: Quarter notes a minute; the grid is then strictly even.
        offset_s: Time of a downbeat.
        time_signature: One of `bar_meter.SIGNATURES`.
        tempo_factor: What the tempo found is counted by; not used with `bpm`.
        shift_s: All bars begin so much later.
    """

    tempo_hint: float | None
    bpm: float | None
    offset_s: float | None
    time_signature: str | None
    tempo_factor: float
    shift_s: float


def has_one_grid(hints: BeatHints) -> bool:
    """Return whether a tempo or an offset is given, which hold for the whole recording."""
    return bool(hints.get("bpm")) or hints.get("offset_s") is not None


def check_offset(offset_s: float | None, *, duration_s: float = math.inf) -> None:
    """Raise DrumsError where a given downbeat lies outside the recording."""
    if offset_s is not None and not 0 <= offset_s <= duration_s:
        raise DrumsError(
            f"A bar that starts at {offset_s:g} s lies outside the recording; give the seconds "
            "from its start to any first beat of a bar."
        )


def check_tempo(bpm: float | None) -> None:
    """Raise DrumsError where a given tempo is not playable."""
    if bpm is not None and not 20 <= bpm <= 400:
        raise DrumsError(f"A tempo of {bpm:g} BPM is not one to play; give one from 20 to 400.")
