"""The sound of a track as a file: its own, or a copy of its part of a long file."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

from indexer.files.audio.cutting import cut
from store.settings import StoreSettings
from store.tracks.track_details import track_sound

_KEPT: Final = 10
"""Copies, of some 30 MB each."""


def sound_file(track_id: int) -> Path:
    """Return a file with the sound of a track and no other; a part is cut out when it is needed.

    Raises:
        StoreError: The track or its file is not there.
        AudioError: The part cannot be cut out.
    """
    sound = track_sound(track_id)
    if not sound.is_part:
        return sound.path
    folder = StoreSettings().folder / "parts"
    folder.mkdir(exist_ok=True)
    stamp = sound.path.stat().st_mtime_ns
    copy = folder / f"{track_id}-{stamp}-{sound.start_s:.3f}-{sound.end_s or 0:.3f}.flac"
    if not copy.exists():
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as half:
            unfinished = Path(half.name)
        cut(sound.path, unfinished, start_s=sound.start_s, end_s=sound.end_s)
        unfinished.replace(copy)
        _delete_oldest(folder)
    os.utime(copy)
    return copy


def _delete_oldest(folder: Path) -> None:
    copies = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime, reverse=True)
    for copy in copies[_KEPT:]:
        copy.unlink(missing_ok=True)
