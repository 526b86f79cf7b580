"""Corrected charts stored beside the library: files in the data folder, rows in the store."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from indexer.charts.part_files import sound_file
from indexer.drums.corrections.chart_reading import CorrectedChart, read_corrected_chart, with_keys
from indexer.drums.corrections.correction import CorrectedSong, annotation, onsets_of, shifted
from indexer.drums.formats.bundle_folder import safe_name
from indexer.drums.types import Drum, DrumsError
from indexer.drums.version import CHART_CODE_VERSION, chart_version
from store.charts import chart_corrections, drum_charts
from store.charts.chart_corrections import CorrectionDetail, CorrectionRecord
from store.charts.current_charts import corrections_folder
from store.library import track_files
from store.settings import StoreSettings

LARGEST_BYTES: Final = 4_000_000
"""A chart of ten minutes has 200 kB."""


def made_corrections_folder() -> Path:
    """Folder of corrected charts and their annotations, made if it is not there."""
    folder = corrections_folder()
    folder.mkdir(exist_ok=True)
    return folder


def corrected_chart(correction: CorrectionDetail) -> CorrectedChart:
    """Read the chart of a stored correction, at the times of the recording.

    Raises:
        DrumsError: Its file is damaged.
    """
    file = made_corrections_folder() / correction.file
    try:
        chart = open_chart_file(file).chart()
    except DrumsError as error:
        raise DrumsError(
            f"Correction {correction.id} is damaged: {error} Forget it with backbeat chart "
            f"corrections --remove {correction.id}, and import your chart again."
        ) from error
    return shifted(chart, correction.start_s)


def corrected_song(correction: CorrectionDetail) -> CorrectedSong:
    """Read a stored correction: its recording and the onsets of its chart.

    Raises:
        DrumsError: The correction's file is damaged.
        StoreError: The track or its file is missing.
    """
    path = sound_file(correction.track_id)
    file = track_files.find_by_path(path)
    recording = file.content_hash if file else str(path)
    chart = corrected_chart(correction)
    return CorrectedSong(correction.id, recording, path, onsets_of(chart))


@dataclass(frozen=True)
class ChartFile:
    """A file of a chart: where it came from, and what is read of it.

    Attributes:
        ini: The `song.ini` that belongs to it; empty where there is none.
    """

    path: Path
    data: bytes
    ini: bytes = b""

    def chart(self) -> CorrectedChart:
        """Read the chart.

        Raises:
            DrumsError: The file is none.
        """
        return read_corrected_chart(self.data, suffix=self.path.suffix, ini=self.ini)


def open_chart_file(path: Path, *, keys: Mapping[int, Drum] = MappingProxyType({})) -> ChartFile:
    """Read the file of a chart in one of the formats of `chart_reading.SUFFIXES`.

    Args:
        path: The file.
        keys: Drums that keys of a MIDI file are moved to.

    Raises:
        DrumsError: The file cannot be read, or it has no notes on a key.
    """
    data = _read(path)
    if keys:
        data = with_keys(data, suffix=path.suffix, keys=keys)
    beside = (path.with_suffix(".ini"), path.with_name("song.ini"))
    ini = next((one for one in beside if one.is_file()), None)
    return ChartFile(path, data, _read(ini) if ini else b"")


def save_correction(
    file: ChartFile,
    track_id: int,
    chart: CorrectedChart,
    *,
    shift_s: float,
    scores: dict[str, float],
) -> int:
    """Store a corrected chart: the file, its annotation and its row; returns the row's id.

    Args:
        file: As imported.
        track_id: The track that it is of.
        chart: At the times of the recording.
        shift_s: Recording time of the file's first bar, seconds.
        scores: F-measures of the automatic chart by class.
    """
    root = made_corrections_folder()
    folder = root / str(track_id)
    folder.mkdir(exist_ok=True)
    stem, suffix = safe_name(file.path.stem), file.path.suffix.lower()
    count = 1
    while (folder / f"{count}-{stem}{suffix}").exists():
        count += 1
    stored = folder / f"{count}-{stem}{suffix}"
    stored.write_bytes(file.data)
    if file.ini:
        stored.with_suffix(".ini").write_bytes(file.ini)
    stored.with_suffix(".txt").write_text(annotation(chart), encoding="utf-8")
    return chart_corrections.save_correction(
        CorrectionRecord(
            track_id=track_id,
            file=stored.relative_to(root).as_posix(),
            start_s=shift_s,
            notes=len(chart.notes),
            automatic=scores,
            automatic_version=CHART_CODE_VERSION,
            automatic_chart_version=chart_version(),
        )
    )


def delete_correction(correction_id: int) -> CorrectionDetail | None:
    """Undo an import: the files, the row and the charts made of it; None if there is none."""
    correction = chart_corrections.remove_correction(correction_id)
    if correction is None:
        return None
    file = made_corrections_folder() / correction.file
    for one in (file, file.with_suffix(".txt"), file.with_suffix(".ini")):
        one.unlink(missing_ok=True)
    prefix = f"{correction.track_id}-c{correction_id}-"
    for folder in drum_charts.remove_charts(correction.track_id, prefix):
        shutil.rmtree(StoreSettings().charts / Path(folder).parts[0], ignore_errors=True)
    return correction


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST_BYTES:
            raise DrumsError(f"{file.name} is too large for a chart.")
        return file.read_bytes()
    except OSError as error:
        raise DrumsError(f"{file} cannot be read: {error.strerror or error}.") from error
