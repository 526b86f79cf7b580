"""Which tracks are away, in a sentence: their folder cannot be seen, and is expected back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from store.jobs.library_status import read_progress
from store.paths import shown_path
from store.tracks.away_tracks import away_folders
from tools.text.untrusted import shown
from tools.text.words import Language, listed, say_count

FOLDERS_SAID: Final = 3


def away_facts() -> list[dict[str, Any]]:
    """Return the folders that cannot be seen by number, name and tracks, the most tracks first."""
    return [
        {"id": each.id, "folder": folder_name(each.path), "tracks": each.tracks}
        for each in away_folders()
    ]


def away_note(language: Language, track_ids: Sequence[int] | None = None) -> str:
    """Return how many tracks are away and why; "" where none is.

    Args:
        language: Of the sentence.
        track_ids: Only these tracks; None for the whole library.
    """
    folders = away_folders(track_ids)
    if not folders:
        return ""
    names = [folder_name(each.path) for each in folders[:FOLDERS_SAID]]
    if more := len(folders) - len(names):
        names.append(say_count(language, "groups.others", more))
    where = say_count(language, "away.where", len(folders), folders=listed(language, names))
    total = read_progress().tracks if track_ids is None else len(set(track_ids))
    away = sum(each.tracks for each in folders)
    return say_count(language, "away.tracks", away, total=total, where=where)


def folder_name(path: str) -> str:
    """The last part of a folder's path, as it can be shown: the house need not know the rest."""
    return shown(shown_path(path).rstrip("/").rpartition("/")[2])
