"""Commands about the conversation itself: "go back", "why this one?", "remove number 4"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.understanding.dialogue.places import places_at
from assistant.understanding.dialogue.queries.refining import whole
from assistant.understanding.dialogue.state import ConversationState
from assistant.understanding.lexing.tokens import Scan

CommandName = Literal["undo", "repeat", "why", "play", "add", "remove", "pause", "resume"]


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
    if whole(scan, "commands.undo"):
        return Command("undo")
    if state.tool == "generate_drum_chart" and whole(scan, "drum_remake"):
        return None  # the chart once more, not the words
    if whole(scan, "commands.repeat"):
        return Command("repeat")
    return _why(scan, start, state) if state.results else None


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
