"""Artists that a request mentions: "by X", "some X", "X songs"."""

from __future__ import annotations

from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing.draft import Draft
from assistant.understanding.parsing.naming.name_mentions import (
    artist_end,
    resolved_artist,
    take_artists,
    topics,
)

# Names that make a list where no library tells; "Paris, France" is none.
_FEWEST_LISTED = 3


def read_artists(scan: Scan, draft: Draft) -> None:
    """ "by X", "nothing by X", "de X", "some X", "X songs"."""
    for at in range(len(scan.tokens)):
        size = scan.group_at(at, "by.not")
        if size and take_artists(scan, at + size, draft, "exclude_artists", sure=True) > at + size:
            scan.use(at, at + size, "by")
    for at in range(len(scan.tokens)):
        size = scan.group_at(at, "by.ask")
        if size and not scan.group_before(at, "negator"):
            _take(scan, draft, at, size, sure=True)
    for at in range(len(scan.tokens)):
        size = scan.group_at(at, "by.weak")
        if not size or scan.norm(at + size).isdigit() or scan.group_before(at, "negator"):
            continue
        if not _negated(scan, at):
            _take(scan, draft, at, size, sure=False)


def _take(scan: Scan, draft: Draft, at: int, size: int, *, sure: bool) -> None:
    small = at + size < len(scan.tokens) and not scan.tokens[at + size].capital
    if small and scan.group_at(at + size, "by.never"):
        return  # "a voice of *a woman*"
    if take_artists(scan, at + size, draft, "artists", sure=sure) > at + size:
        scan.use(at, at + size, "by")


def _negated(scan: Scan, at: int) -> bool:
    return any(scan.group_at(first, "negator") > at - first for first in range(max(0, at - 3), at))


def read_bare_artists(scan: Scan, draft: Draft) -> None:
    """ "some Radiohead", "Daft Punk songs": a capital, or the library, makes it a name."""
    for at in range(len(scan.tokens)):
        if scan.free(at) and scan.norm(at) == "@name-artist":
            take_artists(scan, at, draft, "artists", sure=True)
        if not scan.free(at) or (scan.meaning_at(at) and not scan.tokens[at].capital):
            continue
        end = artist_end(scan, at, sure=False)
        before = scan.group_before(at, "by.bare") or _opens_list(scan, at, end)
        if end == at or scan.norm(at) in topics() or scan.norm(at) == "@q":
            continue
        if scan.norm(at).isdigit() and (end == at + 1 or scan.used[at + 1] == "tracks"):
            continue
        after = scan.group_at(end, "by.nouns")
        if _inside_phrase(scan, at):
            continue
        known = scan.names is not None and (
            scan.names.artist(scan.slice(at, end)) is not None or _looks_like_name(scan, at, end)
        )
        tail = (
            scan.free(at - 1) and scan.tokens[at - 1].capital and not plain_word(scan, at - 1, at)
        )
        several = end - at > 1 and not any(plain_word(scan, i, i + 1) for i in range(at, end))
        sure_place = (before or (after and (at > 0 or several))) and not tail
        if known or (sure_place and scan.names is None) or (sure_place and end - at > 1):
            if plain_word(scan, at, end):
                continue
            take_artists(scan, at, draft, "artists", sure=scan.tokens[at].capital)


def _opens_list(scan: Scan, at: int, end: int) -> bool:
    """ "…, *ABBA* and the Bee Gees": the first of several names after a comma."""
    if scan.norm(at - 1) != "," or not scan.tokens[at].capital:
        return False
    link = scan.group_at(end, "list_and") or int(scan.norm(end) == ",")
    following = end + link
    return bool(link) and artist_end(scan, following, sure=False) > following


def read_artist_list(scan: Scan, draft: Draft) -> bool:
    """ "Radiohead, Muse and Placebo": nothing but names of artists."""
    names: list[str] = []
    at = 0
    while at < len(scan.tokens):
        end = artist_end(scan, at, sure=False)
        if end == at or plain_word(scan, at, end) or not scan.tokens[at].capital:
            return False
        if scan.names is not None and not scan.names.artist(scan.slice(at, end)):
            return False
        names.append(scan.slice(at, end))
        at = end + int(scan.norm(end) == ",")
        at += scan.group_at(at, "list_and")
        if at == end and at < len(scan.tokens):
            return False
    if len(names) < (2 if scan.names else _FEWEST_LISTED):
        return False
    for name in names:
        draft.add("artists", resolved_artist(scan, name))
    scan.use(0, len(scan.tokens), "artist")
    return True


def _inside_phrase(scan: Scan, at: int) -> bool:
    """ "La *Saint-Valentin*": the rest of something with a meaning."""
    return any((found := scan.meaning_at(at - back)) and found[0] > back for back in (1, 2))


def _looks_like_name(scan: Scan, at: int, end: int) -> bool:
    """A name that the library does not have: "13A", "H" and "Generate a 12" are none."""
    letters = scan.norm(at).isalpha() and (end - at > 1 or len(scan.norm(at)) > 1)
    opens = at == 0 and not all(t.capital and t.norm.isalpha() for t in scan.tokens[at:end])
    beside = scan.group_before(at, "by.beside")  # "the song after Strobe"
    return letters and not opens and not beside and not _first_word_alone(scan, at, end)


def _first_word_alone(scan: Scan, at: int, end: int) -> bool:
    """ "Louder please": the capital of a sentence makes no name."""
    return at == 0 and end == 1 and len(scan.tokens) > 1


def plain_word(scan: Scan, first: int, last: int) -> bool:
    """A single word that the grammar knows: "Jazz", "Please"."""
    fills = scan.language.group("fill.words")
    return last - first == 1 and (
        scan.meaning_at(first) is not None
        or (scan.norm(first),) in fills
        or bool(scan.group_at(first, "signals.find"))
        or bool(scan.group_at(first, "signals.make"))
        or bool(scan.group_at(first, "signals.playlist"))
        or bool(scan.group_at(first, "tracks"))
        or bool(scan.group_at(first, "negator"))
    )
