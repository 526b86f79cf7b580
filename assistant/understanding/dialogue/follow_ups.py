"""Requests about what was said and shown before, read as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from assistant.understanding.dialogue import phrases, references, repeats
from assistant.understanding.dialogue.edit_reading import read_edit
from assistant.understanding.dialogue.playlist_requests import read_playlist_request
from assistant.understanding.dialogue.query_edits import (
    Edit,
    Query,
    apply,
    has_filters,
    searched,
)
from assistant.understanding.dialogue.references import Reference, focus
from assistant.understanding.dialogue.slots import FollowUpSlots
from assistant.understanding.lexing.template_matching import Captured, Captures

_OF_ONE_TRACK: Final = frozenset({"summarize_track", "generate_drum_chart"})
_REPEATED: Final = _OF_ONE_TRACK | {"find_similar"}
_LISTED: Final = frozenset({"playlists", "artists", "albums"})
_ORDER: Final = frozenset({"limit", "sort", "descending"})
_ABOUT: Final = {
    "genres": "genre", "moods": "moods", "keys": "key", "bpm_min": "bpm", "bpm_max": "bpm",
    "year_min": "year", "year_max": "year", "length_min": "length", "length_max": "length",
}  # fmt: skip
_NOT_OF_RESULTS: Final = frozenset({"limit", "duration_min", "name", "seed"})


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
    """

    tool: str
    arguments: Query = field(default_factory=dict)
    more: bool = False
    from_shown: bool = False
    choices: tuple[str, ...] = ()
    why: tuple[int, ...] | None = None
    play: tuple[int, ...] | None = None


def read_follow_up(slots: FollowUpSlots) -> FollowUp | None:
    """Return what a request asks of this conversation; None where it asks of the library."""
    if not slots.state.talked:
        return None
    if edited := read_playlist_request(slots):
        tool, arguments = edited
        return FollowUp(tool, arguments, from_shown=tool == "make_playlist" and "name" in arguments)
    for _, got in phrases.whole(slots.scan, "of_results", slots):
        if found := _mix_of_shown(got, slots):
            return found
    if found := _about_results(slots) or _about_a_track(slots):
        return found
    for name, got in phrases.whole(slots.scan, "requests", slots):
        if found := _REQUESTS[name](got, slots):
            return found
    changed = read_edit(slots)
    return FollowUp(*changed) if changed else None


def read_late(slots: FollowUpSlots) -> FollowUp | None:
    """Return what is tried where nothing else reads the request."""
    changed = read_edit(slots, late=True)
    return FollowUp(*changed) if changed else None


def _about_a_track(slots: FollowUpSlots) -> FollowUp | None:
    """ "What is its key?" of the track spoken of."""
    for name, got in phrases.whole(slots.scan, "about_track", slots):
        pointed = next((one.value.label for one in got if one.kind == "one"), None)
        if label := pointed or focus(slots.state):
            return FollowUp("summarize_track", {"track": label, "about": name})
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
    return FollowUp(state.tool, dict(state.arguments), more=True)


def _by_artist(tool: str) -> Callable[[Captures, FollowUpSlots], FollowUp | None]:
    def request(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
        artists = tuple(got[0].value) if got else references.artists(slots.state)
        if len(artists) == 0:
            return None
        choices = artists if len(artists) > 1 else ()
        return FollowUp(tool, {"artists": [artists[0]]}, choices=choices)

    return request


def _on_track(
    tool: str, argument: str, **extra: Any
) -> Callable[[Captures, FollowUpSlots], FollowUp | None]:
    def request(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
        label = got[0].value.label if got else focus(slots.state)
        return FollowUp(tool, {argument: label, **extra}) if label else None

    return request


def _describe(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """A track that is pointed at and nothing else: as the track before, or what it is like."""
    reference: Reference | None = got[0].value if got else None
    label = reference.label if reference else focus(slots.state)
    if not label or (reference and not reference.places):
        return None
    alone = reference is not None and reference.end - got[0].first == len(slots.scan.tokens)
    tool = slots.state.tool if alone and slots.state.tool in _REPEATED else "summarize_track"
    return FollowUp(str(tool), {"track": label})


def _compare(got: Captures, _: FollowUpSlots) -> FollowUp | None:
    labels = [label for captured in got for label in captured.value.labels]
    distinct = list(dict.fromkeys(labels))
    return FollowUp("compare_tracks", {"tracks": distinct}) if 2 <= len(distinct) <= 5 else None


def _same_for(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    label = _label(got[0])
    again = repeats.again_for(label, slots.state) if label else None
    return FollowUp(*again) if again else None


def _mixes(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """What mixes with the track spoken of, or else with the key asked for."""
    label = got[0].value.label if got else focus(slots.state)
    if label:
        return FollowUp("search_tracks", {"mixes_with": label})
    keys = slots.state.query.get("keys") or ()
    return FollowUp("search_tracks", {"harmonic_with": keys[0]}) if len(keys) == 1 else None


def _same_value(value: str) -> Callable[[Captures, FollowUpSlots], FollowUp | None]:
    def request(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
        label = got[0].value.label if got else focus(slots.state)
        filters = repeats.with_value_of(label, value, slots.state) if label else None
        return FollowUp("search_tracks", filters) if filters else None

    return request


def _mix_of_shown(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    label = _label(got[0])
    call = repeats.of_shown(label, slots.state) if label else None
    return FollowUp(*call) if call else None


def _label(captured: Captured) -> str | None:
    """The track that is pointed at, or named by its title."""
    return captured.value.label if captured.kind == "one" else str(captured.value)


def _compare_shown(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """ "Which is faster?" of two tracks."""
    labels = [references.label_of(track, slots.state) for track in slots.state.results]
    return FollowUp("compare_tracks", {"tracks": labels}) if len(labels) == 2 else None


def _play_title(got: Captures, _: FollowUpSlots) -> FollowUp | None:
    return FollowUp("play_music", {"track": got[0].value})


def _play_shuffled(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    found = _play((), slots)
    return replace(found, arguments={**found.arguments, "sort": "random"}) if found else None


def _play_shown(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """ "Start the music": what was just made or found, where nothing plays."""
    state = slots.state
    if state.shown != "playlist" and state.playing:
        return None
    return _play((), slots)


def _queue_shown(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    found = _play((), slots)
    return replace(found, arguments={**found.arguments, "when": "end"}) if found else None


def _count_shown(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    query = {k: v for k, v in searched(slots.state.query).items() if k not in _ORDER}
    return FollowUp("count_tracks", query) if slots.state.query_tool and query else None


def _what_first(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    results = slots.state.results
    label = references.label_of(results[0], slots.state) if results else None
    return FollowUp("summarize_track", {"track": label}) if label else None


def _chart_one(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """ "Make one then" after "is there a drum chart of it?"."""
    label = focus(slots.state) if slots.state.arguments.get("about") == "charts" else None
    return FollowUp("generate_drum_chart", {"track": label}) if label else None


def _save_artist(got: Captures, _: FollowUpSlots) -> FollowUp | None:
    artists = tuple(got[0].value)
    made = {"artists": list(artists), "name": got[1].value}
    return FollowUp("make_playlist", made) if len(artists) == 1 else None


def _is_it(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """ "Is it jazz?": what is known of the track spoken of, where this is no order."""
    asked = slots.scan.language.name == "en" or slots.scan.text.rstrip().endswith("?")
    said = next(one.value.arguments for one in got if one.kind == "filters")
    about = next((known for name, known in _ABOUT.items() if name in said), None)
    pointed = next((one.value.label for one in got if one.kind == "one"), None)
    label = pointed or focus(slots.state)
    if not asked or not about or not label:
        return None
    return FollowUp("summarize_track", {"track": label, "about": about})


def _of_list(tool: str, **extra: Any) -> Callable[[Captures, FollowUpSlots], FollowUp | None]:
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


def _play(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
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


def _play_it(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    label = slots.state.track if slots.state.shown != "playlist" else None
    return FollowUp("play_music", {"track": label}) if label else _play(got, slots)


def _play_again(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """ "Once more from the start": the track that plays, else the one spoken of."""
    state = slots.state
    label = state.playing.label if state.playing and state.shown != "playlist" else state.track
    return FollowUp("play_music", {"track": label}) if label else None


def _play_list(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    known = slots.state.playlist or slots.state.shown == "playlist"
    return FollowUp("play_music", {"playlist": "last"}) if known else None


def _why(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    reference: Reference = got[0].value
    places = reference.places
    if not places and reference.label:
        labels = [track.label for track in slots.state.results]
        places = (labels.index(reference.label) + 1,) if reference.label in labels else ()
    return FollowUp("", why=places)


def _why_end(place: int) -> Callable[[Captures, FollowUpSlots], FollowUp | None]:
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


_REQUESTS: Final[Mapping[str, Callable[[Captures, FollowUpSlots], FollowUp | None]]] = {
    "more": _more, "search_artist": _by_artist("search_tracks"),
    "play_artist": _by_artist("play_music"),
    "mixes": _mixes,
    "similar": _on_track("find_similar", "track"), "compare": _compare, "describe": _describe,
    "chart": _on_track("generate_drum_chart", "track"), "play_tracks": _play,
    "play_it": _play_it, "play_again": _play_again, "play_list": _play_list,
    "play_next": _on_track("play_music", "track", when="next"),
    "why": _why, "why_first": _why_end(1), "why_last": _why_end(-1),
    "like_it": _on_track("give_feedback", "track", like=True),
    "dislike_it": _on_track("give_feedback", "track", like=False),
    "same_for": _same_for, "save_named": _save_named, "compare_shown": _compare_shown,
    "play_title": _play_title, "play_shuffled": _play_shuffled, "play_shown": _play_shown,
    "queue_shown": _queue_shown, "count_shown": _count_shown, "what_first": _what_first,
    "chart_one": _chart_one, "save_artist": _save_artist, "is_it": _is_it,
    "list_play": _of_list("play_music"), "list_show": _of_list("search_tracks"),
    "list_delete": _of_list("edit_playlist", action="delete"),
    **{f"same_{value}": _same_value(value) for value in repeats.VALUES},
    "corrected_artist": _corrected_artist, "corrected_song": _corrected_song,
}  # fmt: skip
