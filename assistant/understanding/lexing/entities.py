"""What the library has under a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

EntityKind = Literal["artist", "track", "album", "playlist"]
KINDS: Final[tuple[EntityKind, ...]] = ("artist", "track", "album", "playlist")
"""In the order in which a name that stands for several is taken."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing of the library.

    Attributes:
        kind: What it is.
        id: Its id in the store.
        name: As the library writes it.
        artist: Of a track or album; "" when unknown.
    """

    kind: EntityKind
    id: int
    name: str
    artist: str = ""

    @property
    def label(self) -> str:
        """The name for tools: "Title by Artist"."""
        return f"{self.name} by {self.artist}" if self.artist else self.name
