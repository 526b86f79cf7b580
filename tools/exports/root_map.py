"""Paths of files as another machine sees them: its folder in place of the music folder here.

The owner names it once (`backbeat export --root-map`); exports use it until it is named anew.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from store.jobs import indexer_state
from store.jobs.music_folder import known_folders
from store.paths import decode_path, encode_path

_STORED: Final = "export_root"
_DRIVE: Final = re.compile(r"[A-Za-z]:(?:[\\/]|$)")
_SHARE: Final = re.compile(r"\\\\[^\\]+\\")


@dataclass(frozen=True, slots=True)
class RootMap:
    """A folder here, and what it is called elsewhere.

    Attributes:
        here: The music folder, an absolute path.
        there: The same folder on the other machine: `/Volumes/Music`, `D:\\Music`,
            `\\\\nas\\music`.
    """

    here: Path
    there: str

    def path(self, file: Path) -> str | None:
        """The file as the other machine names it; None where it is not in the folder."""
        if not file.is_relative_to(self.here):
            return None
        windows = bool(_DRIVE.match(self.there) or _SHARE.match(self.there))
        mark = "\\" if windows and "/" not in self.there else "/"
        inside = file.relative_to(self.here).parts
        return mark.join((self.there.rstrip("/\\"), *inside))


def file_uri(path: str, *, host: str = "") -> str:
    """A path of any machine as a file URI, every byte that is not plain percent-encoded."""
    plain = path.replace("\\", "/") if _DRIVE.match(path) or _SHARE.match(path) else path
    if plain.startswith("//"):  # a share: its machine is the host
        host, _, plain = plain[2:].partition("/")
    quoted = quote(os.fsencode(plain), safe="/:" if _DRIVE.match(plain) else "/")
    return f"file://{host}/{quoted.removeprefix('/')}"


def remember(there: str | None) -> None:
    """Use this folder in the exports from now on; None: the paths of this machine.

    `FROM=TO` names the folder here, too; without it, it is the music folder.
    """
    here, given, name = (there or "").partition("=")
    pair = [encode_path(Path(here).absolute()), name] if given else ["", there or ""]
    indexer_state.put(_STORED, "\n".join(pair))


def remembered() -> RootMap | None:
    """Return the folder to use; None where none is set, or no music folder is known."""
    here, _, there = (indexer_state.get(_STORED) or "").partition("\n")
    folders = (decode_path(here),) if here else known_folders()
    return RootMap(folders[0], there) if there and folders else None
