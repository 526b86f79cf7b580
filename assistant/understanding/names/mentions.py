"""Names of the library in a request, found before any word gets a meaning.

The longest run of words that is a name wins. A run of everyday words ("happy", "slow songs") is a
name only where a name must stand: in quotes, beside "by" and an artist, after "the song".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import prompts
from assistant.understanding.lexing.entities import KINDS, Entity, EntityKind
from assistant.understanding.lexing.lexicon import Language, language
from assistant.understanding.lexing.plain_text import Token, fold
from assistant.understanding.lexing.tokens import Scan
from tools.text.kinds_of_tracks import kinds_first

MOST_WORDS: Final = 40
"""Of a request whose runs are looked up."""
LONGEST_RUN: Final = 7
_SHORTEST: Final = 2  # letters; "I" is a title, too
_LONG: Final = 4  # so many words in a row are no coincidence
_PLAIN_GROUPS: Final = (
    "fill.words", "fill.people", "signals.find", "signals.make", "signals.playlist", "tracks",
    "negator", "pronoun", "those", "like.ask", "labels", "article", "determiner", "number_word",
    "collection", "last_names", "greeting", "goodbye", "thanks", "help", "other_nouns", "by.nouns",
    "commands.undo", "commands.repeat",
)  # fmt: skip
"""Lists of words that say something else than a name."""
_PHRASES: Final = (
    "like.ask", "by.ask", "by.not", "negator", "named.ask", "around", "over", "under", "between",
    "signals.find", "signals.make", "signals.playlist", "describe.sounds", "lists_places",
)  # fmt: skip
"""Lists whose phrases of several words hold no name typed small."""
_ASKING: Final = (
    "signals.find", "signals.make", "signals.playlist", "tracks", "negator", "pronoun", "those",
    "like.ask", "greeting", "goodbye", "thanks", "help", "article", "determiner",
)  # fmt: skip
"""Lists of words that make a sentence of a run of everyday words."""
_SCENES: Final = ("describe.scenes", "describe.times", "describe.sounds")
"""Lists of words that describe music where they are no name."""
_BEFORE_NAME: Final = (
    "signals.find", "like.ask", "by.ask", "by.not", "named.ask", "named.text", "negator",
    "list_and", "drum_verb", "drum", "commands.play", "commands.add", "commands.remove",
    "summary.sound", "commands.before", "track", "name_opens", "drum_play", "path.ask", "path.to",
    "export.strong", "lists_verbs", "follow.another",
)  # fmt: skip
"""Lists whose phrases may stand right before a name that is typed small."""
_BEFORE_ARTIST: Final = ("by.bare", "by.weak")
_AFTER_NAME: Final = (
    "title_stop", "name_stop", "list_and", "title_by", "commands.after", "commands.to",
    "commands.from", "drum", "drum_behind", "name_closes", "path.to", "lists_after",
)  # fmt: skip
_AFTER_ARTIST: Final = ("by.nouns", "tracks", "signals.playlist")
_POSSESSIVE: Final = ("'s", "’s")

Found = Mapping[tuple[int, int], Sequence[Entity]]


def runs(text: str, tokens: Sequence[Token]) -> dict[tuple[int, int], str]:
    """Return the runs of words that may be a name, as typed, by first token and end."""
    found: dict[tuple[int, int], str] = {}
    for first in range(min(len(tokens), MOST_WORDS)):
        if tokens[first].norm == ",":
            continue
        for last in range(first + 1, min(len(tokens), first + LONGEST_RUN) + 1):
            if tokens[last - 1].norm != ",":
                found[first, last] = _typed(text, tokens[first], tokens[last - 1])
    return found


def _typed(text: str, first: Token, last: Token) -> str:
    if first is last and first.norm == "@q":
        return first.raw
    typed = text[first.start : last.end]
    return typed[:-2] if typed.endswith(_POSSESSIVE) else typed


def with_names(text: str, tokens: list[Token], found: Found, known: Language) -> list[Token]:
    """Return the tokens with each name of the library as one token, "@name-artist", "@name-track" …

    Args:
        text: The request.
        tokens: Its words, before any value is read.
        found: What the library has under runs of words.
        known: Whose words tell names from other words.
    """
    if not found:
        return tokens
    context = _Context(Scan(text, tokens, known), found)
    taken: list[tuple[int, int, Token]] = []
    for first, last in sorted(found, key=lambda run: (run[0] - run[1], run[0])):
        if any(first < end and start < last for start, end, _ in taken):
            continue
        if not same_article(tokens[first], found[first, last], alone=last - first == 1):
            continue
        if (kind := context.kind(first, last)) is not None:
            taken.append((first, last, name_token(tokens, first, last, kind, found[first, last])))
    out, at = [], 0
    for first, last, token in sorted(taken, key=lambda item: item[0]):
        out += [*tokens[at:first], token]
        at = last
    return [*out, *tokens[at:]]


def same_article(token: Token, entities: Sequence[Entity], *, alone: bool) -> bool:
    """Return whether a run opens as a name does: neither "*une* valse" nor "*à* Valse" does."""
    articles = (language(name).group("article") for name in prompts.languages())
    if alone or not any((token.norm,) in listed for listed in articles):
        return True
    return any(fold(entity.name.split()[0]) == token.norm for entity in entities)


def name_token(
    tokens: Sequence[Token], first: int, last: int, kind: EntityKind, entities: Sequence[Entity]
) -> Token:
    """Return one token for the words first … last-1, which name one of `entities`."""
    ordered = sorted(entities, key=lambda entity: entity.kind != kind)
    return replace(
        tokens[first],
        norm=f"@name-{kind}",
        end=tokens[last - 1].end,
        capital=True,
        raw=ordered[0].name,
        entities=tuple(ordered),
    )


class _Context:
    """Where a name stands in a request, and whether its words mean something else."""

    def __init__(self, scan: Scan, found: Found) -> None:
        self._scan = scan
        self._found = found
        # capitals say nothing where every word, or none, has one
        words = [t for t in scan.tokens if t.norm[0].isalpha()]
        self._capitals = not all(t.capital for t in words) or len(words) < 2

    def kind(self, first: int, last: int) -> EntityKind | None:
        """Return what the run names; None where it is no name here."""
        scan, entities = self._scan, self._found[first, last]
        letters = sum(len(scan.norm(at)) for at in range(first, last))
        if letters < _SHORTEST and not scan.group_before(first, "by.ask"):
            return None
        kinds: set[EntityKind] = {entity.kind for entity in entities}
        quoted = scan.norm(first) == "@q"
        if self._inside_phrase(first, last):
            return None
        if scan.group_before(first, "album_noun") or self._before_album(first, last):
            kinds = kinds & {"album"} or kinds
        elif scan.group_before(first, "track") and "track" in kinds:
            if self._describes(first, last):
                return None
            kinds &= {"track"}
        elif "playlist" in kinds and self._beside_playlist(first, last):
            return "playlist"
        elif self._by_before(first) and "artist" in kinds:
            return "artist"
        elif by := self._artists_after(last):
            theirs: set[EntityKind] = {
                e.kind for e in entities if e.artist and fold(e.artist) in by
            }
            if theirs:
                return self._first(theirs)
            if not self._trusted(first, last, kinds):
                return None
            return self._first((kinds & {"track", "album"}) or kinds)
        elif not quoted and not self._trusted(first, last, kinds):
            return None
        return self._first(kinds)

    def _describes(self, first: int, last: int) -> bool:
        """Whether one word typed small says what a song is like: "une chanson *triste* de Brel"."""
        meaning = self._scan.meaning_at(first)
        small = last - first == 1 and not self._scan.tokens[first].capital
        # "the song happy" is a title: there, what a song is like stands before
        if (
            kinds_first(self._scan.language.name)
            or not small
            or meaning is None
            or meaning[1] not in {"moods", "genres", "tempo", "energy"}
        ):
            return False
        by = self._artists_after(last)
        return not any(
            fold(entity.artist) in by for entity in self._found[first, last] if entity.artist
        )

    def _before_album(self, first: int, last: int) -> bool:
        """Whether "album" follows; "the oldest *jazz* record" names none."""
        kind = self._scan.meaning_at(first)
        small = not any(token.capital for token in self._scan.tokens[first:last])
        genre = kind is not None and first + kind[0] == last and small
        return bool(self._scan.group_at(last, "album_after")) and not genre

    @staticmethod
    def _first(kinds: set[EntityKind]) -> EntityKind | None:
        return next((kind for kind in KINDS if kind in kinds), None)

    def _by_before(self, first: int) -> bool:
        return bool(self._scan.group_before(first, "by.ask"))

    def _beside_playlist(self, first: int, last: int) -> bool:
        scan = self._scan
        before = first - max(scan.group_before(first, name) for name in ("named.ask", "article"))
        nouns = (
            scan.group_at(last, "signals.playlist"),
            *(scan.group_before(place, "signals.playlist") for place in (first, before)),
        )
        return any(nouns) or self._takes_change(first, last)

    def _takes_change(self, first: int, last: int) -> bool:
        """Whether a change is said of it: "put … in *running*", "*Chill*: add …"."""
        scan = self._scan
        if first == 0 and last < len(scan.tokens):
            return scan.tokens[last].raw == ":" or bool(scan.group_at(last, "lists_says"))
        size = scan.group_before(first, "lists_before")
        if self._capital(first, last):
            size = size or scan.group_before(first, "lists_of")
        closes = last >= len(scan.tokens) or self._closes(last, {"playlist"})
        changes = any(scan.group_at(at, "lists_verbs") for at in range(first - size))
        return bool(size) and closes and changes

    def _artists_after(self, last: int) -> set[str]:
        """Return the folded names of artists of the library that follow after "by"."""
        size = self._scan.group_at(last, "title_by") if last < len(self._scan.tokens) else 0
        return {
            fold(entity.name)
            for (start, _), entities in self._found.items()
            for entity in entities
            if size and start == last + size and entity.kind == "artist"
        }

    def _inside_phrase(self, first: int, last: int) -> bool:
        """Whether a run typed small stands inside a phrase: "dans le *style* de"."""
        scan = self._scan
        if any(t.capital for t in scan.tokens[first:last]):
            return False
        return any(
            start + scan.group_at(start, name) >= last
            for start in range(max(0, first - 4), first)
            for name in _PHRASES
            if scan.group_at(start, name) > 1
        )

    def _trusted(self, first: int, last: int, kinds: set[EntityKind]) -> bool:
        scan = self._scan
        if "artist" not in kinds and self._in_longer_name(first, last):
            return False
        plain = self._plain(first, last, _PLAIN_GROUPS + _SCENES)
        capital = self._capitals and self._capital(first, last)
        long = last - first >= _LONG and sum(len(scan.norm(i)) > 2 for i in range(first, last)) > 2
        whole = first == 0 and last == len(scan.tokens)
        place = self._opens(first, kinds) and self._closes(last, kinds)
        if "playlist" in kinds and (capital or self._as_spelt(first, last)):
            return True
        if plain == last - first:  # all of it means something else
            several = last - first > 1
            if several and place and not self._asks(first, last):
                return True  # "sunny afternoon" describes, but nothing else is said
            return (capital and place and (several or not whole)) or (long and place)
        if capital or long:
            return True
        if "artist" in kinds and not plain and (last - first > 1 or len(scan.norm(first)) > 3):
            return place or last - first > 1
        return place and (last - first > 1 or len(scan.norm(first)) > 2)

    def _as_spelt(self, first: int, last: int) -> bool:
        """Whether a name of several words is typed with the capitals that it has."""
        tokens = self._scan.tokens
        typed = self._scan.text[tokens[first].start : tokens[last - 1].end]
        names = {entity.name for entity in self._found[first, last]}
        return last - first > 1 and tokens[first].capital and typed in names

    def _in_longer_name(self, first: int, last: int) -> bool:
        """ "Du Beau *Dommage*": a capital before one word that nothing else explains."""
        before = first - 1
        if last - first > 1 or before < 1 or not self._capitals:
            return False
        token = self._scan.tokens[before]
        alone = not any(start <= before < end for start, end in self._found)
        wish = any(self._scan.group_at(before, name) for name in _ASKING)
        return token.capital and token.norm.isalpha() and alone and not wish

    def _plain(self, first: int, last: int, groups: Sequence[str]) -> int:
        """Return how many words of a run have a meaning of their own."""
        scan, at, count = self._scan, first, 0
        while at < last:
            meaning = scan.meaning_at(at)
            sizes = [scan.group_at(at, name) for name in groups]
            size = max([meaning[0] if meaning else 0, *sizes])
            norm = scan.norm(at)
            known = norm in scan.language.common or norm in scan.language.numbers
            if not size and (known or norm.isdigit()):
                size = 1
            size = min(size, last - at)
            count += size
            at += size or 1
        return count

    def _asks(self, first: int, last: int) -> bool:
        scan = self._scan
        return any(scan.group_at(at, name) for at in range(first, last) for name in _ASKING)

    def _capital(self, first: int, last: int) -> bool:
        """Whether a run is typed as a name; the first word of a request always has a capital."""
        tokens = self._scan.tokens[first:last]
        words = [t for t in tokens if t.norm[0].isalpha() and t.norm != "i"]
        if not words or not (tokens[0].capital or tokens[-1].capital):
            return False
        main = [t for t in words if len(t.norm) > 3] or words
        if not all(t.capital for t in main):
            return False
        return first > 0 or len(main) > 1

    def _opens(self, first: int, kinds: set[EntityKind]) -> bool:
        scan = self._scan
        if first == 0 or scan.norm(first - 1) == ",":
            return True
        groups = _BEFORE_NAME + (_BEFORE_ARTIST if "artist" in kinds else ())
        return any(scan.group_before(first, name) for name in groups)

    def _closes(self, last: int, kinds: set[EntityKind]) -> bool:
        scan = self._scan
        if last >= len(scan.tokens) or scan.norm(last) == ",":
            return True
        if scan.tokens[last - 1].raw.endswith(_POSSESSIVE):
            return True
        groups = _AFTER_NAME + (_AFTER_ARTIST if "artist" in kinds else ())
        return any(scan.group_at(last, name) for name in groups)
