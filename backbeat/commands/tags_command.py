"""`backbeat tags`: write analysis results into the files' tags, and undo it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.markup import escape

from backbeat.terminal import console, give_up, notes, use_data_folder

if TYPE_CHECKING:
    from indexer.files.tags.tag_fields import Field
    from indexer.files.tags.tag_writing import TagChange
    from indexer.ingest.library_tags import TagOutcome

app = typer.Typer(help="Results in the files' own tags, for other players.", no_args_is_help=True)
DatesOption = Annotated[
    bool, typer.Option("--keep-dates", help="Files keep the time of their last change.")
]
DataOption = Annotated[Path | None, typer.Option("--data", help="Folder of Backbeat's data.")]


@app.command()
def write(
    place: Annotated[
        Path | None, typer.Argument(help="A folder or a file; the whole library without it.")
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Write. Without it you only see what would change.")
    ] = False,
    fields: Annotated[
        str, typer.Option(help="Which, with commas: bpm, key, mood, gain, peak.")
    ] = "bpm,key,mood,gain,peak",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Also where a file says something else already.")
    ] = False,
    sure: Annotated[
        float, typer.Option(min=0, max=1, help="Tempo and key only with this confidence, 0..1.")
    ] = 0.9,
    keep_dates: DatesOption = False,
    data: DataOption = None,
) -> None:
    """Write tempo, key, moods and ReplayGain into the tags; `backbeat tags undo` takes it back.

    What a file says already stays, and the audio is never touched.
    """
    from indexer.files.tags.tag_fields import FIELDS
    from indexer.ingest.library_tags import write_library_tags
    from store.database import db
    from store.tracks.measured_tracks import common_folder

    use_data_folder(data)
    chosen: list[Field] = [field for field in FIELDS if field in _named(fields)]
    if len(chosen) != len(_named(fields)):
        give_up(f"Choose fields from {', '.join(FIELDS)}.")
    db.upgrade()
    under = place.expanduser().absolute() if place else None
    outcomes = write_library_tags(
        under,
        fields=chosen,
        overwrite=overwrite,
        min_confidence=sure,
        apply=apply,
        keep_dates=keep_dates,
    )
    found = _print_outcomes(outcomes, common_folder())
    if not found.seen:
        _nothing_there(under)
    _summarise(found, sure, applied=apply)


@dataclass
class _Counts:
    """How many files were seen, changed, could not be tagged, and have unsure values."""

    seen: int = 0
    changed: int = 0
    failed: int = 0
    unsure: int = 0


def _print_outcomes(outcomes: Iterable[TagOutcome], library: Path | None) -> _Counts:
    """Print what was done, and count it."""
    counts = _Counts()
    for outcome in outcomes:
        counts.seen += 1
        counts.failed += outcome.error is not None
        counts.changed += bool(outcome.changes)
        counts.unsure += bool(outcome.unsure)
        if outcome.error is not None:
            notes.print(f"[red]{escape(str(outcome.path))}: {escape(outcome.error)}[/red]")
        elif outcome.changes:
            _show(outcome.path, outcome.changes, library)
    return counts


@app.command()
def undo(keep_dates: DatesOption = False, data: DataOption = None) -> None:
    """Take back the last `backbeat tags write --apply`."""
    from indexer.ingest import library_tags
    from store.database import db

    use_data_folder(data)
    db.upgrade()
    journal = library_tags.last_run()
    if journal is None:
        give_up("Nothing was written that could be undone.")
    files = list(library_tags.undo(journal, keep_dates=keep_dates))
    others = [file for file in files if not file.restored]
    for file in others:
        why = file.error or "changed since; left as it is"
        notes.print(f"{escape(str(file.path))}: {escape(why)}")
    console.print(f"{_files(len(files) - len(others))} as before.")
    if others:
        notes.print(
            f"{_files(len(others))} could not be undone. What was there before is kept: run "
            f"backbeat tags undo again once that is mended, or delete {escape(str(journal))}."
        )
        raise typer.Exit(1)


@app.command()
def letters(
    place: Annotated[
        Path | None, typer.Argument(help="A folder or a file; the whole library without it.")
    ] = None,
    read_as: Annotated[
        str | None,
        typer.Option(
            help="Code page of the texts there (cp1251, shift_jis …), as-is, or auto again."
        ),
    ] = None,
    data: DataOption = None,
) -> None:
    """Show texts that were read in another code page than the tags say, or set the code page.

    The files stay as they are.
    """
    from indexer.ingest import tag_letters
    from store.database import db
    from store.tracks.text_encodings import repaired_tags

    use_data_folder(data)
    db.upgrade()
    under = place.expanduser().absolute() if place else None
    if read_as is None:
        found = repaired_tags(under)
        for path, one in found:
            said = f"{one.name}: {one.original} ({one.codec})"
            console.print(f"{escape(str(path))}\n  {escape(said)}", soft_wrap=True)
        console.print(f"{len(found)} {'text' if len(found) == 1 else 'texts'} put right.")
        return
    if under is None:
        give_up("Say which folder or file: backbeat tags letters FOLDER --read-as cp1251")
    try:
        files = tag_letters.read_as(under, read_as)
    except tag_letters.CodePageError as error:
        give_up(str(error))
    for path, why in files.failed:
        notes.print(f"{escape(str(path))}: {escape(why)}")
    if not files.read and not files.failed:
        _nothing_there(under)
    console.print(f"{_files(files.read)} read again.")


def _named(fields: str) -> set[str]:
    return {name.strip().lower() for name in fields.replace(" ", ",").split(",") if name.strip()}


def _show(path: Path, changes: tuple[TagChange, ...], library: Path | None) -> None:
    """Print the changes of one file, with its path inside the library."""
    name = path.relative_to(library) if library and path.is_relative_to(library) else path
    console.print(f"[bold]{escape(str(name))}[/bold]", soft_wrap=True)
    for change in changes:
        was = f"{', '.join(change.old)} → " if change.old else ""
        console.print(f"  {change.field:<5} {escape(was)}{escape(', '.join(change.new))}")


def _nothing_there(under: Path | None) -> NoReturn:
    folder = under if under and under.is_dir() else "FOLDER"
    where = under or "the library"
    give_up(f"No analysed track lies in {where}. Run backbeat index {folder} first.")


def _summarise(found: _Counts, sure: float, *, applied: bool) -> None:
    changed, failed = found.changed, found.failed
    if found.unsure:
        console.print(
            f"Of {_files(found.unsure)} the tempo or the key is less sure than {sure:g} and left "
            "out; --sure 0.5 takes more."
        )
    if applied and changed:
        console.print(f"{_files(changed)} tagged. Take it back with: backbeat tags undo")
    elif changed:
        console.print(f"{_files(changed)} to tag. Write with: backbeat tags write --apply")
    elif not failed:
        console.print("Every file says already what was measured.")
    if failed:
        console.print(f"{_files(failed)} could not be tagged.")
        raise typer.Exit(1)


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"
