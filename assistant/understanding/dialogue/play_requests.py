"""Requests that play what was said or shown before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from assistant.understanding.dialogue.follow_up import FollowUp, Handler, label_of_named
from assistant.understanding.dialogue.query_edits import has_filters, searched
from assistant.understanding.dialogue.references import Reference
from assistant.understanding.dialogue.slots import FollowUpSlots
from assistant.understanding.lexing.template_matching import Captures


def play(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """Tracks pointed at, or all of what was shown."""
    state = slots.state
    reference: Reference | None = got[0].value if got else None
    if reference and reference.label:
        return FollowUp("play_music", {"track": reference.label})
    if reference and reference.all and reference.places:
        return FollowUp("play_music")  # both of those shown
    if reference and not reference.all:
        return FollowUp("", play=reference.places)
    if state.shown == "playlist":
        return FollowUp("play_music", {"playlist": "last"})
    query = searched(state.query)
    return FollowUp("play_music", query) if state.query_tool and has_filters(query) else None


def play_it(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """The track spoken of, else what was shown."""
    label = slots.state.track if slots.state.shown != "playlist" else None
    return FollowUp("play_music", {"track": label}) if label else play(got, slots)


def play_again(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """ "Once more from the start": the track that plays, else the one spoken of."""
    state = slots.state
    label = state.playing.label if state.playing and state.shown != "playlist" else state.track
    return FollowUp("play_music", {"track": label}) if label else None


def play_list(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """The playlist of this conversation."""
    known = slots.state.playlist or slots.state.shown == "playlist"
    return FollowUp("play_music", {"playlist": "last"}) if known else None


def play_title(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """A title in the place of what was asked for before."""
    title = label_of_named(got[0], slots)
    return FollowUp("play_music", {"track": title}) if title else None


def play_shuffled(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """What was shown, in any order."""
    found = play((), slots)
    return replace(found, arguments={**found.arguments, "sort": "random"}) if found else None


def play_shown(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """ "Start the music": what was just made or found, where nothing plays."""
    state = slots.state
    if state.shown != "playlist" and state.playing:
        return None
    return play((), slots)


def queue_shown(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """What was shown, at the end of the queue."""
    found = play((), slots)
    return replace(found, arguments={**found.arguments, "when": "end"}) if found else None


def then_title(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """ "And then Copper Sky": an order, where it is no question about the next one."""
    asked = slots.scan.text.rstrip().endswith("?")
    edits = slots.state.tool in {"edit_playlist", "make_playlist"}
    title = None if asked or edits else label_of_named(got[0], slots)
    return FollowUp("play_music", {"track": title, "when": "next"}) if title else None


def play_both(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """The two tracks shown."""
    return FollowUp("play_music") if len(slots.state.results) == 2 else None


def play_once_more(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """The track that plays, after a request to play."""
    playing = slots.state.playing
    played = slots.state.tool in {"play_music", "control_player"}
    return FollowUp("play_music", {"track": playing.label}) if playing and played else None


REQUESTS: Final[Mapping[str, Handler]] = {
    "play_tracks": play, "play_it": play_it, "play_again": play_again, "play_list": play_list,
    "play_title": play_title, "play_shuffled": play_shuffled, "play_shown": play_shown,
    "then_title": then_title, "play_both": play_both, "play_once_more": play_once_more,
    "queue_shown": queue_shown,
}  # fmt: skip
