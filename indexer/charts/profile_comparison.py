"""Charts of one recording by each profile, with the time that they take."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.charts.file_charts import automatic_charts, imported_network
from indexer.charts.options import ChartOptions
from indexer.drums.hearing.profiles import available
from indexer.drums.types import ChartSet, DrumsError
from indexer.files.audio.audio_types import AudioError


@dataclass(frozen=True)
class ProfileResult:
    """Result of one profile.

    Attributes:
        charts: The charts, or why there are none.
        duration_s: Time that charting took.
    """

    profile: str
    charts: ChartSet | str
    duration_s: float


def compare_profiles(path: Path, options: ChartOptions) -> Iterator[ProfileResult]:
    """Chart an audio file with each available profile, one after the other."""
    for name in available(imported=imported_network()):
        started_s = time.perf_counter()
        try:
            charts = automatic_charts(path, replace(options, profile=name)).chart_set
        except (AudioError, DrumsError) as error:
            charts = str(error)
        yield ProfileResult(name, charts, time.perf_counter() - started_s)
