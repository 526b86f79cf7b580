"""Questions of `backbeat chart --interactive`: title, artist, tempo and time signature."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from indexer.charts.options import ChartOptions
    from indexer.drums.types import ChartSet


def ask_options(options: ChartOptions, found: ChartSet) -> ChartOptions:
    """Ask for options; what was detected is the default."""
    found_bpm = f"{found.tempo.changes[0].bpm:.2f}"
    found_meter = "{}/{}".format(*found.time_signature)
    title = typer.prompt("Title", default=found.title)
    artist = typer.prompt("Artist", default=found.artist or "")
    bpm, meter = found_bpm, found_meter
    if options.correction is None:
        bpm = typer.prompt("Tempo in quarters a minute", default=found_bpm, value_proc=_tempo)
        meter = typer.prompt("Time signature", default=found_meter, value_proc=_meter)
    return replace(
        options,
        title=options.title if title == found.title else title,
        artist=options.artist if artist == found.artist else artist,
        bpm=options.bpm if bpm == found_bpm else float(bpm),
        time_signature=options.time_signature if meter == found_meter else meter,
    )


def _tempo(answer: str) -> str:
    """Return a typed tempo that can be charted; any other is asked for again."""
    from indexer.drums.chart import check_input
    from indexer.drums.types import DrumsError

    try:
        check_input(bpm=float(answer))
    except DrumsError as error:
        raise typer.BadParameter(str(error)) from error
    except ValueError as error:
        message = f"“{answer}” is no tempo; give a number such as 120."
        raise typer.BadParameter(message) from error
    return answer


def _meter(answer: str) -> str:
    """Return a typed time signature that can be charted; any other is asked for again."""
    from indexer.drums.chart import check_input
    from indexer.drums.types import DrumsError

    meter = answer.replace(" ", "")
    try:
        check_input(time_signature=meter)
    except DrumsError as error:
        raise typer.BadParameter(str(error)) from error
    return meter
