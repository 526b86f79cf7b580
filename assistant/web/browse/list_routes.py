"""/api/browse: artists, albums and genres of the library, in pages; names; covers; texts."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import FileResponse

import prompts
from assistant.web.browse.shown_entries import (
    cover_url,
    shown_album,
    shown_artist,
    shown_letters,
    shown_tracks,
)
from assistant.web.browse.thumbnails import SIZES, thumbnail
from assistant.web.panel.page_language import PageLanguage
from assistant.web.results.track_rows import table_texts
from assistant.web.row_id import RowId
from assistant.web.session_person import person_of
from store.browse import album_list, artist_list, genre_list, name_lookup
from store.browse.album_list import AlbumOrder
from store.jobs import job_reports, library_status
from store.library.browsing import album_tracks
from store.people.likes import LIKED, likes_of
from tools.text.words import known_name

router = APIRouter(prefix="/api/browse", include_in_schema=False)

AT_ONCE: Final = 200
NAMES_AT_ONCE: Final = 12
Edge = Annotated[int, Query(ge=1, le=4096)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]
Limit = Annotated[int, Query(ge=1, le=AT_ONCE)]


@router.get("/texts")
def texts(language: PageLanguage) -> dict[str, Any]:
    """The texts of the library, those of its tables, and the tag of their language."""
    return {
        **prompts.load("library", language),
        "language": prompts.language_tag(language),
        "code": language,
        "table": table_texts(language),
    }


@router.get("/overview")
def overview(request: Request) -> dict[str, int]:
    """How many there are of each."""
    likes = likes_of(person_of(request))
    return {
        "tracks": library_status.read_progress().tracks,
        "artists": artist_list.artist_page(offset=0, limit=0).total,
        "albums": album_list.album_page("title", offset=0, limit=0).total,
        "liked": sum(value == LIKED for value in likes.values()),
        "failed": job_reports.counts("analyse").get("failed", 0),
    }


@router.get("/artists")
def artists(offset: Offset = 0, limit: Limit = 100) -> dict[str, Any]:
    """Artists by name from a place on."""
    page = artist_list.artist_page(offset=offset, limit=limit)
    return {"total": page.total, "entries": [shown_artist(one) for one in page.entries]}


@router.get("/artists/letters")
def artists_by_letter() -> list[dict[str, Any]]:
    """Where each first letter begins."""
    return shown_letters(artist_list.artist_letters())


@router.get("/artists/{artist_id}")
def artist(artist_id: RowId) -> dict[str, Any]:
    """An artist with its albums, and those of others it plays on."""
    found = artist_list.artist_entry(artist_id)
    if found is None:
        raise HTTPException(404, "There is no such artist.")
    own, guest = album_list.albums_of_artist(artist_id)
    return {
        **shown_artist(found),
        "full_name": found.name,
        "own": [shown_album(one) for one in own],
        "guest": [shown_album(one) for one in guest],
    }


@router.get("/albums")
def albums(order: AlbumOrder = "artist", offset: Offset = 0, limit: Limit = 100) -> dict[str, Any]:
    """Albums in an order from a place on."""
    page = album_list.album_page(order, offset=offset, limit=limit)
    return {"total": page.total, "entries": [shown_album(one) for one in page.entries]}


@router.get("/albums/letters")
def albums_by_letter(order: AlbumOrder = "artist") -> list[dict[str, Any]]:
    """Where each first letter begins, in an order that has letters."""
    return shown_letters(album_list.album_letters(order))


@router.get("/albums/{album_id}")
def album(album_id: RowId, language: PageLanguage) -> dict[str, Any]:
    """An album with its tracks in order and its other editions."""
    found = album_list.album_entry(album_id)
    if found is None:
        raise HTTPException(404, "There is no such album.")
    return {
        **shown_album(found),
        "rows": shown_tracks(album_tracks(album_id), language),
        "editions": [shown_album(one) for one in album_list.editions(album_id)],
    }


@router.get("/genres")
def genres(language: PageLanguage) -> list[dict[str, Any]]:
    """The genres of the library, the largest first."""
    return [
        {
            "name": one.name,
            "label": known_name(language, "genres", one.name),
            "tracks": one.tracks,
            "covers": [cover_url(cover) for cover in one.cover_ids],
        }
        for one in genre_list.genre_list()
    ]


@router.get("/search")
def search(language: PageLanguage, q: Annotated[str, Query(max_length=200)] = "") -> dict[str, Any]:
    """Artists, albums and tracks whose names begin with or hold a text."""
    found = name_lookup.look_up_names(q, limit=NAMES_AT_ONCE)
    return {
        "artists": [shown_artist(one) for one in found.artists],
        "albums": [shown_album(one) for one in found.albums],
        "tracks": shown_tracks(found.tracks, language),
    }


@router.get("/covers/{cover_id}")
async def cover(cover_id: RowId, size: Edge = SIZES[1]) -> FileResponse:
    """A small copy of a cover, of the kept size that is nearest; a stored picture never changes."""
    file = await thumbnail(cover_id, min(SIZES, key=lambda edge: abs(edge - size)))
    if file is None:
        raise HTTPException(404, "There is no such cover.")
    headers = {"Cache-Control": "private, max-age=604800"}
    return FileResponse(file, media_type="image/webp", headers=headers)
