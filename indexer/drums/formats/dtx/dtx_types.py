"""One DTX file as a value. Texts are cleaned on construction: every value can be written."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from indexer.drums.types import DrumsError, TempoMap

_UNWRITABLE: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode categories that would end a line or cannot be encoded."""


class DtxError(DrumsError):
    """A chart that cannot be written, or a file that cannot be read."""


def clean_text(text: str) -> str:
    """Return `text` without what a DTX line cannot hold: `;`, control characters, outer spaces."""
    allowed = (
        " " if char in "\t\r\n" else char
        for char in text
        if char in "\t\r\n"
        or (char not in ";\ufeff" and unicodedata.category(char) not in _UNWRITABLE)
    )
    return "".join(allowed).strip()


@dataclass(frozen=True, order=True, slots=True)
class Wav:
    """A sound and how loud it is played; `number` (1..1295) is what chips refer to."""

    number: int
    file: str
    volume: int = 100
    pan: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "file", clean_text(self.file))


@dataclass(frozen=True, order=True, slots=True)
class Chip:
    """An object on a channel; `value` is the number of a `Wav` on channels that sound."""

    bar: int
    tick: int
    channel: int
    value: int


@dataclass(frozen=True)
class DtxChart:
    """A chart of one level.

    Attributes:
        dlevel: 10–99 for levels 1.0–9.9; 100 and more are hundredths.
        tempo: With `start_s` 0: a DTX file has no recording time.
        wavs: Sorted by number, no number twice.
        chips: Sorted, no two at one position of one channel.
    """

    title: str
    artist: str
    dlevel: int
    tempo: TempoMap
    wavs: tuple[Wav, ...]
    chips: tuple[Chip, ...]
    comment: str = ""
    genre: str = ""
    preview: str = ""
    preimage: str = ""

    def __post_init__(self) -> None:
        for name in ("title", "artist", "comment", "genre", "preview", "preimage"):
            object.__setattr__(self, name, clean_text(getattr(self, name)))
