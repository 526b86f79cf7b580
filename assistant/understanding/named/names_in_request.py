"""The tracks named in a request: of the library, in quotes, or typed as a title is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from assistant.understanding.lexing.entities import Entity
from assistant.understanding.lexing.plain_text import Token, fold
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.names.mentions import Found, same_article

_MAIN_WORD: Final = 4  # letters; shorter words stay small in titles
_LONG: Final = 3  # so many words in a row are no coincidence
_LONGEST: Final = 9
_LONGEST_NEW: Final = 3  # words of a name typed small that is given to something
_FEW: Final = 3  # words that may ask before a title that is typed small
_WISHES: Final = (
    "tracks", "play_verbs", "signals.find", "signals.make", "signals.playlist", "negator", "over",
    "under", "around", "between", "like.ask", "pronoun", "determiner", "track", "commands.play",
    "refuse.words", "named_never",
)  # fmt: skip
"""Lists of words that say what is wanted."""
_TURNING: Final = (
    "negator", "negation_words", "over", "under", "around", "between", "refuse.words", "comparing",
    "questions.never_question", "follow.comparative", "other_verbs", "edge_words", "play_verbs",
    "conditions", "named_never",
)  # fmt: skip
"""Lists whose words turn the meaning of what stands beside them."""
_QUOTES: Final = "\"'“”«»„ "
_SEPARATORS: Final = frozenset({",", "-"})


@dataclass(frozen=True, slots=True)
class NamedTrack:
    """A track named in a request.

    Attributes:
        text: For the tool: the title, with "by Artist" where that was said.
        last: Token after the last.
        ids: Its id by the text, where only one song is meant.
        sure: Whether the library, quotes or the artist beside it vouch for it.
        known: Whether the library has it.
        size: Words that point at it; 0 where it is named.
    """

    text: str
    last: int
    ids: Mapping[str, int] = field(default_factory=dict)
    sure: bool = True
    known: bool = False
    size: int = 0


class NamesInRequest:
    """Finds the tracks that a request may name at each of its words.

    Args:
        scan: The request, values read.
        tokens: Its words as typed, by which the names were looked up.
        found: What the library has under runs of those words.
    """

    pointing = False
    """Whether tracks may be pointed at, too."""
    passed_over: tuple[str, ...] = ("named_asks",)
    """Lists of words that say nothing."""
    shown: str | None = None
    """What was shown last."""

    def __init__(self, scan: Scan, tokens: Sequence[Token], found: Found) -> None:
        self._scan = scan
        starts = {token.start: at for at, token in reversed(list(enumerate(scan.tokens)))}
        ends = {token.end: at + 1 for at, token in enumerate(scan.tokens)}
        self._runs: dict[int, list[tuple[int, Sequence[Entity]]]] = {}
        for (first, last), entities in sorted(found.items(), key=lambda item: -item[0][1]):
            at, end = starts.get(tokens[first].start), ends.get(tokens[last - 1].end)
            alone = last - first == 1
            if not same_article(tokens[first], entities, alone=alone):
                continue
            if at is not None and end is not None:
                self._runs.setdefault(at, []).append((end, entities))

    def at(self, first: int, *, asked: bool) -> Iterator[NamedTrack]:
        """Yield the tracks named from a word on, the longest first.

        Args:
            first: Where the name starts.
            asked: Whether the words before ask for a track, so that a word of every day is one.
        """
        scan = self._scan
        typed = self._typed_as_title(first)
        known = list(self._known(first, asked=asked))
        if typed > max((one.last for one in known), default=typed):
            yield from self._with_artist([], scan.slice(first, typed), typed)
        yield from known
        if first < len(scan.tokens) and scan.norm(first) == "@q":
            for quoted in self._with_artist([], scan.slice(first, first + 1), first + 1):
                yield replace(quoted, sure=True)
        elif typed:
            yield from self._with_artist([], scan.slice(first, typed), typed)

    def _known(self, first: int, *, asked: bool) -> Iterator[NamedTrack]:
        for end, entities in self._runs.get(first, ()):
            tracks = [entity for entity in entities if entity.kind == "track"]
            if tracks and self._is_title(first, end, asked=asked) and not self._goes_on(end):
                yield from self._with_artist(tracks, tracks[0].name, end)
            if artist := next((e for e in entities if e.kind == "artist"), None):
                yield from self._behind_artist(artist, end)

    def pointed_at(self, first: int) -> Iterator[tuple[NamedTrack, ...]]:
        """Yield the tracks that words point at: none where names alone are looked for."""
        return iter(())

    def new_name_at(self, first: int) -> Iterator[tuple[str, int]]:
        """Yield (name, token after it) of a name that is given to something, from a word on."""
        scan = self._scan
        if first < len(scan.tokens) and scan.norm(first) == "@q":
            yield scan.slice(first, first + 1).strip(_QUOTES), first + 1
            return
        if end := self._typed_as_title(first):
            yield scan.slice(first, end), end
        asked = scan.text.rstrip().endswith("?")
        if first and not asked and self._names_something(first):
            for end in range(first + 1, min(len(scan.tokens), first + _LONGEST_NEW) + 1):
                if all(scan.norm(at)[0].isalnum() for at in range(first, end)):
                    yield scan.slice(first, end), end

    def _names_something(self, at: int) -> bool:
        """Whether a word typed small may open a name that is given."""
        scan = self._scan
        small = scan.norm(at) in scan.language.common or scan.group_at(at, "article")
        asks = ("signals.playlist", "named.ask", "named_asks")
        return not small and not any(scan.group_at(at, name) for name in asks)

    def places(self) -> Mapping[str, int]:
        """Return the places of tracks in the list shown, from 1."""
        return {}

    def spoken_of(self) -> NamedTrack | None:
        """Return the track that a question is about which names none."""
        return None

    def typed_small(self, first: int) -> Iterator[NamedTrack]:
        """Yield titles that nobody knows, typed small where one must stand: "bpm of night boat"."""
        scan = self._scan
        if any(t.norm[0] == "@" or t.norm.isdigit() or t.capital for t in scan.tokens[1:]):
            return
        led = first < _FEW or scan.group_before(first, "named_of")
        for end in range(min(len(scan.tokens), first + _LONGEST), first, -1):
            inside = range(first, end)
            ends = (scan.group_at(at, "named_asks") for at in (first, end - 1))
            if any(ends) or not any(map(self.is_new, inside)) or any(map(self._says, inside)):
                continue
            if any(at in self._runs for at in inside):  # "the rolling stones touring"
                continue
            size = scan.group_at(end, "title_by")
            for last, artist in self._artists(end + size) if size else ():
                yield self._named([], scan.slice(first, end), artist, last)
            said = any(scan.group_at(at, "article") for at in inside[1:])  # "unlocks the gym"
            if led and end > first + 1 and not (said and not scan.group_before(first, "named_of")):
                yield NamedTrack(scan.slice(first, end), end, sure=False)

    def _says(self, at: int) -> bool:
        """Whether a word describes tracks or asks for them."""
        scan = self._scan
        wish = any(scan.group_at(at, name) for name in _WISHES)
        return scan.norm(at) == "," or scan.meaning_at(at) is not None or wish

    def is_new(self, at: int) -> bool:
        """Whether a word has no meaning in requests."""
        scan = self._scan
        norm = scan.norm(at)
        return norm not in scan.language.vocabulary and norm not in scan.language.common

    def says_nothing(self, at: int) -> bool:
        """Whether a word may be passed over: nobody knows it, and it opens no order."""
        scan = self._scan
        token = scan.tokens[at]
        opens = (at == 0 or scan.norm(at - 1) == ",") and scan.norm(at + 1) != ","
        if opens or token.capital or not token.norm.isalpha() or scan.meaning_at(at):
            return False
        common = token.norm in scan.language.common
        return (common or self.is_new(at)) and not any(scan.group_at(at, name) for name in _TURNING)

    def _is_title(self, first: int, last: int, *, asked: bool) -> bool:
        """Whether words that are a title of the library are meant as one."""
        scan = self._scan
        tokens = scan.tokens[first:last]
        if tokens[0].norm == "@q" or any(
            token.capital and token.norm != "i" for token in tokens[first == 0 :]
        ):
            return True
        known = scan.language.common
        if last - first == 1 and scan.group_before(first, "named_owned"):
            return False  # "my heartbeat"
        small = [token.norm in known or self._is_word(at) for at, token in enumerate(tokens, first)]
        if not all(small):
            return True
        apart = asked or scan.norm(last) == ","
        return len(tokens) >= _LONG or (apart and len(tokens) > 1)

    def _goes_on(self, last: int) -> bool:
        """Whether a longer name follows that the library lacks: "Hey" of "Hey Jude"."""
        scan = self._scan
        if last >= len(scan.tokens) or not scan.tokens[last - 1].capital or last in self._runs:
            return False
        return scan.tokens[last].capital and self.is_new(last)

    def _is_word(self, at: int) -> bool:
        scan = self._scan
        means = scan.meaning_at(at) is not None or scan.group_at(at, "named_asks")
        return bool(means or scan.norm(at).isdigit())

    def _with_artist(self, tracks: Sequence[Entity], title: str, last: int) -> Iterator[NamedTrack]:
        """Yield a title with the artist named behind it, and without."""
        scan = self._scan
        after = last + (scan.norm(last) in _SEPARATORS)
        size = scan.group_at(after, "title_by")
        at = after + size
        theirs = {fold(track.artist) for track in tracks if track.artist}
        for end, artist in self._artists(at):
            apart = not tracks or (after > last and not self._runs_track(at))
            if fold(artist) in theirs or size or apart:
                yield self._named(tracks, title, artist, end)
        if size and tracks and not self._runs.get(at) and (end := self._typed_as_title(at)):
            yield self._named(tracks, title, scan.slice(at, end), end)
        yield self._named(tracks, title, "", last)

    def _behind_artist(self, artist: Entity, last: int) -> Iterator[NamedTrack]:
        """Yield the titles of an artist that follow the name: "nina simone sinnerman"."""
        at = last + (self._scan.norm(last) in _SEPARATORS)
        at += self._scan.norm(at) == "s" or self._scan.group_at(at, "named_sings")
        for end, entities in self._runs.get(at, ()):
            theirs = [
                entity
                for entity in entities
                if entity.kind == "track" and fold(entity.artist) == fold(artist.name)
            ]
            if theirs:
                yield self._named(theirs, theirs[0].name, artist.name, end)
        if at not in self._runs and (end := self._typed_as_title(at)):
            yield self._named([], self._scan.slice(at, end), artist.name, end)

    def _artists(self, at: int) -> Iterator[tuple[int, str]]:
        for end, entities in self._runs.get(at, ()):
            for entity in entities:
                if entity.kind == "artist":
                    yield end, entity.name

    def _runs_track(self, at: int) -> bool:
        return any(e.kind == "track" for _, entities in self._runs.get(at, ()) for e in entities)

    @staticmethod
    def _named(tracks: Sequence[Entity], title: str, artist: str, last: int) -> NamedTrack:
        theirs = [track for track in tracks if fold(track.artist) == fold(artist)]
        meant = theirs if artist else tracks
        songs = {(fold(track.name), fold(track.artist)) for track in meant}
        text = f"{title} by {artist}" if artist else title
        ids = {text: meant[0].id} if len(songs) == 1 else {}
        return NamedTrack(text, last, ids, sure=bool(tracks or artist), known=bool(tracks))

    def _typed_as_title(self, first: int) -> int:
        """Return the end of words with capitals as a title has them; 0 for none."""
        scan = self._scan
        if not scan.free(first) or not self._opens_title(first):
            return 0
        end = at = first
        while at < min(len(scan.tokens), first + _LONGEST) and self._in_title(at):
            at += 1
            if scan.tokens[at - 1].capital:
                end = at
        main = [t for t in scan.tokens[first:end] if len(t.norm) >= _MAIN_WORD]
        if any(not token.capital for token in main):
            return 0
        alone = first == 0 and end == 1 and not self._set_apart(end)
        artist = any(
            e.kind == "artist" for last, es in self._runs.get(first, ()) if last == end for e in es
        )
        return 0 if alone or artist else end

    def _set_apart(self, last: int) -> bool:
        """Whether a word at the start is followed by a comma: "Levels, major or minor?"."""
        scan = self._scan
        return scan.norm(last) == "," and len(scan.norm(last - 1)) >= _MAIN_WORD

    def _opens_title(self, at: int) -> bool:
        scan = self._scan
        token = scan.tokens[at]
        plain = at == 0 and (scan.group_at(at, "named_asks") or not self.is_new(at))
        return token.capital and token.norm[0].isalpha() and not plain and token.norm != "i"

    def _in_title(self, at: int) -> bool:
        scan = self._scan
        token = scan.tokens[at]
        small = len(token.norm) < _MAIN_WORD and token.norm not in _SEPARATORS
        return token.norm[0] != "@" and (
            token.capital or (small and not scan.group_at(at, "list_and"))
        )
