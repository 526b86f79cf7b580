"""Look-ups of names in the library: each once, and never more than a request may cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

# A look-up among 100,000 tracks takes 2 to 30 ms; a request that names somebody needs one to three.
MOST_LOOKUPS = 8


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A name of the library.

    Attributes:
        name: As the library writes it; a track as "Title by Artist" where that is needed.
        score: How near it is, 0..100.
    """

    name: str
    score: float


class NameIndex(Protocol):
    """The names of a library; each method gives the nearest names, best first."""

    def artists(self, fragment: str) -> Sequence[NameMatch]:
        """Artists near a fragment."""
        ...

    def tracks(self, fragment: str) -> Sequence[NameMatch]:
        """Tracks near a fragment ("Hurt", "Hurt by Johnny Cash")."""
        ...

    def albums(self, fragment: str) -> Sequence[NameMatch]:
        """Albums near a fragment."""
        ...


class Lookups:
    """The names of a library for one request; beyond `MOST_LOOKUPS` nothing is found any more."""

    def __init__(self, names: NameIndex) -> None:
        self._names = names
        self._found: dict[tuple[str, str], Sequence[NameMatch]] = {}

    def artists(self, fragment: str) -> Sequence[NameMatch]:
        """Artists near a fragment."""
        return self._look("artists", fragment, self._names.artists)

    def tracks(self, fragment: str) -> Sequence[NameMatch]:
        """Tracks near a fragment."""
        return self._look("tracks", fragment, self._names.tracks)

    def albums(self, fragment: str) -> Sequence[NameMatch]:
        """Albums near a fragment."""
        return self._look("albums", fragment, self._names.albums)

    def _look(
        self, kind: str, fragment: str, look: Callable[[str], Sequence[NameMatch]]
    ) -> Sequence[NameMatch]:
        key = kind, fragment
        if key not in self._found:
            if len(self._found) >= MOST_LOOKUPS:
                return ()
            self._found[key] = tuple(look(fragment))
        return self._found[key]
