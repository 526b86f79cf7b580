"""Which music folder is served."""

from __future__ import annotations

import os
from pathlib import Path

from backbeat.terminal import give_up, notes
from store.jobs.music_folder import Origin


def music_folder(given: Path | None) -> tuple[Path, Origin]:
    """Return the folder and how it was found.

    In this order: what is given, `BACKBEAT_MUSIC`, what was chosen on the page, ~/Music with audio,
    the demo library.
    """
    from store.jobs import music_folder as stored
    from store.settings import StoreSettings

    if given is None and os.environ.get("BACKBEAT_MUSIC"):
        given = Path(os.environ["BACKBEAT_MUSIC"])
    if given is not None:
        given = given.expanduser().absolute()
        if not given.is_dir():
            give_up(f"There is no folder {given}. Give the folder that holds your music.")
        return given, "given"
    chosen = stored.chosen()
    if chosen is not None and chosen.is_dir():
        return chosen, "chosen"
    if chosen is not None:
        notes.print(f"[yellow]The folder chosen on the page is not there: {chosen}[/yellow]")
    home = Path("~/Music").expanduser()
    if _holds_audio(home):
        return home, "home"
    notes.print("No music given and none in ~/Music: playing with a demo library of my own.")
    demo = StoreSettings().demo
    demo.mkdir(parents=True, exist_ok=True)
    return demo, "demo"


def _holds_audio(folder: Path) -> bool:
    from indexer.jobs.watching.folder_listing import is_audio_name

    return any(is_audio_name(name) for _, _, names in os.walk(folder) for name in names)
