"""`backbeat chart`: drum charts from the command line."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from typer.core import TyperGroup

from backbeat.chart_options import (
    AuthorOption,
    BatchOption,
    BgmOption,
    BpmOption,
    CompareOption,
    DataOption,
    InteractiveOption,
    LevelsOption,
    MeterOption,
    OffsetOption,
    OutOption,
    ProfileOption,
    ShownOption,
    SongsArgument,
    TitleOption,
)
from backbeat.terminal import console, give_up, notes, use_data_folder

if TYPE_CHECKING:
    from indexer.charting import ChartOptions
    from indexer.drums.bundle import Bundle
    from store.corrections import CorrectionDetail


class _Songs(TyperGroup):
    """A group whose first word is a song unless it is one of its commands."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = [_MAKE, *args]
        return super().parse_args(ctx, args)


_MAKE: Final = "make"
app = typer.Typer(
    cls=_Songs,
    no_args_is_help=True,
    help="Make DTX drum charts, and take corrected ones back.\n\n"
    "backbeat chart SONG … is short for backbeat chart make SONG …",
)


@app.command(_MAKE)
def chart(
    songs: SongsArgument = None,
    out: OutOption = Path(),
    title: TitleOption = None,
    artist: TitleOption = None,
    author: AuthorOption = "",
    genre: ShownOption = "",
    comment: ShownOption = "",
    levels: LevelsOption = "BASIC,ADVANCED,EXTREME,MASTER",
    time_signature: MeterOption = None,
    bpm: BpmOption = None,
    offset: OffsetOption = None,
    bgm: BgmOption = "reduced",
    profile: ProfileOption = "default",
    compare: CompareOption = False,
    batch: BatchOption = None,
    interactive: InteractiveOption = False,
    data: DataOption = None,
) -> None:
    """Make a DTX drum chart of each song: a folder and a zip to play."""
    from indexer.charting import ChartOptions
    from indexer.drums.bundle import BGMS, Bgm, Details
    from indexer.drums.chart import check_known
    from indexer.drums.types import DrumsError

    use_data_folder(data)
    paths = [_song_path(song) for song in songs or ()] + _audio_files(batch)
    if not paths:
        give_up("Name a song, or a folder of songs with --batch.")
    choices: dict[str, Bgm] = {name: name for name in BGMS}
    music = choices.get(bgm)
    if music is None:
        give_up(f"--bgm is one of {', '.join(BGMS)}, not {bgm}.")
    if len(paths) > 1 and (title or interactive):
        give_up("A title, and questions, are for one song at a time.")
    options = ChartOptions(
        levels=_levels(levels), title=title, artist=artist, bpm=bpm, offset_s=offset,
        time_signature=time_signature, bgm=music, profile=profile,
        details=Details(author=author, genre=genre, comment=comment),
    )  # fmt: skip
    try:
        check_known(bpm=bpm, time_signature=time_signature, levels=options.levels)
    except DrumsError as error:
        give_up(str(error))
    if compare:
        _compare(paths, options)
    elif len(paths) == 1:
        _tell(_made(paths[0], out.expanduser(), options, interactive=interactive))
    else:
        _make_many(paths, out.expanduser(), options)


@app.command("import")
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
    track_id, name = _track(track)
    try:
        with _progress() as show:
            kept = import_correction(file.expanduser(), track_id, force=force, on_progress=show)
    except (AudioError, DrumsError) as error:
        give_up(str(error))
    console.print(
        f"Kept as correction {kept.id} of {escape(name)}: {kept.notes} notes. "
        f"The automatic chart meets it with F {kept.automatic.get('F', 0):.3f}."
    )
    console.print(f"To undo it: backbeat chart corrections --remove {kept.id}", markup=False)


@app.command("corrections")
def corrections_(
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
        with _progress() as show:
            return measured_again(correction, profile=profile, on_progress=show)
    except (AudioError, DrumsError, StoreError) as error:
        notes.print(f"[red]{escape(f'{correction.title}: {error}')}[/red]")
        return {}


def _progress() -> _Shown:
    return _Shown()


class _Shown:
    """A bar on standard error for one song."""

    def __enter__(self) -> Callable[[float, str], None]:
        self._bar = Progress(console=notes, transient=True)
        self._bar.start()
        task = self._bar.add_task("", total=1.0)

        def show(fraction: float, step: str) -> None:
            self._bar.update(task, completed=fraction, description=escape(step))

        return show

    def __exit__(self, *_: object) -> None:
        self._bar.stop()


def _levels(text: str) -> list[str]:
    return [level.strip().upper() for level in text.replace(" ", ",").split(",") if level.strip()]


def _audio_files(folder: Path | None) -> list[Path]:
    """Audio files of a folder and its subfolders, in order."""
    from indexer.audio import AUDIO_SUFFIXES

    if folder is None:
        return []
    place = folder.expanduser()
    if not place.is_dir():
        give_up(f"There is no folder {folder}.")
    files = (path for path in place.rglob("*") if path.suffix.lower() in AUDIO_SUFFIXES)
    found = sorted(path for path in files if path.is_file())
    if not found:
        give_up(f"There are no audio files in {folder}.")
    return found


def _made(path: Path, out: Path, options: ChartOptions, *, interactive: bool) -> Bundle:
    from indexer.audio import AudioError
    from indexer.charting import chart_music, write_charted
    from indexer.drums.types import DrumsError

    try:
        with _progress() as show:
            charted = chart_music(path, options, on_progress=show)
        if interactive:
            asked = _asked(options, charted.chart_set)
            if asked != options:
                options = asked
                with _progress() as show:
                    charted = chart_music(path, options, on_progress=show)
        with _progress() as show:
            return write_charted(charted, out, options, on_progress=show)
    except (AudioError, DrumsError) as error:
        give_up(str(error))


def _asked(options: ChartOptions, found: Any) -> ChartOptions:
    """The options with what a person answers; what was found is the default."""
    heard_bpm = f"{found.tempo.changes[0].bpm:.2f}"
    heard_meter = "{}/{}".format(*found.time_signature)
    title = typer.prompt("Title", default=found.title)
    artist = typer.prompt("Artist", default=found.artist or "")
    bpm = typer.prompt("Tempo in quarters a minute", default=heard_bpm)
    meter = typer.prompt("Time signature", default=heard_meter)
    try:
        tempo = options.bpm if bpm == heard_bpm else float(bpm)
    except ValueError:
        give_up(f"{bpm} is no tempo; give a number such as 120.")
    return replace(
        options,
        title=options.title if title == found.title else title,
        artist=options.artist if artist == found.artist else artist,
        bpm=tempo,
        time_signature=options.time_signature if meter == heard_meter else meter,
    )


def _make_many(paths: list[Path], out: Path, options: ChartOptions) -> None:
    """Chart files one after the other; those that fail are told, and the others go on."""
    from indexer.audio import AudioError
    from indexer.charting import chart_file
    from indexer.drums.types import DrumsError

    failed, taken = 0, set[Path]()
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=notes) as progress:
        task = progress.add_task("", total=len(paths))
        for path in paths:
            progress.update(task, description=escape(path.name))
            try:
                bundle = chart_file(path, out, options, taken=taken)
            except (AudioError, DrumsError) as error:
                failed += 1
                progress.console.print(f"[red]✗ {escape(path.name)}: {escape(str(error))}[/red]")
            else:
                taken.add(bundle.folder)
                console.print(str(bundle.zip_path), markup=False, soft_wrap=True)
            progress.advance(task)
    notes.print(f"{len(paths) - failed} charted, {failed} failed")
    if failed:
        raise typer.Exit(1)


def _tell(bundle: Bundle) -> None:
    for level, file in bundle.levels.items():
        console.print(f"{level:<9}{file.notes:>6} notes   level {file.dlevel / 10:.1f}")
    console.print(f"{bundle.folder}\n{bundle.zip_path}", markup=False, soft_wrap=True)


def _compare(paths: list[Path], options: ChartOptions) -> None:
    """What each profile hears in each song."""
    import time

    from indexer.audio import AudioError
    from indexer.charting import chart_music, imported_network
    from indexer.drums.profiles import available
    from indexer.drums.types import FAMILIES, DrumsError

    for path in paths:
        table = Table(title=escape(path.name), box=None, pad_edge=False, header_style="bold")
        for heading in ("Profile", "Seconds", "BPM", "Meter", *FAMILIES, "Notes", "Level"):
            table.add_column(heading, justify="left" if heading == "Profile" else "right")
        for name in available(imported=imported_network()):
            started = time.perf_counter()
            try:
                found = chart_music(path, replace(options, profile=name)).chart_set
            except (AudioError, DrumsError) as error:
                notes.print(f"[red]{escape(f'{path.name}, {name}: {error}')}[/red]")
                continue
            took = time.perf_counter() - started
            heard = [sum(o.drum.family == family for o in found.onsets) for family in FAMILIES]
            hardest = found.levels[-1]
            table.add_row(
                name, f"{took:.1f}", f"{found.tempo.changes[0].bpm:.1f}",
                "{}/{}".format(*found.time_signature), *map(str, heard), str(len(hardest.notes)),
                f"{hardest.dlevel / 10:.1f}",
            )  # fmt: skip
        console.print(table)


def _song_path(song: str) -> Path:
    """A file as it is named, else the file of the track that has this name."""
    path = Path(song).expanduser()
    if path.is_file():
        return path
    if path.is_dir() or (os.sep in song and path.parent.is_dir()):
        give_up(f"There is no audio file {song}. Give one file, or the name of a track.")
    from store import queries

    return queries.track_file(_track(song)[0])


def _track(song: str) -> tuple[int, str]:
    """The id and the name of the track that is meant."""
    from store import db, queries

    db.upgrade()
    matches = queries.resolve_track(song)
    if not matches:
        give_up(f"“{song}” is neither an audio file nor a track of the library.")
    best, *others = matches
    if best.score < 80 or (others and others[0].score > best.score - 2):
        names = "\n".join(f"  {m.name} – {m.artist or ''}" for m in matches)
        give_up(f"I do not know which track “{song}” is. Did you mean\n{names}")
    return best.id, best.name
