"""Requests that play what was said or shown before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from assistant.understanding.dialogue.follow_up import FollowUp, Handler, label_of_named
from assistant.understanding.dialogue.queries.query_edits import has_filters, searched
from assistant.understanding.dialogue.references import Reference, focus, one_at, titles_of
from assistant.understanding.dialogue.slots import FollowUpSlots
from assistant.understanding.lexing.template_matching import Captured, Captures

_DESCRIBE: Final = "summarize_track"
_PLAYING: Final = frozenset({"play_music", "control_player"})


def play(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """Tracks pointed at, or all of what was shown."""
    state = slots.state
    reference: Reference | None = got[0].value if got else None
    if reference and reference.label:
        return FollowUp("play_music", {"track": reference.label})
    if got and reference and (label := _just_described(got[0], slots)):
        return FollowUp("play_music", {"track": label})
    if reference and reference.all and reference.places:
        return FollowUp("play_music")  # both of those shown
    if reference and not reference.all:
        return FollowUp("", play=reference.places)
    if state.shown == "playlist":
        return FollowUp("play_music", {"playlist": "last"})
    query = searched(state.query)
    return FollowUp("play_music", query) if state.query_tool and has_filters(query) else None


def _just_described(said: Captured, slots: FollowUpSlots) -> str | None:
    """The track that was asked about in the turn before, where "it" is said and no "them"."""
    single = one_at(slots.scan, said.first, slots.state)
    known = slots.state.tool == _DESCRIBE and single is not None and single.end == said.last
    return slots.state.track if known else None


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
    if state.tool == _DESCRIBE and state.track:
        return FollowUp("play_music", {"track": state.track})
    if state.shown != "playlist" and state.playing:
        return None
    return play((), slots)


def queue_shown(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """What was shown, at the end of the queue."""
    found = play((), slots)
    return replace(found, arguments={**found.arguments, "when": "end"}) if found else None


def queue_tracks(when: str) -> Handler:
    """Some of what was shown, in the queue: "queue up the first three"."""

    def request(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
        reference: Reference = got[0].value
        if reference.label:
            return FollowUp("play_music", {"track": reference.label, "when": when})
        if not reference.places or not reference.labels:
            return None
        return FollowUp("play_music", {"when": when}, places=reference.places)

    return request


def then_filters(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """ "And after that the Lanterns ones", said of what plays."""
    said, asked = dict(got[0].value.arguments), slots.scan.text.rstrip().endswith("?")
    described = not asked and has_filters(said) and "text" not in said
    if not slots.state.playing or slots.state.tool not in _PLAYING or not described:
        return None
    return FollowUp("play_music", {**searched(said), "when": "next"})


def play_album(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """The album of the track spoken of."""
    state = slots.state
    label = focus(state)
    track = titles_of(state).get(label) if label else None
    album = state.album or (track.album if track else None)
    return FollowUp("play_music", {"albums": [album]}) if album else None


def play_whole(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """ "Play the whole thing", after a question about the album."""
    return play_album(got, slots) if slots.state.arguments.get("about") == "album" else None


def back_track(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """ "Go back" of what plays; after a list, the list before is meant."""
    heard = slots.state.playing and slots.state.tool in _PLAYING
    return FollowUp("control_player", {"action": "previous"}) if heard else None


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
    "queue_shown": queue_shown, "then_filters": then_filters,
    "back_track": back_track, "play_album": play_album, "play_whole": play_whole,
}  # fmt: skip
QUEUEING: Final[Mapping[str, Handler]] = {
    "queue_tracks": queue_tracks("end"), "next_tracks": queue_tracks("next"),
}  # fmt: skip
