"""Single files of a chart's bundle, and the song folder of Clone Hero and YARG packed from it."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO, Final

PART_FILES: Final = {
    "midi": "drums.mid",
    "notation": "notation.svg",
    "tab": "tab.txt",
    "musicxml": "drums.musicxml",
    "chart-file": "notes.chart",
    "clone-hero": "notes.mid",
}
"""Format → its file in a bundle; older ones have fewer. `clone-hero` is packed with the music."""
PACKED: Final = "clone-hero"
_GAME_FILES: Final = {
    "notes.mid": "notes.mid",
    "song.ini": "song.ini",
    "bgm.ogg": "song.ogg",
    "preview.ogg": "preview.ogg",
    "cover.jpg": "album.jpg",
}
"""File of a bundle → its name in a song folder of these games."""


def write_game_zip(bundle: Path, out: IO[bytes]) -> None:
    """Pack the song folder of Clone Hero and YARG: chart, texts, music and cover.

    Args:
        bundle: The folder of a bundle.
        out: Opened for writing.
    """
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, packed in _GAME_FILES.items():
            file = bundle / name
            if file.is_file():
                archive.write(file, f"{bundle.name}/{packed}")
