"""`backbeat chart import` and `corrections`: corrected charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from backbeat.commands.charts.chart_options import DataOption, ProfileOption
from backbeat.commands.charts.chart_progress import one_song
from backbeat.commands.charts.given_songs import track_named
from backbeat.terminal import console, give_up, notes, use_data_folder

if TYPE_CHECKING:
    from indexer.drums.types import Drum
    from store.charts.chart_corrections import CorrectionDetail


def import_chart(
    file: Annotated[
        Path, typer.Argument(help="A .dtx, .gda, .g2d, .mid, .chart, .musicxml or .mxl file.")
    ],
    track: Annotated[str, typer.Option(help="Name of the track that it is of.")],
    force: Annotated[
        bool, typer.Option("--force", help="Take it even if few strokes meet the recording.")
    ] = False,
    key: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=DRUM", help="The drum that a key of a MIDI file is: 39=snare."),
    ] = None,
    data: DataOption = None,
) -> None:
    """Take back a chart that you corrected: it becomes the track's chart."""
    from indexer.charts.correction_import import import_correction
    from indexer.drums.types import DrumsError
    from indexer.files.audio.audio_types import AudioError

    use_data_folder(data)
    if not file.expanduser().is_file():
        give_up(f"There is no file {file}.")
    track_id, name = track_named(track)
    try:
        with one_song() as show:
            saved = import_correction(
                file.expanduser(),
                track_id,
                force=force,
                keys=_keys(key or ()),
                on_remark=lambda remark: notes.print(escape(remark), soft_wrap=True),
                on_progress=show,
            )
    except (AudioError, DrumsError) as error:
        give_up(str(error))
    console.print(
        f"Kept as correction {saved.id} of {escape(name)}: {saved.notes} notes. "
        f"The automatic chart meets it with F {saved.automatic.get('F', 0):.3f}."
    )
    console.print(f"To undo it: backbeat chart corrections --remove {saved.id}", markup=False)


def _keys(given: Sequence[str]) -> dict[int, Drum]:
    """Return the drums of the keys that are given as KEY=DRUM."""
    from indexer.drums.types import Drum

    keys: dict[int, Drum] = {}
    for text in given:
        number, _, name = text.replace(" ", "").lower().partition("=")
        drum = name.replace("-", "_")
        if not number.isdecimal() or int(number) > 127 or drum not in set(Drum):
            drums = ", ".join(one for one in Drum if one is not Drum.OTHER)
            give_up(f"--key {text}: give a key 0–127 and one of these: {drums}.")
        keys[int(number)] = Drum(drum)
    return keys


def list_corrections(
    remove: Annotated[
        int | None, typer.Option(help="Forget the correction of this number.")
    ] = None,
    measure: Annotated[
        bool, typer.Option("--measure", help="Hear the songs again: how well are they met today?")
    ] = False,
    learn: Annotated[
        bool,
        typer.Option("--learn", help="Fit how sure I must be of a stroke to your corrections."),
    ] = False,
    forget_learned: Annotated[
        bool, typer.Option("--forget-learned", help="Hear as before --learn.")
    ] = False,
    clips: Annotated[
        Path | None,
        typer.Option(help="Cut the songs into training clips in this cache of the training."),
    ] = None,
    profile: ProfileOption = "default",
    data: DataOption = None,
) -> None:
    """List corrected charts, and how well the automatic ones met them; learn from them."""
    from store.database import db

    use_data_folder(data)
    db.upgrade()
    if remove is not None:
        _delete(remove)
    elif learn:
        _learn()
    elif forget_learned:
        _delete_learned()
    elif clips is not None:
        _cut(clips.expanduser())
    else:
        _list(profile if measure else None)


def _delete(number: int) -> None:
    from indexer.charts.stored_corrections import delete_correction

    deleted = delete_correction(number)
    if deleted is None:
        give_up(f"There is no correction {number}.")
    console.print(f"Correction {number} of {escape(deleted.title)} is forgotten.")


def _list(measured_with: str | None) -> None:
    """Print all corrections; scored again with a profile, if one is given."""
    from store.charts import chart_corrections

    found = chart_corrections.corrections()
    if found:
        _print_corrections(found, _scores(found, measured_with))
    else:
        console.print("There are no corrections. Add one: backbeat chart import FILE --track NAME")
    _print_learned()


def _print_corrections(
    corrections: Sequence[CorrectionDetail], scores: Sequence[Mapping[str, float]]
) -> None:
    from indexer.charts.stored_corrections import made_corrections_folder

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("#", "Track", "Notes", "F", "By class", "File"):
        table.add_column(heading, overflow="fold")
    for one, scored in zip(corrections, scores, strict=True):
        classes = " ".join(f"{k} {v:.2f}" for k, v in scored.items() if k != "F")
        name = f"{one.artist} – {one.title}" if one.artist else one.title
        table.add_row(
            str(one.id), escape(name), str(one.notes), f"{scored.get('F', 0):.3f}", classes,
            escape(str(made_corrections_folder().resolve() / one.file)),
        )  # fmt: skip
    console.print(table)


def _scores(
    corrections: Sequence[CorrectionDetail], profile: str | None
) -> list[Mapping[str, float]]:
    """Return the F-measures of each correction, measured today if a profile is given."""
    from indexer.charts.correction_scores import score_corrections

    if profile is None:
        return [one.automatic for one in corrections]
    scores = []
    with one_song() as show:
        for scored in score_corrections(corrections, profile=profile, on_progress=show):
            if scored.error is not None:
                _print_failure(scored.correction, scored.error)
            scores.append(scored.scores)
    return scores


def _print_learned() -> None:
    from indexer.charts.fitted_thresholds import read_learned
    from indexer.drums.types import DrumsError

    try:
        learned = read_learned()
    except DrumsError as error:
        notes.print(f"[red]{escape(str(error))}[/red]")
        return
    if learned is None:
        return
    families = ", ".join(f"{name} × {one.factor:.2f}" for name, one in learned.families.items())
    numbers = ", ".join(map(str, learned.corrections))
    console.print(f"Learned from {numbers}: thresholds {families}. Undo: --forget-learned")
    if not learned.counts:
        console.print("It is for an earlier network and does not count; learn again: --learn")
    elif not learned.covers_corrections:
        console.print("Your corrections are others now; learn again: --learn")


def _learn() -> None:
    """Fit thresholds to the corrected songs, and print the F-measures of songs left out."""
    from indexer.charts.fitted_thresholds import learn_corrections
    from indexer.drums.types import DrumsError

    try:
        with one_song() as show:
            learned, found = learn_corrections(on_error=_print_failure, on_progress=show)
    except DrumsError as error:
        give_up(str(error))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Class", "Strokes", "Threshold", "F before", "F after", ""):
        table.add_column(heading, justify="left" if heading == "Class" else "right")
    for family, one in found.items():
        table.add_row(
            family, str(one.onsets), f"× {one.factor:.2f}", f"{one.before:.3f}",
            f"{one.after:.3f}", "kept" if one.helps else "left as it was",
        )  # fmt: skip
    console.print(table)
    console.print("Each song is measured with what the others say.")
    if learned is None:
        console.print("Nothing would help; I hear as shipped.")
    else:
        console.print("I hear so from now on. Undo: backbeat chart corrections --forget-learned")


def _delete_learned() -> None:
    from indexer.charts.fitted_thresholds import delete_learned

    if not delete_learned():
        give_up("Nothing was learned from your corrections.")
    console.print("I hear as shipped again.")


def _cut(cache: Path) -> None:
    """Cut corrected songs into training clips, and print how many there are of each."""
    from indexer.charts.corrected_clips import cut_corrections

    with one_song() as show:
        report = cut_corrections(cache, on_error=_print_failure, on_progress=show)
    for number, made in report.made.items():
        result = f"{made} clips" if isinstance(made, int) else made
        console.print(f"Correction {number}: {escape(result)}")
    numbers = ", ".join(map(str, report.numbers)) or "none"
    console.print(f"Corrections in {cache}: {numbers}", markup=False, soft_wrap=True)


def _print_failure(correction: CorrectionDetail, error: str) -> None:
    notes.print(f"[red]{escape(f'{correction.title}: {error}')}[/red]")
