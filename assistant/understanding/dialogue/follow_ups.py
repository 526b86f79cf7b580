"""Requests about what was said and shown before, read as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from assistant.understanding.dialogue import (
    artist_references,
    phrases,
    play_requests,
    track_requests,
)
from assistant.understanding.dialogue.follow_up import FollowUp, Handler
from assistant.understanding.dialogue.playlist_requests import read_playlist_request
from assistant.understanding.dialogue.queries.edit_reading import read_edit
from assistant.understanding.dialogue.queries.query_edits import apply, has_filters, searched
from assistant.understanding.dialogue.queries.query_merging import Edit
from assistant.understanding.dialogue.references import Reference, focus
from assistant.understanding.dialogue.slots import FollowUpSlots
from assistant.understanding.lexing.template_matching import Captured, Captures

_OF_ONE_TRACK: Final = frozenset({"summarize_track", "generate_drum_chart"})
_LISTED: Final = frozenset({"playlists", "artists", "albums"})
_OF_PLAYLIST: Final = frozenset({"make_playlist", "edit_playlist"})
_OF_PLAYING: Final = frozenset({"track", "playlist", "when", "sort", "limit"})
_ENDS: Final[Mapping[str, tuple[str, bool | None]]] = {
    "slowest": ("bpm", None), "fastest": ("bpm", True), "shortest": ("length", None),
    "longest": ("length", True), "oldest": ("year", None), "newest": ("year", True),
    "calmest": ("energy", False), "liveliest": ("energy", True),
}  # fmt: skip
_ORDER: Final = frozenset({"limit", "sort", "descending"})
_NOT_OF_RESULTS: Final = frozenset({"limit", "duration_min", "name", "seed"})


def read_follow_up(slots: FollowUpSlots) -> FollowUp | None:
    """Return what a request asks of this conversation; None where it asks of the library."""
    if not slots.state.talked:
        return None
    for name, got in phrases.whole(slots.scan, "queueing", slots):
        if found := play_requests.QUEUEING[name](got, slots):
            return found
    if found := _other_end(slots):
        return found
    if edited := read_playlist_request(slots):
        tool, arguments = edited
        return FollowUp(tool, arguments, from_shown=tool == "make_playlist" and "name" in arguments)
    for name, got in phrases.whole(slots.scan, "of_results", slots):
        if found := track_requests.MIXING[name](got, slots):
            return found
    saved = [got for _, got in phrases.whole(slots.scan, "saving", slots)]
    if saved and _is_name(saved[0][0], slots):
        return _save_named(saved[0], slots)
    if found := _about_results(slots) or track_requests.about_a_track(slots):
        return found
    if saved and (named := _save_named(saved[0], slots)):
        return named
    for name, got in phrases.whole(slots.scan, "requests", slots):
        if found := _REQUESTS[name](got, slots):
            return found
    return _edited(slots)


def read_late(slots: FollowUpSlots) -> FollowUp | None:
    """Return what is tried where nothing else reads the request."""
    return _edited(slots, late=True)


def _edited(slots: FollowUpSlots, *, late: bool = False) -> FollowUp | None:
    changed = read_edit(slots, late=late)
    return FollowUp(changed.tool, changed.arguments, edits=changed.edits) if changed else None


def _other_end(slots: FollowUpSlots) -> FollowUp | None:
    """ "And the slowest?" after a list in some order: all of the query, not of what was shown."""
    query, tool = slots.state.query, slots.state.query_tool
    if tool != "search_tracks" or "sort" not in query:
        return None
    for name, _ in phrases.whole(slots.scan, "superlatives", slots):
        sort, descending = _ENDS[name]
        other = {**query, "sort": sort, "descending": descending}
        return FollowUp(tool, {k: v for k, v in other.items() if v is not None}, edits=True)
    return None


def _about_results(slots: FollowUpSlots) -> FollowUp | None:
    """ "Make a playlist of these, about 40 minutes", "a set starting from there"."""
    scan, state = slots.scan, slots.state
    for name, first, last, got in phrases.inside(scan, "about_results", slots):
        rest = tuple(at for at in range(len(scan.tokens)) if not first <= at < last)
        described = slots.described(rest)
        if described is None or "playlist" not in described.seen:
            continue
        if name == "starting":
            label = got[0].value.label if got else focus(state)
            if label:
                return FollowUp("make_playlist", {**described.arguments, "from_track": label})
        elif state.results or state.query:
            kept = {k: v for k, v in state.query.items() if k not in _NOT_OF_RESULTS}
            edit = Edit("refine", described.arguments)
            query = apply(kept, edit, shown=state.results, playlist=True)
            return FollowUp("make_playlist", query or {}, from_shown=True)
    return None


def _is_name(said: Captured, slots: FollowUpSlots) -> bool:
    """Whether words are a name by their capital: "Sunday", but not "Night of 20 songs"."""
    tokens = slots.scan.tokens[said.first : said.last]
    return tokens[0].capital and not any(token.norm.isdigit() for token in tokens)


def _save_named(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """ "Put them in a new playlist called Sunday"."""
    state, name = slots.state, got[0].value
    if not state.query and not state.results:
        return None
    kept = {k: v for k, v in state.query.items() if k not in _NOT_OF_RESULTS}
    return FollowUp("make_playlist", {**kept, "name": name}, from_shown=bool(state.results))


def _more(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    state = slots.state
    if state.shown == "playlist":
        return FollowUp("edit_playlist", {"playlist": "last", "action": "extend"})
    if state.tool is None or state.tool in _OF_ONE_TRACK or not state.arguments:
        if not state.query_tool or not state.query:
            return None
        return FollowUp(state.query_tool, dict(state.query), more=True)
    if state.tool == "control_player":
        return None
    if state.tool == "play_music":  # more of the same kind to look at, not the same from the start
        said = {k: v for k, v in state.arguments.items() if k not in _OF_PLAYING}
        return FollowUp("search_tracks", said, more=True) if said else None
    return FollowUp(state.tool, dict(state.arguments), more=True)


def _whole_list(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """ "What's in it now?" of the playlist shown last."""
    state = slots.state
    edited = state.tool in _OF_PLAYLIST and state.shown == "playlist"
    return FollowUp("", command="repeat") if edited else None


def _list_before(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    return FollowUp("", command="undo") if slots.state.query_tool else None


def _by_artist(tool: str) -> Handler:
    def request(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
        artists = tuple(got[0].value) if got else artist_references.artists(slots.state)
        if len(artists) == 0:
            return None
        choices = artists if len(artists) > 1 else ()
        return FollowUp(tool, {"artists": [artists[0]]}, choices=choices)

    return request


def _count_shown(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    query = {k: v for k, v in searched(slots.state.query).items() if k not in _ORDER}
    return FollowUp("count_tracks", query) if slots.state.query_tool and query else None


def _list_counted(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """ "Which ones?" of tracks that were only counted."""
    query = {k: v for k, v in searched(slots.state.arguments).items() if k != "by"}
    counted = slots.state.tool == "count_tracks" and has_filters(query)
    return FollowUp("search_tracks", query) if counted else None


def _save_artist(got: Captures, _: FollowUpSlots) -> FollowUp | None:
    artists = tuple(got[0].value)
    made = {"artists": list(artists), "name": got[1].value}
    return FollowUp("make_playlist", made) if len(artists) == 1 else None


def _of_list(tool: str, **extra: Any) -> Handler:
    """ "Play the second one" of a list of playlists, artists or albums."""

    def request(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
        state, place = slots.state, got[0].value
        kind = "playlists" if state.tool == "list_playlists" else state.arguments.get("what")
        named = -len(state.items) <= place <= len(state.items)
        if state.shown != "list" or not named or kind not in _LISTED:
            return None
        label = state.items[place - 1 if place > 0 else place].label
        if kind == "playlists":
            return FollowUp(tool, {"playlist": label, **extra}) if tool != "search_tracks" else None
        return FollowUp(tool, {kind: [label]}) if tool != "edit_playlist" else None

    return request


def _why(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    reference: Reference = got[0].value
    places = reference.places
    if not places and reference.label:
        labels = [track.label for track in slots.state.results]
        places = (labels.index(reference.label) + 1,) if reference.label in labels else ()
    return FollowUp("", why=places)


def _why_end(place: int) -> Handler:
    def request(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
        return FollowUp("", why=(place,)) if slots.state.results else None

    return request


def _corrected_artist(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """ "No, I meant the band": the name of the last request, taken as an artist."""
    said = slots.state.arguments
    name = said.get("track") or said.get("text") or said.get("like")
    return FollowUp("search_tracks", {"artists": [name.rsplit(" by ", 1)[-1]]}) if name else None


def _corrected_song(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    artists = slots.state.arguments.get("artists") or []
    return FollowUp("search_tracks", {"text": artists[0]}) if len(artists) == 1 else None


_REQUESTS: Final[Mapping[str, Handler]] = {
    **play_requests.REQUESTS, **track_requests.REQUESTS,
    "more": _more, "search_artist": _by_artist("search_tracks"),
    "play_artist": _by_artist("play_music"), "save_artist": _save_artist,
    "count_shown": _count_shown, "list_counted": _list_counted,
    "whole_list": _whole_list, "list_before": _list_before,
    "why": _why, "why_first": _why_end(1), "why_last": _why_end(-1),
    "list_play": _of_list("play_music"), "list_show": _of_list("search_tracks"),
    "list_delete": _of_list("edit_playlist", action="delete"),
    "corrected_artist": _corrected_artist, "corrected_song": _corrected_song,
}  # fmt: skip
