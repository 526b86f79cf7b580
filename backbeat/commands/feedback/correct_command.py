"""`backbeat correct`: the right values of tracks and albums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from backbeat.terminal import console, give_up, notes, use_data_folder

DataOption = Annotated[Path | None, typer.Option("--data", help="Folder of Backbeat's data.")]


def correct(
    name: Annotated[
        str | None, typer.Argument(help="A track: title, or “artist - title”; all without it.")
    ] = None,
    values: Annotated[
        list[str] | None, typer.Argument(help="The right values: genre=country bpm=87 key=8A …")
    ] = None,
    album: Annotated[bool, typer.Option("--album", help="NAME is an album.")] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take back: the fields named, or all of them.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Correct title, artist, album, year, genre, bpm or key; list what was corrected.

    A correction outranks the tags and every analysis until it is taken back.
    """
    from store.database import db
    from store.library.corrections import correcting
    from tools.base import ToolContext, ToolError
    from tools.correct_track import meant_tracks

    use_data_folder(data)
    db.upgrade()
    if name is None:
        _list()
        return
    try:
        rows = meant_tracks(ToolContext(), **{"album" if album else "track": name})[0]
    except ToolError as error:
        give_up(str(error))
    given: Mapping[str, str | None]
    if undo:
        given = dict.fromkeys(values or _corrected([row.id for row in rows]))
    else:
        given = _given(values or [])
    if album and "title" in given:
        given = {("album" if field == "title" else field): v for field, v in given.items()}
    if not given:
        give_up("Nothing was corrected." if undo else "Say what is right: genre=country bpm=87 …")
    former = correcting.correct({row.id: given for row in rows})
    _print_changes(rows, given, former)


def _given(values: Sequence[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for text in values:
        field, sign, value = text.partition("=")
        if not sign or not value.strip():
            give_up(f"Expected FIELD=VALUE such as bpm=87, not “{text}”.")
        found[field.strip().lower()] = value
    return found


def _corrected(track_ids: Sequence[int]) -> list[str]:
    from store.library.corrections.correcting import corrections

    return list(dict.fromkeys(one.field for one in corrections(track_ids)))


def _list() -> None:
    from store.library.corrections.correcting import corrections
    from store.tracks.track_details import track_rows
    from tools.tracks.track_facts import label

    found = corrections()
    names = {
        row.id: label(row.title, row.artist) for row in track_rows([c.track_id for c in found])
    }
    for one in found:
        when = f"{one.created_at:%Y-%m-%d}"
        before = _before(one.field, one.predicted)
        console.print(
            f"{escape(names.get(one.track_id, '?'))}  {one.field}: {escape(one.value)}  "
            f"[dim]was {escape(before)}, {when}[/dim]",
            soft_wrap=True,
        )
    if not found:
        notes.print("Nothing was corrected. Correct a track: backbeat correct TITLE genre=country")


def _before(field: str, predicted: Mapping[str, Any]) -> str:
    if field == "genre":
        main = [genre["name"] for genre in predicted.get("genres", ()) if genre["main"]]
        return main[0] if main else "unknown"
    value = predicted.get("camelot_key" if field == "key" else field)
    return "unknown" if value is None else str(value)


def _print_changes(
    rows: Sequence[Any], given: Mapping[str, str | None], former: Mapping[int, Mapping[str, Any]]
) -> None:
    from store.tracks.track_details import track_rows
    from tools.tracks.track_facts import label

    after = {row.id: row for row in track_rows([row.id for row in rows])}
    for row in rows:
        console.print(f"[bold]{escape(label(row.title, row.artist))}[/bold]")
        for field, value in given.items():
            if value is None and former[row.id][field] is None:
                console.print(f"  {field:<7} was not corrected")
                continue
            now = _shown(after[row.id], field)
            console.print(f"  {field:<7} {escape(_shown(row, field))} → {escape(now)}")


def _shown(row: Any, field: str) -> str:
    value = row.camelot if field == "key" else getattr(row, field)
    return "unknown" if value is None else str(value)
