"""Training clips of the corrected songs, in a cache folder of the training.

The files of a song are `song-corrected-NUMBER-CHECKSUM-….npz` and an empty `….done`. The checksum
covers the recording, the corrected chart and the network, so that a song is cut again after a
change of any of them.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from indexer.charts.options import OnProgress, ignore_progress
from indexer.charts.stored_corrections import corrected_song
from indexer.drums.corrections.clip_format import SONG, clip_folder, save_clip
from indexer.drums.corrections.correction import CorrectedSong
from indexer.drums.corrections.cut_clips import clips_of
from indexer.drums.hearing.mel import SAMPLE_RATE
from indexer.drums.hearing.network import MODEL, Network
from indexer.drums.types import DrumsError
from indexer.files.audio.audio_types import AudioError
from indexer.files.audio.decoding import decode
from store.charts.chart_corrections import CorrectionDetail
from store.charts.current_charts import newest_corrections
from store.results import StoreError

_NOT_CUT: Final = "It is too long, or too short, to be cut."


@dataclass(frozen=True)
class CutReport:
    """Result of cutting the corrected songs.

    Attributes:
        made: Number of a correction that was cut now → its number of clips, or why there are none.
        numbers: Of all corrections that could be read.
    """

    made: Mapping[int, int | str]
    numbers: Sequence[int]


def cut_corrections(
    cache: Path,
    *,
    on_error: Callable[[CorrectionDetail, str], None],
    on_progress: OnProgress = ignore_progress,
) -> CutReport:
    """Cut the newest corrections of the library into clips.

    Args:
        cache: Holds the clips; of one library.
        on_error: Gets each correction that cannot be read now, and why; its clips stay.
        on_progress: Gets a fraction 0..1 and the name of the current file.
    """
    songs, missing = [], set()
    for correction in newest_corrections():
        try:
            songs.append(corrected_song(correction))
        except (DrumsError, StoreError) as error:
            missing.add(correction.id)
            on_error(correction, str(error))
    made = cut_songs(songs, cache, missing=missing, on_progress=on_progress)
    return CutReport(made, [song.number for song in songs])


def cut_songs(
    songs: Sequence[CorrectedSong],
    cache: Path,
    *,
    missing: Collection[int] = (),
    on_progress: OnProgress = ignore_progress,
) -> dict[int, int | str]:
    """Cut corrected songs into clips, those that are cut already excepted; remove stale clips.

    Args:
        songs: All current ones. Clips of others, and of these before they changed, are removed.
        cache: Holds the clips; of one library.
        missing: Numbers of corrections that cannot be read now: their clips stay.
        on_progress: Gets a fraction 0..1 and the name of the current file.

    Returns:
        Number of a correction that was cut now → its number of clips, or why there are none.
    """
    folder = clip_folder(cache, "train")
    folder.mkdir(parents=True, exist_ok=True)
    checksum = zlib.crc32(MODEL.read_bytes())
    names = {_name(song, checksum): song for song in songs}
    _remove_stale(folder, names, missing)
    made: dict[int, int | str] = {}
    network = Network()
    for count, (name, song) in enumerate(names.items()):
        on_progress(count / len(names), song.path.name)
        if (folder / f"{name}.done").exists():
            continue
        try:
            made[song.number] = _cut_song(song, folder / name, network) or _NOT_CUT
        except AudioError as error:
            made[song.number] = str(error)
    return made


def _cut_song(song: CorrectedSong, prefix: Path, network: Network) -> int:
    """Write the clips of a song and its `.done`; return how many there are."""
    clips: list[dict[str, np.ndarray]] = []
    audio = decode(song.path, sample_rate=SAMPLE_RATE)
    if not audio.excerpted:
        clips = clips_of(audio.samples, song.onsets, network)
    for number, clip in enumerate(clips):
        save_clip(prefix.with_name(f"{prefix.name}-{number}.npz"), clip)
    prefix.with_name(f"{prefix.name}.done").touch()
    return len(clips)


def _name(song: CorrectedSong, network: int) -> str:
    """Return the prefix of a song's files, for the checksum of a network."""
    content = repr((song.recording, song.onsets, network)).encode()
    return f"{SONG}corrected-{song.number}-{zlib.crc32(content):08x}"


def _remove_stale(folder: Path, names: Collection[str], missing: Collection[int]) -> None:
    for file in folder.glob(f"{SONG}corrected-*-*"):
        parts = file.stem.split("-")
        if "-".join(parts[:4]) not in names and parts[2] not in map(str, missing):
            file.unlink()
