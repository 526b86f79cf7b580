"""`backbeat backup` and `backbeat restore`: the data folder as one file, and back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from backbeat.terminal import console, notes, use_data_folder

DataOption = Annotated[Path | None, typer.Option("--data", help="Folder of Backbeat's data.")]


def backup(
    target: Annotated[
        Path | None,
        typer.Argument(help="The zip file, or a folder for it. Default: here, named by the date."),
    ] = None,
    data: DataOption = None,
) -> None:
    """Write library, playlists, charts, users and settings to one file. Backbeat may run."""
    from store.backup import back_up
    from store.settings import StoreSettings

    use_data_folder(data)
    target = Path.cwd() if target is None else target.expanduser().absolute()
    if target.is_dir():
        target /= f"backbeat-{datetime.now():%Y-%m-%d-%H%M%S}.zip"
    with notes.status("Copying the database …") as status:
        made = back_up(
            StoreSettings().folder, target, done=lambda name: status.update(escape(name))
        )
    console.print(str(target), markup=False, soft_wrap=True)
    notes.print(
        f"{made.tracks} tracks, {made.files} files, {made.size_bytes / 1e6:.1f} MB. "
        "Music files are not in it. Keep it private: it holds the hashes of passwords."
    )


def restore(
    source: Annotated[Path, typer.Argument(help="A file that `backbeat backup` wrote.")],
    data: DataOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put a backup in the place of the library; what was there is kept in the data folder."""
    from store import backup as backups
    from store.diagnosis import rebuild_vectors
    from store.settings import StoreSettings

    use_data_folder(data)
    folder = StoreSettings().folder
    found = backups.read_backup(source)
    notes.print(f"A backup of {escape(found.made_at)} with {found.tracks} tracks.")
    if not yes:
        typer.confirm(f"Replace what is in {folder}?", abort=True, err=True)
    kept = backups.restore(source, folder)
    notes.print(f"Rebuilt {rebuild_vectors()} vectors.")
    console.print(f"Restored {found.tracks} tracks in {escape(str(folder))}.", soft_wrap=True)
    if kept:
        notes.print(f"What was there is in {escape(str(kept))}.", soft_wrap=True)
