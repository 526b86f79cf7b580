"""Meters of a bar, and time signatures as people write them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from indexer.drums.types import DrumsError, signature_of


@dataclass(frozen=True, slots=True)
class BarMeter:
    """Beats of a bar and their division.

    Attributes:
        beats: Beats as felt: 4 in 4/4 and 12/8, 2 in 6/8, 3.5 in 7/8.
        division: Parts of a beat: 2 in simple, 3 in compound meters.
    """

    beats: float
    division: int

    @property
    def signature(self) -> tuple[int, int]:
        """The time signature, such as (6, 8)."""
        return signature_of(self.beats, self.division)

    @property
    def name(self) -> str:
        """The time signature, such as "6/8"."""
        return "{}/{}".format(*self.signature)

    @property
    def quarters(self) -> float:
        """Length of a bar in quarter notes."""
        return self.beats * self.division / 2


METERS: Final = (BarMeter(4, 2), BarMeter(3, 2), BarMeter(2, 3), BarMeter(4, 3))
"""4/4, 3/4, 6/8 and 12/8."""
IRREGULAR_METERS: Final = (BarMeter(5, 2), BarMeter(3.5, 2))
"""5/4 and 7/8."""
SIGNATURES: Final = (
    "2/4", "3/4", "4/4", "5/4", "6/4", "7/4", "5/8", "6/8", "7/8", "9/8", "12/8"
)  # fmt: skip
"""Time signatures that can be given."""


def parse_signature(text: str) -> BarMeter:
    """Return the meter of a time signature.

    Raises:
        DrumsError: `text` is none of `SIGNATURES`.
    """
    if text not in SIGNATURES:
        raise DrumsError(f"“{text}” is no time signature to chart; use {', '.join(SIGNATURES)}.")
    count, _, unit = text.partition("/")
    if unit == "4":
        return BarMeter(int(count), 2)
    return BarMeter(int(count) / 2, 2) if int(count) % 3 else BarMeter(int(count) // 3, 3)
