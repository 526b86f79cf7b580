"""The tracks of the library that the entries of a playlist file mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from store.search.name_search import resolve_track
from store.tracks.file_names import tracks_by_file_name
from tools.saved_playlists.file_reading import ReadEntry
from tools.tracks.track_facts import SURE


def matched(entries: Sequence[ReadEntry]) -> tuple[list[int], list[str]]:
    """Return the ids of the tracks that are meant, in their order, and what is not there.

    A file is known by its name and the folders around it, else by artist and title.
    """
    wanted = {_parts(entry.path)[-1] for entry in entries if entry.path}
    there = tracks_by_file_name(wanted)
    ids: list[int] = []
    missing: list[str] = []
    for entry in entries:
        found = _by_path(entry.path, there) or _by_name(entry.name)
        if found is None:
            missing.append(entry.label)
        else:
            ids.append(found)
    return ids, missing


_NO_PARTS: Final = ("",)


def _parts(path: str) -> tuple[str, ...]:
    return tuple(part for part in path.split("/") if part not in ("", ".", "..")) or _NO_PARTS


def _by_path(path: str, there: Mapping[str, Sequence[tuple[int, str]]]) -> int | None:
    """Return the file of this name with the most folders in common, if it is the only one."""
    parts = _parts(path)
    found = [(_common(parts, _parts(other)), number) for number, other in there.get(parts[-1], ())]
    best = max((common for common, _ in found), default=0)
    closest = [number for common, number in found if common == best]
    return closest[0] if len(closest) == 1 else None


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for mine, its in zip(reversed(one), reversed(other), strict=False):
        if mine != its:
            break
        count += 1
    return count


def _by_name(name: str) -> int | None:
    found = resolve_track(name, limit=1) if name else ()
    return found[0].id if found and found[0].score >= SURE else None
