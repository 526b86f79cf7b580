"""Titles that a request mentions: "called X", "X by Y", quoted words."""

from __future__ import annotations

from assistant.understanding.lexing.lexicon import small_words
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing.doubts import Doubt
from assistant.understanding.parsing.draft import Draft
from assistant.understanding.parsing.naming.artist_mentions import plain_word
from assistant.understanding.parsing.naming.name_mentions import SURE_SCORE, only_meaning, topics

# A longer run of words is a sentence; looking it up costs time with a large library.
_LONGEST_TITLE = 9
_LONGEST_MISSPELT = 5
# From this score on a title is worth a "did you mean" (0..100, as rapidfuzz counts).
_NEAR_SCORE = 75.0
_MOST_SUGGESTED = 3


def read_bare_title(scan: Scan, draft: Draft) -> str | None:
    """ "Play Iron Tide", "Hurt by Johnny Cash": a title of the library, or a name before "by"."""
    for at, token in enumerate(scan.tokens):
        if scan.free(at) and token.norm == "@name-track":
            scan.use(at, at + 1, "text")
            return token.raw
    first = scan.group_at(0, "signals.find")
    end = first
    while scan.free(end) and not scan.norm(end).startswith("@"):
        end += 1
    ends = {end}
    while end > first and (scan.norm(end - 1),) in scan.language.group("fill.words"):
        end -= 1
    for last in sorted(ends | {end}):
        if last > first and (title := _title(scan, first, last)):
            scan.use(first, last, "text")
            return title
    if near := _near_titles(scan, first, end):
        scan.use(first, end, "text")
        draft.doubts.append(Doubt.UNKNOWN_TITLE)
        draft.choices = near
        return scan.slice(first, end)
    return None


def _title(scan: Scan, first: int, last: int) -> str | None:
    size, typed = last - first, scan.slice(first, last)
    if size > _LONGEST_TITLE or only_meaning(scan, first, last) or plain_word(scan, first, last):
        return None
    before_artist = last < len(scan.tokens) and scan.used[last] == "by"
    if scan.names and (before_artist or not scan.names.artist(typed)):
        found = next(iter(scan.names.tracks(typed)), None)
        if found is None and _may_be_misspelt(scan, first, last):
            found = next((m for m in scan.names.near_tracks(typed) if m.score >= SURE_SCORE), None)
        if found:
            # the library's spelling, without the artist that tells two tracks apart
            return found.name if len(found.name.split()) == size else typed
    named = all(scan.tokens[at].capital for at in (first, last - 1))
    sentence_opens = first == 0 and size == 1
    return typed if before_artist and named and not sentence_opens else None


def _may_be_misspelt(scan: Scan, first: int, last: int) -> bool:
    """Whether the request is a verb, or capitals alone, and a few words of no known use."""
    if last - first > _LONGEST_MISSPELT or not (last == len(scan.tokens) or scan.used[last]):
        return False
    bare = not first and all(scan.tokens[at].capital for at in (first, last - 1))
    if not (bare or scan.group_before(first, "commands.play")):
        return False
    if scan.norm(first) in scan.language.common:
        return False
    used = sum(
        scan.norm(at) in scan.language.common
        or scan.meaning_at(at) is not None
        or bool(scan.group_at(at, "fill.people"))
        for at in range(first, last)
    )
    return 2 * used <= last - first


def _near_titles(scan: Scan, first: int, last: int) -> tuple[str, ...]:
    """What the library has instead of a title that it does not have."""
    if not scan.names or last <= first or not _may_be_misspelt(scan, first, last):
        return ()
    if not first or only_meaning(scan, first, last) or plain_word(scan, first, last):
        return ()
    typed = scan.slice(first, last)
    if any(match.score >= SURE_SCORE for match in scan.names.near_artists(typed)):
        return ()
    near = [match for match in scan.names.near_tracks(typed) if match.score >= _NEAR_SCORE]
    return tuple(dict.fromkeys(match.name for match in near))[:_MOST_SUGGESTED]


def read_named(scan: Scan, draft: Draft) -> str | None:
    """The name after "called …" (a playlist's or a song's), or a title to look for."""
    for name in ("named.ask", "named.text"):
        for at in range(len(scan.tokens)):
            size = scan.group_at(at, name)
            if not size:
                continue
            first = at + size
            strict = name == "named.text"
            if not scan.free(first) or scan.group_before(first, "by.ask") > size:
                continue  # "by a band called X" names an artist
            looks = scan.tokens[first].capital and scan.norm(first) not in topics()
            if strict and (not looks or scan.norm(first) == "@name-artist"):
                continue
            end = _name_end(scan, first)
            if strict:
                end = next((i for i in range(first + 1, end) if _by_somebody(scan, i)), end)
            if end > first:
                text = scan.slice(first, end)
                scan.use(at, first, "named")
                scan.use(first, end, "name")
                return text
    return None


def _name_end(scan: Scan, first: int) -> int:
    """End of a name: all capitals of it, or all words up to a stop."""
    if scan.norm(first) == "@q":
        return first + 1
    end = first + 1
    capital = scan.tokens[first].capital
    while scan.free(end) and end - first < 8 and scan.norm(end) != ",":
        token = scan.tokens[end]
        if scan.group_at(end, "title_stop") or token.norm.startswith("@"):
            break
        joined = capital and _capital_word(scan, end + 1)
        if scan.group_at(end, "named.end") and not joined:
            break
        if capital and not token.capital and not joined and not _goes_on(scan, end):
            break
        end += 1
    while end > first + 1 and (scan.norm(end - 1),) in scan.language.group("name_join"):
        end -= 1  # "called Night *of* 20 songs"
    return end


def _by_somebody(scan: Scan, at: int) -> bool:
    """ "… *by* Portishead": the title is over; not so in "Stand By Me"."""
    small = scan.norm(at) in small_words("by_artist") and not scan.tokens[at].capital
    return small and at + 1 < len(scan.tokens) and scan.tokens[at + 1].capital


def _goes_on(scan: Scan, at: int) -> bool:
    """A small word of a name ("Dimanche *matin*"): no wish, no number, no noun for tracks."""
    return not (
        scan.norm(at)[0].isdigit()
        or scan.meaning_at(at)
        or scan.group_at(at, "tracks")
        or scan.group_at(at, "labels")
        or scan.group_at(at, "negator")
    )


def _capital_word(scan: Scan, at: int) -> bool:
    """A free word with a capital letter; a number counts tracks ("called Trip with 25 songs")."""
    return scan.free(at) and scan.tokens[at].capital and not scan.norm(at)[0].isdigit()


def read_title_words(scan: Scan) -> str | None:
    """ "songs with love in the title": the words to look for."""
    for at in range(len(scan.tokens)):
        size = scan.group_at(at, "named.in_title")
        if not size:
            continue
        for first in range(at - 1, max(-1, at - 6), -1):
            before = scan.group_before(first, "named.in_title_before")
            if before and all(scan.free(i) for i in range(first, at)):
                text = scan.slice(first, at)
                scan.use(first - before, at + size, "text")
                return text
    return None


def read_albums(scan: Scan, draft: Draft) -> None:
    """Albums of the library."""
    for at, token in enumerate(scan.tokens):
        if scan.free(at) and token.norm == "@name-album":
            size = scan.group_before(at, "album_noun")
            after = scan.group_at(at + 1, "album_after")
            draft.add("albums", token.raw)
            scan.use(at - size, at + 1 + after, "album")


def read_quoted(scan: Scan) -> str | None:
    """A quoted title that nothing else claimed."""
    for at in range(len(scan.tokens)):
        if scan.free(at) and scan.norm(at) == "@q":
            scan.use(at, at + 1, "quoted")
            return scan.tokens[at].raw
    return None
