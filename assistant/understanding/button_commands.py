"""Commands about the conversation itself: "go back", "why this one?", "remove number 4"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.understanding.dialogue_state import ConversationState
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing import follow
from assistant.understanding.parsing.titles import places_at

CommandName = Literal["undo", "repeat", "why", "play", "add", "remove", "pause", "resume"]

_MAX_NAME_WORDS = 8


@dataclass(frozen=True, slots=True)
class Command:
    """Something that no tool does: it is about what was shown, or lets the analysis rest.

    Attributes:
        name: What to do.
        places: Places in the list last shown, from 1; -1 is the last, -2 the one before.
        title: A track named instead of its place.
        playlist: The playlist's name; "" is "my playlist", None where no playlist was spoken of.
    """

    name: CommandName
    places: tuple[int, ...] = ()
    title: str | None = None
    playlist: str | None = None


def read_command(scan: Scan, state: ConversationState) -> Command | None:
    """A command that takes up the whole request; None for anything else."""
    start = _skip(scan, 0, "commands.before")
    if resting := _indexing(scan, start):
        return resting
    if state.tool is None:
        return None
    if follow.whole(scan, "commands.undo"):
        return Command("undo")
    if state.tool == "generate_drum_chart" and follow.whole(scan, "drum_remake"):
        return None  # the chart once more, not the words
    if follow.whole(scan, "commands.repeat"):
        return Command("repeat")
    if not state.results and not state.playlist:
        return None
    return _why(scan, start, state) or _play(scan, start, state) or _edit(scan, start, state)


def _indexing(scan: Scan, start: int) -> Command | None:
    """ "Pause the analysis", "reprends l'indexation"."""
    for name, _, first, last in scan.find(scan.language.rules["indexing"]):
        if first == start and _ends(scan, last):
            return Command("pause" if name == "pause" else "resume")
    return None


def _skip(scan: Scan, at: int, group: str) -> int:
    while scan.norm(at) == "," or scan.group_at(at, group):
        at += scan.group_at(at, group) or 1
    return at


def _ends(scan: Scan, at: int) -> bool:
    return _skip(scan, at, "commands.after") >= len(scan.tokens)


def _places(scan: Scan, at: int, state: ConversationState) -> tuple[int, tuple[int, ...]]:
    """(end, places); a pronoun means the track last spoken of, or the only one shown."""
    end, places = places_at(scan, at)
    if places:
        return end, places
    if size := scan.group_at(at, "pronoun"):
        labels = [track.label for track in state.results]
        if state.track in labels:
            return at + size, (labels.index(state.track) + 1,)
        return at + size, (1,) if len(labels) == 1 else ()
    return at, ()


def _why(scan: Scan, at: int, state: ConversationState) -> Command | None:
    size = scan.group_at(at, "commands.why")
    if not size:
        return None
    end, places = _places(scan, at + size, state)
    if end == at + size:
        end += scan.group_at(end, "those") or 0
    return Command("why", places) if _ends(scan, end) else None


def _play(scan: Scan, at: int, state: ConversationState) -> Command | None:
    size = scan.group_at(at, "commands.play")
    if not size:
        return None
    end, places = _places(scan, at + size, state)
    if end == at + size:
        end += scan.group_at(end, "those") or scan.group_at(end, "commands.the_playlist")
    joined = (tuple(scan.norm(i) for i in range(at, at + size))) in scan.language.group(
        "commands.play_it"
    )
    if not _ends(scan, end) or (end == at + size and not joined):
        return None
    return Command("play", places)


def _edit(scan: Scan, at: int, state: ConversationState) -> Command | None:
    for name in ("add", "remove"):
        size = scan.group_at(at, f"commands.{name}")
        if size:
            return _edited(scan, "add" if name == "add" else "remove", at + size, state)
    return None


def _edited(
    scan: Scan, name: Literal["add", "remove"], at: int, state: ConversationState
) -> Command | None:
    end, places = _places(scan, at, state)
    preposition = "commands.to" if name == "add" else "commands.from"
    if end > at:
        playlist = _playlist(scan, end, preposition)
        if playlist is None and not (places and _ends(scan, end)):
            return None
        return Command(name, places, playlist=playlist)
    for stop in range(at + 1, len(scan.tokens)):
        playlist = _playlist(scan, stop, preposition)
        if playlist is not None:
            if scan.meaning_at(at) or scan.group_at(at, "tracks"):
                return None  # "add some jazz to my playlist" asks for tracks
            return Command(name, title=scan.slice(at, stop), playlist=playlist)
    return None


def _playlist(scan: Scan, at: int, preposition: str) -> str | None:
    """ "to my playlist" gives "", "to the playlist Sunday" the name, anything else None."""
    if scan.norm(at) == ",":
        at += 1
    size = scan.group_at(at, preposition)
    first = at + size
    if not size or scan.group_at(first, "commands.new"):
        return None
    for noun in range(first, min(len(scan.tokens), first + _MAX_NAME_WORDS)):
        if found := scan.group_at(noun, "signals.playlist"):
            return _name(scan, first, noun, noun + found)
    return "" if _ends(scan, first) and size > 1 else None


def _name(scan: Scan, first: int, noun: int, after: int) -> str:
    """The name before the word "playlist" ("my Sunday playlist") or after it."""
    first = _skip(scan, first, "article")
    if first < noun:
        words = [scan.norm(i) for i in range(first, noun)]
        last = all((word,) in scan.language.group("last_names") for word in words)
        return "" if last else scan.slice(first, noun)
    after += scan.group_at(after, "named.ask")
    return "" if _ends(scan, after) else scan.slice(after, len(scan.tokens))
