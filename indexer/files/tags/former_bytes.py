"""The bytes of a file before its tags changed, as parts of the file after it and what differs."""

from __future__ import annotations

import base64
import hashlib
import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

Part = tuple[int, int] | str
"""Start and length of bytes of the file after the change, or other bytes in base64."""

MAX_DIFFERENCE: Final = 65_536
"""With more different bytes than this only the values of tags are kept."""
_ANCHOR: Final = 32
_MAX_DEPTH: Final = 64
"""Pieces are halved about; deeper only files go that have nearly nothing in common."""
_STEP: Final = 65_536


@dataclass(frozen=True, slots=True)
class FormerBytes:
    """A file before a change.

    Attributes:
        before: SHA-256 of the file before.
        after: SHA-256 of the file after.
        parts: What the file was made of; None where too much differs.
        made_tags: Whether the change made the block of tags.
    """

    before: str
    after: str
    parts: tuple[Part, ...] | None
    made_tags: bool


def former_bytes(before: Path, after: Path, *, made_tags: bool) -> FormerBytes:
    """Return what is needed to make the file before from the file after.

    Raises:
        OSError: A file cannot be read.
    """
    parts: list[Part] | None = []
    with before.open("rb") as old_file, after.open("rb") as new_file:
        old = mmap.mmap(old_file.fileno(), 0, access=mmap.ACCESS_READ)
        new = mmap.mmap(new_file.fileno(), 0, access=mmap.ACCESS_READ)
        with old, new:
            different = 0
            for part in _parts(old, new, (0, len(old)), (0, len(new))):
                parts.append(part)
                different += len(part) if isinstance(part, str) else 0
                if different > MAX_DIFFERENCE:
                    parts = None
                    break
    return FormerBytes(
        digest(before), digest(after), None if parts is None else tuple(parts), made_tags
    )


def write_former(after: Path, parts: tuple[Part, ...], target: Path) -> None:
    """Write the file before from the file after.

    Raises:
        OSError: A file cannot be read or written.
    """
    with after.open("rb") as source, target.open("wb") as file:
        for part in parts:
            if isinstance(part, str):
                file.write(base64.b64decode(part))
                continue
            start, left = part
            source.seek(start)
            while left and (data := source.read(min(left, _STEP))):
                file.write(data)
                left -= len(data)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _parts(
    old: mmap.mmap, new: mmap.mmap, was: tuple[int, int], now: tuple[int, int], depth: int = 0
) -> Iterator[Part]:
    """Yield the parts of a range of the old file, found in a range of the new one."""
    (low, high), (new_low, new_high) = was, now
    if low == high:
        return
    found = _common(old, new, was, now) if depth < _MAX_DEPTH else None
    if found is None:
        enough = min(high, low + MAX_DIFFERENCE + 1)  # that many are too many already
        yield base64.b64encode(old[low:enough]).decode()
        return
    start, new_start, length = found
    yield from _parts(old, new, (low, start), (new_low, new_start), depth + 1)
    yield (new_start, length)
    yield from _parts(old, new, (start + length, high), (new_start + length, new_high), depth + 1)


def _common(
    old: mmap.mmap, new: mmap.mmap, was: tuple[int, int], now: tuple[int, int]
) -> tuple[int, int, int] | None:
    """Return start, start in the new file and length of a common piece, if there is one."""
    (low, high), (new_low, new_high) = was, now
    if min(high - low, new_high - new_low) < _ANCHOR:
        return None
    for at in (low + (high - low) * share // 8 for share in (4, 2, 6, 1, 7, 0, 8)):
        at = min(at, high - _ANCHOR)
        anchor = old[at : at + _ANCHOR]
        for place in (new_low + at - low, new_high - (high - at)):
            if new_low <= place <= new_high - _ANCHOR and new[place : place + _ANCHOR] == anchor:
                break
        else:
            place = new.find(anchor, new_low, new_high)
        if place >= 0:
            back = _same_before(old, new, at, place, min(at - low, place - new_low))
            ahead = _same_after(old, new, at, place, min(high - at, new_high - place))
            return at - back, place - back, back + ahead
    return None


def _same_after(old: mmap.mmap, new: mmap.mmap, at: int, place: int, most: int) -> int:
    """Return how many bytes from two places on are the same."""
    done, step = 0, _STEP
    while done < most and step:
        step = min(step, most - done)
        if old[at + done : at + done + step] == new[place + done : place + done + step]:
            done += step
        else:
            step //= 2
    return done


def _same_before(old: mmap.mmap, new: mmap.mmap, at: int, place: int, most: int) -> int:
    """Return how many bytes before two places are the same."""
    done, step = 0, _STEP
    while done < most and step:
        step = min(step, most - done)
        end, new_end = at - done, place - done
        if old[end - step : end] == new[new_end - step : new_end]:
            done += step
        else:
            step //= 2
    return done
