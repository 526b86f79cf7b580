"""Entries of the lists as the page shows them: names cut and cleaned, covers as addresses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from assistant.web.results.track_rows import shown_row
from prompts import Language
from store.browse.album_list import AlbumEntry
from store.browse.artist_list import ArtistEntry
from store.browse.paging import LetterPlace
from store.results import TrackRow
from tools.text.untrusted import shown
from tools.tracks.track_facts import track_data, track_fact


def cover_url(cover_id: int | None) -> str | None:
    """Return the address of a small copy of a cover; None without one."""
    return None if cover_id is None else f"/api/browse/covers/{cover_id}"


def shown_artist(artist: ArtistEntry) -> dict[str, Any]:
    """Return an artist for the page."""
    return {
        "id": artist.id,
        "name": shown(artist.name),
        "tracks": artist.tracks,
        "albums": artist.albums,
        "cover_url": cover_url(artist.cover_id),
    }


def shown_album(album: AlbumEntry) -> dict[str, Any]:
    """Return an album for the page."""
    return {
        "id": album.id,
        "title": shown(album.title),
        "artist_id": album.artist_id,
        "artist": shown(album.artist) if album.artist else None,
        "year": album.year,
        "tracks": album.tracks,
        "duration_s": round(album.duration_s),
        "cover_url": cover_url(album.cover_id),
    }


def shown_tracks(tracks: Iterable[TrackRow], language: Language) -> list[dict[str, Any]]:
    """Return tracks as rows of the page's tables."""
    return [shown_row(track_data(track_fact(row)), language) for row in tracks]


def shown_letters(letters: Iterable[LetterPlace]) -> list[dict[str, Any]]:
    """Return the places of the first letters in a list."""
    return [{"letter": one.letter, "place": one.place} for one in letters]
