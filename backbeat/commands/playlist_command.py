"""`backbeat playlist` and `export`: saved playlists."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from backbeat.terminal import console, give_up, notes, track_table, use_data_folder
from prompts import FALLBACK

DataOption = Annotated[Path | None, typer.Option("--data", help="Folder of Backbeat's data.")]


def playlist(
    name: Annotated[
        str | None, typer.Argument(help="Name of a playlist, or “last”; all of them without it.")
    ] = None,
    delete: Annotated[bool, typer.Option("--delete", help="Delete it.")] = False,
    data: DataOption = None,
) -> None:
    """List the saved playlists, or show one with the reason for each step."""
    from store.database import db
    from store.playlists import playlist_reading, playlist_writing
    from tools.base import ToolContext
    from tools.saved_playlists.filling import opened

    use_data_folder(data)
    db.upgrade()
    if name is None:
        for each in playlist_reading.playlists():
            about = f"{each.tracks} tracks, {each.duration_s / 60:.0f} min"
            console.print(f"{escape(each.name)}  [dim]{about}[/dim]")
        return
    found = playlist_reading.playlist_asked(name)
    if found is None:
        give_up(f"There is no playlist “{name}”. `backbeat playlist` lists them.")
    if delete:
        playlist_writing.delete_playlist(found.id)
        console.print(f"Deleted {escape(found.name)}.")
        return
    found = opened(found, ToolContext())
    console.print(f"[bold]{escape(found.name)}[/bold]  [dim]{found.duration_s / 60:.0f} min[/dim]")
    rows = [
        {"title": e.track.title, "artist": e.track.artist, "bpm": e.track.bpm,
         "camelot": e.track.camelot, "moods": e.track.moods, "reason": e.reason, "locked": e.locked}
        for e in found.entries
    ]  # fmt: skip
    console.print(track_table(rows, reasons=True))
    _print_away([entry.track.id for entry in found.entries])


def export(
    name: Annotated[str, typer.Argument(help="Name of a playlist.")] = "last",
    format: Annotated[
        str, typer.Option(help="m3u8, xspf, nsp (Navidrome), rekordbox or csv.")
    ] = "m3u8",
    out: Annotated[Path | None, typer.Option(help="Folder to write into; here without it.")] = None,
    root_map: Annotated[
        str | None,
        typer.Option(
            help="The music folder as another machine names it, such as /Volumes/Music or "
            "“D:\\Music” (or HERE=THERE); remembered for later exports. “” forgets it."
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace a file that has more tracks.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Write a playlist as a file for players, Navidrome, rekordbox or a spreadsheet."""
    from store.database import db
    from store.playlists import playlist_reading
    from store.tracks.track_details import parts_among
    from tools.export_playlist import NO_PARTS, export_bytes
    from tools.exports.export_files import write_export
    from tools.exports.root_map import remember, remembered

    use_data_folder(data)
    db.upgrade()
    if root_map is not None:
        remember(root_map)
    found = playlist_reading.playlist_asked(name)
    if found is None:
        give_up(f"There is no playlist “{name}”. `backbeat playlist` lists them.")
    folder = (out or Path()).expanduser().absolute()
    folder.mkdir(parents=True, exist_ok=True)
    file_name, _, content = export_bytes(found.id, format, beside=folder)
    gone = playlist_reading.hidden_entries(found.id)
    written = write_export(folder / file_name, content, incomplete=gone > 0, replace=replace)
    console.print(str(written.path), markup=False, soft_wrap=True)
    if mapped := remembered():
        notes.print(f"Its paths are those of another machine: {escape(mapped.there)}")
    _print_away([entry.track.id for entry in found.entries])
    parts = parts_among([entry.track.id for entry in found.entries])
    if parts and format in NO_PARTS:
        notes.print(f"{len(parts)} tracks are parts of long files; {format} names the whole files.")
    if gone:
        notes.print(f"{gone} tracks of the playlist were deleted and are left out.")
    if written.kept:
        about = f"{escape(written.kept.name)} with its {written.kept_entries} tracks"
        notes.print(f"{about} stays as it is; --replace replaces it.")


def _print_away(track_ids: list[int]) -> None:
    from tools.library.away_note import away_note

    if note := away_note(FALLBACK, track_ids):
        notes.print(f"[yellow]{escape(note)}[/yellow]")
