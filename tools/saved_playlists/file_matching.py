"""The tracks of the library that the entries of a playlist file mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from store.search.name_search import resolve_track
from store.tracks.file_names import alike, tracks_by_file_name
from tools.saved_playlists.file_reading import ReadEntry
from tools.tracks.track_facts import SURE


def matched(entries: Sequence[ReadEntry]) -> tuple[list[int], list[str]]:
    """Return the ids of the tracks that are meant, in their order, and what is not there."""
    found = match_each(entries)
    missing = [e.label for e, number in zip(entries, found, strict=True) if number is None]
    return [number for number in found if number is not None], missing


def match_each(entries: Sequence[ReadEntry]) -> list[int | None]:
    """Return the track that each entry means; None for one that is not there.

    A file is known by its name and the folders around it, on whatever machine; where the name is
    all that agrees, artist and title go first. Letters count alike in any case and composition.
    """
    there = tracks_by_file_name({_parts(entry.path)[-1] for entry in entries if entry.path})
    found: list[int | None] = []
    for entry in entries:
        number, common = _by_path(entry.path, there)
        if common < _SURE_PARTS:
            number = _by_name(entry.name) or number
        found.append(number)
    return found


_SURE_PARTS: Final = 2
"""A file and its folder."""
_NO_PARTS: Final = ("",)


def _parts(path: str) -> tuple[str, ...]:
    parts = (alike(part) for part in path.split("/") if part not in ("", ".", ".."))
    return tuple(parts) or _NO_PARTS


def _by_path(path: str, there: Mapping[str, Sequence[tuple[int, str]]]) -> tuple[int | None, int]:
    """Return the file with the most folders in common, if it is the only one, and how many."""
    parts = _parts(path)
    found = [(_common(parts, _parts(other)), number) for number, other in there.get(parts[-1], ())]
    best = max((common for common, _ in found), default=0)
    closest = [number for common, number in found if common == best]
    return (closest[0], best) if len(closest) == 1 else (None, 0)


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
