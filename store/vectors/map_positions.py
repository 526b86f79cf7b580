"""Where each track lies on the map of the library: a file that the indexer makes anew at any time.

Positions are whole numbers 0..65535 on both axes. With each goes the digest of the vector that it
was made of, so that a later layout sees what is new, and whether it is a landmark: one of the
tracks that the others were placed by.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import Final

import numpy as np
from sqlalchemy import func, select
from sqlmodel import col

from store.database.db import read, rows
from store.settings import StoreSettings
from store.tables.analysis import TrackEmbedding
from store.tables.tracks import Track
from store.vectors.artist_vectors import SOUND

SIZE: Final = 65535
"""The largest position on an axis."""
_FILE: Final = "map.npz"


@dataclass(frozen=True, slots=True)
class MapPositions:
    """A layout.

    Attributes:
        model: The model of the vectors; "" where nothing is laid out.
        track_ids: int64, (n,), ascending.
        places: uint16, (n, 2).
        digests: uint32, (n,).
        landmarks: bool, (n,).
        laid_out: How many tracks there were when the landmarks were laid out.
    """

    model: str
    track_ids: np.ndarray
    places: np.ndarray
    digests: np.ndarray
    landmarks: np.ndarray
    laid_out: int


NOTHING: Final = MapPositions(
    "",
    np.empty(0, np.int64),
    np.empty((0, 2), np.uint16),
    np.empty(0, np.uint32),
    np.empty(0, np.bool_),
    0,
)


def load() -> MapPositions:
    """Return the layout; `NOTHING` where there is none or its file is damaged."""
    try:
        with np.load(StoreSettings().folder / _FILE, allow_pickle=False) as kept:
            found = MapPositions(
                str(kept["model"]),
                kept["track_ids"],
                kept["places"],
                kept["digests"],
                kept["landmarks"],
                int(kept["laid_out"]),
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return NOTHING
    whole = found.places.shape == (found.track_ids.size, 2)
    return found if whole else NOTHING


def is_there() -> bool:
    """Return whether a layout was ever kept."""
    return (StoreSettings().folder / _FILE).is_file()


def made_at() -> float:
    """Return when the layout was kept, as a time of the file system; 0 where there is none."""
    try:
        return (StoreSettings().folder / _FILE).stat().st_mtime
    except OSError:
        return 0.0


def save(positions: MapPositions) -> None:
    """Keep a layout in place of the one before.

    Raises:
        OSError: The data folder cannot be written.
    """
    place = StoreSettings().folder / _FILE
    part = place.with_name(f"{_FILE}.part")
    with part.open("wb") as file:
        np.savez(
            file,
            model=np.array(positions.model),
            track_ids=positions.track_ids,
            places=positions.places,
            digests=positions.digests,
            landmarks=positions.landmarks,
            laid_out=np.array(positions.laid_out),
        )
    part.replace(place)


def map_model() -> str:
    """Return the model that listened to most tracks; "" where none did."""
    model, count = col(TrackEmbedding.model), func.count().label("n")
    statement = select(model, count).where(col(TrackEmbedding.kind) == SOUND).group_by(model)
    with read() as session:
        found = rows(session, statement.order_by(count.desc(), model).limit(1))
    return found[0].model if found else ""


def vectors_of(model: str, after: int, limit: int) -> list[tuple[int, bytes]]:
    """Return (track id, float32) of the music on disk with ids above `after`, ascending."""
    columns = select(col(TrackEmbedding.track_id), col(TrackEmbedding.vector))
    statement = (
        columns.join(Track, col(Track.id) == col(TrackEmbedding.track_id))
        .where(
            col(TrackEmbedding.kind) == SOUND,
            col(TrackEmbedding.model) == model,
            col(TrackEmbedding.track_id) > after,
            col(Track.missing).is_(False),
            col(Track.kind).is_(None),
        )
        .order_by(col(TrackEmbedding.track_id))
        .limit(limit)
    )
    with read() as session:
        return [(row.track_id, bytes(row.vector)) for row in rows(session, statement)]
