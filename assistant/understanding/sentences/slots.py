"""Values of the slots in sentence templates: tracks, artists, playlists, numbers, names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from assistant.understanding.dialogue.places import places_at
from assistant.understanding.dialogue.references import focus
from assistant.understanding.dialogue.state import ConversationState
from assistant.understanding.lexing.template_matching import Captured
from assistant.understanding.lexing.templates import TemplateSlot
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing.naming import titles
from assistant.understanding.parsing.naming.name_mentions import artist_end, only_meaning, title_end
from assistant.understanding.sentences import list_names
from assistant.understanding.sentences.list_names import ListName
from assistant.understanding.sentences.typed_names import titled_ends
from assistant.understanding.sentences.word_slots import WORD_SLOTS, word_values

_LISTS: Final[Mapping[str, Callable[[Scan, int], Iterator[ListName]]]] = {
    "playlist": list_names.said,
    "known_playlist": list_names.known,
    "own_playlist": list_names.beside_noun,
    "bare_playlist": list_names.alone,
    "free_playlist": list_names.alone_or_nothing,
    "small_playlist": list_names.small,
    "last_playlist": list_names.last_one,
}
"""Slots of playlists, by how sure a name must look."""
_LONGEST_NAME: Final = 8
_LONGEST_TITLE: Final = 5  # words of a title typed small
_MOST_TRACKS: Final = 5
_LINKS: Final = ("list_and", "mix_links")
_NO_TITLE: Final = ("determiner", "article", "those", "pronoun", "fill.people", "negator", "by.ask")
"""Lists whose words open no title that is typed small."""


class SlotValues:
    """Reads slots of one request in one conversation.

    Args:
        scan: The request, values and names read.
        state: For "it" and "the second one".
        names: Whether a library is attached; without one, names are taken as typed.
    """

    def __init__(self, scan: Scan, state: ConversationState, *, names: bool) -> None:
        self._scan, self._state, self._names = scan, state, names
        self._kinds: Mapping[str, Callable[[TemplateSlot, int], Iterator[Captured]]] = {
            "track": self._track,
            "title": self._title,
            "current": self._current,
            "tracks": self._tracks,
            "known_tracks": self._tracks,
            "typed_tracks": self._tracks,
            "capital_tracks": self._tracks,
            "artist": self._artist,
            "known_artist": self._known_artist,
            "album": self._album,
            **dict.fromkeys(_LISTS, self._playlist),
            "titled": self._titled,
            "name": self._name,
            "query": self._query,
            **dict.fromkeys(WORD_SLOTS, self._words),
        }

    def __call__(self, slot: TemplateSlot, at: int) -> Iterator[Captured]:
        """Yield the values that start at a token, the best first."""
        if slot.kind == "current" or self._scan.free(at):
            yield from self._kinds[slot.kind](slot, at)

    def known(self, kind: str) -> bool:
        """Return whether there is a slot of this kind."""
        return kind in self._kinds

    def _track(self, slot: TemplateSlot, at: int) -> Iterator[Captured]:
        scan, state = self._scan, self._state
        title = titles.take_reference(scan, at, state) or titles.named_track(scan, at)
        if title is not None:
            ids = {title.text: title.track_id} if title.track_id is not None else {}
            yield self._captured(slot, title.text, at, title.last, ids=ids, choices=title.choices)
            return
        if (
            scan.tokens[at].entities
            or scan.group_at(at, "those")
            or scan.group_at(at, "pronoun") == 1
        ):
            return
        if slot.kind == "known_tracks":
            return
        longest = title_end(scan, at)
        for last in range(longest, at, -1):
            typed = scan.slice(at, last)
            if only_meaning(scan, at, last) or not typed:
                continue
            sure = self._looks_like_name(at, last)
            opens = slot.kind == "capital_tracks" and at > 0 and scan.tokens[at].capital
            if opens or slot.kind == "typed_tracks":
                sure = sure or self._title_typed_small(at, last)
            yield self._captured(slot, typed, at, last, sure=sure)

    def _title_typed_small(self, first: int, last: int) -> bool:
        """Whether words may be a title where one must stand: no "some songs", no "it"."""
        scan = self._scan
        number = scan.norm(first).isdigit()  # "5 stars"
        if number or last - first > _LONGEST_TITLE or scan.group_at(first, "titles_never"):
            return False
        return not any(
            scan.group_at(at, name) or scan.norm(at) == ","
            for at in range(first, last)
            for name in ("tracks", "pronoun", "those", "signals.playlist", "lists_noun")
        )

    def _title(self, slot: TemplateSlot, at: int) -> Iterator[Captured]:
        """A track, or a title as typed that the sentence itself vouches for."""
        scan = self._scan
        open_word = any(scan.group_at(at, name) for name in _NO_TITLE)
        for found in self._track(slot, at):
            names_none = any(scan.group_at(i, "tracks") for i in range(found.first, found.last))
            typed = not (open_word or names_none) or scan.tokens[at].capital
            yield replace(found, sure=found.sure or typed)

    def _current(self, slot: TemplateSlot, at: int) -> Iterator[Captured]:
        """The track spoken of last, where words only imply it ("and the tempo?"); takes none."""
        if label := focus(self._state):
            yield self._captured(slot, label, at, at)

    def _shown(self, at: int) -> tuple[int, list[str]]:
        """(end, tracks shown) of "these", "the first two", "1 and 3"; none where it is a name."""
        scan, results = self._scan, self._state.results
        if size := scan.group_at(at, "those"):
            return at + size, [track.label for track in results]
        end, places = places_at(scan, at)
        if any(not 1 <= abs(place) <= len(results) for place in places):
            return at, []
        return end, [results[place - 1 if place > 0 else place].label for place in places]

    def _tracks(self, slot: TemplateSlot, at: int) -> Iterator[Captured]:
        shown_end, shown = self._shown(at)
        if 1 < len(shown) <= _MOST_TRACKS:
            yield self._captured(slot, shown, at, shown_end)
        for found in self._listed(slot, at, _MOST_TRACKS):
            values = [one.value for one in found]
            ids = {name: number for one in found for name, number in one.ids.items()}
            yield self._captured(
                slot, values, at, found[-1].last, sure=all(one.sure for one in found), ids=ids
            )

    def _listed(self, slot: TemplateSlot, at: int, most: int) -> Iterator[list[Captured]]:
        """Yield the tracks of "X, Y and Z", as many as there are first."""
        ends: set[int] = set()
        for one in self._track(slot, at) if self._scan.free(at) else ():
            cut = self._before_link(one)
            if cut.last in ends:
                continue
            ends.add(cut.last)
            if most > 1 and (link := self._link_at(cut.last, slot)):
                for more in self._listed(slot, cut.last + link, most - 1):
                    yield [cut, *more]
            yield [cut]

    def _link_at(self, at: int, slot: TemplateSlot) -> int:
        """Words that join two tracks: "and", a comma, or both."""
        comma = self._scan.norm(at) == ","
        links = _LINKS if slot.kind == "tracks" else _LINKS[:1]
        return comma + max(self._scan.group_at(at + comma, name) for name in links)

    def _before_link(self, one: Captured) -> Captured:
        """Cut a name that the library does not have at "and": "X and Y" are two."""
        scan = self._scan
        if scan.tokens[one.first].is_name or one.ids:
            return one
        for at in range(one.first + 1, one.last):
            if max(scan.group_at(at, name) for name in _LINKS) and scan.free(at):
                sure = one.sure or self._looks_like_name(one.first, at)
                return replace(one, value=scan.slice(one.first, at), last=at, sure=sure)
        return one

    def _artist(self, slot: TemplateSlot, at: int) -> Iterator[Captured]:
        token = self._scan.tokens[at]
        if known := token.entity("artist"):
            yield self._captured(slot, known.name, at, at + 1)
            return
        if token.is_name and token.norm != "@q":
            return
        end = artist_end(self._scan, at, sure=True)
        for last in range(end, at, -1):
            sure = self._looks_like_name(at, last)
            yield self._captured(slot, self._scan.slice(at, last), at, last, sure=sure)

    def _known_artist(self, slot: TemplateSlot, at: int) -> Iterator[Captured]:
        if known := self._scan.tokens[at].entity("artist"):
            yield self._captured(slot, known.name, at, at + 1)

    def _album(self, slot: TemplateSlot, at: int) -> Iterator[Captured]:
        token = self._scan.tokens[at]
        if known := token.entity("album"):
            yield self._captured(slot, known.name, at, at + 1)
            return
        if token.is_name and token.norm != "@q":
            return
        for last in range(title_end(self._scan, at), at, -1):
            sure = self._looks_like_name(at, last)
            yield self._captured(slot, self._scan.slice(at, last), at, last, sure=sure)

    def _playlist(self, slot: TemplateSlot, at: int) -> Iterator[Captured]:
        scan = self._scan
        first = at + scan.group_at(at, "article")
        for name in _LISTS[slot.kind](scan, at):
            # typed small it is a name only where the person has playlists
            small = self._names and slot.kind in {"own_playlist", "small_playlist"}
            announced = slot.kind == "playlist" and self._announced(first, name.last)
            sure = name.sure or small or announced
            yield self._captured(slot, name.value, at, name.last, sure=sure)

    def _titled(self, slot: TemplateSlot, at: int) -> Iterator[Captured]:
        for last in titled_ends(self._scan, at):
            yield self._captured(slot, self._scan.slice(at, last), at, last)

    def _announced(self, first: int, last: int) -> bool:
        """Whether the word "playlist" stands before a name: "playlist *Dinner with friends*"."""
        scan = self._scan
        noun = scan.group_before(first, "signals.playlist")
        closed = scan.group_before(last, "commands.after") or scan.group_before(last, "polite")
        other = closed or any(self._is_format(at) for at in range(first, last))
        return bool(first < last and noun and scan.tokens[first].capital and not other)

    def _name(self, slot: TemplateSlot, at: int) -> Iterator[Captured]:
        scan = self._scan
        for last in range(min(len(scan.tokens), at + _LONGEST_NAME), at, -1):
            free = all(scan.free(i) for i in range(at, last))
            if slot.argument == "playlist" and (
                self._last_one(at, last) or not list_names.may_end(scan, last)
            ):
                continue
            # "save it as an m3u8 file" names a format
            if free and not any(self._is_format(i) for i in range(at, last)):
                yield self._captured(slot, scan.slice(at, last), at, last)

    def _last_one(self, first: int, last: int) -> bool:
        """ "The *latest* playlist": no name."""
        scan = self._scan
        size = max(scan.group_at(first, "last_names"), scan.group_at(first, "pronoun"))
        return size >= last - first

    def _is_format(self, at: int) -> bool:
        found = self._scan.meaning_at(at)
        return found is not None and found[1] == "format" and not self._scan.tokens[at].is_name

    def _words(self, slot: TemplateSlot, at: int) -> Iterator[Captured]:
        for end, value in word_values(self._scan, slot.kind, at):
            yield self._captured(slot, value, at, end)

    def _query(self, slot: TemplateSlot, at: int) -> Iterator[Captured]:
        for last in range(len(self._scan.tokens), at, -1):
            yield self._captured(slot, (at, last), at, last)

    def _looks_like_name(self, first: int, last: int) -> bool:
        opens = first > 0 or self._scan.tokens[first].norm == "@q"
        return opens and list_names.looks_like_name(self._scan, first, last)

    @staticmethod
    def _captured(
        slot: TemplateSlot,
        value: object,
        first: int,
        last: int,
        *,
        sure: bool = True,
        ids: Mapping[str, int] | None = None,
        choices: tuple[str, ...] = (),
    ) -> Captured:
        return Captured(
            slot.argument, slot.kind, value, first, last, sure=sure, ids=ids or {}, choices=choices
        )
