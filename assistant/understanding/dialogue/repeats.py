"""The last call once more for something else: "and Copper Sky?", "same for the second one"."""

from __future__ import annotations

from typing import Final

from assistant.understanding.dialogue.queries.query_edits import searched
from assistant.understanding.dialogue.queries.query_merging import Query
from assistant.understanding.dialogue.references import titles_of
from assistant.understanding.dialogue.state import ConversationState, ResultTrack

Call = tuple[str, Query]
_OF_A_TRACK: Final = ("track", "mixes_with", "from_track")
_MOST_COMPARED: Final = 5
_LISTING: Final = frozenset({"add", "remove", "lock"})
_DECADE: Final = 10  # years


def again_for(label: str, state: ConversationState) -> Call | None:
    """Return the last call with another track in the place of its own."""
    tool, said = state.tool, state.arguments
    if tool is None:
        return None
    if tool == "compare_tracks":
        before = [name for name in said.get("tracks", ()) if name != label]
        return tool, {**said, "tracks": [*before, label][-_MOST_COMPARED:]}
    if tool == "edit_playlist":
        kept = {name: value for name, value in said.items() if name != "position"}
        again = said.get("action") in _LISTING
        return (tool, {**kept, "tracks": [label]}) if again else None
    if tool == "make_playlist":
        return "edit_playlist", {"playlist": "last", "action": "add", "tracks": [label]}
    if tool == "search_tracks" and "has_chart" in said:
        return "generate_drum_chart", {"track": label}
    argument = next((name for name in _OF_A_TRACK if said.get(name)), None)
    return (tool, {**said, argument: label}) if argument else None


def with_value_of(label: str, value: str, state: ConversationState) -> Query | None:
    """Return the filters of tracks that have a value of a track: "from the same decade"."""
    track = titles_of(state).get(label)
    return _FILTERS[value](track) if track else None


def _decade(track: ResultTrack) -> Query | None:
    if track.year is None:
        return None
    first = track.year - track.year % _DECADE
    return {"year_min": first, "year_max": first + _DECADE - 1}


def _year(track: ResultTrack) -> Query | None:
    return {"year_min": track.year, "year_max": track.year} if track.year is not None else None


def _genre(track: ResultTrack) -> Query | None:
    return {"genres": [track.genre]} if track.genre else None


def _key(track: ResultTrack) -> Query | None:
    return {"keys": [track.camelot]} if track.camelot else None


def _harmony(track: ResultTrack) -> Query | None:
    return {"harmonic_with": track.camelot} if track.camelot else None


def _album(track: ResultTrack) -> Query | None:
    return {"albums": [track.album]} if track.album else None


def _tempo(track: ResultTrack) -> Query | None:
    """A tempo "of N" is N ± 2 BPM."""
    if track.bpm is None:
        return None
    return {"bpm_min": round(track.bpm) - 2, "bpm_max": round(track.bpm) + 2}


def _mood(track: ResultTrack) -> Query | None:
    return {"moods": [track.moods[0]]} if track.moods else None


_FILTERS: Final = {
    "decade": _decade, "year": _year, "genre": _genre, "key": _key, "harmony": _harmony,
    "album": _album, "tempo": _tempo, "mood": _mood,
}  # fmt: skip
VALUES: Final = tuple(_FILTERS)
"""What a track can have in common with others."""


def of_shown(label: str, state: ConversationState) -> Call | None:
    """Return a search for those of the last result that mix with a track."""
    if not state.query_tool or not state.query:
        return None
    return "search_tracks", {**searched(state.query), "mixes_with": label}
