"""Genre, tempo and key of a track: read, and written where a correction changes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import sqlite
from sqlmodel import Session, col

from store.database.db import rows
from store.library import catalogue
from store.library.corrections.values import KEY_OF
from store.tables.analysis import Genre, GenreTag, TrackAudioFeatures, TrackMIRNormalized
from store.tables.tracks import Track

OWNER: Final = "owner"
"""Source of a value that a person corrected."""
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "bpm": ("bpm", "bpm_alternative", "bpm_confidence"),
    "key": ("key", "scale", "camelot_key", "key_confidence"),
}
_NORMALIZED: Final = frozenset({"bpm", "key", "scale", "camelot_key"})
_GENRE: Final = ("name", "weight", "main", "source")


def sound_of(session: Session, track_id: int, field: str) -> dict[str, Any]:
    """Return what is stored of `field`: what an undo of its correction needs."""
    if field == "genre":
        return {"genres": _genres(session, track_id), "kind": _kind(session, track_id)}
    columns = [col(getattr(TrackAudioFeatures, name)) for name in _COLUMNS[field]]
    statement = select(*columns).where(col(TrackAudioFeatures.track_id) == track_id)
    found = rows(session, statement)
    return dict(found[0]._mapping) if found else dict.fromkeys(_COLUMNS[field])


def corrected_sound(field: str, value: str, predicted: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is stored of `field` with a correction; it is certain.

    What has a genre by a person's word is music.
    """
    if field == "bpm":
        return {"bpm": float(value), "bpm_alternative": None, "bpm_confidence": 1.0}
    if field == "key":
        key, scale = KEY_OF[value]
        return {"key": key, "scale": scale, "camelot_key": value, "key_confidence": 1.0}
    others = [
        genre
        for genre in predicted.get("genres", ())
        if not genre["main"] and genre["name"] != value
    ]
    main = {"name": value, "weight": 1.0, "main": True, "source": OWNER}
    return {"genres": [main, *others], "kind": None}


def write_sound(session: Session, track_id: int, field: str, values: Mapping[str, Any]) -> None:
    """Write what `sound_of` or `corrected_sound` returned."""
    if field == "genre":
        _write_genres(session, track_id, values.get("genres", ()))
        of_track = update(Track).where(col(Track.id) == track_id)
        rows(session, of_track.values(kind=values.get("kind")))
        return
    columns = {name: values.get(name) for name in _COLUMNS[field]}
    new = sqlite.insert(TrackAudioFeatures).values(
        track_id=track_id, stability="unknown", **columns
    )
    rows(session, new.on_conflict_do_update(index_elements=["track_id"], set_=columns))
    shared = {name: value for name, value in columns.items() if name in _NORMALIZED}
    _normalize(session, track_id, shared)


def _kind(session: Session, track_id: int) -> str | None:
    found = rows(session, select(col(Track.kind)).where(col(Track.id) == track_id))
    return found[0].kind if found else None


def _genres(session: Session, track_id: int) -> list[dict[str, Any]]:
    columns = (
        col(Genre.name), col(GenreTag.weight), col(GenreTag.main), col(GenreTag.source),
    )  # fmt: skip
    statement = select(*columns).join(Genre, col(Genre.id) == col(GenreTag.genre_id))
    of_track = statement.where(col(GenreTag.track_id) == track_id)
    ordered = of_track.order_by(col(GenreTag.main).desc(), col(GenreTag.weight).desc())
    return [dict(zip(_GENRE, row, strict=True)) for row in rows(session, ordered)]


def _write_genres(session: Session, track_id: int, genres: Any) -> None:
    rows(session, delete(GenreTag).where(col(GenreTag.track_id) == track_id))
    for genre in genres:
        tag = insert(GenreTag).values(
            track_id=track_id,
            genre_id=catalogue.genre_id(session, genre["name"]),
            weight=genre["weight"],
            main=genre["main"],
            source=genre["source"],
        )
        rows(session, tag)
    names = [genre["name"] for genre in sorted(genres, key=lambda one: not one["main"])]
    main = names[0] if names and any(genre["main"] for genre in genres) else None
    secondary = names[1:] if main else names
    _normalize(session, track_id, {"genre_main": main, "genre_secondary": secondary})


def _normalize(session: Session, track_id: int, values: Mapping[str, Any]) -> None:
    of_track = update(TrackMIRNormalized).where(col(TrackMIRNormalized.track_id) == track_id)
    rows(session, of_track.values(**values))
