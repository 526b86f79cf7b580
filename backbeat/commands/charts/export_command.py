"""`backbeat chart export`: the chart of a track for another program."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from backbeat.commands.charts.chart_options import DataOption
from backbeat.commands.charts.given_songs import track_named
from backbeat.terminal import console, give_up, use_data_folder


def export_chart(
    track: Annotated[str, typer.Argument(help="Name of the track.")],
    to: Annotated[
        str,
        typer.Option(
            "--format", help="clone-hero (also YARG), chart-file, musicxml, midi, notation or tab."
        ),
    ] = "clone-hero",
    out: Annotated[Path, typer.Option(help="Folder to put the file into.")] = Path(),
    data: DataOption = None,
) -> None:
    """Write the chart of a track for Clone Hero, YARG, MuseScore and others."""
    from store.charts import drum_charts
    from store.charts.exported_charts import PACKED, PART_FILES, write_game_zip
    from store.charts.lane_files import chart_file

    use_data_folder(data)
    if to not in PART_FILES:
        give_up(f"--format is one of {', '.join(PART_FILES)}, not {to}.")
    track_id, name = track_named(track)
    charts = drum_charts.charts_of(track_id)
    if not charts:
        give_up(f"{name} has no chart yet. Ask for one in the chat, or use backbeat chart SONG.")
    found = (file for chart in charts if (file := chart_file(chart, PART_FILES[to])))
    source = next(found, None)
    if source is None:
        give_up(f"The chart of {name} is of an older version without this format. Make it again.")
    folder = out.expanduser()
    song = source.parent.name
    target = folder / (f"{song}-{to}.zip" if to == PACKED else f"{song}{source.suffix}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if to == PACKED:
            with target.open("wb") as file:
                write_game_zip(source.parent, file)
        else:
            shutil.copyfile(source, target)
    except OSError as error:
        give_up(f"{target} cannot be written: {error.strerror or error}.")
    console.print(f"Written: {target}", markup=False, soft_wrap=True)
