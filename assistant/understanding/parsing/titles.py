"""The track a request speaks of: a title, "this one", "the second one", "number 3"."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.understanding.dialogue_state import ConversationState
from assistant.understanding.lexing.plain_text import fold
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing.name_mentions import only_meaning, title_end

_MOST_CHOICES = 4
_MOST_PLACES = 100
_LINKING = frozenset(
    {"with", "avec", "from", "at", "for", "pour", "and", "et", "in", "en", "on", "to", "a"}
)


@dataclass(frozen=True, slots=True)
class Title:
    """A track named in a request.

    Attributes:
        text: The title for the tool, with "by Artist" where said.
        first: First token.
        last: Token after the last.
        choices: Several tracks that may be meant; empty when it is clear.
        track_id: Of the track, where it is known.
    """

    text: str
    first: int
    last: int
    choices: tuple[str, ...] = ()
    track_id: int | None = None


def _skip_articles(scan: Scan, at: int) -> int:
    while size := scan.group_at(at, "article"):
        at += size
    return at


def reference_at(scan: Scan, at: int) -> tuple[int, int] | None:
    """(end, 1-based place) of "the second one", "number 3", "le deuxième"; -1 is the last."""
    start = _skip_articles(scan, at)
    skipped = start > at
    if not scan.free(start):
        return None
    ordinals = scan.language.ordinals
    if scan.norm(start) in ordinals:
        end = start + 1
        end += scan.group_at(end, "one_word")
        return end, ordinals[scan.norm(start)]
    if scan.tokens[start].capital and not scan.norm(start).isdigit():
        return None
    size = 1 if scan.norm(start) == "#" else scan.group_at(start, "number_word")
    number = scan.norm(start + size) if scan.free(start + size) else ""
    if number in {"one", "un", "une"} and size:
        return start + size + 1, 1
    if number.isdigit() and (size or (skipped and len(number) < 3)):
        return start + size + 1, int(number)
    return None


def places_at(scan: Scan, at: int) -> tuple[int, tuple[int, ...]]:
    """(end, 1-based places) of "number 4", "2 and 5", "the first three"; no places: none there."""
    places: list[int] = []
    end = at
    while found := _first_or_last_few(scan, end) or _one_place(scan, end, listed=bool(places)):
        end, more = found
        places += more
        link = scan.group_at(end, "list_and") or int(scan.norm(end) == "," and scan.free(end))
        if not link or not (
            _first_or_last_few(scan, end + link) or _one_place(scan, end + link, listed=True)
        ):
            break
        end += link
    return (end, tuple(dict.fromkeys(places))) if places else (at, ())


def _one_place(scan: Scan, at: int, *, listed: bool) -> tuple[int, list[int]] | None:
    if found := reference_at(scan, at):
        return found[0], [found[1]]
    start = at + scan.group_at(at, "number_words")
    number = scan.norm(start)
    if scan.free(start) and number.isdigit() and len(number) < 4 and (listed or start >= at):
        return start + 1, [int(number)]
    return None


def _first_or_last_few(scan: Scan, at: int) -> tuple[int, list[int]] | None:
    """ "the first three", "les deux derniers"."""
    start = _skip_articles(scan, at)
    for edge, count in ((start, start + 1), (start + 1, start)):
        number = scan.norm(count)
        if not (number.isdigit() and 1 < int(number) < _MOST_PLACES):
            continue
        for group, sign in (("few_first", 1), ("few_last", -1)):
            if scan.group_at(edge, group):
                end = start + 2
                return end + scan.group_at(end, "tracks"), [
                    sign * place for place in range(1, int(number) + 1)
                ]
    return None


def current_track(state: ConversationState) -> str | None:
    """Return the name of the track spoken of last, or of the only one shown."""
    only = state.results[0].label if len(state.results) == 1 else None
    return state.track or only


def take_reference(scan: Scan, at: int, state: ConversationState) -> Title | None:
    """A track of the conversation that a request points at."""
    if size := scan.group_at(at, "pronoun"):
        label = current_track(state)
        return Title(label, at, at + size) if label else None
    if found := reference_at(scan, at):
        end, place = found
        if state.results and (place == -1 or 1 <= place <= len(state.results)):
            index = place - 1 if place > 0 else -1
            return Title(state.results[index].label, at, end)
    return None


def _named(scan: Scan, first: int, last: int) -> bool:
    """Whether words look like a title: capital, quotes, or "by" somebody."""
    token = scan.tokens[first]
    starts = token.norm == "@q" or token.capital
    by = any((scan.norm(i),) in scan.language.group("title_by") for i in range(first + 1, last - 1))
    return starts or (by and scan.language.name == "en")


def _trim(scan: Scan, first: int, last: int, tail: str | None) -> int:
    if tail:
        for size in range(min(4, last - first - 1), 0, -1):
            words = tuple(scan.norm(i) for i in range(last - size, last))
            if words in scan.language.group(tail):
                return last - size
    return last


def take_title(
    scan: Scan,
    at: int,
    state: ConversationState,
    *,
    needs_name: bool = False,
    tail: str | None = None,
) -> Title | None:
    """The track named at a token, or None when nothing there looks like one.

    Args:
        scan: The request.
        at: Where it should start.
        state: For "this one" and "the second one".
        needs_name: Only a capital, quotes or the word "song" make it a title.
        tail: Grammar list of words that may close the sentence ("what key is X *in*").
    """
    reference = take_reference(scan, at, state) or named_track(scan, _title_start(scan, at)[0])
    if reference is not None:
        return reference
    if scan.group_at(at, "those") or _place_only(scan, at):
        return None
    if (size := scan.group_at(at, "pronoun")) and not scan.free(at + size):
        return None
    first, noun = _title_start(scan, at)
    if not scan.free(first) or scan.norm(first).startswith(("@k", "@d", "@t")):
        return None
    last = title_end(scan, first)
    end = _without_links(scan, first, _trim(scan, first, last, tail), last)
    if end <= first or only_meaning(scan, first, end):
        return None
    if not noun and not _may_be_title(scan, first, end, needs_name=needs_name):
        return None
    found = _resolve(scan, scan.slice(first, end), first, last)
    known = found.choices or found.text != scan.slice(first, end)
    determined = scan.group_at(first, "determiner") and not scan.tokens[first].capital
    return None if determined and not noun and not known else found


def named_track(scan: Scan, at: int) -> Title | None:
    """A track of the library, with "by" its artist where that is said."""
    if not scan.free(at):
        return None
    if scan.norm(at) != "@name-track":
        return None
    found = [entity for entity in scan.tokens[at].entities if entity.kind == "track"]
    if not found:
        return None
    last, said = at + 1, ""
    size = scan.group_at(last, "title_by")
    if size and scan.free(last + size) and (artist := scan.tokens[last + size].entity("artist")):
        by = [entity for entity in found if fold(entity.artist) == fold(artist.name)]
        found, said, last = by or found, artist.name, last + size + 1
    songs = {(fold(entity.name), fold(entity.artist)): entity for entity in reversed(found)}
    first = found[0]
    if len(songs) > 1:
        names = tuple(dict.fromkeys(entity.label for entity in found))
        return Title(scan.slice(at, at + 1), at, last, choices=names[:_MOST_CHOICES])
    text = f"{first.name} by {first.artist}" if said and first.artist else first.name
    return Title(text, at, last, track_id=first.id)


def _place_only(scan: Scan, at: int) -> bool:
    """ "The second one", "the last song you played": a place in a list there is not."""
    found = reference_at(scan, at)
    first = _skip_articles(scan, at)
    if not found or scan.tokens[first].capital:
        return False
    return found[0] > first + 1 or found[0] == len(scan.tokens)


def _title_start(scan: Scan, at: int) -> tuple[int, bool]:
    """(first word of the title, whether "song" announced it): "the song called *X*"."""
    # "Song 2" is a title, "song 2" may be a place in a list.
    capital = scan.tokens[at : at + 1] and scan.tokens[at].capital
    noun = 0 if capital else scan.group_at(at, "track")
    first = at + noun
    return first + scan.group_at(first, "named.ask"), bool(noun)


def _without_links(scan: Scan, first: int, end: int, last: int) -> int:
    """ "Back in Black with | only basic": what follows was read, so its preposition is no title."""
    while end > first + 1 and last < len(scan.tokens) and scan.norm(end - 1) in _LINKING:
        end -= 1
    return end


def _may_be_title(scan: Scan, first: int, end: int, *, needs_name: bool) -> bool:
    bare = end == first + 1 and not scan.tokens[first].capital
    if bare and scan.group_at(first, "one_word"):
        return bool(scan.names and scan.names.tracks(scan.slice(first, end)))
    return not needs_name or _named(scan, first, end)


def _resolve(scan: Scan, typed: str, first: int, last: int) -> Title:
    """The library's spelling; a title it does not have stays as typed, for the tool to ask."""
    matches = scan.names.tracks(typed) if scan.names else ()
    if not matches:
        return Title(typed, first, last)
    names = list(dict.fromkeys(match.name for match in matches))
    if len(names) > 1 and all(name.casefold() != typed.casefold() for name in names):
        return Title(typed, first, last, choices=tuple(names[:_MOST_CHOICES]))
    return Title(names[0], first, last)
