"""Changes of a playlist as calls of `edit_playlist`: "drop number 2", "call it Sunday"."""

from __future__ import annotations

from typing import Any, Final

from assistant.understanding.dialogue import phrases
from assistant.understanding.dialogue.queries.query_edits import apply_exclusion
from assistant.understanding.dialogue.queries.query_merging import Query
from assistant.understanding.dialogue.references import Reference, focus, label_of
from assistant.understanding.dialogue.slots import LAST, FollowUpSlots
from assistant.understanding.lexing.template_matching import Captured

_EDIT: Final = "edit_playlist"
_OF_SHOWN: Final = frozenset(
    {
        *(
            "extend",
            "swap",
            "move_first",
            "move_open",
            "move_last",
            "move_to",
            "lock",
            "refill",
            "shuffle",
        ),
        *("sort", "sort_bpm"),
    }
)
_PLAYING: Final = frozenset({"play_music", "control_player"})
_POSITIONS: Final = {"move_first": 1, "move_open": 1, "move_last": -1}
_PLACED: Final = frozenset({"add", "move"})
Call = tuple[str, Query]


def read_playlist_request(slots: FollowUpSlots) -> Call | None:
    """Return the call of a request that changes a playlist, or takes tracks out of a result."""
    for name, got in phrases.whole(slots.scan, "playlist", slots):
        if call := _call(name, {captured.kind: captured for captured in got}, slots):
            return call
    return None


def _call(name: str, got: dict[str, Captured], slots: FollowUpSlots) -> Call | None:
    state = slots.state
    shown = state.shown == "playlist"
    if name.startswith("again_"):
        return _placed_again(name, got, slots)
    if name in {"put_back", "call_off"}:
        return _taken_back(name, slots)
    if name.endswith("_it"):
        return _pointed(name, got, slots)
    if name == "remove":
        return _removal(got, slots)
    if name == "add":
        return _addition(got)
    if name in {"rename", "save_as"}:
        return _naming(name, got, slots)
    if name == "delete":
        pointed = state.track is not None and state.track in {t.label for t in state.results}
        return _edit("delete") if shown and not pointed else None
    if name in _OF_SHOWN and shown:
        return _of_shown(name, got, slots)
    return None


def _placed_again(name: str, got: dict[str, Captured], slots: FollowUpSlots) -> Call | None:
    """ "No, rather at the start", of tracks that were just added or moved."""
    tool, said = slots.state.tool, slots.state.arguments
    if tool != _EDIT or said.get("action") not in _PLACED or not said.get("tracks"):
        return None
    position = {"again_first": 1, "again_last": -1}.get(name)
    return _edit(
        "move", playlist=said.get("playlist", LAST), tracks=list(said["tracks"]),
        position=got["place"].value if position is None else position,
    )  # fmt: skip


def _taken_back(name: str, slots: FollowUpSlots) -> Call | None:
    """ "Put it back" after a removal, "actually don't" after any change."""
    tool, said = slots.state.tool, slots.state.arguments
    undone = said.get("action") == "undo" or (name == "put_back" and said.get("action") != "remove")
    if tool != _EDIT or undone:
        return None
    return _edit("undo", playlist=said.get("playlist", LAST))


def _edit(action: str, *, playlist: str = LAST, **arguments: Any) -> Call:
    return _EDIT, {"playlist": playlist, "action": action, **arguments}


def _of_shown(name: str, got: dict[str, Captured], slots: FollowUpSlots) -> Call | None:
    """Changes of the playlist that was shown last."""
    number = got["number"].value if "number" in got else None
    if name == "extend":
        return _edit("extend", **({} if number is None else {"position": number}))
    if name == "sort":
        return _edit("sort", sort=got["sort"].value)
    if name == "sort_bpm":
        return _edit("sort", sort="bpm")
    if name == "swap":
        return _swapped(got["tracks"].value, slots)
    if name == "lock" and not got["tracks"].value.labels:
        return None
    if name == "lock":
        return _edit("lock", tracks=list(got["tracks"].value.labels))
    if name.startswith("move"):
        position = _POSITIONS.get(name, got["place"].value if "place" in got else number)
        if "title" in got:
            action = "add" if name == "move_open" else "move"
            return _edit(action, tracks=[got["title"].value], position=position)
        return _edit("move", tracks=[got["one"].value.label], position=position)
    return _edit(name)


def _swapped(pair: Reference, slots: FollowUpSlots) -> Call | None:
    """Neighbours change places when the later moves up; others would take two moves."""
    places = sorted(pair.places)
    if len(places) != 2 or places[0] < 1 or places[1] - places[0] != 1:
        return None
    later = slots.state.results[places[1] - 1]
    return _edit("move", tracks=[label_of(later, slots.state)], position=places[0])


def _pointed(name: str, got: dict[str, Captured], slots: FollowUpSlots) -> Call | None:
    """ "Ajoute-le à ma playlist": a pronoun that hangs on the verb."""
    label = focus(slots.state)
    if label is None:
        return None
    if name == "add_it":
        return _edit("add", playlist=_where(got) or LAST, tracks=[label])
    if slots.state.shown == "playlist":
        return _edit("remove", tracks=[label])
    query, tool = slots.state.query, slots.state.query_tool
    return (tool, apply_exclusion(query, [label])) if tool and query else None


def _naming(name: str, got: dict[str, Captured], slots: FollowUpSlots) -> Call | None:
    scan, said, state = slots.scan, got["name"], slots.state
    for at in range(said.first, said.last):
        found = scan.meaning_at(at)
        if scan.group_at(at, "signals.playlist") or (found and found[1] == "format"):
            return None  # "save it as a playlist", "save it as m3u8"
    if state.shown == "playlist":
        return _edit("rename", name=said.value)
    if name == "save_as" and state.query:
        return "make_playlist", {**state.query, "name": said.value}
    return None


def _where(got: dict[str, Captured]) -> str | None:
    """The playlist that is spoken of: "" the one shown, "last" one's own, or its name."""
    return got["where"].value if "where" in got else None


def _removal(got: dict[str, Captured], slots: FollowUpSlots) -> Call | None:
    state, where = slots.state, _where(got)
    if where is None and state.shown != "playlist":
        found = got.get("tracks")
        heard = state.playing.label if state.playing and state.tool in _PLAYING else None
        if found and heard and found.value.labels == (heard,):
            return "control_player", {"action": "next"}  # "nah, not this"
        if not found or found.value.all or not found.value.labels:
            return None
        if not state.query_tool or not state.query:
            return None
        if state.tool == "list_playlists":
            return None  # "delete the last one" of the playlists
        query = apply_exclusion(state.query, list(found.value.labels))
        return state.query_tool, query
    playlist = where or LAST
    if "title" in got:
        return _edit("remove", playlist=playlist, tracks=[got["title"].value])
    reference: Reference = got["tracks"].value
    if reference.all:
        return None
    elsewhere = where not in {None, "", LAST} or state.shown != "playlist"
    if len(reference.places) == 1:
        return _edit("remove", playlist=playlist, position=reference.places[0])
    if not reference.labels or (elsewhere and reference.places):
        return None
    return _edit("remove", playlist=playlist, tracks=list(reference.labels))


def _addition(got: dict[str, Captured]) -> Call | None:
    playlist = _where(got) or LAST
    if "title" in got:
        return _edit("add", playlist=playlist, tracks=[got["title"].value])
    labels = list(got["tracks"].value.labels)
    return _edit("add", playlist=playlist, tracks=labels) if labels else None
