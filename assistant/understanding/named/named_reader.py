"""Read a request that names tracks and is otherwise made of words that ask about them.

Every word must be part of a name, ask, or say nothing ("could you tell me"). The order is free, so
"tempo of Clocks?", "Clocks, what's its tempo" and "I need Clocks' tempo" need no sentence each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from assistant.understanding.dialogue.places import place_at
from assistant.understanding.lexing.template_matching import SKIPPED, Captured, matches
from assistant.understanding.lexing.templates import TemplateSlot
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.named import several_calls
from assistant.understanding.named.kinds import Kind, Vocabulary, vocabularies
from assistant.understanding.named.names_in_request import NamedTrack, NamesInRequest
from assistant.understanding.sentences import list_names

_MEANT: Final = {"mood": ("moods", "weak_moods"), "genre": ("genres", "subgenres")}
_ONE: Final = 2  # end of a range of one track
_TRACKS: Final = frozenset({"t", "ts"})
_VALUES: Final = frozenset({"name", "playlist"})
_SHORT: Final = 14  # words of a question that names no track: "from which year is it?"
_REPLACED: Final = 2  # a track, and the one in its place
_MARKS: Final = {"key": "@k", "minutes": "@t", "decade": "@d"}


@dataclass(frozen=True, slots=True)
class NamedRequest:
    """What is asked about tracks that are named.

    Attributes:
        tool: The tool that is asked.
        arguments: For it.
        ids: Track ids by name.
        weight: Words that ask; of two readings the one with more of them is better.
        sure: Whether it is of music, or the library has one of the tracks.
        known: Whether the library has all of the tracks.
        also: Further calls that it takes, (tool, arguments) in order.
    """

    tool: str
    arguments: Mapping[str, Any]
    ids: Mapping[str, int]
    weight: int
    sure: bool
    known: bool
    also: tuple[tuple[str, Mapping[str, Any]], ...] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read up to a word."""

    at: int = 0
    tracks: tuple[NamedTrack, ...] = ()
    asked: frozenset[int] = frozenset()
    beside: frozenset[int] = frozenset()
    values: Mapping[str, int] = field(default_factory=dict)
    weight: int = 0
    strong: bool = False
    passed: int = 0


def read_named(
    scan: Scan,
    names: NamesInRequest,
    tools: Mapping[str, frozenset[str]],
    *,
    small: bool = False,
    spare: bool = False,
) -> NamedRequest | None:
    """Return what a request asks about the tracks that it names; None where it says more.

    Args:
        scan: The request, values read.
        names: The names in it.
        tools: What can be asked for, and the arguments that each takes.
        small: Whether a title that nobody knows may be typed small.
        spare: Whether a few words that nobody knows may be passed over.
    """
    words = {token.norm for token in scan.tokens}
    found = [
        one
        for vocabulary in vocabularies(scan.language.name, tuple(tools), pointed=names.pointing)
        if not words.isdisjoint(vocabulary.cues)
        and (one := _Reader(scan, names, vocabulary).read(small=small, spare=spare)) is not None
    ]
    best = max(found, key=lambda one: one.weight, default=None)
    return best if best is not None and best.sure else None


class _Reader:
    """Reads one request with the words of one tool."""

    def __init__(self, scan: Scan, names: NamesInRequest, vocabulary: Vocabulary) -> None:
        self._scan, self._names, self._vocabulary = scan, names, vocabulary
        self._tried: set[tuple[object, ...]] = set()
        self._small = False  # whether a title that nobody knows may be typed small
        self._spare = 0  # how many words that nobody knows may be passed over

    def read(self, *, small: bool, spare: bool) -> NamedRequest | None:
        """Return the first reading that takes up every word, of tracks of the library if any."""
        self._spare = spare and max(kind.spare for kind in self._vocabulary.kinds)
        single = all(kind.counts.stop == 2 for kind in self._vocabulary.kinds)
        self._small = small and single
        first: NamedRequest | None = None
        for found in self._from(_Read()):
            if found.known:
                return found
            if first is None or (found.sure and not first.sure):
                first = found
        return first

    def _from(self, read: _Read) -> Iterator[NamedRequest]:
        while self._scan.norm(read.at) in SKIPPED:
            read = replace(read, at=read.at + 1)
        known = all(track.known for track in read.tracks)
        state = read.at, len(read.tracks), known, read.asked, read.beside, read.strong, read.passed
        if state in self._tried:
            return
        self._tried.add(state)
        if read.at >= len(self._scan.tokens):
            if (found := self._finished(read)) is not None:
                yield found
            return
        for following in self._steps(read):
            yield from self._from(following)

    def _steps(self, read: _Read) -> Iterator[_Read]:
        """Yield the ways to read on: a name, words that ask, words that say nothing."""
        if not read.tracks or read.tracks[-1].last != read.at:
            for track in self._names.at(read.at, asked=False):
                yield replace(read, at=track.last, tracks=(*read.tracks, track))
            for tracks in self._names.pointed_at(read.at):
                yield replace(read, at=tracks[0].last, tracks=(*read.tracks, *tracks))
        if self._small and not read.tracks:
            for track in self._names.typed_small(read.at):
                yield replace(read, at=track.last, tracks=(track,))
        yield from self._words(read)
        scan = self._scan
        longest = 0
        for group in self._names.passed_over:
            size = scan.group_at(read.at, group)
            longest = max(longest, size)
            for end in range(read.at + size, read.at, -1):
                norms = tuple(scan.norm(at) for at in range(read.at, end))
                if norms in scan.language.group(group):
                    yield replace(read, at=end)
        if read.passed < self._spare and not longest and self._names.says_nothing(read.at):
            yield replace(read, at=read.at + 1, passed=read.passed + 1)

    def _words(self, read: _Read) -> Iterator[_Read]:
        steps: list[tuple[bool, int, _Read]] = []
        for part in self._vocabulary.at(self._scan.norm(read.at)):
            for end, captures in matches(part.node, self._scan, read.at, self._slots):
                tracks = tuple(t for one in captures if one.kind in _TRACKS for t in one.value)
                values = {
                    one.argument: one.value
                    for one in captures
                    if one.argument != one.kind or one.kind in _VALUES
                }
                size = end - read.at - len(tracks)
                if size + len(tracks) <= 0:
                    continue
                step = replace(
                    read, at=end, tracks=(*read.tracks, *tracks),
                    values={**read.values, **values}, weight=read.weight + part.cue * size,
                    strong=read.strong or part.strong,
                    asked=read.asked | {part.kind} if part.cue else read.asked,
                    beside=read.beside if part.cue else read.beside | {part.kind},
                )  # fmt: skip
                steps.append((not part.cue, -end if part.cue else end, step))
        # the longest words that ask; of the others the shortest, which pass over the least
        yield from (step for *_, step in sorted(steps, key=lambda item: item[:2]))

    def _slots(self, slot: TemplateSlot, at: int) -> Iterator[Captured]:
        scan = self._scan
        if slot.kind in _TRACKS:
            for track in self._names.at(at, asked=True):
                yield Captured("t", "t", (track,), at, track.last)
            for tracks in self._names.pointed_at(at):
                if len(tracks) == 1 or slot.kind == "ts":
                    yield Captured("t", "t", tracks, at, tracks[0].last)
        elif slot.kind == "name":
            for name, last in self._names.new_name_at(at):
                yield Captured(slot.argument, "name", name, at, last)
        elif slot.kind == "place":
            if place := place_at(scan, at):
                yield Captured(slot.argument, "place", place[1], at, place[0])
        elif slot.kind == "playlist":
            for listed in list_names.known(scan, at):
                yield Captured("playlist", "playlist", listed.value, at, listed.last)
        elif slot.kind == "number" and scan.norm(at).isdigit():
            yield Captured(slot.argument, slot.kind, int(scan.norm(at)), at, at + 1)
        elif slot.kind in _MARKS and scan.norm(at).startswith(_MARKS[slot.kind]):
            yield Captured(slot.kind, slot.kind, scan.norm(at), at, at + 1)
        elif slot.kind in _MEANT and (meant := scan.meaning_at(at)):
            size, table, value = meant
            if table in _MEANT[slot.kind]:
                yield Captured(slot.kind, slot.kind, value, at, at + size)

    def _ordered(self, read: _Read) -> bool:
        """Whether words outside the names say an order ("the fastest"), not of one track."""
        scan = self._scan
        return any(
            found[1] == "sort"
            and not any(at < t.last <= at + max(t.size, len(t.text.split())) for t in read.tracks)
            for at in range(len(scan.tokens))
            if (found := scan.meaning_at(at))
        )

    def _finished(self, read: _Read) -> NamedRequest | None:
        kinds = [self._vocabulary.kinds[place] for place in sorted(read.asked)]
        if not kinds or not read.beside <= read.asked:
            return None
        read = self._about_what_was_said(read, kinds)
        if not self._may_be(read, kinds):
            return None
        names = list(dict.fromkeys(track.text for track in read.tracks))
        kinds = [kind for kind in kinds if kind.arguments] or kinds  # "tell me the key" is of keys
        kind = kinds[0]
        if kind.calls == "replace" and len(names) != _REPLACED:
            return None
        fixed = {**_shared(kinds), **read.values}
        first, *others = several_calls.calls_of(kind, names, fixed, self._names.places())
        return NamedRequest(
            kind.tool,
            first[1],
            {name: number for track in read.tracks for name, number in track.ids.items()},
            read.weight,
            read.strong or self._names.pointing or any(track.sure for track in read.tracks),
            all(track.known for track in read.tracks),
            tuple(others),
        )

    def _about_what_was_said(self, read: _Read, kinds: list[Kind]) -> _Read:
        """A short question that names no track, as one about the track spoken of."""
        track = self._names.spoken_of()
        short = read.strong and not read.passed and len(self._scan.tokens) <= _SHORT
        facts = all(kind.arguments and kind.counts.start == 1 for kind in kinds)
        if track is None or read.tracks or not (short and facts):
            return read
        return replace(read, tracks=(track,))

    def _may_be(self, read: _Read, kinds: list[Kind]) -> bool:
        """Whether so many tracks, and the words passed over, suit what is asked."""
        if any(len(read.tracks) not in kind.counts for kind in kinds):
            return False
        if any(kind.shown not in ("", self._names.shown) for kind in kinds):
            return False
        known = all(track.known for track in read.tracks)
        if read.passed and not (known and (read.strong or len(read.tracks) > 1)):
            return False
        if read.passed > min(kind.spare for kind in kinds):
            return False
        one = kinds[0].counts.stop == _ONE and bool(read.tracks)
        return not (one and self._ordered(read))  # "which animal is the fastest"


def _shared(kinds: list[Kind]) -> dict[str, Any]:
    """Return the arguments that all kinds fix alike: "key and tempo" asks for neither alone."""
    first = kinds[0].arguments
    return {
        name: value
        for name, value in first.items()
        if all(kind.arguments.get(name) == value for kind in kinds)
    }
