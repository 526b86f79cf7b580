"""What is left out of the music folder: marked folders, patterns, hidden and system folders.

Patterns are those of a .gitignore: the last one that matches decides, `!` takes in again, a `/` at
the end means folders alone, one in front or inside ties the pattern to the folder of its file.
Nothing is taken in again below a folder that is left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, NamedTuple

Reason = Literal["nomedia", "ndignore", "pattern", "hidden", "system", "short"]

NO_MEDIA: Final = ".nomedia"
"""Android's mark of a folder without media; that of the music folder itself does not count."""
IGNORE: Final = ".ndignore"
"""Navidrome's file of patterns; an empty one leaves out its folder."""
MARKERS: Final = (NO_MEDIA, IGNORE)
SYSTEM_FOLDERS: Final = frozenset(
    name.casefold()
    for name in (
        "@eaDir", "@Recycle", "@Recently-Snapshot", "@tmp", "@sharebin", "#recycle", "#snapshot",
        "$RECYCLE.BIN", "RECYCLER", "System Volume Information", "lost+found", "__MACOSX",
        "LOST.DIR", "Network Trash Folder", "Temporary Items", "~snapshot",
    )
)  # fmt: skip
"""Folders of storage devices and systems: thumbnails, deleted files, snapshots."""
PATTERNS_AT_MOST_BYTES: Final = 1 << 20


class Pattern(NamedTuple):
    """One line: what it matches, below its folder."""

    matches: re.Pattern[str]
    takes_in: bool
    folders_only: bool


@dataclass(frozen=True, slots=True)
class PatternList:
    """The patterns of one file or of the settings, which hold below `base`."""

    base: str
    patterns: tuple[Pattern, ...]
    reason: Reason

    def verdict(self, path: str, *, folder: bool) -> bool | None:
        """Whether `path` is left out (True) or taken in; None where no pattern matches."""
        below = path[len(self.base.rstrip("/")) + 1 :]
        for pattern in reversed(self.patterns):
            if (folder or not pattern.folders_only) and pattern.matches.fullmatch(below):
                return not pattern.takes_in
        return None


def own_patterns(root: str, text: str) -> tuple[PatternList, ...]:
    """Return the patterns of the settings (separated by line breaks or ";") for a music folder."""
    patterns = read_patterns(text.replace(";", "\n"))
    return (PatternList(root, patterns, "pattern"),) if patterns else ()


def read_patterns(text: str) -> tuple[Pattern, ...]:
    """Return the patterns of a .gitignore-like text; a line that cannot be one is passed over."""
    found: list[Pattern] = []
    for line in text.splitlines():
        pattern = line.rstrip()
        if not pattern or pattern.startswith("#"):
            continue
        takes_in = pattern.startswith("!")
        pattern = pattern.removeprefix("!")
        body = pattern.rstrip("/")
        anchored = "/" in body
        try:
            matches = re.compile(("" if anchored else "(?:.*/)?") + _translated(body.lstrip("/")))
        except re.error:
            continue
        if body:
            found.append(Pattern(matches, takes_in, pattern.endswith("/")))
    return tuple(found)


def lists_in(
    folder: str, names: Collection[str], above: Sequence[PatternList], *, at_root: bool
) -> tuple[PatternList, ...] | Reason:
    """Return the patterns that hold in a folder, or why all of it is left out.

    Args:
        folder: Its path.
        names: Of its entries.
        above: Patterns that hold in the folder around it.
        at_root: Whether it is the music folder itself.
    """
    if NO_MEDIA in names and not at_root:
        return "nomedia"
    if IGNORE not in names:
        return tuple(above)
    try:
        content = Path(folder, IGNORE).read_bytes()[:PATTERNS_AT_MOST_BYTES]
    except OSError:
        return tuple(above)
    text = content.decode("utf-8-sig", "surrogateescape")
    if not text.strip() and not at_root:
        return "ndignore"
    return (*above, PatternList(folder, read_patterns(text), "ndignore"))


def reason_of(path: str, name: str, lists: Sequence[PatternList], *, folder: bool) -> Reason | None:
    """Return why an entry of a folder is left out; None where it is taken."""
    if name.startswith("."):
        return "hidden"
    if folder and name.casefold() in SYSTEM_FOLDERS:
        return "system"
    for each in reversed(lists):
        verdict = each.verdict(path, folder=folder)
        if verdict is not None:
            return each.reason if verdict else None
    return None


def why_left_out(path: Path, *, root: Path, patterns: str = "") -> Reason | None:
    """Return why a file or folder of the music folder is left out, by what lies above it now."""
    parts = path.relative_to(root).parts
    lists = own_patterns(str(root), patterns)
    current = root
    for number, part in enumerate(parts):
        names = [name for name in MARKERS if (current / name).exists()]
        found = lists_in(str(current), names, lists, at_root=current == root)
        if isinstance(found, str):
            return found
        lists, current = found, current / part
        is_folder = number < len(parts) - 1 or current.is_dir()
        if reason := reason_of(str(current), part, lists, folder=is_folder):
            return reason
    return None


def _translated(pattern: str) -> str:
    """The regular expression of a pattern: `*` and `?` stay inside a name, `**` crosses folders."""
    out, at = "", 0
    while at < len(pattern):
        if pattern.startswith("**/", at):
            out, at = out + "(?:.*/)?", at + 3
            continue
        if pattern.startswith("**", at):
            out, at = out + ".*", at + 2
            continue
        character, at = pattern[at], at + 1
        if character == "*":
            out += "[^/]*"
        elif character == "?":
            out += "[^/]"
        elif character == "[" and (end := pattern.find("]", at + 1)) > 0:
            inside = pattern[at:end].replace("\\", "\\\\")
            out += f"[^{inside[1:]}]" if inside.startswith("!") else f"[{inside}]"
            at = end + 1
        elif character == "\\" and at < len(pattern):
            out, at = out + re.escape(pattern[at]), at + 1
        else:
            out += re.escape(character)
    return out
