"""Songs that sound alike, and the way by sound from one song to another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from assistant.web.subsonic.answers import NOT_FOUND, Description, SubsonicError
from assistant.web.subsonic.browsing import song_asked
from assistant.web.subsonic.calls import Call, kind_of
from assistant.web.subsonic.entries import song_entries, song_entry
from store.listing.album_rows import album
from store.listing.artist_rows import artists
from store.listing.song_lists import top_songs
from store.listing.song_rows import SongRow, songs
from store.results import TrackRow
from store.tracks import track_details
from store.vectors import vector_service
from tools.base import ToolError
from tools.playlist.path import path_of_tracks
from tools.playlist.song_versions import best_file_first, same_song, songs_of
from tools.tracks.similarity import alike

MOST: Final = 500
_SIMILAR: Final = 50
_SONIC: Final = 10
_PATH: Final = 25
_LONGEST_PATH: Final = 100
_SPARE: Final = 10
"""Neighbours asked for beyond the number, as other versions of a song fall out."""
_SEEDS: Final = 5
"""Songs of an album or artist from whose neighbours the similar ones are taken."""


def similar_songs(call: Call) -> Description:
    """Return songs that sound like a song, an album or an artist."""
    return {"similarSongs": {"song": _entries(call)}}


def similar_songs2(call: Call) -> Description:
    """Return what `similar_songs` does."""
    return {"similarSongs2": {"song": _entries(call)}}


def sonic_similar_tracks(call: Call) -> Description:
    """Return songs that sound like a song, each with its likeness 0..1."""
    seed = song_asked(call)
    count = call.number("count", _SONIC, most=MOST)
    near = _alike(seed.id, count)
    found = songs(list(near), person=call.person)
    ranked = sorted(found, key=lambda song: -near[song.id])
    return {"sonicMatch": [_match(song, near[song.id]) for song in ranked]}


def sonic_path(call: Call) -> Description:
    """Return songs that lead from one song to another, each with its likeness to the first."""
    first, last = song_asked(call, "startSongId"), song_asked(call, "endSongId")
    count = call.number("count", _PATH, least=2, most=_LONGEST_PATH)
    try:
        ids = path_of_tracks(first.id, last.id, count)
    except ToolError as error:
        raise SubsonicError(NOT_FOUND, str(error)) from error
    mine = vector_service.vectors([first.id])
    vector = mine.values.get(first.id, b"")
    likeness = {first.id: 1.0}
    if len(ids) > 1:
        likeness |= dict(vector_service.near(vector, model=mine.model, limit=len(ids), ids=ids))
    found = songs(ids, person=call.person)
    return {"sonicMatch": [_match(song, likeness.get(song.id, 0.0)) for song in found]}


def _entries(call: Call) -> list[dict[str, Any]]:
    count = call.number("count", _SIMILAR, most=MOST)
    ranked: dict[int, float] = {}
    for seed in _seeds(call):
        for rank, number in enumerate(_alike(seed, count)):
            ranked[number] = max(ranked.get(number, 0.0), 1.0 / (1 + rank))
    best = sorted(ranked, key=lambda number: -ranked[number])[:count]
    return song_entries(songs(best, person=call.person))


def _seeds(call: Call) -> list[int]:
    """Return the songs that an id stands for, at most `_SEEDS`."""
    asked = kind_of(call.required("id"))
    match asked:
        case ("track", _):
            return [song_asked(call).id]
        case ("album", number):
            held = album(number, person=call.person)
            found: Sequence[SongRow] = held[1] if held else ()
        case ("artist", number):
            named = artists([number], person=call.person)
            found = top_songs(named[0].name, person=call.person, limit=_SEEDS) if named else ()
        case _:
            found = ()
    if not found:
        raise SubsonicError(NOT_FOUND, "There is no such song, album or artist.")
    return [song.id for song in found[:_SEEDS]]


def _alike(track_id: int, count: int) -> dict[int, float]:
    """Return track id → likeness 0..1 in sound, the best first; of each song one version."""
    if count == 0:
        return {}
    near = dict(alike(track_id, limit=2 * count + _SPARE))
    seed = track_details.track_rows([track_id])
    others: list[TrackRow] = [
        row for row in track_details.track_rows(list(near)) if not same_song(row, seed[0])
    ]
    chosen = [best_file_first(version)[0].id for version in songs_of(others)]
    return {number: near[number] for number in chosen[:count]}


def _match(song: SongRow, likeness: float) -> dict[str, Any]:
    return {"entry": song_entry(song), "similarity": round(min(max(likeness, 0.0), 1.0), 4)}
