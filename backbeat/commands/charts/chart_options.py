"""The options of `backbeat chart`, as typer reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ProfileOption = Annotated[
    str,
    typer.Option(
        help="How the drums are heard: default, fast, rock, ensemble, or magenta "
        "(after backbeat models import-egmd)."
    ),
]
SongsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="SONG…", help="Audio files, or names of tracks in the library."),
]
OutOption = Annotated[Path, typer.Option(help="Folder to put the bundles into.")]
TitleOption = Annotated[str | None, typer.Option(help="As the game shows it.")]
AuthorOption = Annotated[str, typer.Option(help="Who made the chart.")]
ShownOption = Annotated[str, typer.Option(help="As the game shows it.")]
LevelsOption = Annotated[
    str, typer.Option(help="Levels, with commas: BASIC,ADVANCED,EXTREME,MASTER.")
]
MeterOption = Annotated[
    str | None, typer.Option(help="Such as 3/4, 7/8 or 12/8, where you know it.")
]
BpmOption = Annotated[float | None, typer.Option(help="The tempo, where you know it.")]
OffsetOption = Annotated[
    float | None,
    typer.Option(help="Seconds from the start to a first beat of a bar, if you know it."),
]
BgmOption = Annotated[
    str, typer.Option(help="The music while playing: full, reduced (drums down) or none.")
]
CompareOption = Annotated[
    bool, typer.Option("--compare", help="Only print what each profile hears, side by side.")
]
AfreshOption = Annotated[
    bool, typer.Option("--afresh", help="Chart what is heard, even where you corrected the chart.")
]
BatchOption = Annotated[str | None, typer.Option(help="Chart every audio file of this folder.")]
InteractiveOption = Annotated[
    bool, typer.Option("--interactive", help="Ask for title, artist, tempo and meter.")
]
DataOption = Annotated[Path | None, typer.Option("--data", help="Folder of Backbeat's data.")]
