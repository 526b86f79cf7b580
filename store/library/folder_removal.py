"""A music folder that is left for another one."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import delete
from sqlmodel import col

from store.database.db import rows, write
from store.library import track_files
from store.paths import encode_path
from store.tables.jobs import Job


def leave_folder(folder: Path) -> int:
    """Hide the tracks of a folder, and forget what waits there; return how many tracks.

    When the folder is indexed again, its tracks are back as they were.
    """
    known = track_files.known_files(under=folder)
    track_files.mark_missing([number for file in known.values() for number in file.track_ids])
    inside = encode_path(folder).rstrip("/") + "/"
    of_folder = delete(Job).where(
        col(Job.kind) == "analyse",
        col(Job.state) != "running",
        col(Job.key).startswith(inside, autoescape=True),
    )
    with write() as session:
        rows(session, of_folder)
    return len(known)
