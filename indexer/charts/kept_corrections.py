"""Corrected charts kept beside the library: files in the data folder, rows in the store."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from indexer.charts.chart_job import (
    ChartOptions,
    chart_music,
    keep,
    write_charted,
)
from indexer.drums.corrections.correction import (
    CorrectedSong,
    PersonsChart,
    annotation,
    as_chart_set,
    f_measures,
    placed,
    read_persons_chart,
    shift_of,
    strokes_of,
    times_of,
)
from indexer.drums.formats.place import safe_name
from indexer.drums.types import LEVELS, DrumsError
from indexer.files.audio.audio_types import AudioError
from store import queries, writing
from store.charts import chart_corrections, drum_charts
from store.charts.chart_corrections import CorrectionDetail, CorrectionRecord
from store.charts.current_charts import CHART_VERSION, corrections_folder, place_of
from store.settings import StoreSettings

LARGEST_BYTES: Final = 4_000_000
"""A chart of ten minutes has 200 kB."""


def folder() -> Path:
    """Where corrected charts and their annotations are."""
    place = corrections_folder()
    place.mkdir(exist_ok=True)
    return place


def import_correction(
    file: Path,
    track_id: int,
    *,
    force: bool = False,
    on_progress: Callable[[float, str], None] = lambda fraction, step: None,
) -> CorrectionDetail:
    """Take over a corrected chart of a track: keep it, and make its bundle the track's chart.

    Args:
        file: `.dtx` or `.mid`.
        track_id: The track that it is of.
        force: Take a chart that does not seem to fit the recording.
        on_progress: Gets a fraction 0..1 and what is being done.

    Raises:
        AudioError: The recording cannot be used.
        DrumsError: The file is no chart, or one of another recording.
        StoreError: There is no such track.
    """
    person = read_persons_chart(_read(file), suffix=file.suffix)
    path = queries.track_file(track_id)
    detail = queries.track(track_id)
    options = ChartOptions(
        title=detail.row.title if detail else None,
        artist=detail.row.artist if detail else None,
        tempo_hint=detail.row.bpm if detail else None,
    )
    charted = chart_music(path, options, on_progress=on_progress)
    automatic = charted.chart_set
    shift_s = shift_of(person, automatic, force=force)
    chart = placed(person, shift_s)
    heard = times_of(automatic.levels[-1].notes, automatic.tempo)
    scores = f_measures(times_of(chart.notes, chart.tempo), heard)
    chart_set = as_chart_set(chart, automatic, levels=LEVELS)
    number = _keep(file, track_id, chart, shift_s, scores)
    out = StoreSettings().charts / place_of(track_id, LEVELS, correction_id=number)
    try:
        bundle = write_charted(
            replace(charted, chart_set=chart_set), out, options, on_progress=on_progress
        )
    except (AudioError, DrumsError):
        forget_correction(number)
        raise
    keep(track_id, bundle)
    return next(one for one in chart_corrections.corrections(track_id) if one.id == number)


def corrected_chart(correction: CorrectionDetail) -> PersonsChart:
    """The chart of a kept correction, at the times of the recording.

    Raises:
        DrumsError: Its file is damaged.
    """
    file = folder() / correction.file
    try:
        person = read_persons_chart(_read(file), suffix=file.suffix)
    except DrumsError as error:
        raise DrumsError(
            f"Correction {correction.id} is damaged: {error} Forget it with backbeat chart "
            f"corrections --remove {correction.id}, and import your chart again."
        ) from error
    return placed(person, correction.start_s)


def corrected_song(correction: CorrectionDetail) -> CorrectedSong:
    """A recording with the strokes of its kept correction.

    Raises:
        DrumsError: The correction's file is damaged.
        StoreError: The track or its file is gone.
    """
    path = queries.track_file(correction.track_id)
    known = writing.find_by_path(path)
    recording = known.content_hash if known else str(path)
    chart = corrected_chart(correction)
    return CorrectedSong(correction.id, recording, path, strokes_of(chart))


def measured_again(
    correction: CorrectionDetail,
    *,
    profile: str = "default",
    on_progress: Callable[[float, str], None] = lambda fraction, step: None,
) -> dict[str, float]:
    """How well the chart that would be made today meets a kept correction.

    Returns:
        F-measure (±50 ms) of MASTER by class, and of all of them as "F".

    Raises:
        AudioError: The recording cannot be used.
        DrumsError: The correction's file is damaged, or nothing can be charted.
        StoreError: The track is gone.
    """
    path = queries.track_file(correction.track_id)
    person = corrected_chart(correction)
    automatic = chart_music(path, ChartOptions(profile=profile), on_progress=on_progress).chart_set
    heard = times_of(automatic.levels[-1].notes, automatic.tempo)
    return f_measures(times_of(person.notes, person.tempo), heard)


def forget_correction(correction_id: int) -> CorrectionDetail | None:
    """Undo an import: the files, the row and the charts made of it; None if there is none."""
    known = chart_corrections.remove_correction(correction_id)
    if known is None:
        return None
    for file in (folder() / known.file, (folder() / known.file).with_suffix(".txt")):
        file.unlink(missing_ok=True)
    prefix = f"{known.track_id}-c{correction_id}-"
    for place in drum_charts.remove_charts(known.track_id, prefix):
        shutil.rmtree(StoreSettings().charts / Path(place).parts[0], ignore_errors=True)
    return known


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST_BYTES:
            raise DrumsError(f"{file.name} is too large for a chart.")
        return file.read_bytes()
    except OSError as error:
        raise DrumsError(f"{file} cannot be read: {error.strerror or error}.") from error


def _keep(
    file: Path, track_id: int, chart: PersonsChart, shift_s: float, scores: dict[str, float]
) -> int:
    """The file, its annotation and its row; returns the row's id."""
    place = folder() / str(track_id)
    place.mkdir(exist_ok=True)
    stem, suffix = safe_name(file.stem), file.suffix.lower()
    count = 1
    while (place / f"{count}-{stem}{suffix}").exists():
        count += 1
    kept = place / f"{count}-{stem}{suffix}"
    kept.write_bytes(_read(file))
    kept.with_suffix(".txt").write_text(annotation(chart), encoding="utf-8")
    return chart_corrections.save_correction(
        CorrectionRecord(
            track_id=track_id,
            file=kept.relative_to(folder()).as_posix(),
            start_s=shift_s,
            notes=len(chart.notes),
            automatic=scores,
            automatic_version=CHART_VERSION,
        )
    )
