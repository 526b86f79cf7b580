"""/api/artists, /api/albums: the library by names, page by page."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query

from assistant.web.contract.cursors import FOREIGN, cursor, place
from assistant.web.contract.shapes import Cursor, PageSize, Reply, TrackReply
from assistant.web.row_id import RowId
from store.library import browsing, catalogue_pages
from store.library.catalogue_pages import CatalogueAlbum, CatalogueArtist, Place
from tools.text.untrusted import shown
from tools.tracks.track_facts import track_data, track_fact

router = APIRouter(prefix="/api", tags=["library"])

PAGE = 50
ALBUMS_OF_ARTIST = 200
Search = Annotated[str, Query(max_length=200, description="A part of the names")]


class ArtistReply(Reply):
    """An artist who has tracks."""

    id: int
    name: str
    tracks: int
    albums: int
    duration_s: float
    year_min: int | None
    year_max: int | None
    musicbrainz_id: str | None


class AlbumReply(Reply):
    """An album that has tracks; `edition_of` is the first edition of a later one."""

    id: int
    title: str
    artist: str | None
    artist_id: int | None
    year: int | None
    tracks: int
    duration_s: float
    musicbrainz_id: str | None
    edition_of: int | None
    cover_url: str | None


class ArtistPage(Reply):
    """Artists by name; `next` is the cursor of the page that follows."""

    artists: list[ArtistReply]
    total: int
    next: str | None


class ArtistWithAlbums(ArtistReply):
    """An artist with the albums on which there are tracks of theirs."""

    album_list: list[AlbumReply]


class AlbumPage(Reply):
    """Albums by title; `next` is the cursor of the page that follows."""

    albums: list[AlbumReply]
    total: int
    next: str | None


class AlbumWithTracks(AlbumReply):
    """An album with its tracks in their order."""

    track_list: list[TrackReply]


@router.get("/artists")
def artists(q: Search = "", limit: PageSize = PAGE, cursor: Cursor = None) -> ArtistPage:
    """Return the artists who have tracks, by name."""
    after = _place(["artists", q], cursor)
    found, total = catalogue_pages.artists(limit=limit + 1, after=after, search=q)
    listed = [_artist(row) for row in found[:limit]]
    more = _next(["artists", q], found, limit)
    return ArtistPage.model_validate({"artists": listed, "total": total, "next": more})


@router.get("/artists/{artist_id}")
def artist(artist_id: RowId) -> ArtistWithAlbums:
    """Return an artist with albums. Artists who sound alike: `/api/artists/{artist_id}/similar`."""
    row = catalogue_pages.artist(artist_id)
    if row is None:
        raise HTTPException(404, "There is no such artist.")
    found, _ = catalogue_pages.albums(limit=ALBUMS_OF_ARTIST, artist_id=artist_id)
    values = {**_artist(row), "album_list": [_album(each) for each in found]}
    return ArtistWithAlbums.model_validate(values)


@router.get("/albums")
def albums(
    q: Search = "",
    artist_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    limit: PageSize = PAGE,
    cursor: Cursor = None,
) -> AlbumPage:
    """Return the albums that have tracks, by title; those of an artist where one is given."""
    of = ["albums", q, artist_id]
    found, total = catalogue_pages.albums(
        limit=limit + 1, after=_place(of, cursor), search=q, artist_id=artist_id
    )
    listed = [_album(row) for row in found[:limit]]
    more = _next(of, found, limit)
    return AlbumPage.model_validate({"albums": listed, "total": total, "next": more})


@router.get("/albums/{album_id}")
def album(album_id: RowId) -> AlbumWithTracks:
    """Return an album with its tracks in their order."""
    row = catalogue_pages.album(album_id)
    if row is None:
        raise HTTPException(404, "There is no such album.")
    tracks = [track_data(track_fact(track)) for track in browsing.album_tracks(album_id)]
    return AlbumWithTracks.model_validate({**_album(row), "track_list": tracks})


def _artist(row: CatalogueArtist) -> dict[str, Any]:
    return {**asdict(row), "name": shown(row.name)}


def _album(row: CatalogueAlbum) -> dict[str, Any]:
    cover = row.cover_track_id
    return {
        **asdict(row),
        "title": shown(row.title),
        "artist": shown(row.artist) if row.artist else None,
        "cover_url": None if cover is None else f"/api/tracks/{cover}/cover",
    }


def _place(of: list[Any], text: str | None) -> Place | None:
    if text is None:
        return None
    match place(of, text):
        case [str(name), int(number)]:
            return name, number
    raise HTTPException(422, FOREIGN)


def _next(
    of: list[Any], found: tuple[CatalogueArtist, ...] | tuple[CatalogueAlbum, ...], limit: int
) -> Any:
    return cursor(of, found[limit - 1].place) if len(found) > limit else None
