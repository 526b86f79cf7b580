"""Genres, moods, energy, voice, order: words with a meaning, and what "no" covers."""

from __future__ import annotations

from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing import untaken_exclusions
from assistant.understanding.parsing.amounts.quantities import MODES
from assistant.understanding.parsing.doubts import Doubt
from assistant.understanding.parsing.draft import Draft
from assistant.understanding.parsing.naming.name_mentions import take_artists
from store.search.query import TrackQuery

# "Not slow" sets a lower limit, "not fast" an upper one.
_NOT_TEMPO = {"slow": ("bpm_min", 90), "fast": ("bpm_max", 130)}
_NOT_ENERGY = {"high": "low", "low": "high"}
_NOT_KIND = "music"
# Lengths in minutes that words of tracks mean; a number says it better.
_LENGTHS = {"short": ("length_max", 3.0), "long": ("length_min", 8.0), "set": ("length_min", 20.0)}
_OTHER_LIMIT = {"length_max": "length_min", "length_min": "length_max"}
# Filters of the contract; a request is deferred where the tools do not take one yet.
_PLANNED = frozenset({"groove", "drum_level", "kind"})
# Orders that go from the highest down unless asked otherwise.
_HIGHEST_FIRST = frozenset({"energy", "popularity", "added"})
_FIXED = frozenset({"sort", "arc", "energy", "flags", "added_days"}) | _PLANNED
_NOT = "not "  # before a flag: "not liked"


def _want(draft: Draft, table: str, value: str) -> None:
    if table in {"genres", "subgenres"}:
        draft.add("genres", value)
    elif table == "moods":
        draft.add("moods", value)
    elif table == "weak_moods":
        draft.weak_mood = value
    elif table == "vocals":
        draft.set("instrumental", value == "instrumental")
    elif table == "tempo":
        if draft.tempo_word not in {None, value}:
            draft.doubts.append(Doubt.SLOW_AND_FAST)
        draft.tempo_word = value
    elif table == "mode":
        for key in MODES[value]:
            draft.add("keys", key)
    elif table == "levels":
        draft.add("levels", value)
    elif table == "flags":
        draft.set(value.removeprefix(_NOT), not value.startswith(_NOT))
    elif table == "added_days":
        draft.set("added_days", int(value))
    elif table == "sort":
        order, _, direction = value.partition(" ")
        draft.set("sort", order)
        if direction and (direction == "ascending" or order not in _HIGHEST_FIRST):
            draft.set("descending", direction == "descending")
    elif table == "track_length":
        draft.arguments.setdefault(*_LENGTHS[value])
    elif table in TrackQuery.model_fields or table not in _PLANNED:
        draft.set(table, value)
    else:
        draft.doubts.append(Doubt.NO_FILTER)


def _refuse(draft: Draft, table: str, value: str) -> None:
    if table in {"genres", "moods", "subgenres"}:
        draft.add(f"exclude_{_kind(table)}", value)
    elif table == "vocals":
        draft.set("instrumental", value != "instrumental")
    elif table == "flags":
        draft.set(value.removeprefix(_NOT), value.startswith(_NOT))
    elif table == "kind":
        draft.set("kind", _NOT_KIND)
    elif table == "energy" and value in _NOT_ENERGY:
        draft.set("energy", _NOT_ENERGY[value])
    elif table == "tempo" and value in _NOT_TEMPO:
        draft.arguments.setdefault(*_NOT_TEMPO[value])  # a number says it better
    elif table == "track_length":
        limit, minutes = _LENGTHS[value]
        draft.arguments.setdefault(_OTHER_LIMIT[limit], minutes)
    else:
        draft.doubts.append(Doubt.NO_EXCLUSION)


def can_refuse(table: str, value: str) -> bool:
    """Whether a filter says the opposite of a word with a meaning."""
    return (
        table in {"genres", "moods", "vocals", "flags", "subgenres", "kind", "track_length"}
        or (table == "energy" and value in _NOT_ENERGY)
        or (table == "tempo" and value in _NOT_TEMPO)
    )


def _kind(table: str) -> str:
    return "genres" if table == "subgenres" else table


def _skip(scan: Scan, at: int, group: str) -> int:
    while size := scan.group_at(at, group):
        at += size
    return at


def _listed_on(scan: Scan, at: int, kind: str) -> int | None:
    """Start of the next excluded word after a link ("rap *or* metal"), None at the end."""
    size = scan.group_at(at, "negated_list")
    link = at
    if size:
        link = _skip(scan, at + size, "soft")
    elif scan.norm(at) == "," and scan.free(at):
        link = _skip(scan, at + 1, "soft")
        found = scan.meaning_at(link)
        # "no rap, metal or punk": the comma goes on only if a link closes the list.
        if not found or not scan.group_at(link + found[0], "negated_list"):
            return None
    else:
        return None
    found = scan.meaning_at(link)
    return link if found and _kind(found[1]) == kind else None


def _excluded(scan: Scan, draft: Draft, at: int, size: int) -> None:
    """Read what a "no" at token `at` covers."""
    start = at + size
    if not scan.meaning_at(start):  # "without *songs that are long*" begins with a soft word
        start = _skip(scan, start, "soft")
    found = scan.meaning_at(start)
    if not found:
        end = take_excluded_track(scan, start, draft) or take_artists(
            scan, start, draft, "exclude_artists", sure=False
        )
        if end > start:
            scan.use(at, start, "negation")
        else:
            untaken_exclusions.read(scan, draft, at, at + size)
        return
    words, table, value = found
    if not can_refuse(table, value):
        untaken_exclusions.read(scan, draft, at, at + size)
        return
    kind = _kind(table)
    scan.use(at, start, "negation")
    while True:
        # a style is no genre of the taxonomy, but may be a tag of the library
        typed = scan.slice(start, start + words).lower()
        _refuse(draft, table, typed if table == "subgenres" else value)
        scan.use(start, start + words, kind)
        following = start + words
        if scan.group_at(following, "tracks") and not scan.group_at(following, "negator"):
            count = scan.group_at(following, "tracks")
            scan.use(following, following + count, "tracks")
            following += count
        nxt = _listed_on(scan, following, kind)
        if nxt is None:
            return
        scan.use(following, nxt, "negation")
        again = scan.meaning_at(nxt)
        if again is None:
            return
        start, (words, table, value) = nxt, again


def take_excluded_track(scan: Scan, at: int, draft: Draft) -> int:
    """ "AC/DC but not *Back in Black*": the end, 0 where no track of the library is named."""
    if not scan.free(at) or scan.norm(at) != "@name-track":
        return 0
    draft.add("exclude_tracks", scan.tokens[at].raw)
    scan.use(at, at + 1, "title")
    return at + 1


def read_exclusions(scan: Scan, draft: Draft) -> None:
    """Every "no", "without", "pas de", "sauf" … and what it covers."""
    for at in range(len(scan.tokens)):
        # "T'aurais pas du funk ?" asks for funk.
        if size := scan.group_at(at, "negative_question"):
            scan.use(at, at + size, "find")
    for at in range(len(scan.tokens)):
        if size := scan.group_at(at, "negator"):
            meaning = scan.meaning_at(at)
            if meaning and meaning[0] > size:
                continue
            _excluded(scan, draft, at, size)


def read_fixed_phrases(scan: Scan, draft: Draft) -> None:
    """Phrases of several words that contain a "by" or a "without" of their own."""
    for at in range(len(scan.tokens)):
        found = scan.meaning_at(at)
        if not found or at in scan.protected or _begins_added(scan, at, found):
            continue
        words, table, value = found
        refused = can_refuse(table, value) and scan.group_before(at, "negator")
        if words > 1 and table in _FIXED and not refused and not _of_others(scan, draft, at, table):
            _want(draft, table, value)
            scan.use(at, at + words, table)
    _read_counted(scan, draft)


def _begins_added(scan: Scan, at: int, found: tuple[int, str, str]) -> bool:
    """ "The *songs I added last* week": a time of adding starts inside an order."""
    inside = (scan.meaning_at(first) for first in range(at + 1, at + found[0]))
    return found[1] == "sort" and any(one and one[1] == "added_days" for one in inside)


def _read_counted(scan: Scan, draft: Draft) -> None:
    """ "Les *cinq* plus longues": a superlative whose article stands before a number."""
    for at in range(2, len(scan.tokens)):
        article = scan.group_before(at - 1, "superlative_plural")
        if not article or not scan.norm(at - 1).isdigit() or not scan.free(at):
            continue
        for last in range(min(at + 4, len(scan.tokens)), at + 1, -1):
            phrase = (scan.norm(at - 2), *(scan.norm(i) for i in range(at, last)))
            table, value = scan.language.meanings.get(phrase, ("", ""))
            if table == "sort" and all(scan.free(i) for i in range(at, last)):
                _want(draft, table, value)
                scan.use(at, last, table)
                break


def read_filters(scan: Scan, draft: Draft) -> None:
    """Every remaining word with a meaning."""
    for at in range(len(scan.tokens)):
        found = scan.meaning_at(at)
        if found and not _begins_longer(scan, at, found[0]):
            words, table, value = found
            if _of_others(scan, draft, at, table):
                continue
            _want(draft, table, value)
            scan.use(at, at + words, _kind(table))


def _of_others(scan: Scan, draft: Draft, at: int, table: str) -> bool:
    """ "Songs *my dad* liked": nobody knows what others like."""
    others = table == "flags" and bool(scan.group_before(at, "others_before"))
    if others:
        draft.doubts.append(Doubt.STATEMENT)
    return others


def _begins_longer(scan: Scan, at: int, words: int) -> bool:
    """ "Un *dîner aux chandelles*": a longer phrase starts inside a short one."""
    inside = (scan.meaning_at(first) for first in range(at + 1, at + words))
    return any(found is not None and found[0] > words for found in inside)
