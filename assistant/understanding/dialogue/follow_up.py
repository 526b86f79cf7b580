"""A request that the conversation completes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from assistant.understanding.dialogue.queries.query_merging import Query
from assistant.understanding.dialogue.slots import FollowUpSlots
from assistant.understanding.lexing.template_matching import Captured, Captures


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A request that the conversation completes.

    Attributes:
        tool: The tool it calls; "" for a command.
        arguments: Its arguments.
        more: Whether the next tracks of the same query are wanted.
        from_shown: Whether exactly the tracks that were shown are meant.
        choices: Names of which one is to be chosen first.
        why: Places in the list that are to be explained, instead of a call.
        play: Places in the list that are to be played, instead of a call.
        places: Places in the list whose tracks alone the call is about.
        edits: Whether the call is the last query with a change.
        command: Something asked of the conversation itself, instead of a call.
    """

    tool: str
    arguments: Query = field(default_factory=dict)
    more: bool = False
    from_shown: bool = False
    choices: tuple[str, ...] = ()
    why: tuple[int, ...] | None = None
    play: tuple[int, ...] | None = None
    places: tuple[int, ...] = ()
    edits: bool = False
    command: Literal["undo", "repeat"] | None = None


Handler = Callable[[Captures, FollowUpSlots], FollowUp | None]
"""Makes a follow-up of the values of a sentence."""


def label_of_named(captured: Captured, slots: FollowUpSlots) -> str | None:
    """The track that is pointed at, or named by its title; no first word is a title by itself."""
    if captured.kind == "one":
        return captured.value.label
    title, names = str(captured.value), slots.scan.names
    known = names.tracks(title) if names else captured.first
    return title if known or slots.scan.norm(captured.first) == "@q" else None
