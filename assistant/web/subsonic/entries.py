"""Songs, albums, artists and playlists as the protocol describes them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from assistant.web.subsonic.calls import id_of
from assistant.web.track_routes import MEDIA_TYPES
from store.listing.album_rows import AlbumRow
from store.listing.artist_rows import ArtistRow
from store.listing.song_rows import SongRow

REPLAY_GAIN_LUFS: Final = -18.0
"""Loudness to which ReplayGain 2 brings a track."""
_UNSAFE: Final = re.compile(r'[\x00-\x1f/\\:*?"<>|]')


def song_entry(song: SongRow) -> dict[str, Any]:
    """Return a song (`Child`)."""
    suffix = song.file_ending
    return {
        "id": id_of("track", song.id),
        "parent": id_of("album", song.album_id),
        "isDir": False,
        "title": song.title,
        "album": song.album,
        "artist": song.artist,
        "track": song.track_no,
        "year": song.year,
        "genre": song.genres[0] if song.genres else None,
        "coverArt": id_of("cover", song.cover_id),
        "size": song.size_bytes,
        "contentType": MEDIA_TYPES.get(f".{suffix}", "application/octet-stream"),
        "suffix": suffix,
        "duration": round(song.duration_s),
        "bitRate": kilobits_of(song) or None,
        "samplingRate": song.sample_rate_hz,
        "channelCount": song.channels,
        "path": _path(song),
        "isVideo": False,
        "userRating": song.rating,
        "playCount": song.plays,
        "played": song.played_at,
        "discNumber": song.disc_no,
        "created": song.added_at,
        "starred": song.liked_at,
        "albumId": id_of("album", song.album_id),
        "artistId": id_of("artist", song.artist_id),
        "type": "music",
        "mediaType": "song",
        "bpm": None if song.bpm is None else round(song.bpm),
        "musicBrainzId": song.musicbrainz_id,
        "genres": [{"name": genre} for genre in song.genres],
        "moods": list(song.moods),
        "replayGain": _gain(song),
        **_credits(song),
    }


def album_entry(album: AlbumRow) -> dict[str, Any]:
    """Return an album (`AlbumID3`)."""
    return {
        "id": id_of("album", album.id),
        "name": album.title,
        "artist": album.artist,
        "artistId": id_of("artist", album.artist_id),
        "coverArt": id_of("cover", album.cover_id),
        "songCount": album.songs,
        "duration": round(album.duration_s),
        "playCount": album.plays,
        "played": album.played_at,
        "created": album.added_at,
        "starred": album.liked_at,
        "userRating": album.rating,
        "year": album.year,
        "genre": album.genres[0] if album.genres else None,
        "genres": [{"name": genre} for genre in album.genres],
        "artists": _names(album.artist_id, album.artist),
        "displayArtist": album.artist,
        "musicBrainzId": album.musicbrainz_id,
    }


def album_folder(album: AlbumRow) -> dict[str, Any]:
    """Return an album as a folder (`Child`), for apps that browse folders."""
    return {
        "id": id_of("album", album.id),
        "parent": id_of("artist", album.artist_id),
        "isDir": True,
        "title": album.title,
        "album": album.title,
        "artist": album.artist,
        "year": album.year,
        "genre": album.genres[0] if album.genres else None,
        "coverArt": id_of("cover", album.cover_id),
        "created": album.added_at,
        "starred": album.liked_at,
        "userRating": album.rating,
        "playCount": album.plays,
    }


def artist_entry(artist: ArtistRow) -> dict[str, Any]:
    """Return an artist (`ArtistID3`)."""
    return {
        "id": id_of("artist", artist.id),
        "name": artist.name,
        "coverArt": id_of("artist", artist.id),
        "albumCount": artist.albums,
        "starred": artist.liked_at,
        "userRating": artist.rating,
        "musicBrainzId": artist.musicbrainz_id,
    }


def artist_folder(artist: ArtistRow) -> dict[str, Any]:
    """Return an artist as apps that browse folders have it (`Artist`)."""
    kept = ("id", "name", "starred", "userRating")
    return {name: value for name, value in artist_entry(artist).items() if name in kept}


def kilobits_of(song: SongRow) -> int:
    """Return the kilobits a second of a file; 0 where they are not known."""
    if song.bit_rate:
        return round(song.bit_rate / 1000)
    return round(song.size_bytes * 8 / song.duration_s / 1000) if song.duration_s > 0 else 0


def song_entries(songs: Iterable[SongRow]) -> list[dict[str, Any]]:
    """Return songs in their order."""
    return [song_entry(song) for song in songs]


def _credits(song: SongRow) -> dict[str, Any]:
    return {
        "displayArtist": song.artist,
        "displayAlbumArtist": song.album_artist,
        "artists": _names(song.artist_id, song.artist),
        "albumArtists": _names(song.album_artist_id, song.album_artist),
    }


def _names(number: int | None, name: str | None) -> list[dict[str, Any]]:
    return [] if number is None else [{"id": id_of("artist", number), "name": name}]


def _path(song: SongRow) -> str:
    """Return a path made of names: apps lay their copies out by it; where a file is is not told."""
    place = f"{song.track_no:02d} - " if song.track_no is not None else ""
    parts = (song.album_artist or song.artist or "-", song.album or "-", f"{place}{song.title}")
    safe = (_UNSAFE.sub("_", part).strip(". ") or "_" for part in parts)
    return "/".join(safe) + f".{song.file_ending}"


def _gain(song: SongRow) -> dict[str, Any] | None:
    if song.loudness_lufs is None:
        return None
    peak_db = song.true_peak_dbtp
    return {
        "trackGain": round(REPLAY_GAIN_LUFS - song.loudness_lufs, 2),
        "trackPeak": None if peak_db is None else round(10 ** (peak_db / 20), 4),
    }
