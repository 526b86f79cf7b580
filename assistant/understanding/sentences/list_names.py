"""Names of playlists in a sentence: of the library, beside the word "playlist", or alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing.naming.name_mentions import only_meaning

LAST: Final = "last"
"""A playlist argument for the one of this conversation."""
_PLAYLIST: Final = "@name-playlist"
_LONGEST: Final = 8  # words of a name
_LONGEST_SMALL: Final = 4  # words of a name that is typed small
_MAIN_WORD: Final = 4  # letters; shorter words stay small in names


@dataclass(frozen=True, slots=True)
class ListName:
    """A playlist that is named.

    Attributes:
        value: Its name, or "last".
        last: Token after it.
        sure: Whether it is a name without doubt.
    """

    value: str
    last: int
    sure: bool = True


def looks_like_name(scan: Scan, first: int, last: int) -> bool:
    """Whether words that the library does not have are a name as typed."""
    tokens = scan.tokens[first:last]
    if tokens[0].norm == "@q":
        return last == first + 1
    words = [token for token in tokens if len(token.norm) >= _MAIN_WORD] or tokens
    opens = tokens[0].capital and not tokens[0].norm[0].isdigit()
    closes = tokens[-1].capital or (len(tokens) > 1 and _closes(scan, last - 1))
    return opens and closes and all(token.capital or token.norm.isdigit() for token in words)


def _closes(scan: Scan, at: int) -> bool:
    """Whether a word typed small ends a name: "Hen Do *2024*", "Warm-*up*"."""
    token, before = scan.tokens[at], scan.tokens[at - 1]
    return token.norm.isdigit() or scan.text[before.end : token.start] == "-"


def may_end(scan: Scan, last: int) -> bool:
    """Whether a playlist's name may end before a token: not "Jazz du soir *stp*"."""
    inside = scan.tokens[last - 1].capital and last < len(scan.tokens)
    goes_on = inside and scan.free(last) and scan.tokens[last].capital
    return not goes_on and not scan.group_before(last, "commands.courtesy")


def known(scan: Scan, at: int) -> Iterator[ListName]:
    """Yield the playlist of the library at a token."""
    if entity := scan.tokens[at].entity("playlist"):
        yield ListName(entity.name, at + 1)


def last_one(scan: Scan, at: int) -> Iterator[ListName]:
    """Yield "last" at a word that says so ("latest", "dernière")."""
    if size := scan.group_at(at, "lists_last"):
        yield ListName(LAST, at + size)


def said(scan: Scan, at: int) -> Iterator[ListName]:
    """Yield the playlist at a token: known, the last one, or words that may be a name."""
    if scan.tokens[at].entity("playlist"):
        yield from known(scan, at)
        return
    if size := max(scan.group_at(at, "last_names"), scan.group_at(at, "pronoun")):
        yield ListName(LAST, at + size)
    first = at + scan.group_at(at, "article")
    for last in range(min(len(scan.tokens), first + _LONGEST), first, -1):
        if _free(scan, first, last) and may_end(scan, last):
            opens = first > 0 or scan.tokens[first].norm == "@q"
            sure = opens and looks_like_name(scan, first, last)
            yield ListName(scan.slice(first, last), last, sure)


def beside_noun(scan: Scan, at: int) -> Iterator[ListName]:
    """Yield names beside the word "playlist" ("my *gym* playlist"), typed small or not."""
    if scan.tokens[at].entity("playlist"):
        yield from known(scan, at)
        return
    yield from last_one(scan, at)
    if scan.group_at(at, "lists_edge") or scan.group_at(at, "lists_never"):
        return
    for last in range(min(len(scan.tokens), at + _LONGEST), at, -1):
        capital = looks_like_name(scan, at, last)
        if capital and last < len(scan.tokens) and scan.tokens[last].capital:
            continue  # "Opening *Set*"
        if _free(scan, at, last) and (capital or _small_name(scan, at, last)):
            yield ListName(scan.slice(at, last), last, capital)


def alone(scan: Scan, at: int) -> Iterator[ListName]:
    """Yield names that only their capitals or quotes tell ("to *Road Trip*")."""
    if scan.tokens[at].entity("playlist"):
        yield from known(scan, at)
        return
    for last in range(min(len(scan.tokens), at + _LONGEST), at, -1):
        # the first word of a request always has a capital
        opens = at > 0 or (last > 1 and scan.tokens[1].capital)
        other = scan.group_at(at, "lists_other") == last - at  # "in Spanish", "on Repeat"
        if _free(scan, at, last) and opens and not other and looks_like_name(scan, at, last):
            yield ListName(scan.slice(at, last), last)


def alone_or_nothing(scan: Scan, at: int) -> Iterator[ListName]:
    """Yield names like `alone`, but none that is a track's or an artist's."""
    for name in alone(scan, at):
        of_other = scan.tokens[at].is_name and scan.tokens[at].norm not in {"@q", _PLAYLIST}
        if name.last > at + 1 or not of_other:
            yield name


def small(scan: Scan, at: int) -> Iterator[ListName]:
    """Yield names that nothing but the sentence tells ("rename *road trip* to …")."""
    if scan.tokens[at].entity("playlist"):
        yield from known(scan, at)
        return
    if scan.group_at(at, "lists_edge") or scan.group_at(at, "lists_other"):
        return
    for last in range(min(len(scan.tokens), at + _LONGEST_SMALL), at, -1):
        plain = not any(scan.tokens[i].is_name for i in range(at, last))
        if plain and _free(scan, at, last) and _small_name(scan, at, last):
            if only_meaning(scan, at, last):
                continue  # "sort techno by energy"
            yield ListName(scan.slice(at, last), last, sure=False)


def _free(scan: Scan, first: int, last: int) -> bool:
    """Whether words may be one name: free, and no more than the quotes hold."""
    whole = scan.norm(first) != "@q" or last == first + 1
    return whole and all(scan.free(i) for i in range(first, last))


def _small_name(scan: Scan, first: int, last: int) -> bool:
    """Whether no word says that a sentence goes on: "of last week", "and delete it"."""
    if last - first > _LONGEST_SMALL and not scan.tokens[first].capital:
        return False
    words = range(first, last)
    return not any(
        scan.norm(at) == "," or (scan.group_at(at, "lists_edge") and not scan.tokens[at].capital)
        for at in words
    )
