"""`backbeat chart import` and `corrections`: charts that a person corrected."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from backbeat.chart_options import DataOption, ProfileOption
from backbeat.chart_progress import one_song
from backbeat.songs import track_named
from backbeat.terminal import console, give_up, notes, use_data_folder

if TYPE_CHECKING:
    from store.corrections import CorrectionDetail


def import_chart(
    file: Annotated[Path, typer.Argument(help="The corrected .dtx or .mid file.")],
    track: Annotated[str, typer.Option(help="Name of the track that it is of.")],
    force: Annotated[
        bool, typer.Option("--force", help="Take it even if few strokes meet the recording.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Take back a chart that you corrected: it becomes the track's chart."""
    from indexer.audio import AudioError
    from indexer.corrections import import_correction
    from indexer.drums.types import DrumsError

    use_data_folder(data)
    if not file.expanduser().is_file():
        give_up(f"There is no file {file}.")
    track_id, name = track_named(track)
    try:
        with one_song() as show:
            kept = import_correction(file.expanduser(), track_id, force=force, on_progress=show)
    except (AudioError, DrumsError) as error:
        give_up(str(error))
    console.print(
        f"Kept as correction {kept.id} of {escape(name)}: {kept.notes} notes. "
        f"The automatic chart meets it with F {kept.automatic.get('F', 0):.3f}."
    )
    console.print(f"To undo it: backbeat chart corrections --remove {kept.id}", markup=False)


def list_corrections(
    remove: Annotated[
        int | None, typer.Option(help="Forget the correction of this number.")
    ] = None,
    measure: Annotated[
        bool, typer.Option("--measure", help="Hear the songs again: how well are they met today?")
    ] = False,
    profile: ProfileOption = "default",
    data: DataOption = None,
) -> None:
    """List corrected charts, and how well the automatic ones met them."""
    from indexer.corrections import folder, forget_correction
    from store import corrections, db

    use_data_folder(data)
    db.upgrade()
    if remove is not None:
        gone = forget_correction(remove)
        if gone is None:
            give_up(f"There is no correction {remove}.")
        console.print(f"Correction {remove} of {escape(gone.title)} is forgotten.")
        return
    found = corrections.corrections()
    if not found:
        console.print("There are no corrections. Add one: backbeat chart import FILE --track NAME")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("#", "Track", "Notes", "F", "By class", "File"):
        table.add_column(heading, overflow="fold")
    for one in found:
        scores = _today(one, profile) if measure else one.automatic
        classes = " ".join(f"{k} {v:.2f}" for k, v in scores.items() if k != "F")
        name = f"{one.artist} – {one.title}" if one.artist else one.title
        table.add_row(
            str(one.id), escape(name), str(one.notes), f"{scores.get('F', 0):.3f}", classes,
            escape(str(folder().resolve() / one.file)),
        )  # fmt: skip
    console.print(table)


def _today(correction: CorrectionDetail, profile: str) -> dict[str, float]:
    """How well a correction is met now; nothing where its song cannot be heard."""
    from indexer.audio import AudioError
    from indexer.corrections import measured_again
    from indexer.drums.types import DrumsError
    from store.results import StoreError

    try:
        with one_song() as show:
            return measured_again(correction, profile=profile, on_progress=show)
    except (AudioError, DrumsError, StoreError) as error:
        notes.print(f"[red]{escape(f'{correction.title}: {error}')}[/red]")
        return {}
