"""A set of charts → a folder that the game plays, and a zip of it beside it."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, get_args

import numpy as np

from indexer.arrays import Float32
from indexer.drums.formats.background import reduce_drums
from indexer.drums.formats.dtx import spec
from indexer.drums.formats.dtx.dtx_types import Chip, DtxChart, DtxError, Wav, clean_text
from indexer.drums.formats.dtx.encode import chips_sorted, encode
from indexer.drums.formats.dtx.setdef import SetDef, encode_setdef
from indexer.drums.formats.kit import render_hit
from indexer.drums.formats.midi_files import write_chart
from indexer.drums.formats.notation import write_notation
from indexer.drums.formats.ogg import OggWriter, write_ogg
from indexer.drums.formats.picture import draw_png
from indexer.drums.formats.place import WORK_PREFIX, place_for, remove_abandoned, safe_name
from indexer.drums.formats.preview import PREVIEW_S
from indexer.drums.formats.tab import write_tab
from indexer.drums.types import ChartSet, DrumsError, LevelChart

Progress = Callable[[float, str], None]
Bgm = Literal["full", "reduced", "none"]
"""The music under the player's strokes: as it is, with its drums turned down, or none."""
BGMS: Final[tuple[Bgm, ...]] = get_args(Bgm)

BGM_FILE, PREVIEW_FILE, SET_FILE, PICTURE_FILE = "bgm.ogg", "preview.ogg", "SET.def", "picture.png"
MIDI_FILE, NOTATION_FILE, TAB_FILE = "drums.mid", "notation.svg", "tab.txt"
_FADE_S: Final = 1.0
_UNTITLED: Final = "Untitled"
_LONGEST_TEXT: Final = 200
"""Menus draw a text as one picture, and those have a greatest width."""
_BGM_ID: Final = 1
_VOLUME_STEPS: Final = (100, 82, 64, 46)
"""Volumes that velocities are rounded to: players hear four steps, not more."""


@dataclass(frozen=True)
class LevelFile:
    """One written level."""

    path: Path
    notes: int
    dlevel: int


@dataclass(frozen=True)
class Bundle:
    """What was written."""

    folder: Path
    zip_path: Path
    levels: dict[str, LevelFile]
    picture_path: Path
    bpm: float
    duration_s: float


@dataclass(frozen=True)
class Music:
    """The recording, block by block.

    Attributes:
        blocks: float32, (n_channels, n), 1 or 2 channels, in order.
        sample_rate: Hz.
        preview_s: Where the preview starts.
    """

    blocks: Iterable[Float32]
    sample_rate: int
    preview_s: float = 0.0


@dataclass(frozen=True)
class Details:
    """What a person may add to a chart; any text.

    Attributes:
        author: Of the chart.
        cover: A picture as found in the file's tags; one that cannot be read is left out.
    """

    author: str = ""
    genre: str = ""
    comment: str = ""
    cover: bytes | None = None

    @property
    def credit(self) -> str:
        """Who made the chart."""
        return f"Chart by {self.author}" if self.author else "Transcribed by Backbeat"


def write_bundle(
    chart_set: ChartSet,
    music: Music,
    *,
    out: Path,
    bgm: Bgm = "reduced",
    details: Details = Details(),
    taken: Collection[Path] = (),
    on_progress: Progress | None = None,
) -> Bundle:
    """Write a playable song folder and its zip.

    Args:
        chart_set: From `make_chart_set`.
        music: The recording.
        out: An existing or new folder; the song gets its own folder in it (`place.py`).
        bgm: What of the recording sounds while playing.
        details: Texts and cover.
        taken: Folders that must not be replaced.
        on_progress: Called with a fraction 0..1 and what is being done.

    Raises:
        DrumsError: The folder cannot be written.
    """
    progress = on_progress or (lambda _fraction, _step: None)
    title = _shown(chart_set.title) or _UNTITLED
    chart_set = replace(chart_set, title=title, artist=_shown(chart_set.artist))
    details = replace(
        details,
        author=_shown(details.author),
        genre=_shown(details.genre),
        comment=_shown(details.comment),
    )
    try:
        out.mkdir(parents=True, exist_ok=True)
        remove_abandoned(out)
        with tempfile.TemporaryDirectory(prefix=WORK_PREFIX, dir=out) as work:
            folder = Path(work) / "new"
            folder.mkdir()
            _write_music(folder, chart_set, music, bgm, progress)
            levels = _fill(folder, chart_set, bgm, details, progress)
            progress(0.95, "packing")
            name = safe_name(f"{chart_set.artist} - {chart_set.title}")
            final = place_for(folder, name=name, out=out, taken=taken)
            packed = _zip(folder, Path(work) / f"{final.name}.zip", name=final.name)
            if final.exists():
                final.rename(Path(work) / "before")
            folder.rename(final)
            zip_path = packed.replace(out / packed.name)
    except OSError as error:
        raise _not_written(out, error) from error
    progress(1.0, "done")
    placed = {label: replace(file, path=final / file.path.name) for label, file in levels.items()}
    bpm, picture = chart_set.tempo.changes[0].bpm, final / PICTURE_FILE
    return Bundle(final, zip_path, placed, picture, bpm, chart_set.duration_s)


def _shown(text: str) -> str:
    """Any text as menus show it."""
    return clean_text(text)[:_LONGEST_TEXT].strip()


def _not_written(out: Path, error: OSError) -> DrumsError:
    return DrumsError(
        f"The chart could not be written to {out}: {error.strerror or error}. "
        "Choose a folder that can be written to, with room for it.",
        code="not_written",
    )


def _write_music(
    folder: Path, chart_set: ChartSet, music: Music, bgm: Bgm, progress: Progress
) -> None:
    """The music, which starts on its bar line, and the preview, in one pass through the file."""
    rate = music.sample_rate
    passage = _Passage(music, progress, chart_set.duration_s)
    blocks: Iterable[Float32] = passage.watched()
    if bgm == "none":
        for _ in blocks:
            pass
    else:
        if bgm == "reduced":
            blocks = reduce_drums(blocks, chart_set.onsets, sample_rate=rate)
        silence = max(0, round(-chart_set.tempo.time_s(chart_set.bgm_bar) * rate))
        with OggWriter(folder / BGM_FILE, rate) as writer:
            for number, block in enumerate(blocks):
                if number == 0:
                    writer.write(np.zeros((len(block), silence), np.float32))
                writer.write(block)
    write_ogg(folder / PREVIEW_FILE, passage.faded(), rate)


class _Passage:
    """Keeps the preview's passage of the blocks that pass by."""

    def __init__(self, music: Music, progress: Progress, duration_s: float) -> None:
        self._music = music
        self._progress = progress
        self._duration = max(1.0, duration_s * music.sample_rate)
        self._kept: list[Float32] = []

    def watched(self) -> Iterable[Float32]:
        """The blocks of the music, at most two channels."""
        rate = self._music.sample_rate
        first = round(self._music.preview_s * rate)
        last, at = first + int(PREVIEW_S * rate), 0
        for block in self._music.blocks:
            block = block[:2]
            part = block[:, max(0, first - at) : max(0, last - at)]
            if part.size:
                self._kept.append(part.copy())
            at += block.shape[1]
            self._progress(0.7 * min(1.0, at / self._duration), "encoding the music")
            yield block

    def faded(self) -> Float32:
        """The passage, with fades."""
        passage = np.concatenate(self._kept or [np.zeros((1, 1), np.float32)], axis=1)
        fade = min(int(_FADE_S * self._music.sample_rate), passage.shape[1] // 2)
        if fade:
            ramp = np.linspace(0, 1, fade, dtype=np.float32)
            passage[:, :fade] *= ramp
            passage[:, -fade:] *= ramp[::-1]
        return passage


def _fill(
    folder: Path, chart_set: ChartSet, bgm: Bgm, details: Details, progress: Progress
) -> dict[str, LevelFile]:
    progress(0.7, "making the drum sounds")
    drums = sorted({note.drum for level in chart_set.levels for note in level.notes})
    for drum in drums:
        write_ogg(folder / f"{drum}.ogg", render_hit(drum, sample_rate=44100)[np.newaxis], 44100)
    image = _write_cover(folder, details.cover)
    progress(0.85, "writing the levels")
    files: dict[str, LevelFile] = {}
    for level in chart_set.levels:
        path = folder / f"{level.level.lower()}.dtx"
        chart = to_dtx(chart_set, level, details=details, with_bgm=bgm != "none", preimage=image)
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


def to_dtx(
    chart_set: ChartSet,
    level: LevelChart,
    *,
    details: Details = Details(),
    with_bgm: bool = True,
    preimage: str = "",
) -> DtxChart:
    """One level as the value that the writer takes."""
    wavs = {(BGM_FILE, 100): _BGM_ID} if with_bgm else {}
    chips = [Chip(chart_set.bgm_bar, 0, spec.BGM, _BGM_ID)] if with_bgm else []
    for note in level.notes:
        if note.drum not in spec.CHANNEL_OF:
            continue
        sound = (f"{note.drum}.ogg", _volume(note.velocity))
        number = wavs.setdefault(sound, len(wavs) + 1)
        chips.append(Chip(note.bar, note.tick, spec.CHANNEL_OF[note.drum], number))
    if max((chip.bar for chip in chips), default=0) > spec.LAST_BAR:
        raise DtxError(
            f"A chart holds {spec.LAST_BAR + 1} bars; this recording has more.", code="too_long"
        )
    return DtxChart(
        title=chart_set.title,
        artist=chart_set.artist,
        dlevel=level.dlevel,
        tempo=replace(chart_set.tempo, start_s=0.0),
        wavs=tuple(Wav(number, file, volume) for (file, volume), number in wavs.items()),
        chips=chips_sorted(chips),
        comment=details.comment or f"{level.level}. {details.credit}",
        genre=details.genre,
        preview=PREVIEW_FILE,
        preimage=preimage,
    )


def _volume(velocity: float) -> int:
    """The step nearest to a velocity; a chip is never inaudible."""
    return min(_VOLUME_STEPS, key=lambda step: abs(step - (30 + 70 * velocity)))


def _write_cover(folder: Path, cover: bytes | None) -> str:
    """The cover as a JPEG of the size that song menus show; its name, or "" without one."""
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
