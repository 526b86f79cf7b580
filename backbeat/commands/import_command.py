"""`backbeat import`: playlists, likes and stars of other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.markup import escape

from backbeat.terminal import console, give_up, notes, use_data_folder

_MISSING_SHOWN: Final = 100


def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="M3U, XSPF, rekordbox XML, navidrome.db, or replies of OpenSubsonic as .json."
        ),
    ],
    user: Annotated[
        str | None, typer.Option("--user", help="For whom; for the owner without it.")
    ] = None,
    from_user: Annotated[
        str | None, typer.Option("--from-user", help="Whose, where navidrome.db has several users.")
    ] = None,
    data: Annotated[Path | None, typer.Option("--data", help="Folder of Backbeat's data.")] = None,
) -> None:
    """Take over playlists, likes and stars; tracks are found by their paths' ends, or by name."""
    from store.database import db
    from store.people import users
    from store.tables.people import OWNER_ID
    from tools.imports.library_import import import_library, read_foreign
    from tools.saved_playlists.file_reading import PlaylistFileError

    use_data_folder(data)
    db.upgrade()
    found = users.account_named(user) if user else None
    if user and found is None:
        give_up(f"There is no user “{user}”. `backbeat user list` lists them.")
    person = found.person.id if found else OWNER_ID
    for file in files:
        try:
            report = import_library(read_foreign(file, user=from_user), person=person)
        except (PlaylistFileError, OSError) as error:
            give_up(f"{file}: {error}")
        for playlist in report.playlists:
            console.print(f"Playlist “{escape(playlist.name)}”: {playlist.tracks} tracks.")
            _list("not in the library", playlist.missing)
        _list("playlists without any track of the library", report.left_out)
        if report.liked or report.rated or report.missing:
            console.print(f"{report.liked} tracks liked, {report.rated} with stars.")
            _list("not in the library", report.missing)


def _list(what: str, names: tuple[str, ...]) -> None:
    if not names:
        return
    notes.print(f"[yellow]{len(names)} {what}:[/yellow]")
    for name in names[:_MISSING_SHOWN]:
        notes.print(f"  {escape(name)}", highlight=False)
    if len(names) > _MISSING_SHOWN:
        notes.print(f"  … and {len(names) - _MISSING_SHOWN} more")
