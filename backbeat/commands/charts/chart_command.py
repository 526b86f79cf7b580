"""`backbeat chart`: drum charts from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer
from rich.markup import escape
from typer.core import TyperGroup

from backbeat.commands.charts.chart_comparison import print_comparison
from backbeat.commands.charts.chart_options import (
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
from backbeat.commands.charts.chart_progress import ManySongs, one_song
from backbeat.commands.charts.chart_questions import ask_options
from backbeat.commands.charts.corrections_command import import_chart, list_corrections
from backbeat.commands.charts.export_command import export_chart
from backbeat.commands.charts.given_songs import GivenSong, song_named, songs_in
from backbeat.terminal import console, give_up, notes, use_data_folder

if TYPE_CHECKING:
    from indexer.charts.options import ChartOptions
    from indexer.drums.formats.bundle import Bundle
    from indexer.drums.formats.bundle_music import Bgm


class _Songs(TyperGroup):
    """A command group whose first argument is a song unless it names one of the commands."""

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
    from indexer.charts.options import ChartOptions
    from indexer.drums.formats.level_dtx import Details

    use_data_folder(data)
    meter = time_signature and time_signature.replace(" ", "")
    _refuse_empty(batch=batch, bgm=bgm, levels=levels, profile=profile, time_signature=meter)
    wanted = _wanted(songs or (), batch, only_one=bool(title) or interactive)
    options = ChartOptions(
        levels=_levels(levels), title=title, artist=artist, bpm=bpm, offset_s=offset,
        time_signature=meter, bgm=_music(bgm), profile=profile,
        details=Details(author, genre, comment),
    )  # fmt: skip
    _check(options)
    if compare:
        print_comparison([song.path for song in wanted], options)
    elif len(wanted) == 1:
        _make_one(wanted[0], out.expanduser(), options, afresh=afresh, interactive=interactive)
    else:
        _make_many(wanted, out.expanduser(), options, afresh=afresh)


app.command("import")(import_chart)
app.command("export")(export_chart)
app.command("corrections")(list_corrections)


def _wanted(names: Sequence[str], batch: str | None, *, only_one: bool) -> list[GivenSong]:
    """Return the songs that are named, and those of the folder `batch`."""
    wanted = [song_named(name) for name in names]
    wanted += songs_in(Path(batch)) if batch else []
    if not wanted:
        give_up("Name a song, or a folder of songs with --batch.")
    if len(wanted) > 1 and only_one:
        give_up("A title, and questions, are for one song at a time.")
    return wanted


def _refuse_empty(**given: str | None) -> None:
    """Refuse empty values: mostly variables of a script that are not set."""
    for option, value in given.items():
        if value is not None and not value.strip():
            name = option.replace("_", "-")
            give_up(f"--{name} is empty. Give it a value, or leave it out.")


def _music(bgm: str) -> Bgm:
    """Return the value of `--bgm`."""
    from indexer.drums.formats.bundle_music import BGMS

    names: dict[str, Bgm] = {name: name for name in BGMS}
    if bgm not in names:
        give_up(f"--bgm is one of {', '.join(BGMS)}, not {bgm}.")
    return names[bgm]


def _check(options: ChartOptions) -> None:
    """Refuse options that no recording can be charted with, before any file is read."""
    from indexer.drums.chart import check_input
    from indexer.drums.types import DrumsError

    try:
        check_input(
            options.levels,
            bpm=options.bpm,
            offset_s=options.offset_s,
            time_signature=options.time_signature,
        )
    except DrumsError as error:
        give_up(str(error))


def _levels(text: str) -> list[str]:
    return [level.strip().upper() for level in text.replace(" ", ",").split(",") if level.strip()]


def _with_correction(song: GivenSong, options: ChartOptions, *, afresh: bool) -> ChartOptions:
    """Return the options of one song with the newest correction of its track, and print it."""
    from store.charts.current_charts import newest_correction

    correction = None if afresh or song.track_id is None else newest_correction(song.track_id)
    if correction is None:
        return options
    notes.print(
        f"{escape(correction.title)}: your correction {correction.id} decides strokes, tempo and "
        "bars. --afresh charts what is heard."
    )
    return replace(options, correction=correction)


def _make_one(
    song: GivenSong, out: Path, options: ChartOptions, *, afresh: bool, interactive: bool
) -> None:
    options = _with_correction(song, options, afresh=afresh)
    _print_bundle(_bundle(song.path, out, options, interactive=interactive))


def _bundle(path: Path, out: Path, options: ChartOptions, *, interactive: bool) -> Bundle:
    from indexer.charts.chart_pipeline import write_charts
    from indexer.charts.file_charts import chart_session
    from indexer.drums.types import DrumsError
    from indexer.files.audio.audio_types import AudioError

    try:
        with ExitStack() as stack:
            with one_song() as show:
                session = stack.enter_context(chart_session(path, options, on_progress=show))
                charts = session.chart(options, on_progress=show)
            asked = ask_options(options, charts.chart_set) if interactive else options
            with one_song() as show:
                if asked != options:
                    charts = session.chart(asked, on_progress=show)
                return write_charts(charts, session.recording, out, asked, on_progress=show)
    except (AudioError, DrumsError) as error:
        give_up(str(error))


def _make_many(songs: list[GivenSong], out: Path, options: ChartOptions, *, afresh: bool) -> None:
    """Chart files one after the other; those that fail are reported, and the others go on."""
    from indexer.charts.file_charts import chart_file
    from indexer.drums.types import DrumsError
    from indexer.files.audio.audio_types import AudioError

    failed, reserved = 0, set[Path]()
    with ManySongs([song.path for song in songs]) as progress:
        for number, song in enumerate(songs):
            show = progress.of(number)
            try:
                chosen = _with_correction(song, options, afresh=afresh)
                bundle = chart_file(song.path, out, chosen, reserved=reserved, on_progress=show)
            except (AudioError, DrumsError) as error:
                failed += 1
                show(1.0, "failed")
                notes.print(f"[red]✗ {escape(song.path.name)}: {escape(str(error))}[/red]")
            else:
                reserved.add(bundle.folder)
                console.print(str(bundle.zip_path), markup=False, soft_wrap=True)
    notes.print(f"{len(songs) - failed} charted, {failed} failed")
    if failed:
        raise typer.Exit(1)


def _print_bundle(bundle: Bundle) -> None:
    for level, file in bundle.levels.items():
        console.print(f"{level:<9}{file.notes:>6} notes   level {file.dlevel / 10:.1f}")
    console.print(f"{bundle.folder}\n{bundle.zip_path}", markup=False, soft_wrap=True)
