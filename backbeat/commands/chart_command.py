"""`backbeat chart`: drum charts from the command line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer
from rich.markup import escape
from rich.table import Table
from typer.core import TyperGroup

from backbeat.commands.chart_options import (
    AfreshOption,
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
from backbeat.commands.chart_progress import ManySongs, one_song
from backbeat.commands.corrections_command import import_chart, list_corrections
from backbeat.commands.given_songs import GivenSong, song_named, songs_in
from backbeat.terminal import console, give_up, notes, use_data_folder

if TYPE_CHECKING:
    from indexer.charts.chart_job import ChartOptions
    from indexer.drums.formats.bundle import Bundle


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
    afresh: AfreshOption = False,
    batch: BatchOption = None,
    interactive: InteractiveOption = False,
    data: DataOption = None,
) -> None:
    """Make a DTX drum chart of each song: a folder and a zip to play."""
    from indexer.charts.chart_job import ChartOptions
    from indexer.drums.chart import check_known
    from indexer.drums.formats.bundle import BGMS, Bgm, Details
    from indexer.drums.types import DrumsError

    use_data_folder(data)
    _refuse_empty(
        batch=batch, bgm=bgm, levels=levels, profile=profile, time_signature=time_signature
    )
    wanted = [song_named(song) for song in songs or ()]
    wanted += songs_in(Path(batch)) if batch else []
    if not wanted:
        give_up("Name a song, or a folder of songs with --batch.")
    choices: dict[str, Bgm] = {name: name for name in BGMS}
    music = choices.get(bgm)
    if music is None:
        give_up(f"--bgm is one of {', '.join(BGMS)}, not {bgm}.")
    if len(wanted) > 1 and (title or interactive):
        give_up("A title, and questions, are for one song at a time.")
    options = ChartOptions(
        levels=_levels(levels), title=title, artist=artist, bpm=bpm, offset_s=offset,
        time_signature=_spelt(time_signature), bgm=music, profile=profile,
        details=Details(author=author, genre=genre, comment=comment),
    )  # fmt: skip
    try:
        check_known(options.levels, bpm=bpm, offset_s=offset, time_signature=options.time_signature)
    except DrumsError as error:
        give_up(str(error))
    if compare:
        _compare([song.path for song in wanted], options)
    elif len(wanted) == 1:
        options = _corrected(wanted[0], options, afresh=afresh)
        _tell(_made(wanted[0].path, out.expanduser(), options, interactive=interactive))
    else:
        _make_many(wanted, out.expanduser(), options, afresh=afresh)


app.command("import")(import_chart)
app.command("corrections")(list_corrections)


def _refuse_empty(**given: str | None) -> None:
    """An empty value is mostly a variable of a script that is not set."""
    for option, value in given.items():
        if value is not None and not value.strip():
            name = option.replace("_", "-")
            give_up(f"--{name} is empty. Give it a value, or leave it out.")


def _spelt(time_signature: str | None) -> str | None:
    """A time signature without the spaces that a person may type."""
    return None if time_signature is None else time_signature.replace(" ", "")


def _levels(text: str) -> list[str]:
    return [level.strip().upper() for level in text.replace(" ", ",").split(",") if level.strip()]


def _corrected(song: GivenSong, options: ChartOptions, *, afresh: bool) -> ChartOptions:
    """The options of one song, with the correction of its track, which is told."""
    from store.charts.current_charts import newest_correction

    kept = None if afresh or song.track_id is None else newest_correction(song.track_id)
    if kept is None:
        return options
    notes.print(
        f"{escape(kept.title)}: your correction {kept.id} decides strokes, tempo and bars. "
        "--afresh charts what is heard."
    )
    return replace(options, correction=kept)


def _made(path: Path, out: Path, options: ChartOptions, *, interactive: bool) -> Bundle:
    from indexer.charts.chart_job import chart_music, write_charted
    from indexer.drums.types import DrumsError
    from indexer.files.audio.decoding import AudioError

    try:
        with one_song() as show:
            charted = chart_music(path, options, on_progress=show)
        if interactive:
            asked = _asked(options, charted.chart_set)
            if asked != options:
                options = asked
                with one_song() as show:
                    charted = chart_music(path, options, on_progress=show)
        with one_song() as show:
            return write_charted(charted, out, options, on_progress=show)
    except (AudioError, DrumsError) as error:
        give_up(str(error))


def _asked(options: ChartOptions, found: Any) -> ChartOptions:
    """The options with what a person answers; what was found is the default."""
    heard_bpm = f"{found.tempo.changes[0].bpm:.2f}"
    heard_meter = "{}/{}".format(*found.time_signature)
    title = typer.prompt("Title", default=found.title)
    artist = typer.prompt("Artist", default=found.artist or "")
    bpm, meter = heard_bpm, heard_meter
    if options.correction is None:
        bpm = typer.prompt("Tempo in quarters a minute", default=heard_bpm, value_proc=_tempo)
        meter = typer.prompt("Time signature", default=heard_meter, value_proc=_meter)
    return replace(
        options,
        title=options.title if title == found.title else title,
        artist=options.artist if artist == found.artist else artist,
        bpm=options.bpm if bpm == heard_bpm else float(bpm),
        time_signature=options.time_signature if meter == heard_meter else meter,
    )


def _tempo(answer: str) -> str:
    """A tempo that can be charted, as it was typed; it is asked for again after any other."""
    from indexer.drums.chart import check_known
    from indexer.drums.types import DrumsError

    try:
        check_known(bpm=float(answer))
    except DrumsError as error:
        raise typer.BadParameter(str(error)) from error
    except ValueError as error:
        message = f"“{answer}” is no tempo; give a number such as 120."
        raise typer.BadParameter(message) from error
    return answer


def _meter(answer: str) -> str:
    """A time signature that can be charted; it is asked for again after any other."""
    from indexer.drums.chart import check_known
    from indexer.drums.types import DrumsError

    try:
        check_known(time_signature=_spelt(answer))
    except DrumsError as error:
        raise typer.BadParameter(str(error)) from error
    return answer.replace(" ", "")


def _make_many(songs: list[GivenSong], out: Path, options: ChartOptions, *, afresh: bool) -> None:
    """Chart files one after the other; those that fail are told, and the others go on."""
    from indexer.charts.chart_job import chart_file
    from indexer.drums.types import DrumsError
    from indexer.files.audio.decoding import AudioError

    failed, taken = 0, set[Path]()
    with ManySongs([song.path for song in songs]) as progress:
        for number, song in enumerate(songs):
            show = progress.of(number)
            try:
                wishes = _corrected(song, options, afresh=afresh)
                bundle = chart_file(song.path, out, wishes, taken=taken, on_progress=show)
            except (AudioError, DrumsError) as error:
                failed += 1
                show(1.0, "failed")
                notes.print(f"[red]✗ {escape(song.path.name)}: {escape(str(error))}[/red]")
            else:
                taken.add(bundle.folder)
                console.print(str(bundle.zip_path), markup=False, soft_wrap=True)
    notes.print(f"{len(songs) - failed} charted, {failed} failed")
    if failed:
        raise typer.Exit(1)


def _tell(bundle: Bundle) -> None:
    for level, file in bundle.levels.items():
        console.print(f"{level:<9}{file.notes:>6} notes   level {file.dlevel / 10:.1f}")
    console.print(f"{bundle.folder}\n{bundle.zip_path}", markup=False, soft_wrap=True)


def _compare(paths: list[Path], options: ChartOptions) -> None:
    """What each profile hears in each song."""
    import time

    from indexer.charts.chart_job import chart_music, imported_network
    from indexer.drums.hearing.profiles import available
    from indexer.drums.types import FAMILIES, DrumsError
    from indexer.files.audio.decoding import AudioError

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
