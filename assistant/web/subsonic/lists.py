"""Lists of albums and songs: newest, at random, of a genre, liked, most played; the search."""

from __future__ import annotations

from typing import Any, Final

from assistant.web.subsonic.answers import GENERIC, MISSING, Description, SubsonicError
from assistant.web.subsonic.calls import Call
from assistant.web.subsonic.entries import (
    album_entry,
    album_folder,
    artist_entry,
    artist_folder,
    song_entries,
)
from store.listing import song_lists
from store.listing.album_lists import ORDERS, AlbumOrder, album_list
from store.listing.album_rows import AlbumRow
from store.listing.name_matches import Matches, Page, matches

PAGE: Final = 10
MOST: Final = 500
"""Entries of a list: what the protocol allows."""
SEARCH_PAGE: Final = 20
SEARCH_MOST: Final = 10_000
"""Entries of a kind that a search returns: apps read a whole library page by page."""
FARTHEST: Final = 2**53
_EVERYTHING: Final = ("", '""')
"""Searches by which apps ask for the whole library."""
_LATEST: Final = 9999


def albums(call: Call) -> Description:
    """Return a list of albums."""
    return {"albumList2": {"album": [album_entry(row) for row in _albums(call)]}}


def album_folders(call: Call) -> Description:
    """Return a list of albums as folders."""
    return {"albumList": {"album": [album_folder(row) for row in _albums(call)]}}


def random_songs(call: Call) -> Description:
    """Return songs at random."""
    found = song_lists.random_songs(
        person=call.person,
        limit=call.number("size", PAGE, most=MOST),
        genre=call.text("genre") or None,
        years=(_year(call, "fromYear"), _year(call, "toYear")),
    )
    return {"randomSongs": {"song": song_entries(found)}}


def songs_by_genre(call: Call) -> Description:
    """Return the songs of a genre."""
    found = song_lists.songs_of_genre(
        call.required("genre"),
        person=call.person,
        limit=call.number("count", PAGE, most=MOST),
        offset=call.number("offset", 0, most=FARTHEST),
    )
    return {"songsByGenre": {"song": song_entries(found)}}


def top_songs(call: Call) -> Description:
    """Return the songs of an artist that the person played most."""
    count = call.number("count", 50, most=MOST)
    found = song_lists.top_songs(call.required("artist"), person=call.person, limit=count)
    return {"topSongs": {"song": song_entries(found)}}


def starred(call: Call) -> Description:
    """Return what the person likes."""
    found = song_lists.liked(person=call.person)
    return {
        "starred2": {
            "artist": [artist_entry(row) for row in found.artists],
            "album": [album_entry(row) for row in found.albums],
            "song": song_entries(found.songs),
        }
    }


def starred_folders(call: Call) -> Description:
    """Return what the person likes, artists and albums as folders."""
    found = song_lists.liked(person=call.person)
    return {
        "starred": {
            "artist": [artist_folder(row) for row in found.artists],
            "album": [album_folder(row) for row in found.albums],
            "song": song_entries(found.songs),
        }
    }


def search(call: Call) -> Description:
    """Return artists, albums and songs whose names hold the words; all for no words."""
    found = _search(call)
    result = {
        "artist": [artist_entry(row) for row in found.artists],
        "album": [album_entry(row) for row in found.albums],
        "song": song_entries(found.songs),
    }
    return {"searchResult3": result}


def search_folders(call: Call) -> Description:
    """Return what `search` does, artists and albums as folders."""
    found = _search(call)
    result: dict[str, Any] = {
        "artist": [artist_folder(row) for row in found.artists],
        "album": [album_folder(row) for row in found.albums],
        "song": song_entries(found.songs),
    }
    return {"searchResult2": result}


def _albums(call: Call) -> tuple[AlbumRow, ...]:
    asked = call.required("type")
    orders: dict[str, AlbumOrder] = {each: each for each in ORDERS}
    order = orders.get(asked)
    if order is None:
        raise SubsonicError(GENERIC, f"There is no list of the type {asked:.40}.")
    genre, years = "", (0, _LATEST)
    if order == "byGenre":
        genre = call.required("genre")
    if order == "byYear":
        first, last = _year(call, "fromYear"), _year(call, "toYear")
        if first is None or last is None:
            raise SubsonicError(MISSING, "The parameters fromYear and toYear are needed.")
        years = (first, last)
    return album_list(
        order,
        person=call.person,
        limit=call.number("size", PAGE, most=MOST),
        offset=call.number("offset", 0, most=FARTHEST),
        genre=genre,
        years=years,
    )


def _search(call: Call) -> Matches:
    if "query" not in call.parameters:
        raise SubsonicError(MISSING, "The parameter query is missing.")
    text = call.text("query").strip()
    artists, albums, songs = (
        Page(
            call.number(f"{kind}Count", SEARCH_PAGE, most=SEARCH_MOST),
            call.number(f"{kind}Offset", 0, most=FARTHEST),
        )
        for kind in ("artist", "album", "song")
    )
    text = "" if text in _EVERYTHING else text
    return matches(text, person=call.person, artists=artists, albums=albums, songs=songs)


def _year(call: Call, name: str) -> int | None:
    return call.number(name, 0, most=_LATEST) if call.text(name) else None
