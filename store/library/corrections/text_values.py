"""Title, artist, album and year of a track: read, and written where a correction changes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from sqlalchemy import Select, func, select, update
from sqlmodel import Session, col

from store.database.db import rows
from store.folding import fold, lead_artist
from store.library import catalogue
from store.library.albums.album_titles import album_key
from store.library.albums.regrouping import regroup
from store.tables.tracks import Album, Artist, Track


@dataclass(frozen=True, slots=True)
class TrackNames:
    """The names of a track and its year."""

    title: str
    artist: str | None
    album: str | None
    album_artist: str | None
    year: int | None


def names_of(session: Session, track_id: int) -> TrackNames:
    """Return the names of a track that is there."""
    row = rows(session, _NAMES.where(col(Track.id) == track_id))[0]
    return TrackNames(row.title, row.artist, row.album, row.album_artist, row.year)


def kept(names: TrackNames, field: str) -> dict[str, Any]:
    """Return what an undo of a correction of `field` needs."""
    kept_too = {"artist": ("album_artist",), "album": ("album_artist",)}
    values = asdict(names)
    return {name: values[name] for name in (field, *kept_too.get(field, ()))}


def before(names: TrackNames, predicted: Mapping[str, Any]) -> TrackNames:
    """Return names with the values that an undo brings back."""
    known = {name: value for name, value in predicted.items() if hasattr(names, name)}
    return replace(names, **known)


def corrected(names: TrackNames, given: Mapping[str, str]) -> TrackNames:
    """Return names with the corrections; an album of the artist alone follows its artist."""
    values: dict[str, Any] = dict(given)
    if "year" in values:
        values["year"] = int(values["year"])
    own = names.artist and names.album_artist in (names.artist, lead_artist(names.artist))
    if "artist" in values and own:
        values["album_artist"] = lead_artist(values["artist"])
    return replace(names, **values)


def write_names(session: Session, track_id: int, names: TrackNames) -> None:
    """Write the names of a track, with the rows of its artist and album."""
    now = names_of(session, track_id)
    row = rows(session, select(col(Track.path)).where(col(Track.id) == track_id))[0]
    former = catalogue.references(session, row.path)
    values: dict[str, Any] = {
        "title": names.title, "folded": fold(names.title), "year": names.year,
    }  # fmt: skip
    if names.artist != now.artist:
        values["artist_id"] = catalogue.artist_id(session, names.artist)
    album = {
        "album_title": names.album,
        "album_key": album_key(names.album) if names.album else None,
        "album_artist": names.album_artist,
    }
    values |= album if names.album else {**album, "album_id": None}
    rows(session, update(Track).where(col(Track.id) == track_id).values(**values))
    regroup(session, (former.album_key, values["album_key"]))
    catalogue.delete_unused(session, former)


_NAMES: Final[Select] = (
    select(
        col(Track.title),
        col(Track.year),
        col(Artist.name).label("artist"),
        func.coalesce(col(Track.album_title), col(Album.title)).label("album"),
        col(Track.album_artist),
    )
    .select_from(Track)
    .outerjoin(Artist, col(Artist.id) == col(Track.artist_id))
    .outerjoin(Album, col(Album.id) == col(Track.album_id))
)
