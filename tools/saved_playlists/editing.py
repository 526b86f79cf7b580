"""Edits of a playlist as a list of slots. Pure; positions count from 1, −1 is the last."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal, get_args

from store.folding import fold
from store.results import PlaylistDetail, TrackRow
from tools.playlist.composing import in_flow

Sort = Literal[
    "relevance", "bpm", "energy", "year", "added", "length", "title", "artist", "key", "random"
]
SORTS: Final[tuple[str, ...]] = get_args(Sort)


@dataclass(frozen=True, slots=True)
class Slot:
    """A track in its place; a locked one stays there when others are shuffled or replaced."""

    track: TrackRow
    locked: bool = False


Slots = Sequence[Slot]


def slots_of(detail: PlaylistDetail) -> list[Slot]:
    """Return the entries of a playlist."""
    return [Slot(entry.track, entry.locked) for entry in detail.entries]


def index_of(position: int, count: int) -> int | None:
    """Return the index of a position among `count` slots; None where there is no such slot."""
    index = position - 1 if position > 0 else count + position
    return index if position and 0 <= index < count else None


def inserted(slots: Slots, new: Slots, position: int | None) -> tuple[list[Slot], int]:
    """Put slots at a position, at the end without one; return all, and the index of the first."""
    count = len(slots)
    if position is None or position == 0:
        at = count
    else:
        at = position - 1 if position > 0 else count + 1 + position
    at = min(max(at, 0), count)
    return [*slots[:at], *new, *slots[at:]], at


def removed(slots: Slots, indices: Collection[int]) -> list[Slot]:
    """Remove the slots at these indices."""
    return [slot for index, slot in enumerate(slots) if index not in indices]


def moved(slots: Slots, indices: Sequence[int], position: int) -> tuple[list[Slot], int]:
    """Move slots so that the first of them is at a position; return all, and its index."""
    return inserted(removed(slots, indices), [slots[index] for index in indices], position)


def arranged(slots: Slots, track_ids: Sequence[int]) -> list[Slot] | None:
    """Put slots into the order of these tracks; None where they are not exactly those there."""
    left: dict[int, list[Slot]] = {}
    for slot in slots:
        left.setdefault(slot.track.id, []).append(slot)
    result = [left[number].pop(0) for number in track_ids if left.get(number)]
    return result if len(result) == len(track_ids) == len(slots) else None


def shuffled(slots: Slots, *, chance: random.Random) -> list[Slot]:
    """Put the slots that are not locked into another random order."""
    free = [index for index, slot in enumerate(slots) if not slot.locked]
    order = free[:]
    while len(free) > 1 and order == free:
        chance.shuffle(order)
    result = list(slots)
    for index, source in zip(free, order, strict=True):
        result[index] = slots[source]
    return result


def toggled_locks(slots: Slots, indices: Collection[int]) -> tuple[list[Slot], bool]:
    """Lock slots, or unlock them where all are locked; return all, and whether they are locked."""
    locked = not all(slots[index].locked for index in indices)
    return [
        replace(slot, locked=locked) if index in indices else slot
        for index, slot in enumerate(slots)
    ], locked


def sorted_by(
    slots: Slots, sort: Sort, *, added: Mapping[int, datetime], chance: random.Random
) -> list[Slot]:
    """Sort slots, unknown values last: energy and "added" downwards, anything else upwards.

    Args:
        slots: The slots.
        sort: "relevance" is the order with the smoothest steps.
        added: Track → when it was added.
        chance: For "random", which leaves locks alone as every sort does.
    """
    if sort == "random":
        return chance.sample(list(slots), len(slots))
    if sort == "relevance":
        at = {id(slot.track): slot for slot in slots}
        return [at[id(track)] for track in in_flow([slot.track for slot in slots])]
    value = _added(added) if sort == "added" else _VALUES[sort]
    return sorted(slots, key=lambda slot: _last_if_unknown(value(slot.track)))


def _added(times: Mapping[int, datetime]) -> Callable[[TrackRow], Any]:
    return lambda track: -times[track.id].timestamp() if track.id in times else None


def _last_if_unknown(value: Any) -> tuple[bool, Any]:
    return (True, 0) if value is None else (False, value)


def _key(track: TrackRow) -> tuple[int, str] | None:
    return (int(track.camelot[:-1]), track.camelot[-1]) if track.camelot else None


def _artist(track: TrackRow) -> tuple[str, str, str] | None:
    return (fold(track.artist), track.album or "", fold(track.title)) if track.artist else None


_VALUES: Final[Mapping[str, Callable[[TrackRow], Any]]] = {
    "bpm": lambda track: track.bpm,
    "energy": lambda track: None if track.energy is None else -track.energy,
    "year": lambda track: track.year,
    "length": lambda track: track.duration_s,
    "title": lambda track: fold(track.title),
    "artist": _artist,
    "key": _key,
}
