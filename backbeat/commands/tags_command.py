"""`backbeat tags`: results of the analysis written into the files, for other players; and back."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.markup import escape

from backbeat.terminal import console, give_up, notes, use_data_folder

if TYPE_CHECKING:
    from store.tracks.measured_tracks import MeasuredTrack

    from indexer.files.tags.tag_fields import Field, MeasuredTags
    from indexer.files.tags.tag_writing import TagChange

app = typer.Typer(help="Results in the files' own tags, for other players.", no_args_is_help=True)
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
    ] = 0.5,
    data: DataOption = None,
) -> None:
    """Write tempo, key, moods and ReplayGain into the tags; `backbeat tags undo` takes it back.

    What a file says already stays, and the audio is never touched.
    """
    from indexer.files.tags.tag_access import TagError
    from indexer.files.tags.tag_fields import FIELDS
    from indexer.files.tags.tag_journal import TagJournal
    from indexer.files.tags.tag_writing import plan_changes, write_changes
    from store.database import db
    from store.tracks.measured_tracks import common_folder, measured_tracks

    use_data_folder(data)
    chosen: list[Field] = [field for field in FIELDS if field in _named(fields)]
    if len(chosen) != len(_named(fields)):
        give_up(f"Choose fields from {', '.join(FIELDS)}.")
    db.upgrade()
    under = place.expanduser().absolute() if place else None
    library = common_folder()
    seen = changed = failed = 0
    with TagJournal(_journals()) if apply else nullcontext() as journal:
        for track in measured_tracks(under):
            seen += 1
            try:
                changes = plan_changes(
                    track.path, _result(track, sure), fields=chosen, overwrite=overwrite
                )
                if changes and journal:
                    path = track.path
                    write_changes(path, changes, lambda b, a, p=path: journal.add(p, b, a))
            except TagError as error:
                failed += 1
                notes.print(f"[red]{escape(str(track.path))}: {escape(str(error))}[/red]")
                continue
            if changes:
                changed += 1
                _show(track.path, changes, library)
    if not seen:
        _nothing_there(under)
    _tell(changed, failed, applied=apply)


@app.command()
def undo(data: DataOption = None) -> None:
    """Take back the last `backbeat tags write --apply`."""
    from indexer.files.tags import tag_journal
    from indexer.files.tags.tag_access import TagError

    use_data_folder(data)
    journal = tag_journal.newest_journal(_journals())
    if journal is None:
        give_up("Nothing was written that could be undone.")
    back = left = stuck = 0
    for entry in tag_journal.entries(journal):
        try:
            done, why = tag_journal.undo(entry), "changed since; left as it is"
        except TagError as error:
            done, why = False, str(error)
            stuck += 1
        back += done
        left += not done
        if not done:
            notes.print(f"{escape(str(entry.path))}: {escape(why)}")
    console.print(f"{_files(back)} as before.")
    if stuck:
        notes.print(
            f"{_files(stuck)} could not be reached or written. What was there before is kept: run "
            f"backbeat tags undo again once that is mended, or delete {escape(str(journal))}."
        )
    else:
        tag_journal.mark_undone(journal)
    if left:
        raise typer.Exit(1)


def _journals() -> Path:
    from store.settings import StoreSettings

    return StoreSettings().folder / "tags"


def _named(fields: str) -> set[str]:
    return {name.strip().lower() for name in fields.replace(" ", ",").split(",") if name.strip()}


def _result(track: MeasuredTrack, sure: float) -> MeasuredTags:
    from indexer.files.tags.tag_fields import MeasuredTags

    sure_of_bpm = (track.bpm_confidence or 0) >= sure
    sure_of_key = (track.key_confidence or 0) >= sure
    return MeasuredTags(
        bpm=track.bpm if sure_of_bpm else None,
        key=track.key if sure_of_key else None,
        scale=track.scale,
        moods=track.moods,
        loudness_lufs=track.loudness_lufs,
        true_peak_dbtp=track.true_peak_dbtp,
    )


def _show(path: Path, changes: tuple[TagChange, ...], library: Path | None) -> None:
    """What changes in a file, named as it lies in the library."""
    name = path.relative_to(library) if library and path.is_relative_to(library) else path
    console.print(f"[bold]{escape(str(name))}[/bold]", soft_wrap=True)
    for change in changes:
        was = f"{', '.join(change.old)} → " if change.old else ""
        console.print(f"  {change.field:<5} {escape(was)}{escape(', '.join(change.new))}")


def _nothing_there(under: Path | None) -> NoReturn:
    folder = under if under and under.is_dir() else "FOLDER"
    where = under or "the library"
    give_up(f"No analysed track lies in {where}. Run backbeat index {folder} first.")


def _tell(changed: int, failed: int, *, applied: bool) -> None:
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
