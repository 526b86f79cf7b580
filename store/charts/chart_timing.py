"""Tempo and offset of a track's charts, as a person corrected them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col

from store.database.db import read, rows, write
from store.database.expressions import has_track
from store.results import StoreError
from store.stored_values import now
from store.tables.charts import ChartTiming


@dataclass(frozen=True, slots=True)
class Timing:
    """A corrected tempo and offset; see `store.tables.charts.ChartTiming`."""

    bpm: float | None = None
    factor: float = 1.0
    shift_s: float = 0.0

    @property
    def mark(self) -> str:
        """A text that differs for every timing, for names of folders; "" where nothing changes."""
        if self == Timing():
            return ""
        tempo = f"b{self.bpm:.3f}" if self.bpm else f"x{self.factor:.3f}"
        return f"{tempo}o{round(self.shift_s * 1000)}"


AS_FOUND = Timing()


def timing_of(track_id: int) -> Timing:
    """Return the timing of a track; `AS_FOUND` where nobody corrected it."""
    columns = (col(ChartTiming.bpm), col(ChartTiming.factor), col(ChartTiming.shift_s))
    with read() as session:
        found = rows(session, select(*columns).where(col(ChartTiming.track_id) == track_id))
    return Timing(found[0].bpm, found[0].factor, found[0].shift_s) if found else AS_FOUND


def set_timing(track_id: int, timing: Timing) -> None:
    """Keep the timing of a track; `AS_FOUND` removes it.

    Raises:
        StoreError: There is no such track.
    """
    values = {
        "bpm": timing.bpm,
        "factor": timing.factor,
        "shift_s": timing.shift_s,
        "changed_at": now(),
    }
    with write() as session:
        if not has_track(session, track_id):
            raise StoreError(f"There is no track {track_id} in the library.")
        if timing == AS_FOUND:
            rows(session, delete(ChartTiming).where(col(ChartTiming.track_id) == track_id))
            return
        new = insert(ChartTiming).values(track_id=track_id, **values)
        key = [col(ChartTiming.track_id)]
        rows(session, new.on_conflict_do_update(index_elements=key, set_=values))
