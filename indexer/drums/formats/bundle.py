"""A set of charts → a folder that the game plays, and a zip of it beside it."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from indexer.drums.formats.bundle_folder import WORK_PREFIX, folder_for, remove_abandoned, safe_name
from indexer.drums.formats.bundle_music import Music, Progress, write_music
from indexer.drums.formats.dtx.dtx_types import clean_text
from indexer.drums.formats.dtx.encode import encode
from indexer.drums.formats.dtx.setdef import SetDef, encode_setdef
from indexer.drums.formats.exchange.dot_chart import write_dot_chart
from indexer.drums.formats.exchange.game_midi import write_game_midi
from indexer.drums.formats.exchange.general_midi import write_chart
from indexer.drums.formats.exchange.musicxml_writing import write_musicxml
from indexer.drums.formats.exchange.song_ini import write_song_ini
from indexer.drums.formats.kit import render_hit
from indexer.drums.formats.level_dtx import NO_DETAILS, Details, to_dtx
from indexer.drums.formats.notation import write_notation
from indexer.drums.formats.ogg import write_ogg
from indexer.drums.formats.picture import draw_png
from indexer.drums.formats.tab import write_tab
from indexer.drums.types import ChartSet, DrumsError

SET_FILE, PICTURE_FILE = "SET.def", "picture.png"
MIDI_FILE, NOTATION_FILE, TAB_FILE = "drums.mid", "notation.svg", "tab.txt"
MUSICXML_FILE, DOT_CHART_FILE = "drums.musicxml", "notes.chart"
GAME_MIDI_FILE, SONG_INI_FILE = "notes.mid", "song.ini"
_UNTITLED: Final = "Untitled"
_LONGEST_TEXT: Final = 200
"""Menus render a text as one texture, whose width is limited."""
_DRUM_RATE: Final = 44_100
"""Sample rate of the drum sounds, Hz."""


@dataclass(frozen=True)
class LevelFile:
    """One written level."""

    path: Path
    notes: int
    dlevel: int


@dataclass(frozen=True)
class Bundle:
    """The files of a written bundle; `start_s` is the recording time of its bar 0."""

    folder: Path
    zip_path: Path
    levels: dict[str, LevelFile]
    picture_path: Path
    bpm: float
    duration_s: float
    start_s: float = 0.0


def write_bundle(
    chart_set: ChartSet,
    music: Music,
    *,
    out: Path,
    details: Details = NO_DETAILS,
    reserved: Collection[Path] = (),
    on_progress: Progress | None = None,
) -> Bundle:
    """Write a playable song folder and its zip.

    Args:
        chart_set: From `indexer.drums.chart`.
        music: The recording.
        out: An existing or new folder; the song gets its own folder in it (`bundle_folder.py`).
        details: Texts and cover.
        reserved: Folders that must not be replaced.
        on_progress: Gets a fraction 0..1 and the name of the step.

    Raises:
        DrumsError: The folder cannot be written.
    """
    progress = on_progress or (lambda _fraction, _step: None)
    title = _shown(chart_set.title) or _UNTITLED
    chart_set = replace(chart_set, title=title, artist=_shown(chart_set.artist))
    try:
        bundle = _write(chart_set, music, out, _shown_details(details), reserved, progress)
    except OSError as error:
        raise _not_written(out, error) from error
    progress(1.0, "done")
    return bundle


def _write(
    chart_set: ChartSet,
    music: Music,
    out: Path,
    details: Details,
    reserved: Collection[Path],
    progress: Progress,
) -> Bundle:
    """Make the bundle in a hidden folder, then move it to its final path at once."""
    out.mkdir(parents=True, exist_ok=True)
    remove_abandoned(out)
    with tempfile.TemporaryDirectory(prefix=WORK_PREFIX, dir=out) as work:
        folder = Path(work) / "new"
        folder.mkdir()
        write_music(folder, chart_set, music, progress)
        levels = _fill(folder, chart_set, details, progress, with_bgm=music.bgm != "none")
        _write_exchange(folder, chart_set, details, preview_s=music.preview_s)
        progress(0.95, "packing")
        name = safe_name(f"{chart_set.artist} - {chart_set.title}")
        final = folder_for(folder, name=name, out=out, reserved=reserved)
        packed = _zip(folder, Path(work) / f"{final.name}.zip", name=final.name)
        if final.exists():
            final.rename(Path(work) / "before")
        folder.rename(final)
        zip_path = packed.replace(out / packed.name)
    moved = {label: replace(file, path=final / file.path.name) for label, file in levels.items()}
    bpm, picture = chart_set.tempo.changes[0].bpm, final / PICTURE_FILE
    start_s = chart_set.tempo.start_s
    return Bundle(final, zip_path, moved, picture, bpm, chart_set.duration_s, start_s)


def _shown(text: str) -> str:
    """Return any text as menus show it."""
    return clean_text(text)[:_LONGEST_TEXT].strip()


def _shown_details(details: Details) -> Details:
    return replace(
        details,
        author=_shown(details.author),
        genre=_shown(details.genre),
        comment=_shown(details.comment),
    )


def _not_written(out: Path, error: OSError) -> DrumsError:
    return DrumsError(
        f"The chart could not be written to {out}: {error.strerror or error}. "
        "Choose a folder that can be written to, with room for it.",
        code="not_written",
    )


def _fill(
    folder: Path, chart_set: ChartSet, details: Details, progress: Progress, *, with_bgm: bool
) -> dict[str, LevelFile]:
    """Write all files but the music."""
    progress(0.7, "making the drum sounds")
    for drum in sorted({note.drum for level in chart_set.levels for note in level.notes}):
        sound = render_hit(drum, sample_rate=_DRUM_RATE)
        write_ogg(folder / f"{drum}.ogg", sound[np.newaxis], _DRUM_RATE)
    image = _write_cover(folder, details.cover)
    progress(0.85, "writing the levels")
    files: dict[str, LevelFile] = {}
    for level in chart_set.levels:
        path = folder / f"{level.level.lower()}.dtx"
        chart = to_dtx(chart_set, level, details=details, with_bgm=with_bgm, preimage=image)
        path.write_bytes(encode(chart))
        files[level.level] = LevelFile(path, len(level.notes), level.dlevel)
    definition = SetDef(chart_set.title, {k: v.path.name for k, v in files.items()})
    (folder / SET_FILE).write_bytes(encode_setdef(definition))
    progress(0.9, "drawing")
    hardest, credit = chart_set.levels[-1], details.credit
    (folder / MIDI_FILE).write_bytes(write_chart(chart_set, hardest, text=credit))
    notation = write_notation(chart_set, hardest, credit=credit)
    (folder / NOTATION_FILE).write_text(notation, encoding="utf-8")
    tab = write_tab(chart_set, hardest, credit=credit)
    (folder / TAB_FILE).write_text(tab, encoding="utf-8")
    (folder / PICTURE_FILE).write_bytes(draw_png(chart_set))
    return files


def _write_exchange(
    folder: Path, chart_set: ChartSet, details: Details, *, preview_s: float
) -> None:
    """Write the charts of other games and the score for notation programs."""
    hardest, charter = chart_set.levels[-1], details.author or details.credit
    score = write_musicxml(chart_set, hardest, credit=details.credit)
    (folder / MUSICXML_FILE).write_bytes(score)
    (folder / GAME_MIDI_FILE).write_bytes(write_game_midi(chart_set))
    (folder / DOT_CHART_FILE).write_bytes(write_dot_chart(chart_set, charter=charter))
    ini = write_song_ini(chart_set, charter=charter, genre=details.genre, preview_s=preview_s)
    (folder / SONG_INI_FILE).write_bytes(ini)


def _write_cover(folder: Path, cover: bytes | None) -> str:
    """Write the cover as a JPEG in the size of song menus; return its name, "" if there is none."""
    if not cover:
        return ""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(cover)) as image:
            image.thumbnail((512, 512))
            image.convert("RGB").save(folder / "cover.jpg", quality=88)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        (folder / "cover.jpg").unlink(missing_ok=True)
        return ""
    return "cover.jpg"


def _zip(folder: Path, path: Path, *, name: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            stored = file.suffix in (".ogg", ".png", ".jpg")
            kind = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.write(file, f"{name}/{file.name}", compress_type=kind)
    return path
