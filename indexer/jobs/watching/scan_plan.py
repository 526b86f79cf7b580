"""A folder listing compared with the store: files new, changed, moved, restored or missing.

No file is opened. A file is known when its path, size and modification time are those in the store.
A missing file and a new one are the same when name, size and time agree and no other file has
these; every other move is found by the worker, which hashes the audio.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from indexer.jobs.watching.absence import Absence, judge
from indexer.jobs.watching.folder_listing import FolderListing, Stamp, is_under
from store.records import KnownFile


class FileSignature(NamedTuple):
    """Name, size and time of a file: unchanged when its folder is renamed."""

    name: str
    size_bytes: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class ScanPlan:
    """Changes that bring the store up to date with a folder.

    Attributes:
        to_analyse: New files and those whose stamp changed.
        moved: (old path, new path) of files that only changed their folder.
        restored: Tracks that were missing or away and whose file is there again, unchanged.
        missing: Tracks whose file was deleted.
        short: Number of files that are left out as too short.
        away: Folder that cannot be seen → tracks that are expected back with it.
    """

    to_analyse: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    restored: tuple[int, ...] = ()
    missing: tuple[int, ...] = ()
    short: int = 0
    away: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def compare(
    folder: Path,
    listing: FolderListing,
    known: Mapping[str, KnownFile],
    *,
    given_up: Mapping[str, Stamp] | None = None,
    min_length_s: float = 0.0,
) -> ScanPlan:
    """Return the changes that make the store agree with the folder.

    Args:
        folder: The folder that was listed.
        listing: Its content.
        known: Files that the store has inside the folder.
        given_up: Files that failed, with their stamp then: not tried again unchanged.
        min_length_s: Shorter files are left out.
    """
    short = too_short(listing, known, min_length_s=min_length_s)
    listing = replace(
        listing,
        files={path: stamp for path, stamp in listing.files.items() if path not in short},
        left_out={**listing.left_out, **dict.fromkeys(short, "short")},
    )
    fresh, restored = _fresh_and_restored(listing, known, given_up or {})
    absent = {path: file for path, file in known.items() if path not in listing.files}
    moved = _moves(absent, {path: listing.files[path] for path in fresh if path not in known})
    new_paths = {new for _, new in moved}
    absence = _absence(folder, listing, known, moved={old for old, _ in moved})
    return ScanPlan(
        to_analyse=tuple(sorted(path for path in fresh if path not in new_paths)),
        moved=moved,
        restored=restored,
        missing=tuple(each for path in absence.gone for each in known[path].track_ids),
        short=len(short),
        away={
            place: tuple(each for path in paths for each in known[path].track_ids)
            for place, paths in absence.away.items()
        },
    )


def too_short(
    listing: FolderListing, known: Mapping[str, KnownFile], *, min_length_s: float
) -> frozenset[str]:
    """Return the files whose length is known, unchanged, and less than is wanted."""
    return frozenset(
        path
        for path, stamp in listing.files.items()
        if min_length_s
        and (file := known.get(path))
        and not file.others  # parts of a file may be short
        and 0 < file.duration_s < min_length_s
        and (file.size_bytes, file.mtime_ns) == stamp
    )


def signature_of(path: str, stamp: tuple[int, int]) -> FileSignature:
    """Return the signature of a file with this path, size and time."""
    return FileSignature(path.rpartition("/")[2], *stamp)


def _fresh_and_restored(
    listing: FolderListing, known: Mapping[str, KnownFile], given_up: Mapping[str, Stamp]
) -> tuple[list[str], tuple[int, ...]]:
    """Return new or changed paths, and tracks that were missing and are unchanged."""
    fresh: list[str] = []
    restored: list[int] = []
    for path, stamp in listing.files.items():
        file = known.get(path)
        if file is not None and file.analysed and (file.size_bytes, file.mtime_ns) == stamp:
            if file.missing and file.others:
                fresh.append(path)  # which of its parts are there is read anew
            elif file.missing or file.away_from:
                restored += file.track_ids
        elif given_up.get(path) != stamp:
            fresh.append(path)
    return fresh, tuple(restored)


def _absence(
    folder: Path, listing: FolderListing, known: Mapping[str, KnownFile], *, moved: Collection[str]
) -> Absence:
    """Return which of the files that are not listed are away, and which were deleted.

    Those in a folder that could not be read are away with it. What is left out now is taken for
    deleted: it comes back when it is not left out any more.
    """
    left_out: list[str] = []
    there = {path: file for path, file in known.items() if not file.missing and path not in moved}
    unread: dict[str, list[str]] = defaultdict(list)
    vanished: dict[str, str] = {}
    for path, file in there.items():
        if path in listing.files:
            continue
        if listing.leaves_out(path):
            left_out.append(path)
        elif place := next((each for each in listing.unreadable if is_under(path, each)), None):
            unread[place].append(path)
        else:
            vanished[path] = file.away_from or ""
    unseen = {place: tuple(paths) for place, paths in unread.items()}
    if not vanished:
        return Absence(unseen, tuple(left_out))
    before = {path: place for path, place in vanished.items() if place}
    judged = judge(folder, vanished, there, away_from=before)
    return Absence({**judged.away, **unseen}, (*judged.gone, *left_out))


def _moves(
    absent: Mapping[str, KnownFile], new: Mapping[str, Stamp]
) -> tuple[tuple[str, str], ...]:
    """Return (old, new) where one absent and one new file, and no others, share a signature."""
    if not absent or not new:
        return ()
    old_paths: dict[FileSignature, list[str]] = defaultdict(list)
    new_paths: dict[FileSignature, list[str]] = defaultdict(list)
    for path, file in absent.items():
        if file.analysed:
            old_paths[signature_of(path, (file.size_bytes, file.mtime_ns))].append(path)
    for path, stamp in new.items():
        new_paths[signature_of(path, stamp)].append(path)
    return tuple(
        (old_paths[signature][0], paths[0])
        for signature, paths in new_paths.items()
        if len(paths) == 1 and len(old_paths.get(signature, ())) == 1
    )
