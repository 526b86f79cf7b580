"""/rest: the calls of player apps (OpenSubsonic), by GET or POST, with or without ".view"."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from assistant.web.contract.error_replies import unavailable_text
from assistant.web.subsonic import browsing, likes, lists, media, playlists, similar, system
from assistant.web.subsonic.answers import (
    GENERIC,
    NOT_FOUND,
    Description,
    SubsonicError,
    answered,
    failed,
)
from assistant.web.subsonic.authentication import signed_in
from assistant.web.subsonic.calls import Call, read_call
from store.results import StoreError, UnavailableError

router = APIRouter(include_in_schema=False)

Method = Callable[[Call], Description | Response | Awaitable[Response]]
"""Runs in a thread; what it still has to wait for, it leaves to the event loop."""
METHODS: Final[dict[str, Method]] = {
    "ping": system.ping,
    "getLicense": system.license_state,
    "getOpenSubsonicExtensions": system.extensions,
    "tokenInfo": system.token_info,
    "getUser": system.user,
    "getScanStatus": system.scan_status,
    "startScan": system.scan_status,
    "getMusicFolders": browsing.music_folders,
    "getIndexes": browsing.indexes,
    "getMusicDirectory": browsing.directory,
    "getArtists": browsing.all_artists,
    "getArtist": browsing.artist,
    "getArtistInfo": browsing.artist_info,
    "getArtistInfo2": browsing.artist_info2,
    "getAlbum": browsing.one_album,
    "getAlbumInfo": browsing.album_info,
    "getAlbumInfo2": browsing.album_info,
    "getSong": browsing.song,
    "getGenres": browsing.all_genres,
    "getAlbumList": lists.album_folders,
    "getAlbumList2": lists.albums,
    "getRandomSongs": lists.random_songs,
    "getSongsByGenre": lists.songs_by_genre,
    "getTopSongs": lists.top_songs,
    "getStarred": lists.starred_folders,
    "getStarred2": lists.starred,
    "search2": lists.search_folders,
    "search3": lists.search,
    "getSimilarSongs": similar.similar_songs,
    "getSimilarSongs2": similar.similar_songs2,
    "getSonicSimilarTracks": similar.sonic_similar_tracks,
    "findSonicPath": similar.sonic_path,
    "getPlaylists": playlists.playlists,
    "getPlaylist": playlists.playlist,
    "createPlaylist": playlists.create,
    "updatePlaylist": playlists.update,
    "deletePlaylist": playlists.delete,
    "star": likes.star,
    "unstar": likes.unstar,
    "setRating": likes.set_rating,
    "scrobble": likes.scrobble,
    "getNowPlaying": likes.now_playing,
    "stream": media.stream,
    "download": media.download,
    "getCoverArt": media.cover_art,
    "getLyrics": media.lyrics,
    "getLyricsBySongId": media.lyrics_by_song_id,
}
_FOR_ALL: Final = frozenset({"getOpenSubsonicExtensions"})
"""Calls that are answered without a sign-in, as the protocol has it."""
_FORMATS: Final = ("xml", "json")


@router.api_route("/rest/{method:path}", methods=["GET", "POST", "HEAD"])
async def call(method: str, request: Request) -> Response:
    """Answer a call of a player app."""
    format = "xml"
    try:
        asked = await read_call(request)
        wanted = asked.text("f", "xml").lower()
        format = wanted if wanted in _FORMATS else "xml"
        if format != wanted:
            raise SubsonicError(GENERIC, "Answers are given as xml or json.")
        name = method.removesuffix(".view")
        found = METHODS.get(name)
        if name not in _FOR_ALL:
            asked = await _signed_in(asked, request)
        if found is None:
            raise SubsonicError(NOT_FOUND, "Backbeat has no such call.")
        answer = await run_in_threadpool(_answer, found, asked, format)
        return answer if isinstance(answer, Response) else await answer
    except SubsonicError as error:
        return failed(error, format)
    except UnavailableError:
        return failed(SubsonicError(GENERIC, unavailable_text(request)), format)
    except StoreError as error:
        return failed(SubsonicError(GENERIC, str(error)), format)


async def _signed_in(asked: Call, request: Request) -> Call:
    """Return the call with its person; strangers are not told what is wrong with the library."""
    try:
        return await signed_in(asked, request)
    except StoreError as error:
        raise SubsonicError(GENERIC, unavailable_text(request)) from error


def _answer(method: Method, asked: Call, format: str) -> Response | Awaitable[Response]:
    answer = method(asked)
    return answered(answer, format) if isinstance(answer, Mapping) else answer
