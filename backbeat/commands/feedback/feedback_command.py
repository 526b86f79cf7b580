"""`backbeat feedback`: what a person said of tracks: list, edit, delete, export, import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from backbeat.terminal import console, give_up, notes, use_data_folder

app = typer.Typer(
    help="Likes, stars, moods that fit or not, and corrections.", no_args_is_help=True
)
DataOption = Annotated[Path | None, typer.Option("--data", help="Folder of Backbeat's data.")]
PersonOption = Annotated[
    str | None, typer.Option("--person", help="Whose; the owner's without it.")
]
NameArgument = Annotated[str, typer.Argument(help="As the list names it, such as like@12.")]


@app.command("list")
def list_feedback(
    plays: Annotated[bool, typer.Option("--plays", help="Also full plays and skips.")] = False,
    person: PersonOption = None,
    data: DataOption = None,
) -> None:
    """List what was said, the newest first."""
    from store.people.given_feedback import given_feedback
    from store.tracks.track_details import track_rows
    from tools.tracks.track_facts import label

    found = given_feedback(_person(person, data), with_plays=plays)
    names = {
        row.id: label(row.title, row.artist) for row in track_rows([f.track_id for f in found])
    }
    for one in found:
        title = escape(names.get(one.track_id, "?"))
        when = f"{one.created_at:%Y-%m-%d}"
        console.print(
            f"{escape(one.name)}  {escape(one.value)}  {title}  [dim]{when}[/dim]", soft_wrap=True
        )
    if not found:
        notes.print("Nothing was said yet. Say “I like this” or “this isn't relaxed” in the chat.")


@app.command()
def edit(
    name: NameArgument,
    value: Annotated[str, typer.Argument(help="What is right: fits, not, 4, country, 87 …")],
    person: PersonOption = None,
    data: DataOption = None,
) -> None:
    """Say something else than before."""
    from store.people.given_feedback import give

    owner = _person(person, data)
    give(owner, *_named(name, owner), value)
    console.print(f"{escape(name)}  {escape(value)}")


@app.command()
def delete(name: NameArgument, person: PersonOption = None, data: DataOption = None) -> None:
    """Take it back; a corrected value is again what file and analysis say."""
    from store.people.given_feedback import give

    owner = _person(person, data)
    give(owner, *_named(name, owner), None)
    console.print(f"Taken back: {escape(name)}.")


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Folder to write into.")] = Path(),
    person: PersonOption = None,
    data: DataOption = None,
) -> None:
    """Write prod_data.csv (what was said, and predicted) and ref_data.csv (the library)."""
    from store.people.feedback_files import PROD_FILE, REF_FILE, export_feedback

    owner = _person(person, data)
    folder.mkdir(parents=True, exist_ok=True)
    given, tracks = export_feedback(owner, folder)
    console.print(f"{folder / PROD_FILE}: {given} pieces of feedback", soft_wrap=True)
    console.print(f"{folder / REF_FILE}: {tracks} tracks", soft_wrap=True)


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A prod_data.csv.")],
    person: PersonOption = None,
    data: DataOption = None,
) -> None:
    """Take over an export; what cannot be taken is said line by line."""
    from store.people.feedback_files import import_feedback

    done = import_feedback(_person(person, data), file)
    console.print(f"{done.taken} pieces of feedback taken.")
    for line in done.skipped:
        notes.print(f"Left out, {escape(line)}", soft_wrap=True)
    if done.skipped:
        raise typer.Exit(1)


def _named(name: str, owner: int) -> tuple[int, str]:
    """Return (track, field) of something that was said."""
    from store.people.given_feedback import given_feedback

    for one in given_feedback(owner, with_plays=True):
        if one.name == name:
            return one.track_id, one.field
    give_up(f"There is no feedback “{name}”. `backbeat feedback list` names it.")


def _person(name: str | None, data: Path | None) -> int:
    from store.database import db
    from store.folding import fold
    from store.people.people import people
    from store.tables.people import OWNER_ID

    use_data_folder(data)
    db.upgrade()
    if name is None:
        return OWNER_ID
    for one in people():
        if fold(one.name) == fold(name):
            return one.id
    give_up(f"There is nobody called “{name}”.")
