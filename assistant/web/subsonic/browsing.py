"""Artists, albums and songs of the library, by tags; folders are made of the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Final

from assistant.web.subsonic.answers import NOT_FOUND, Description, SubsonicError
from assistant.web.subsonic.calls import Call, kind_of
from assistant.web.subsonic.entries import (
    album_entry,
    album_folder,
    artist_entry,
    artist_folder,
    song_entries,
    song_entry,
)
from store.folding import ARTICLES
from store.listing.album_rows import album, albums_of_artist
from store.listing.artist_rows import ArtistRow, artists, last_change, listed_artists
from store.listing.song_lists import genres
from store.listing.song_rows import SongRow, songs
from tools.artists.similar_artists import similar_artists

FOLDER_NAME: Final = "Music"
_IGNORED: Final = {"ignoredArticles": " ".join(article.title() for article in ARTICLES)}
_SIMILAR: Final = 20
_MOST_SIMILAR: Final = 100
_OTHERS: Final = "#"
"""Heading of the names that begin with no letter."""


def music_folders(call: Call) -> Description:
    """Return the one library that there is."""
    return {"musicFolders": {"musicFolder": [{"id": 1, "name": FOLDER_NAME}]}}


def all_artists(call: Call) -> Description:
    """Return the artists by their first letters."""
    found = listed_artists(person=call.person)
    return {"artists": {**_IGNORED, "index": _by_letter(found, artist_entry)}}


def indexes(call: Call) -> Description:
    """Return the artists as folders."""
    newest = last_change() or datetime.fromtimestamp(0, UTC)
    changed_ms = int(newest.timestamp() * 1000)
    since_ms = call.number("ifModifiedSince", -1, most=2**62, least=-1)
    found = listed_artists(person=call.person) if changed_ms > since_ms else ()
    index = _by_letter(found, artist_folder)
    return {"indexes": {**_IGNORED, "lastModified": changed_ms, "index": index}}


def artist(call: Call) -> Description:
    """Return an artist with the albums that are theirs or hold a track by them."""
    found = _artist(call, call.id("artist"))
    albums = [album_entry(each) for each in albums_of_artist(found.id, person=call.person)]
    return {"artist": {**artist_entry(found), "albumCount": len(albums), "album": albums}}


def one_album(call: Call) -> Description:
    """Return an album with its songs."""
    found = album(call.id("album"), person=call.person)
    if found is None:
        raise SubsonicError(NOT_FOUND, "There is no such album.")
    return {"album": {**album_entry(found[0]), "song": song_entries(found[1])}}


def song(call: Call) -> Description:
    """Return a song."""
    return {"song": song_entry(song_asked(call))}


def directory(call: Call) -> Description:
    """Return an artist with albums, or an album with songs, as a folder."""
    asked = kind_of(call.required("id"))
    if asked is not None and asked[0] == "artist":
        found = _artist(call, asked[1])
        albums = albums_of_artist(found.id, person=call.person)
        folder = {**artist_folder(found), "child": [album_folder(each) for each in albums]}
        return {"directory": folder}
    if asked is not None and asked[0] == "album":
        held = album(asked[1], person=call.person)
        if held is not None:
            names = ("id", "parent", "starred", "userRating", "playCount")
            about = {name: album_folder(held[0])[name] for name in names}
            child = song_entries(held[1])
            return {"directory": {**about, "name": held[0].title, "child": child}}
    raise SubsonicError(NOT_FOUND, "There is no such folder.")


def all_genres(call: Call) -> Description:
    """Return the genres with the number of their songs and albums."""
    found = [
        {"value": row.name, "songCount": row.songs, "albumCount": row.albums} for row in genres()
    ]
    return {"genres": {"genre": found}}


def artist_info(call: Call) -> Description:
    """Return the artists that sound alike, as folders; nothing is fetched from elsewhere."""
    return {"artistInfo": _artist_info(call, artist_folder)}


def artist_info2(call: Call) -> Description:
    """Return the artists that sound alike."""
    return {"artistInfo2": _artist_info(call, artist_entry)}


def album_info(call: Call) -> Description:
    """Return what is known of an album beside the library."""
    found = album(call.id("album"), person=call.person)
    if found is None:
        raise SubsonicError(NOT_FOUND, "There is no such album.")
    return {"albumInfo": {"musicBrainzId": found[0].musicbrainz_id}}


def song_asked(call: Call, name: str = "id") -> SongRow:
    """Return the song whose id a call gives.

    Raises:
        SubsonicError: There is none.
    """
    found = songs([call.id("track", name)], person=call.person)
    if not found:
        raise SubsonicError(NOT_FOUND, "There is no such song.")
    return found[0]


def _artist(call: Call, number: int) -> ArtistRow:
    found = artists([number], person=call.person)
    if not found:
        raise SubsonicError(NOT_FOUND, "There is no such artist.")
    return found[0]


def _artist_info(call: Call, entry: Callable[[ArtistRow], dict[str, Any]]) -> dict[str, Any]:
    asked = kind_of(call.required("id"))
    if asked is not None and asked[0] in ("album", "track"):
        return {}
    if asked is None or asked[0] != "artist":
        raise SubsonicError(NOT_FOUND, "There is no such artist.")
    found = _artist(call, asked[1])
    count = call.number("count", _SIMILAR, most=_MOST_SIMILAR)
    near = similar_artists(found.id, found.name, limit=count) if count else ()
    similar = artists([int(group.id) for group, _ in near], person=call.person)
    return {
        "musicBrainzId": found.musicbrainz_id,
        "similarArtist": [entry(row) for row in similar],
    }


def _by_letter(
    found: Iterable[ArtistRow], entry: Callable[[ArtistRow], dict[str, Any]]
) -> list[dict[str, Any]]:
    letters: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        first = row.folded[:1].upper()
        letters.setdefault(first if first.isalpha() else _OTHERS, []).append(entry(row))
    return [{"name": letter, "artist": letters[letter]} for letter in sorted(letters)]
