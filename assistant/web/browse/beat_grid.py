"""Beats and bars of a track for its picture: those of its newest drum chart, else of its tempo."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from store.charts import drum_charts
from store.charts.lane_files import lanes_file
from store.results import TrackDetail

MOST_BEATS: Final = 20_000
"""Beats that are listed: more than two hours have."""


@dataclass(frozen=True, slots=True)
class TrackBeats:
    """Times of beats and bars in seconds, ascending.

    Attributes:
        origin: "chart": found in the recording for its drum chart; "tempo": counted from the
            first bar at the tempo of the whole track; None where neither is known.
        beats_s: All beats.
        bars_s: The first beat of each bar.
    """

    origin: Literal["chart", "tempo"] | None
    beats_s: tuple[float, ...] = ()
    bars_s: tuple[float, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the grid for a page."""
        return asdict(self)


def beat_grid(detail: TrackDetail) -> TrackBeats:
    """Return the beats of a track; without times where they are not known."""
    return _of_chart(detail) or _of_tempo(detail) or TrackBeats(None)


def _of_chart(detail: TrackDetail) -> TrackBeats | None:
    for chart in drum_charts.charts_of(detail.row.id):
        file = lanes_file(chart)
        if file is None:
            continue
        try:
            found = json.loads(file.read_text("utf-8"))
            bars = _times(found["bars"], detail)
            beats = _times([*found["beats"], *found["bars"]], detail)
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if beats:
            return TrackBeats("chart", beats, bars)
    return None


def _of_tempo(detail: TrackDetail) -> TrackBeats | None:
    """Return an even grid; None where the tempo does not hold or no bar was found."""
    structure, bpm = detail.structure, detail.row.bpm
    first, beats_per_bar = structure.first_downbeat_s, structure.beats_per_bar
    if not bpm or structure.stability != "constant" or first is None or not beats_per_bar:
        return None
    step_s = 60.0 / bpm
    before = math.floor(first / step_s)
    count = math.floor((detail.row.duration_s - first) / step_s) + 1
    numbers = range(-before, min(count, MOST_BEATS))
    return TrackBeats(
        "tempo",
        tuple(round(first + number * step_s, 3) for number in numbers),
        tuple(round(first + n * step_s, 3) for n in numbers if n % beats_per_bar == 0),
    )


def _times(stored: list[Any], detail: TrackDetail) -> tuple[float, ...]:
    times = sorted({float(one) for one in stored})
    return tuple(time for time in times if 0 <= time <= detail.row.duration_s)[:MOST_BEATS]
