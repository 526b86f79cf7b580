"""The track a request speaks of: a title, "this one", "the second one", "number 3"."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.understanding.dialogue.places import place_at, skip_articles
from assistant.understanding.dialogue.references import one_at
from assistant.understanding.dialogue.state import ConversationState
from assistant.understanding.lexing.entities import Entity
from assistant.understanding.lexing.lexicon import small_words
from assistant.understanding.lexing.plain_text import fold, fold_phrase
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing.naming.name_mentions import only_meaning, title_end

_MOST_CHOICES = 4


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


def take_reference(scan: Scan, at: int, state: ConversationState) -> Title | None:
    """A track of the conversation that a request points at."""
    found = one_at(scan, at, state)
    return Title(found.label, at, found.end) if found and found.label else None


def _named(scan: Scan, first: int, last: int) -> bool:
    """Whether words look like a title: capital, quotes, or "by" somebody."""
    token = scan.tokens[first]
    starts = token.norm == "@q" or token.capital
    by = any((scan.norm(i),) in scan.language.group("title_by") for i in range(first + 1, last - 1))
    return starts or (by and scan.language.by_means_title)


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
    elif size and (by := _typed_artist(scan, last + size, found)):
        found, said, last = by, by[0].artist, last + size + len(fold_phrase(by[0].artist))
    songs = {(fold(entity.name), fold(entity.artist)): entity for entity in reversed(found)}
    first = found[0]
    if len(songs) > 1:
        token = scan.tokens[at]
        typed = scan.text[token.start : token.end].strip(' "“”«»„')
        return Title(typed, at, last)  # the tool asks which
    text = f"{first.name} by {first.artist}" if said and first.artist else first.name
    return Title(text, at, last, track_id=first.id)


def _typed_artist(scan: Scan, at: int, found: list[Entity]) -> list[Entity]:
    """Tracks whose artist is typed from a token on."""
    return [
        entity
        for entity in found
        if entity.artist
        and fold_phrase(entity.artist)
        == tuple(scan.norm(i) for i in range(at, at + len(fold_phrase(entity.artist))))
    ]


def _place_only(scan: Scan, at: int) -> bool:
    """ "The second one", "the last song you played": a place in a list there is not."""
    found = place_at(scan, at)
    first = skip_articles(scan, at)
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
    while (
        end > first + 1 and last < len(scan.tokens) and scan.norm(end - 1) in small_words("linking")
    ):
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
