"""Songs given on the command line: audio files, or tracks of the library."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from backbeat.terminal import give_up


@dataclass(frozen=True)
class GivenSong:
    """A song given on the command line.

    Attributes:
        track_id: Its id, where it is a track of the library.
    """

    path: Path
    track_id: int | None


def song_named(name: str) -> GivenSong:
    """Return the file of this path, else the file of the track with this name."""
    if not name.strip():
        give_up("An empty name is no song. Give an audio file, or the name of a track.")
    path = Path(name).expanduser()
    if path.is_file():
        return _song_at(path)
    if path.is_dir() or (os.sep in name and path.parent.is_dir()):
        give_up(f"There is no audio file {name}. Give one file, or the name of a track.")

    from indexer.charts.part_files import sound_file

    track_id = track_named(name)[0]
    return GivenSong(sound_file(track_id), track_id)


def songs_in(folder: Path) -> list[GivenSong]:
    """Return the audio files of a folder and its subfolders, sorted by path."""
    from store.vocabulary import AUDIO_SUFFIXES

    folder_path = folder.expanduser()
    if not folder_path.is_dir():
        give_up(f"There is no folder {folder}.")
    files = (path for path in folder_path.rglob("*") if path.suffix.lower() in AUDIO_SUFFIXES)
    found = sorted(path for path in files if path.is_file())
    if not found:
        give_up(f"There are no audio files in {folder}.")
    return [_song_at(path) for path in found]


def track_named(name: str) -> tuple[int, str]:
    """Return the id and the name of the track with this name."""
    from store.database import db
    from store.search import name_search

    db.upgrade()
    matches = name_search.resolve_track(name)
    if not matches:
        give_up(f"“{name}” is neither an audio file nor a track of the library.")
    best, *others = matches
    if best.score < 80 or (others and others[0].score > best.score - 2):
        names = "\n".join(f"  {m.name} – {m.artist or ''}" for m in matches)
        give_up(f"I do not know which track “{name}” is. Did you mean\n{names}")
    return best.id, best.name


def _song_at(path: Path) -> GivenSong:
    """Return a file, with the track id where it is in the library."""
    from store.database import db
    from store.library import track_files
    from store.settings import StoreSettings

    if not StoreSettings().database.is_file():
        return GivenSong(path, None)
    db.upgrade()
    file = track_files.find_by_path(path.absolute()) or track_files.find_by_path(path.resolve())
    return GivenSong(path, file.track_id if file else None)
