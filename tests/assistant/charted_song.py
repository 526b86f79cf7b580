"""A track with a drum chart: sixteen bars at 120 BPM, of known strokes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from indexer.charts.stored.saved_charts import save_bundle
from indexer.drums.chart import chart_onsets
from indexer.drums.formats.bundle import write_bundle
from indexer.drums.formats.bundle_music import Music
from indexer.drums.formats.kit import render_hit
from indexer.drums.types import LEVELS, Drum, Onset
from indexer.drums.version import chart_version
from store.charts.current_charts import chart_folder
from store.jobs import indexer_state
from store.library.track_writing import save_track
from store.records import AnalysisRecord, FileFacts, TagFacts, TrackRecord
from store.settings import StoreSettings

RATE = 44_100
BARS = 4
FIRST_S = 0.5
"""Of the first bar in the recording."""
EIGHTH_S = 0.25
TITLE, ARTIST = "Tin Roof", "<b>The Gutters</b>"


def strokes(bars: int = BARS) -> tuple[Onset, ...]:
    """Hi-hat in eighths, bass drum on one and three, snare on two and four, a fill, a crash."""
    found: list[Onset] = []
    for eighth in range(8 * bars):
        time_s, place = FIRST_S + EIGHTH_S * eighth, eighth % 8
        hat = Drum.HAT_OPEN if place == 7 else Drum.HAT_CLOSED
        cymbal = Drum.CRASH if eighth == 0 else Drum.RIDE if eighth >= 4 * bars else hat
        found.append(Onset(time_s, cymbal, 0.9 if place % 2 == 0 else 0.5))
        if place in (0, 4):
            found.append(Onset(time_s, Drum.KICK, 0.9))
        if place in (2, 6):
            found.append(Onset(time_s, Drum.SNARE, 0.9))
        if place in (5, 7) and eighth // 8 % 2:
            found.append(Onset(time_s, Drum.TOM_HIGH if place == 5 else Drum.TOM_FLOOR, 0.8))
    return tuple(sorted(found))


def build(folder: Path, *, bars: int = BARS) -> int:
    """Save the track and its chart in the data folder of the settings; returns the chart's id."""
    duration_s = FIRST_S + 8 * EIGHTH_S * bars + 0.5
    onsets = strokes(bars)
    samples = np.zeros((1, int(duration_s * RATE)), np.float32)
    for onset in onsets:
        hit = np.asarray(render_hit(onset.drum, sample_rate=RATE), np.float32).reshape(-1)
        part = samples[0, int(onset.time_s * RATE) :][: hit.size]
        part += 0.2 * hit[: part.size]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "tin_roof.flac"
    soundfile.write(path, samples.T.clip(-1, 1), RATE)
    file = FileFacts(
        path=path, content_hash="tin roof", size_bytes=path.stat().st_size, mtime_ns=1,
        duration_s=duration_s, audio_format="flac", sample_rate_hz=RATE, channels=1,
    )  # fmt: skip
    track = save_track(TrackRecord(file, TagFacts(title=TITLE, artist=ARTIST), AnalysisRecord()))
    indexer_state.record_chart_version(chart_version())
    chart_set = chart_onsets(
        onsets, duration_s=duration_s, title=TITLE, artist=ARTIST, bpm=120.0, offset_s=FIRST_S
    )
    out = StoreSettings().charts / chart_folder(track, LEVELS, version=chart_version())
    return save_bundle(track, write_bundle(chart_set, Music([samples], RATE), out=out))
