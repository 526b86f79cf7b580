"""Options of a chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from indexer.drums.formats.bundle_music import Bgm
from indexer.drums.formats.level_dtx import Details
from indexer.drums.types import LEVELS
from store.charts.chart_corrections import CorrectionDetail

OnProgress = Callable[[float, str], None]
"""Gets a fraction, 0..1, and the name of the step."""


def ignore_progress(fraction: float, step: str) -> None:
    """Do nothing: the default of `on_progress` arguments."""


@dataclass(frozen=True)
class ChartOptions:
    """How a chart is made; what is None or empty comes from the file or from the music.

    Attributes:
        levels: Which of `LEVELS` to make.
        tempo_hint: A tempo estimated elsewhere, BPM.
        bpm: The tempo, given by the user.
        offset_s: Time of a downbeat, given by the user.
        time_signature: Given by the user, such as "7/8".
        tempo_factor: What the tempo found is counted by, given by the user.
        shift_s: How much later all bars begin, given by the user.
        bgm: Which music plays with the chart.
        profile: One of `profiles.PROFILES`.
        details: Author, genre and comment; the cover is used where the file has none.
        correction: A corrected chart of this recording, which gives notes, tempo and bars.
        hearing_file: Where what is heard is kept for the next chart; None keeps nothing.
    """

    levels: Sequence[str] = LEVELS
    title: str | None = None
    artist: str | None = None
    tempo_hint: float | None = None
    bpm: float | None = None
    offset_s: float | None = None
    time_signature: str | None = None
    tempo_factor: float = 1.0
    shift_s: float = 0.0
    bgm: Bgm = "reduced"
    profile: str = "default"
    details: Details = field(default_factory=Details)
    correction: CorrectionDetail | None = None
    hearing_file: Path | None = None
