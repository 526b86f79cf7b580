"""Artists and titles that a request mentions: "by X", "some X", "called X", quoted words."""

from __future__ import annotations

from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing.doubts import Doubt
from assistant.understanding.parsing.draft import Draft
from assistant.understanding.parsing.name_mentions import (
    SURE_SCORE,
    artist_end,
    only_meaning,
    resolved_artist,
    take_artists,
    topics,
)

# A longer run of words is a sentence; looking it up costs time with a large library.
_LONGEST_TITLE = 9
_LONGEST_MISSPELT = 5
# From this score on a title is worth a "did you mean" (0..100, as rapidfuzz counts).
_NEAR_SCORE = 75.0
_MOST_SUGGESTED = 3
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
    if take_artists(scan, at + size, draft, "artists", sure=sure) > at + size:
        scan.use(at, at + size, "by")


def _negated(scan: Scan, at: int) -> bool:
    return any(scan.group_at(first, "negator") > at - first for first in range(max(0, at - 3), at))


def read_bare_artists(scan: Scan, draft: Draft) -> None:
    """ "some Radiohead", "Daft Punk songs": a capital, or the library, makes it a name."""
    for at in range(len(scan.tokens)):
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
            scan.free(at - 1) and scan.tokens[at - 1].capital and not _plain_word(scan, at - 1, at)
        )
        several = end - at > 1 and not any(_plain_word(scan, i, i + 1) for i in range(at, end))
        sure_place = (before or (after and (at > 0 or several))) and not tail
        if known or (sure_place and scan.names is None) or (sure_place and end - at > 1):
            if _plain_word(scan, at, end):
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
        if end == at or _plain_word(scan, at, end) or not scan.tokens[at].capital:
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


def read_bare_title(scan: Scan, draft: Draft) -> str | None:
    """ "Play Iron Tide", "Hurt by Johnny Cash": a title of the library, or a name before "by"."""
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
    if size > _LONGEST_TITLE or only_meaning(scan, first, last) or _plain_word(scan, first, last):
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
    if not first or only_meaning(scan, first, last) or _plain_word(scan, first, last):
        return ()
    typed = scan.slice(first, last)
    if any(match.score >= SURE_SCORE for match in scan.names.near_artists(typed)):
        return ()
    near = [match for match in scan.names.near_tracks(typed) if match.score >= _NEAR_SCORE]
    return tuple(dict.fromkeys(match.name for match in near))[:_MOST_SUGGESTED]


def _plain_word(scan: Scan, first: int, last: int) -> bool:
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


def read_named(scan: Scan, draft: Draft) -> str | None:
    """The name after "called …" (a playlist's or a song's), or a title to look for."""
    for name in ("named.ask", "named.text"):
        for at in range(len(scan.tokens)):
            size = scan.group_at(at, name)
            if not size:
                continue
            first = at + size
            strict = name == "named.text"
            if not scan.free(first):
                continue
            looks = scan.tokens[first].capital and scan.norm(first) not in topics()
            if strict and not looks:
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
    small = scan.norm(at) in {"by", "par"} and not scan.tokens[at].capital
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


def read_quoted(scan: Scan) -> str | None:
    """A quoted title that nothing else claimed."""
    for at in range(len(scan.tokens)):
        if scan.free(at) and scan.norm(at) == "@q":
            scan.use(at, at + 1, "quoted")
            return scan.tokens[at].raw
    return None
