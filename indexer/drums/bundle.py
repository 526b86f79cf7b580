"""A set of charts → a folder that the game plays, and a zip of it beside it."""

from __future__ import annotations

import io
import re
import shutil
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import soundfile
from numpy.typing import NDArray

from indexer.drums.dtx import spec
from indexer.drums.dtx.encode import chips_sorted, encode
from indexer.drums.dtx.setdef import SetDef, encode_setdef
from indexer.drums.dtx.types import Chip, DtxChart, DtxError, Wav
from indexer.drums.kit import render_hit
from indexer.drums.picture import draw_png
from indexer.drums.types import ChartSet, DrumsError, LevelChart

Float = NDArray[np.float32]
Progress = Callable[[float, str], None]

BGM_FILE, PREVIEW_FILE, SET_FILE, PICTURE_FILE = "bgm.ogg", "preview.ogg", "SET.def", "picture.png"
PREVIEW_S: Final = 20.0
_FADE_S: Final = 1.0
_BGM_ID: Final = 1
_VOLUME_STEPS: Final = (100, 82, 64, 46)
"""Volumes that velocities are rounded to: players hear four steps, not more."""
_QUALITY: Final = 0.6
"""Vorbis quality (0..1); about 190 kbit/s in stereo."""
_WRITE_FRAMES: Final = 1 << 16
"""The Vorbis encoder of libsndfile overflows its stack on longer blocks."""
_NAME_LENGTH: Final = 60


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


def write_bundle(
    chart_set: ChartSet,
    bgm: Float,
    *,
    sample_rate: int,
    out: Path,
    cover: bytes | None = None,
    on_progress: Progress | None = None,
) -> Bundle:
    """Write a playable song folder and its zip.

    Args:
        chart_set: From `make_chart_set`.
        bgm: float32, (n_channels, n_samples) or (n_samples,): the recording, 1 or 2 channels.
        sample_rate: Of `bgm`, Hz.
        out: An existing or new folder; the song gets its own folder in it, replacing an older
            one of that name.
        cover: An image as found in the file's tags; one that cannot be read is left out.
        on_progress: Called with a fraction 0..1 and what is being done.

    Raises:
        DrumsError: The folder cannot be written.
    """
    progress = on_progress or (lambda _fraction, _step: None)
    stereo = np.atleast_2d(bgm)[:2]
    name = safe_name(f"{chart_set.artist} - {chart_set.title}")
    final = out / name
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".bundle-", dir=out) as work:
            folder = Path(work) / name
            folder.mkdir()
            levels = _fill(folder, chart_set, stereo, sample_rate, cover, progress)
            progress(0.95, "packing")
            packed = _zip(folder, Path(work) / f"{name}.zip")
            if final.exists():
                shutil.rmtree(final)
            folder.rename(final)
            zip_path = packed.replace(out / packed.name)
    except OSError as error:
        raise DrumsError(
            f"The chart could not be written to {out}: {error.strerror or error}. "
            "Choose a folder that can be written to, with room for it."
        ) from error
    progress(1.0, "done")
    return Bundle(
        folder=final,
        zip_path=zip_path,
        levels={
            label: replace(level, path=final / level.path.name) for label, level in levels.items()
        },
        picture_path=final / PICTURE_FILE,
        bpm=chart_set.tempo.changes[0].bpm,
        duration_s=chart_set.duration_s,
    )


def safe_name(text: str) -> str:
    """A file name that every system takes: ASCII letters, digits, `-_ `; "song" if none stay."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:_NAME_LENGTH].strip("-")
    return plain if re.search("[A-Za-z0-9]", plain) else "song"


def _fill(
    folder: Path,
    chart_set: ChartSet,
    stereo: Float,
    sample_rate: int,
    cover: bytes | None,
    progress: Progress,
) -> dict[str, LevelFile]:
    progress(0.0, "encoding the music")
    write_ogg(folder / BGM_FILE, _padded(chart_set, stereo, sample_rate), sample_rate)
    progress(0.6, "cutting the preview")
    write_ogg(folder / PREVIEW_FILE, preview(chart_set, stereo, sample_rate), sample_rate)
    progress(0.7, "making the drum sounds")
    drums = sorted({note.drum for level in chart_set.levels for note in level.notes})
    for drum in drums:
        write_ogg(folder / f"{drum}.ogg", render_hit(drum, sample_rate=44100)[np.newaxis], 44100)
    image = _write_cover(folder, cover)
    progress(0.85, "writing the levels")
    files: dict[str, LevelFile] = {}
    for level in chart_set.levels:
        path = folder / f"{level.level.lower()}.dtx"
        path.write_bytes(encode(to_dtx(chart_set, level, preimage=image)))
        files[level.level] = LevelFile(path, len(level.notes), level.dlevel)
    definition = SetDef(chart_set.title, {k: v.path.name for k, v in files.items()})
    (folder / SET_FILE).write_bytes(encode_setdef(definition))
    progress(0.9, "drawing")
    (folder / PICTURE_FILE).write_bytes(draw_png(chart_set))
    return files


def to_dtx(chart_set: ChartSet, level: LevelChart, *, preimage: str = "") -> DtxChart:
    """One level as the value that the writer takes."""
    wavs = {(BGM_FILE, 100): _BGM_ID}
    chips = [Chip(chart_set.bgm_bar, 0, spec.BGM, _BGM_ID)]
    for note in level.notes:
        if note.drum not in spec.CHANNEL_OF:
            continue
        sound = (f"{note.drum}.ogg", _volume(note.velocity))
        number = wavs.setdefault(sound, len(wavs) + 1)
        chips.append(Chip(note.bar, note.tick, spec.CHANNEL_OF[note.drum], number))
    if max(chip.bar for chip in chips) > spec.LAST_BAR:
        raise DtxError(f"A chart holds {spec.LAST_BAR + 1} bars; this recording is longer.")
    return DtxChart(
        title=chart_set.title,
        artist=chart_set.artist,
        dlevel=level.dlevel,
        tempo=replace(chart_set.tempo, start_s=0.0),
        wavs=tuple(Wav(number, file, volume) for (file, volume), number in wavs.items()),
        chips=chips_sorted(chips),
        comment=f"{level.level}, transcribed from the recording",
        preview=PREVIEW_FILE,
        preimage=preimage,
    )


def _volume(velocity: float) -> int:
    """The step nearest to a velocity; a chip is never inaudible."""
    return min(_VOLUME_STEPS, key=lambda step: abs(step - (30 + 70 * velocity)))


def _padded(chart_set: ChartSet, stereo: Float, sample_rate: int) -> Float:
    """The recording with silence before it, so that it starts on its bar line."""
    silence_s = -chart_set.tempo.time_s(chart_set.bgm_bar)
    silence = max(0, round(silence_s * sample_rate))
    return np.pad(stereo, ((0, 0), (silence, 0)))


def preview(chart_set: ChartSet, stereo: Float, sample_rate: int) -> Float:
    """A passage of about 20 s as busy and loud as the song's fuller parts, with fades."""
    length = min(stereo.shape[1], int(PREVIEW_S * sample_rate))
    starts_s = np.arange(0, max(chart_set.duration_s - PREVIEW_S, 0) + 1e-9, 1.0)
    times = np.array([o.time_s for o in chart_set.onsets])
    power = np.concatenate([[0.0], np.cumsum(np.square(stereo[0], dtype=np.float64))])
    last = power.size - 1
    begin = np.minimum((starts_s * sample_rate).astype(int), last)
    loud = power[np.minimum(begin + length, last)] - power[begin]
    busy = np.searchsorted(times, starts_s + PREVIEW_S) - np.searchsorted(times, starts_s)
    score = loud / (loud.max() + 1e-12) + busy / (busy.max() + 1e-12)
    wanted = np.quantile(score, 0.85)
    start = int(begin[int(np.argmin(np.abs(score - wanted)))])
    passage = stereo[:, start : start + length].copy()
    fade = min(int(_FADE_S * sample_rate), passage.shape[1] // 2)
    if fade:
        ramp = np.linspace(0, 1, fade, dtype=np.float32)
        passage[:, :fade] *= ramp
        passage[:, -fade:] *= ramp[::-1]
    return passage


def write_ogg(path: Path, samples: Float, sample_rate: int) -> None:
    """Write float32 (n_channels, n_samples) as Ogg Vorbis, in blocks."""
    with soundfile.SoundFile(
        path,
        "w",
        samplerate=sample_rate,
        channels=samples.shape[0],
        format="OGG",
        subtype="VORBIS",
        compression_level=1 - _QUALITY,
    ) as file:
        for start in range(0, samples.shape[1], _WRITE_FRAMES):
            file.write(np.clip(samples[:, start : start + _WRITE_FRAMES].T, -1, 1))


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


def _zip(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            stored = file.suffix in (".ogg", ".png", ".jpg")
            kind = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.write(file, f"{folder.name}/{file.name}", compress_type=kind)
    return path
