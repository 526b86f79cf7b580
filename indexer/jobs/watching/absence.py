"""Files that vanished: away with a folder that cannot be seen, or deleted.

How much vanished at once decides, and what is left in its place. A share that is not mounted leaves
nothing, an empty folder or a placeholder; a person deletes files here and there, or an album. What
is taken for away by mistake is still listed and can be confirmed as gone; the other mistake would
take music out of playlists, so doubt counts for away.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from indexer.jobs.watching.folder_listing import is_under, walk
from store.paths import decode_path, encode_path

MANY: Final = 200
"""Files that nobody deletes at once without a thought."""
LARGE_SHARE: Final = 1 / 3
"""Of all known files."""
HOLLOW_SHARE: Final = 1 / 4
"""Of all known files, where the folder is still there but holds no audio: an empty mount point."""
FEW: Final = 3
"""Fewer files, of several folders' worth, are deleted rather than away."""

FolderState = Literal["seen", "hollow", "absent", "broken"]
"""Audio in it; there without any; not there; a link to what is not there, or not readable."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Vanished files by what became of them; paths are stored path texts.

    Attributes:
        away: Folder that cannot be seen → files.
        gone: Deleted files.
    """

    away: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    gone: tuple[str, ...] = ()


def judge(
    root: Path,
    vanished: Collection[str],
    known: Collection[str],
    *,
    away_from: Mapping[str, str] | None = None,
    state_of: Callable[[str], FolderState] | None = None,
) -> Absence:
    """Decide which of the vanished files are away, and with which folder.

    Args:
        root: The music folder.
        vanished: Files that are not there, of those in `known`.
        known: Files that were there, or away, before.
        away_from: File → folder, of the vanished ones that were away already: they stay so until
            audio is seen in that folder.
        state_of: What is to be seen of a folder; looked up by default.
    """
    look = _Looked(state_of or folder_state)
    away: dict[str, list[str]] = defaultdict(list)
    fresh: set[str] = set()
    for path in vanished:
        folder = (away_from or {}).get(path)
        if folder is not None and look(folder) != "seen":
            away[folder].append(path)
        else:
            fresh.add(path)
    share = len(fresh) / max(len(known), 1)
    at_once = len(fresh) >= MANY or (len(fresh) >= FEW and share >= LARGE_SHARE)
    for folder, paths in _whole_folders(encode_path(root), fresh, known, look).items():
        part = len(paths) / max(len(known), 1)
        if _is_away(look(folder), at_once=at_once, part=part):
            away[folder] += paths
            fresh -= set(paths)
    return Absence({f: tuple(sorted(p)) for f, p in away.items()}, tuple(sorted(fresh)))


def folder_state(folder: str) -> FolderState:
    """Return what is to be seen of a folder."""
    path = decode_path(folder)
    try:
        if not path.exists():
            return "broken" if path.is_symlink() else "absent"
        listing = walk(path)
    except OSError:
        return "broken"
    if listing.unreadable:
        return "broken"
    return "seen" if listing.files else "hollow"


def _is_away(state: FolderState, *, at_once: bool, part: float) -> bool:
    return state == "broken" or at_once or (state == "hollow" and part >= HOLLOW_SHARE)


class _Looked:
    """Looks at each folder once."""

    def __init__(self, state_of: Callable[[str], FolderState]) -> None:
        self._state_of = state_of
        self._known: dict[str, FolderState] = {}

    def __call__(self, folder: str) -> FolderState:
        if folder not in self._known:
            self._known[folder] = self._state_of(folder)
        return self._known[folder]


def _whole_folders(
    root: str, vanished: Collection[str], known: Collection[str], look: _Looked
) -> dict[str, list[str]]:
    """Return the topmost folders without audio, all known files of which vanished → these files."""
    there = Counter(folder for path in known for folder in _folders(path, root))
    lost = Counter(folder for path in vanished for folder in _folders(path, root))
    found: dict[str, list[str]] = defaultdict(list)
    for path in vanished:
        whole = [folder for folder in _folders(path, root) if lost[folder] == there[folder]]
        unseen = [folder for folder in whole if look(folder) != "seen"]
        if unseen:
            found[unseen[-1]].append(path)
    return found


def _folders(path: str, root: str) -> Iterator[str]:
    """Yield the folders of a file, the innermost first, up to `root`."""
    folder = path.rpartition("/")[0]
    while folder and is_under(folder, root):
        yield folder
        folder = folder.rpartition("/")[0]
