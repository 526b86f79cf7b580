"""Everything a request can point at: "the second one", "the slow one", "it", "that artist"."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from assistant.understanding.dialogue import phrases, shown_titles
from assistant.understanding.dialogue.places import count_at, place_at, places_at
from assistant.understanding.dialogue.state import ConversationState, ResultTrack
from assistant.understanding.lexing.plain_text import fold_phrase
from assistant.understanding.lexing.template_matching import Captured
from assistant.understanding.lexing.templates import TemplateSlot
from assistant.understanding.lexing.tokens import Scan

_Value = Callable[[ResultTrack], float | None]
# What "the … one" is chosen by: the value, and whether the greatest or the least is meant.
_EXTREMES: Final[dict[str, tuple[_Value, bool]]] = {
    "slowest": (lambda track: track.bpm, False), "fastest": (lambda track: track.bpm, True),
    "calmest": (lambda track: track.energy, False), "wildest": (lambda track: track.energy, True),
    "oldest": (lambda track: track.year, False), "newest": (lambda track: track.year, True),
    "shortest": (lambda track: track.duration_s, False),
    "longest": (lambda track: track.duration_s, True),
}  # fmt: skip

_ORDERED: Final = frozenset({"sort", "descending"})
_AT_PLACES: Final = {"first": 1, "final": -1, "last_but_one": -2}


@dataclass(frozen=True, slots=True)
class Reference:
    """Tracks that a request points at.

    Attributes:
        end: Token after the last.
        labels: Names of the tracks for tools.
        places: Their places in the list last shown, from 1, where that is how they were named;
            -1 is the last. Without labels: the list has no such places.
        all: Whether all of the list is meant.
    """

    end: int
    labels: tuple[str, ...]
    places: tuple[int, ...] = ()
    all: bool = False

    @property
    def label(self) -> str | None:
        """The one track, if it is one."""
        return self.labels[0] if len(self.labels) == 1 else None


def label_of(track: ResultTrack, state: ConversationState) -> str:
    """The name of a track for tools; its id where the list has another of that name."""
    twins = {other.track_id for other in state.results if other.label == track.label}
    return f"#{track.track_id}" if len(twins | {track.track_id}) > 1 else track.label


def focus(state: ConversationState) -> str | None:
    """The track that "it" stands for: the one spoken of, the only one shown, the one that plays."""
    if state.track:
        return state.track
    if len(state.results) == 1:
        return state.results[0].label
    return state.playing.label if state.playing else None


def one_at(scan: Scan, at: int, state: ConversationState) -> Reference | None:
    """The single track that is pointed at from a token on; the longest way to read it."""
    found = [
        ref for ref in (*_pronouns(scan, at, state), *_described(scan, at, state)) if ref.label
    ]
    both = any(True for _ in _both(scan, at, state))
    if not both and (place := place_at(scan, at)):
        found += _at_places(place[0], (place[1],), state)
    return max(found, key=lambda ref: ref.end, default=None)


def tracks_at(scan: Scan, at: int, state: ConversationState) -> Reference | None:
    """One or several tracks that are pointed at: "2 and 5", "the first three", "these"."""
    both = next(_both(scan, at, state), None)
    counted = count_at(scan, at)
    if counted and counted[1] == len(state.results) > 1:
        return Reference(counted[0], tuple(label_of(t, state) for t in state.results), all=True)
    end, places = places_at(scan, at)
    if both is not None and (not places or end <= both.end):  # "les deux", not "les deux premiers"
        return both if both.labels else None
    if places and state.results:
        found = _at_places(end, places, state)
        return found[0] if found else Reference(end, (), places)
    single = one_at(scan, at, state)
    many = [
        Reference(end, tuple(label_of(track, state) for track in state.results), all=True)
        for name, end, _ in phrases.at_token(scan, "references", at, _no_slots)
        if name == "these" and state.results
    ]
    return max((r for r in (single, *many) if r), key=lambda ref: ref.end, default=None)


def _at_places(end: int, places: tuple[int, ...], state: ConversationState) -> list[Reference]:
    count = len(state.results)
    if not count or not all(1 <= place <= count or -count <= place < 0 for place in places):
        return []
    chosen = [state.results[place - 1 if place > 0 else place] for place in places]
    return [Reference(end, tuple(label_of(track, state) for track in chosen), places)]


def _pronouns(scan: Scan, at: int, state: ConversationState) -> Iterator[Reference]:
    label = focus(state)
    if label and (size := scan.group_at(at, "pronoun")):
        yield Reference(at + size, (label,))
    for name, end, _ in phrases.at_token(scan, "references", at, _no_slots):
        meant = name in {"this", "it"} or (name == "clitic" and _hangs(scan, at, end))
        if label and meant:
            yield Reference(end, (label,))
        elif name == "playing" and state.playing:
            yield Reference(end, (state.playing.label,))


def _hangs(scan: Scan, at: int, end: int) -> bool:
    """Whether a word hangs on the verb before: "mets-la", "mets la en premier"."""
    if not 0 < at < end or scan.norm(at - 1) == ",":
        return False
    hyphen = scan.text[scan.tokens[at].start - 1] in "-‐‑"
    last = end == len(scan.tokens)
    return hyphen or last or any(True for _ in phrases.word_at(scan, end, "after_clitic"))


def _both(scan: Scan, at: int, state: ConversationState) -> Iterator[Reference]:
    """ "Both", "les deux": the two tracks shown; without labels where there are not two."""
    for name, end, _ in phrases.at_token(scan, "references", at, _no_slots):
        if name == "both":
            two = state.results if len(state.results) == 2 else ()
            labels = tuple(label_of(track, state) for track in two)
            yield Reference(end, labels, (1, 2), all=True)


def _described(scan: Scan, at: int, state: ConversationState) -> Iterator[Reference]:
    """ "The middle one", "the slowest of them", "the one by Halde", "the jazz one"."""
    if not state.results:
        yield from _titled(scan, at, state)
        return
    for name, end, got in phrases.at_token(scan, "references", at, _result_slots(scan, state)):
        if name == "middle" and len(state.results) % 2:
            place = len(state.results) // 2 + 1
            yield from _at_places(end, (place,), state)
        elif name in _AT_PLACES:
            yield from _at_places(end, (_AT_PLACES[name],), state)
        elif name == "other" and len(state.results) == 2:
            known = state if state.track else replace(state, track=focus(state))
            labels = [label_of(track, state) for track in state.results]
            rest = [at for at, name in enumerate(labels, 1) if not spoken_of(name, known)]
            if len(rest) == 1:
                yield from _at_places(end, (rest[0],), state)
        elif name in _EXTREMES:
            yield from _extreme(name, end, state)
        elif name in {"one_by", "one_like_that"}:
            places = _matching(got[0], state)
            if len(places) == 1:
                yield from _at_places(end, places, state)
    yield from _titled(scan, at, state)


def _extreme(name: str, end: int, state: ConversationState) -> Iterator[Reference]:
    value, greatest = _EXTREMES[name]
    if state.query and set(state.query) <= _ORDERED:
        return  # a page of all tracks in an order: the other end of it is not shown
    known = [(v, at) for at, t in enumerate(state.results, 1) if (v := value(t)) is not None]
    if len(known) < len(state.results) or not known:
        return
    best = (max if greatest else min)(known, key=lambda pair: pair[0])
    yield from _at_places(end, (best[1],), state)


def _matching(got: Captured, state: ConversationState) -> tuple[int, ...]:
    """Places of the tracks that have an artist, a genre or a mood."""
    if got.kind == "artist":
        return tuple(at for at, t in enumerate(state.results, 1) if t.artist == got.value)
    return tuple(
        at
        for at, track in enumerate(state.results, 1)
        if got.value == track.genre or got.value in track.moods or got.value == track.camelot
    )


def _titled(scan: Scan, at: int, state: ConversationState) -> Iterator[Reference]:
    """A title of the list, typed out, or a part of one: "the waltz"."""
    for end, place in shown_titles.whole_at(scan, at, state):
        yield Reference(end, (label_of(state.results[place - 1], state),), (place,))
    if part := shown_titles.part_at(scan, at, titles_of(state)):
        yield Reference(part[0], (part[1],))


def titles_of(state: ConversationState) -> dict[str, ResultTrack]:
    """The tracks shown, playing and spoken of, by their names for tools."""
    named = {label_of(track, state): track for track in state.results}
    if state.playing:
        named.setdefault(state.playing.label, state.playing)
    if state.track and not any(spoken_of(label, state) for label in named):
        named[state.track] = ResultTrack(0, state.track.rsplit(" by ", 1)[0])
    return named


def spoken_of(label: str, state: ConversationState) -> bool:
    """Whether a track is the one spoken of last, named with or without its artist."""
    track = state.track
    return track is not None and (label == track or label.startswith(f"{track} by "))


def _no_slots(slot: TemplateSlot, at: int) -> Iterator[Captured]:
    return iter(())


def one_slot(
    state: ConversationState, scan: Scan
) -> Callable[[TemplateSlot, int], Iterator[Captured]]:
    """Return slots that are filled with a single track pointed at."""

    def slots(slot: TemplateSlot, at: int) -> Iterator[Captured]:
        found = one_at(scan, at, state) if slot.kind == "one" else None
        if found:
            yield Captured(slot.argument, "one", found.label, at, found.end)

    return slots


def _result_slots(
    scan: Scan, state: ConversationState
) -> Callable[[TemplateSlot, int], Iterator[Captured]]:
    def slots(slot: TemplateSlot, at: int) -> Iterator[Captured]:
        if slot.kind == "artist":
            for artist in dict.fromkeys(track.artist for track in state.results if track.artist):
                name = fold_phrase(artist)
                if tuple(scan.norm(i) for i in range(at, at + len(name))) == name:
                    yield Captured(slot.argument, "artist", artist, at, at + len(name))
        elif slot.kind == "quality":
            found = scan.meaning_at(at)
            if found and found[1] in {"genres", "subgenres", "moods"}:
                yield Captured(slot.argument, "quality", found[2], at, at + found[0])
            elif scan.norm(at).startswith("@k"):
                key = scan.norm(at)[2:].upper()
                yield Captured(slot.argument, "quality", key, at, at + 1)

    return slots
