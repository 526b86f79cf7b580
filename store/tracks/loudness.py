"""How loud tracks are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from store.database.db import read, rows
from store.database.expressions import among
from store.tables.analysis import TrackAudioFeatures


@dataclass(frozen=True, slots=True)
class StoredLoudness:
    """Measured loudness of a track.

    Attributes:
        integrated_lufs: Gated loudness of the whole track.
        true_peak_dbtp: Its highest peak between the samples; None where it was not measured.
    """

    integrated_lufs: float
    true_peak_dbtp: float | None


def loudness_of(track_ids: Collection[int]) -> Mapping[int, StoredLoudness]:
    """Return track id → loudness; tracks without one are left out."""
    features = TrackAudioFeatures
    measured = select(
        col(features.track_id), col(features.loudness_lufs), col(features.true_peak_dbtp)
    )
    wanted = measured.where(
        among(col(features.track_id), track_ids), col(features.loudness_lufs).is_not(None)
    )
    with read() as session:
        found = rows(session, wanted)
    return {row.track_id: StoredLoudness(row.loudness_lufs, row.true_peak_dbtp) for row in found}
