"""Sound, pictures and lyrics."""

from __future__ import annotations

from collections.abc import Awaitable
from pathlib import Path
from typing import Any, Final

from fastapi import Response
from fastapi.responses import FileResponse

from assistant.web.audio_conversion import NotPlayableError, sound_file
from assistant.web.browse.thumbnails import SIZES, thumbnail
from assistant.web.library_routes import download as download_headers
from assistant.web.player.lyrics_files import lyrics_of
from assistant.web.subsonic.answers import GENERIC, NOT_FOUND, Description, SubsonicError
from assistant.web.subsonic.browsing import song_asked
from assistant.web.subsonic.calls import Call, kind_of
from assistant.web.subsonic.entries import kilobits_of
from assistant.web.track_routes import MEDIA_TYPES
from assistant.web.transcoding import FORMATS, Target, transcoded
from store.listing.album_rows import album_cover
from store.listing.artist_rows import artist_cover
from store.listing.song_lists import songs_titled
from store.listing.song_rows import SongRow, songs
from store.playlists import playlist_changes, playlist_reading
from store.results import StoreError, UnavailableError
from store.tracks.track_details import picture, track_file
from tools.text.lyrics import parse_lyrics

_RAW: Final = "raw"
_SMALLER: Final = "mp3"
"""What a file becomes that is too large for `maxBitRate`, where no format is asked for."""
_MOST_KILOBITS: Final = 100_000
_LONGEST_S: Final = 7 * 24 * 3600
_LARGEST_COPY: Final = SIZES[-1]
"""Pixels of a picture's longer side; who asks for more gets the picture as it is stored."""
_PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_ANY_TYPE: Final = "application/octet-stream"
_CACHED: Final = "private, max-age=86400"
_UNKNOWN_LANGUAGE: Final = "xxx"


def stream(call: Call) -> Response | Awaitable[Response]:
    """Return the sound of a song as it lies on the disk, or converted where that is asked for."""
    song = song_asked(call)
    target = _target(call, song)
    try:
        file = sound_file(song.id)
    except UnavailableError:
        raise
    except StoreError as error:  # its message contains the path, which must not be disclosed
        raise SubsonicError(NOT_FOUND, "The file of this song is not there.") from error
    except NotPlayableError as error:
        raise SubsonicError(GENERIC, str(error)) from error
    if target is None:
        return FileResponse(
            file,
            media_type=MEDIA_TYPES.get(file.suffix.lower(), _ANY_TYPE),
            headers={"Cache-Control": "private"},
        )
    return _converted(file, song.id, target)


def download(call: Call) -> Response:
    """Return the file of a song."""
    song = song_asked(call)
    try:
        file = sound_file(song.id)
    except UnavailableError:
        raise
    except StoreError as error:
        raise SubsonicError(NOT_FOUND, "The file of this song is not there.") from error
    except NotPlayableError as error:
        raise SubsonicError(GENERIC, str(error)) from error
    headers = download_headers(f"{song.title}{file.suffix}")
    return FileResponse(
        file, media_type=MEDIA_TYPES.get(file.suffix.lower(), _ANY_TYPE), headers=headers
    )


def cover_art(call: Call) -> Response | Awaitable[Response]:
    """Return a picture, or a small copy of it where `size` asks for one."""
    found = _cover(call)
    size = call.number("size", 0, most=_LARGEST_COPY + 1)
    if found is not None and 0 < size <= _LARGEST_COPY:
        return _small(found, size)
    stored = None if found is None else picture(found)
    if stored is None or stored[0] not in _PICTURES:
        raise SubsonicError(NOT_FOUND, "There is no such picture.")
    mime, data = stored
    return Response(data, media_type=mime, headers={"Cache-Control": _CACHED})


def lyrics_by_song_id(call: Call) -> Description:
    """Return the lyrics of a song line by line, with times where they are known."""
    song = song_asked(call)
    lines = _lines(song)
    if not lines:
        return {"lyricsList": {"structuredLyrics": []}}
    synced = lines[0].time_s is not None
    described = [
        {
            "start": None if line.time_s is None else round(line.time_s * 1000),
            "value": line.text,
        }
        for line in lines
    ]
    about = {"displayArtist": song.artist, "displayTitle": song.title}
    language = {"lang": _UNKNOWN_LANGUAGE, "synced": synced, "offset": 0}
    return {"lyricsList": {"structuredLyrics": [{**about, **language, "line": described}]}}


def lyrics(call: Call) -> Description:
    """Return the lyrics of the song of an artist and title as one text."""
    artist, title = call.text("artist"), call.text("title")
    for song in songs_titled(title, artist, person=call.person):
        if lines := _lines(song):
            text = "\n".join(line.text for line in lines)
            return {"lyrics": {"artist": song.artist, "title": song.title, "value": text}}
    return {"lyrics": {"value": ""}}


async def _converted(file: Path, track_id: int, target: Target) -> Response:
    try:
        return await transcoded(file, track_id, target)
    except NotPlayableError as error:
        raise SubsonicError(GENERIC, str(error)) from error


async def _small(cover_id: int, size: int) -> Response:
    # JPEG, as not every app reads WebP
    file = await thumbnail(cover_id, size, format="jpeg")
    if file is None:
        raise SubsonicError(NOT_FOUND, "There is no such picture.")
    return FileResponse(file, media_type="image/jpeg", headers={"Cache-Control": _CACHED})


def _target(call: Call, song: SongRow) -> Target | None:
    """Return what a song is converted to; None for the file itself."""
    wanted = call.text("format").lower()
    most = call.number("maxBitRate", 0, most=_MOST_KILOBITS)
    offset_s = call.number("timeOffset", 0, most=_LONGEST_S)
    too_large = 0 < most < kilobits_of(song)
    if wanted == _RAW:
        return None
    if wanted not in FORMATS:
        wanted = _SMALLER if too_large or offset_s else ""
    if not wanted or (wanted == song.file_ending and not too_large and not offset_s):
        return None
    return Target(wanted, kilobits=most or None, offset_s=offset_s)


def _cover(call: Call) -> int | None:
    match kind_of(call.required("id")):
        case ("cover", number):
            return number
        case ("track", number):
            found = songs([number], person=call.person)
            return found[0].cover_id if found else None
        case ("album", number):
            return album_cover(number)
        case ("artist", number):
            return artist_cover(number)
        case ("playlist", number):
            detail = playlist_reading.playlist(number)
            if detail is None or detail.person != call.person:
                return None
            first = playlist_changes.first_tracks([number]).get(number, [])
            covers = (song.cover_id for song in songs(first, person=call.person))
            return next((cover for cover in covers if cover is not None), None)
        case _:
            return None


def _lines(song: SongRow) -> Any:
    try:
        return parse_lyrics(lyrics_of(track_file(song.id)) or "")
    except StoreError:
        return ()
