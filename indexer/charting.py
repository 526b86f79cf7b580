"""A chart job: a track → its drums → a bundle on disk → a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.audio import decode, probe, resample
from indexer.cover import read_cover
from indexer.drums.bundle import Bundle, write_bundle
from indexer.drums.chart import make_chart_set
from indexer.drums.types import LEVELS, DrumsError
from indexer.mir import spectrum
from indexer.mir.onset import novelty
from indexer.mir.tempo import estimate_tempo
from indexer.tags import read_tags
from store import queries, writing
from store.records import ChartRecord
from store.results import JobRow, StoreError
from store.settings import StoreSettings

CHART_VERSION: Final = 2
"""Raised when the same recording would be charted otherwise; older charts are made again."""
SAMPLE_RATE: Final = 44_100
MAX_S: Final = 600.0
"""Longer recordings are mixes or concerts; ten minutes of samples are 106 MB."""
STEREO_MAX_S: Final = 360.0
"""Music beyond this is played in mono, so that a worker stays below 500 MB."""
PLAYED_RATES: Final = (44_100, 48_000)

OnProgress = Callable[[float, str], None]


def make_chart(job: JobRow, *, on_progress: OnProgress) -> Mapping[str, object]:
    """Chart the track of a job and keep the chart.

    Returns:
        The job's result: `chart_id`.

    Raises:
        AudioError: The file cannot be used.
        DrumsError: There is nothing to chart, or the bundle cannot be written.
    """
    if job.track_id is None:
        raise DrumsError("This chart belongs to no track; ask for it again.")
    levels = _levels(job.payload.get("levels"))
    path = _file_of(job.track_id)
    place = _place(job.track_id, levels)
    for chart in queries.charts_of(job.track_id):
        charts = StoreSettings().charts
        if chart.folder.startswith(f"{place}/") and (charts / chart.zip_file).is_file():
            return {"chart_id": chart.id}
    detail = queries.track(job.track_id)
    bundle = chart_file(
        path,
        StoreSettings().charts / place,
        levels=levels,
        title=detail.row.title if detail else None,
        artist=detail.row.artist if detail else None,
        tempo_hint=detail.row.bpm if detail else None,
        on_progress=on_progress,
    )
    return {"chart_id": writing.save_chart(_record(job.track_id, bundle))}


def chart_file(
    path: Path,
    out: Path,
    *,
    levels: Sequence[str] = LEVELS,
    title: str | None = None,
    artist: str | None = None,
    tempo_hint: float | None = None,
    bpm: float | None = None,
    offset_s: float | None = None,
    on_progress: OnProgress = lambda fraction, step: None,
) -> Bundle:
    """Chart an audio file into a folder of its own inside `out`.

    Args:
        path: An audio file.
        out: Made if it is not there.
        levels: Which of `LEVELS` to make.
        title: By default from the tags, or from the file name.
        artist: By default from the tags.
        tempo_hint: A tempo measured elsewhere.
        bpm: The tempo, where a person knows it.
        offset_s: Time of a downbeat, where a person knows it.
        on_progress: Gets a fraction 0..1 and what is being done.

    Raises:
        AudioError: The file cannot be used.
        DrumsError: There is nothing to chart, or the bundle cannot be written.
    """
    on_progress(0.0, "reading the music")
    tags = read_tags(path)
    audio = decode(path, sample_rate=SAMPLE_RATE, max_s=MAX_S)
    if audio.excerpted:
        raise DrumsError(
            f"This recording is {audio.duration_s / 60:.0f} minutes long; "
            f"a chart is made of {MAX_S / 60:.0f} minutes at most. Choose a single song."
        )
    chart_set = make_chart_set(
        audio.samples,
        sample_rate=SAMPLE_RATE,
        title=title or tags.title,
        artist=artist or tags.artist or "",
        levels=levels,
        tempo_hint=tempo_hint or tags.bpm or bpm or _tempo_bpm(audio.samples),
        bpm=bpm,
        offset_s=offset_s,
        on_progress=lambda fraction, step: on_progress(0.1 + 0.5 * fraction, step),
    )
    music, rate = audio.samples, SAMPLE_RATE
    if audio.channels > 1 and audio.duration_s <= STEREO_MAX_S:
        del audio, music
        music, rate = _stereo(path)
    cover = read_cover(path)
    return write_bundle(
        chart_set,
        music,
        sample_rate=rate,
        out=out,
        cover=cover.data if cover else None,
        on_progress=lambda fraction, step: on_progress(0.6 + 0.4 * fraction, step),
    )


def _tempo_bpm(samples: NDArray[np.float32]) -> float | None:
    """The tempo of the whole music, which tells the half from the double better than drums do."""
    scan = spectrum.scan(spectrum.to_analysis_rate(samples, sample_rate=SAMPLE_RATE))
    return estimate_tempo(scan.onset_curves, novelty(scan.onset_curves)).bpm


def _stereo(path: Path) -> tuple[NDArray[np.float32], int]:
    """The recording in two channels, float32, (2, n), and its rate; decoded once more."""
    blocks: list[NDArray[np.float32]] = []
    rate = probe(path).sample_rate
    # the mono mix that comes with it is not needed, so it is made small
    source = decode(
        path,
        sample_rate=8000,
        max_s=MAX_S,
        on_block=lambda block: blocks.append(block[:2] if len(block) > 1 else block.repeat(2, 0)),
    )
    rate = source.source_sample_rate
    music = np.concatenate(blocks, axis=1)
    if rate not in PLAYED_RATES:
        music = resample(music.T, from_hz=rate, to_hz=SAMPLE_RATE).T
        rate = SAMPLE_RATE
    return music, rate


def _levels(wanted: object) -> list[str]:
    """Levels of a job's payload in order; all when none are named."""
    named = set(wanted) if isinstance(wanted, list) else set()
    return [level for level in LEVELS if level in named] or list(LEVELS)


def _file_of(track_id: int) -> Path:
    try:
        return queries.track_file(track_id)
    except StoreError as error:
        raise DrumsError(str(error)) from error


def _place(track_id: int, levels: Sequence[str]) -> str:
    """Folder below the charts folder: one a track, version and choice of levels."""
    return f"{track_id}-v{CHART_VERSION}-{''.join(level[0] for level in levels)}"


def _record(track_id: int, bundle: Bundle) -> ChartRecord:
    charts = StoreSettings().charts

    def inside(path: Path) -> str:
        return path.relative_to(charts).as_posix()

    return ChartRecord(
        track_id=track_id,
        folder=inside(bundle.folder),
        zip_file=inside(bundle.zip_path),
        picture=inside(bundle.picture_path),
        bpm=bundle.bpm,
        levels={
            name: {"notes": level.notes, "dlevel": level.dlevel}
            for name, level in bundle.levels.items()
        },
        version=CHART_VERSION,
    )
