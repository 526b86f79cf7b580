"""The names of the library as the reader wants them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from assistant.understanding import NameMatch
from store import queries


class LibraryNames:
    """Artists, albums and tracks near a fragment, best first."""

    def __init__(self) -> None:
        self._index = queries.NameIndex()

    def artists(self, fragment: str) -> Sequence[NameMatch]:
        """Artists near a fragment."""
        return [NameMatch(match.name, match.score) for match in self._index.artists(fragment)]

    def albums(self, fragment: str) -> Sequence[NameMatch]:
        """Albums near a fragment."""
        return [NameMatch(match.name, match.score) for match in self._index.albums(fragment)]

    def tracks(self, fragment: str) -> Sequence[NameMatch]:
        """Tracks near a fragment; with the artist where a title is not enough."""
        matches = self._index.tracks(fragment)
        titles = Counter(match.name for match in matches)
        return [
            NameMatch(
                f"{match.name} by {match.artist}"
                if match.artist and titles[match.name] > 1
                else match.name,
                match.score,
            )
            for match in matches
        ]
