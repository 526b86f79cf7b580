"""Values of the slots of a follow-up: tracks and artists pointed at, descriptions, numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from assistant.understanding.dialogue import artist_references, phrases, references
from assistant.understanding.dialogue.places import place_at
from assistant.understanding.dialogue.state import ConversationState
from assistant.understanding.lexing.template_matching import Captured
from assistant.understanding.lexing.templates import TemplateSlot
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.lexing.values import minutes_of

LAST: Final = "last"
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2099
_LONGEST_TAIL: Final = 7  # words that may follow a description: "… instead please"
_MOST_PLAYLIST_WORDS: Final = 8  # of a playlist


@dataclass(frozen=True, slots=True)
class Described:
    """What a description of tracks says.

    Attributes:
        arguments: Filters, size, order.
        seen: Kinds of words in it: "find", "make", "playlist", "tracks".
    """

    arguments: Mapping[str, Any]
    seen: frozenset[str] = frozenset()


Describe = Callable[[tuple[int, ...]], Described | None]
"""Reads the tokens at these places as a description; None where a word is not understood."""

FindTitle = Callable[[Scan, int], tuple[int, str] | None]
"""(end, title) of the title named at a token."""


@dataclass
class FollowUpSlots:
    """Gives the values of the slots of one request.

    Attributes:
        scan: The request.
        state: What it may refer to.
        describe: Reads descriptions.
        find_title: Reads titles.
    """

    scan: Scan
    state: ConversationState
    describe: Describe
    find_title: FindTitle
    _described: dict[tuple[int, ...], Described | None] = field(default_factory=dict)

    def __call__(self, slot: TemplateSlot, at: int) -> Iterator[Captured]:
        """Yield the values of a slot that start at a token, the best first."""
        for last, value in _KINDS[slot.kind](self, at):
            yield Captured(slot.argument, slot.kind, value, at, last)

    def described(self, places: tuple[int, ...]) -> Described | None:
        """The description that some tokens make; each is read once."""
        if places not in self._described:
            self._described[places] = self.describe(places) if places else None
        return self._described[places]

    def _one(self, at: int) -> Iterator[tuple[int, Any]]:
        if found := references.one_at(self.scan, at, self.state):
            yield found.end, found

    def _tracks(self, at: int) -> Iterator[tuple[int, Any]]:
        if found := references.tracks_at(self.scan, at, self.state):
            yield found.end, found
            if found.all and (single := references.one_at(self.scan, at, self.state)):
                yield single.end, single

    def _their(self, at: int) -> Iterator[tuple[int, Any]]:
        found = artist_references.artist_at(self.scan, at, self.state)
        yield from sorted(found, key=lambda item: -item[0])

    def _title(self, at: int) -> Iterator[tuple[int, Any]]:
        """The shortest first: what follows may say which playlist."""
        if self.scan.free(at) and (found := self.find_title(self.scan, at)):
            for last in range(at + 1, found[0]):
                yield last, self.scan.slice(at, last)
            yield found

    def _filters(self, at: int) -> Iterator[tuple[int, Any]]:
        end = len(self.scan.tokens)
        for last in range(end, max(at, end - _LONGEST_TAIL), -1):
            found = self.described(tuple(range(at, last)))
            if found and found.arguments:
                yield last, found

    def _name(self, at: int) -> Iterator[tuple[int, Any]]:
        scan, end = self.scan, len(self.scan.tokens)
        if scan.norm(at) == "@q":
            yield at + 1, scan.tokens[at].raw
            return
        while end > at + 1 and (size := scan.group_before(end, "commands.courtesy")):
            end -= size
        if end > at:
            yield end, scan.slice(at, end)

    def _playlist(self, at: int) -> Iterator[tuple[int, Any]]:
        """ "My Sunday playlist", "the playlist Sunday"."""
        scan = self.scan
        first = at
        while size := scan.group_at(first, "article"):
            first += size
        for noun in range(first, min(len(scan.tokens), first + _MOST_PLAYLIST_WORDS)):
            found = scan.group_at(noun, "signals.playlist")
            if not found:
                continue
            after = noun + found
            after += scan.group_at(after, "named.ask")
            if any(scan.norm(i).startswith("@") for i in range(first, noun)):
                return  # "an hour long playlist"
            if noun > first:
                yield noun + found, scan.slice(first, noun)
            elif after < len(scan.tokens):
                yield len(scan.tokens), scan.slice(after, len(scan.tokens))
            return

    def _where(self, at: int) -> Iterator[tuple[int, Any]]:
        """The playlist last shown (""), the person's last ("last"), or one by its name."""
        found = list(phrases.at_token(self.scan, "where", at, self))
        if any(name == "new" for name, _, _ in found):
            return
        for name, end, _ in found:
            yield end, "" if name == "here" else LAST
        yield from self._playlist(at)

    def _place(self, at: int) -> Iterator[tuple[int, Any]]:
        if found := place_at(self.scan, at):
            yield found

    def _number(self, at: int) -> Iterator[tuple[int, Any]]:
        if self.scan.free(at) and self.scan.norm(at).isdigit():
            yield at + 1, int(self.scan.norm(at))

    def _year(self, at: int) -> Iterator[tuple[int, Any]]:
        norm = self.scan.norm(at)
        if norm.isdigit() and _FIRST_YEAR <= int(norm) <= _LAST_YEAR:
            yield at + 1, int(norm)
        elif norm.startswith("@d"):
            yield at + 1, int(norm[2:6])

    def _minutes(self, at: int) -> Iterator[tuple[int, Any]]:
        if self.scan.norm(at).startswith("@t"):
            yield at + 1, minutes_of(self.scan.norm(at))

    def _field(self, at: int) -> Iterator[tuple[int, Any]]:
        yield from phrases.word_at(self.scan, at, "fields")

    def _sort(self, at: int) -> Iterator[tuple[int, Any]]:
        yield from phrases.word_at(self.scan, at, "sorts")


_KINDS: Final[Mapping[str, Callable[[FollowUpSlots, int], Iterator[tuple[int, Any]]]]] = {
    "one": FollowUpSlots._one, "tracks": FollowUpSlots._tracks, "their": FollowUpSlots._their,
    "title": FollowUpSlots._title, "filters": FollowUpSlots._filters,
    "name": FollowUpSlots._name, "playlist": FollowUpSlots._playlist,
    "number": FollowUpSlots._number, "year": FollowUpSlots._year,
    "minutes": FollowUpSlots._minutes, "field": FollowUpSlots._field,
    "sort": FollowUpSlots._sort, "where": FollowUpSlots._where,
    "place": FollowUpSlots._place,
}  # fmt: skip
