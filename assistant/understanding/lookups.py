"""Look-ups of names in the library: each once, and never more than a request may cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.understanding.names import NameIndex, NameMatch

# A look-up among 100,000 tracks takes 2 to 30 ms; a request that names somebody needs one to three.
MOST_LOOKUPS = 8


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
