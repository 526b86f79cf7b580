"""The tracks named in a request, and those that it points at: "the second one", "these"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from assistant.understanding.dialogue.references import (
    Reference,
    focus,
    label_of,
    one_at,
    tracks_at,
)
from assistant.understanding.dialogue.state import ConversationState
from assistant.understanding.lexing.plain_text import Token
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.named.names_in_request import NamedTrack, NamesInRequest
from assistant.understanding.names.mentions import Found

_NUMBERS: Final = 2  # a number alone is no place


class NamesAndReferences(NamesInRequest):
    """Finds also the tracks that the words point at.

    Args:
        scan: The request, values read.
        tokens: Its words as typed.
        found: What the library has under runs of those words.
        state: The conversation, whose tracks are pointed at.
    """

    pointing = True
    passed_over = ("pointed_fill", "named_asks")

    def __init__(
        self, scan: Scan, tokens: Sequence[Token], found: Found, state: ConversationState
    ) -> None:
        super().__init__(scan, tokens, found)
        self._pointer = Scan(scan.text, scan.tokens, scan.language, scan.names)
        self._state = state
        self.shown = state.shown

    def pointed_at(self, first: int) -> Iterator[tuple[NamedTrack, ...]]:
        """Yield the tracks that words point at from one on, the longest way first."""
        several = tracks_at(self._pointer, first, self._state)
        single = one_at(self._pointer, first, self._state)
        several = several or self._numbered(first)
        for found in (several, single if single != several else None):
            if found is not None and found.labels:
                end = found.end + self._pointer.group_at(found.end, "pointed_on")
                yield tuple(
                    NamedTrack(label, end, known=True, size=end - first) for label in found.labels
                )

    def _numbered(self, first: int) -> Reference | None:
        """Bare numbers of the list shown: "how do 1 and 3 compare"."""
        places: list[int] = []
        scan, at = self._pointer, first
        while scan.norm(at).isdigit() and 0 < int(scan.norm(at)) <= len(self._state.results):
            places.append(int(scan.norm(at)))
            link = scan.group_at(at + 1, "list_and") or int(scan.norm(at + 1) == ",")
            if not link or not scan.norm(at + 1 + link).isdigit():
                break
            at += 1 + link
        if len(places) < _NUMBERS:
            return None
        labels = tuple(label_of(self._state.results[place - 1], self._state) for place in places)
        return Reference(at + 1, labels, tuple(places))

    def places(self) -> Mapping[str, int]:
        """Return the places of tracks in the list shown, from 1, by label and by title."""
        shown = list(enumerate(self._state.results, 1))
        titles = {track.title: place for place, track in shown}
        return {**titles, **{label_of(track, self._state): place for place, track in shown}}

    def spoken_of(self) -> NamedTrack | None:
        """Return the track that "from which year?" is about."""
        label = focus(self._state)
        return NamedTrack(label, 0, known=True) if label else None
