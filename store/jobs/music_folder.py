"""The music folder that is served, how it was found, and the one chosen on the page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, get_args

from store.jobs.indexer_state import get, put, watched_folders
from store.paths import decode_path, encode_path

Origin = Literal["given", "chosen", "home", "demo"]
"""Named at the start or in the environment; chosen on the page; ~/Music; the demo library's."""

_SERVED: Final = "served_music"
_CHOSEN: Final = "chosen_music"
_SCANNED: Final = "scanned_music"


@dataclass(frozen=True, slots=True)
class ScannedFolder:
    """What the last scan of the music folder found besides the tracks.

    Attributes:
        left_out: Reason → number of files and folders that are left out.
        not_taken: Suffix (".mid") → number of files whose audio is not decoded.
        shares: Stored path text of a network share → type of its file system.
        folder: Stored path text of the folder.
    """

    left_out: Mapping[str, int] = field(default_factory=dict)
    not_taken: Mapping[str, int] = field(default_factory=dict)
    shares: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""


def record_scan(found: ScannedFolder) -> None:
    """Record what a scan found."""
    values = [dict(found.left_out), dict(found.not_taken), dict(found.shares), found.folder]
    put(_SCANNED, json.dumps(values))


def scanned() -> ScannedFolder:
    """Return what the last scan found."""
    return ScannedFolder(*json.loads(get(_SCANNED) or "[]"))


def known_folders() -> tuple[Path, ...]:
    """Return the music folders that are watched, and the one that was scanned last."""
    names = dict.fromkeys((*watched_folders(), scanned().folder))
    return tuple(decode_path(name) for name in names if name)


def record_served(folder: Path | None, origin: Origin) -> None:
    """Record which folder a server watches; None where it watches none."""
    put(_SERVED, json.dumps([folder and encode_path(folder), origin]))


def served() -> tuple[Path, Origin] | None:
    """Return the folder that the last server watched, and how it was found."""
    folder, origin = json.loads(get(_SERVED) or "[null, null]")
    if folder is None or origin not in get_args(Origin):
        return None
    return decode_path(folder), origin


def choose(folder: Path) -> None:
    """Store the folder that a person chose on the page."""
    put(_CHOSEN, encode_path(folder))


def chosen() -> Path | None:
    """Return the folder that a person chose on the page."""
    text = get(_CHOSEN)
    return decode_path(text) if text else None
