"""The whole folder compared with the store: what is new, changed, moved, back or gone.

Nothing is opened here. A file counts as known when its path, size and modification time are what
the store has. A file that is gone and one that is new are the same when name, size and time agree
and no other file has these; every other move is found by the worker, which hashes the audio.

Paths are text as `store.paths.encode_path` writes it.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from sqlmodel import select

from indexer.files.audio.audio_file import AUDIO_SUFFIXES
from store import writing
from store.database.db import read
from store.database.tables import Job
from store.jobs import job_queue
from store.paths import decode_path, encode_path
from store.records import KnownFile

SYSTEM_FOLDERS: Final = frozenset({"@eaDir", "#recycle", "$RECYCLE.BIN", "lost+found"})
"""Folders that storage devices keep for themselves: thumbnails and waste."""

REPORT_EVERY: Final = 1000
"""Files between two calls of `on_count`."""


class Stamp(NamedTuple):
    """What tells that a file is unchanged without opening it."""

    size_bytes: int
    mtime_ns: int


NO_STAMP: Final = Stamp(-1, -1)
"""Of no file."""


class Look(NamedTuple):
    """Name, size and time of a file: what a rename of its folder does not change."""

    name: str
    size_bytes: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Listing:
    """What is in a folder now.

    Attributes:
        files: Path → stamp of each audio file.
        unreadable: Folder or file → why it could not be read.
        is_empty: Whether the folder has no entry at all, as a disk's place has without its disk.
    """

    files: Mapping[str, Stamp]
    unreadable: Mapping[str, str] = field(default_factory=dict)
    is_empty: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to be done about a folder.

    Attributes:
        fresh: Files to analyse: new ones and those whose stamp changed.
        moved: (old path, new path) of files that only have another folder now.
        back: Tracks that were missing and whose file is there again, unchanged.
        gone: Tracks whose file is not there any more.
        offline: Why nothing is marked as gone, when the folder looks like an unmounted disk.
    """

    fresh: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    back: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()
    offline: str | None = None


def is_audio_name(name: str) -> bool:
    """Whether a file of this name is taken: audio by its suffix, not hidden.

    Partial downloads (`song.mp3.part`, `.crdownload`, `.tmp`) do not end in an audio suffix.
    """
    return not name.startswith(".") and Path(name).suffix.lower() in AUDIO_SUFFIXES


def is_walked(path: Path, *, root: Path) -> bool:
    """Whether the walk of `root` comes to `path`: inside, and under no hidden folder."""
    try:
        parts = path.relative_to(root).parts
    except ValueError:
        return False
    return not any(part.startswith(".") or part in SYSTEM_FOLDERS for part in parts)


def walk(folder: Path, *, on_count: Callable[[int], None] = lambda _: None) -> Listing:
    """List the audio files under `folder`; one `stat` a file, links followed, loops cut.

    A folder that a link leads to as well goes by its own name, whatever order the disk lists in.

    Args:
        folder: Where to start. When it cannot be read, it is the one unreadable entry.
        on_count: Gets the number of files found so far, now and then.
    """
    files: dict[str, Stamp] = {}
    unreadable: dict[str, str] = {}
    seen: set[tuple[int, int]] = set()
    waiting, links = [os.fspath(folder)], list[str]()
    entries_at_top = 0
    while waiting or links:
        place = (waiting or links).pop()
        try:
            status = Path(place).stat()
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            with os.scandir(place) as entries:
                for entry in entries:
                    entries_at_top += len(seen) == 1
                    _take(entry, files, unreadable, links if entry.is_symlink() else waiting)
                    if files and len(files) % REPORT_EVERY == 0:
                        on_count(len(files))
        except OSError as error:
            unreadable[encode_path(place)] = in_words(error)
    return Listing(files, unreadable, is_empty=entries_at_top == 0)


def _take(
    entry: os.DirEntry[str],
    files: dict[str, Stamp],
    unreadable: dict[str, str],
    folders: list[str],
) -> None:
    """Keep a file, remember a folder, pass over anything else."""
    if entry.name.startswith(".") or entry.name in SYSTEM_FOLDERS:
        return
    try:
        if entry.is_dir():
            folders.append(entry.path)
        elif is_audio_name(entry.name) and entry.is_file():
            status = entry.stat()
            files[encode_path(entry.path)] = Stamp(status.st_size, status.st_mtime_ns)
    except OSError as error:
        unreadable[encode_path(entry.path)] = in_words(error)


def in_words(error: OSError) -> str:
    """Why a file or folder cannot be read."""
    if isinstance(error, PermissionError):
        return "you may not read it; change its permissions"
    if isinstance(error, FileNotFoundError):
        return "it is not there (is its disk connected?)"
    return error.strerror or str(error)


def compare(
    folder: Path,
    listing: Listing,
    known: Mapping[str, KnownFile],
    *,
    given_up: Mapping[str, Stamp] | None = None,
) -> Plan:
    """Tell what has to be done so that the store agrees with the folder.

    Args:
        folder: What was listed.
        listing: What is there.
        known: What the store has inside the folder.
        given_up: Files that failed, with the stamp they had: not tried again unchanged.
    """
    if offline := _offline(folder, listing, known.values()):
        return Plan(offline=offline)
    given_up = given_up or {}
    fresh: list[str] = []
    back: list[int] = []
    for path, stamp in listing.files.items():
        file = known.get(path)
        if file is not None and file.analysed and (file.size_bytes, file.mtime_ns) == stamp:
            if file.missing:
                back.append(file.track_id)
        elif given_up.get(path) != stamp:
            fresh.append(path)
    shields = tuple(listing.unreadable)
    absent = {
        path: file
        for path, file in known.items()
        if path not in listing.files and not any(is_under(path, place) for place in shields)
    }
    moved = _moves(absent, {path: listing.files[path] for path in fresh if path not in known})
    new_names, old_names = dict(moved).values(), dict(moved)
    arrived = set(new_names)
    return Plan(
        fresh=tuple(sorted(path for path in fresh if path not in arrived)),
        moved=moved,
        back=tuple(back),
        gone=tuple(
            file.track_id
            for path, file in absent.items()
            if not file.missing and path not in old_names
        ),
    )


def is_under(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or inside it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def look(path: str, stamp: tuple[int, int]) -> Look:
    """What a rename of the folder would leave as it is."""
    return Look(path.rpartition("/")[2], *stamp)


def _moves(
    absent: Mapping[str, KnownFile], arrived: Mapping[str, Stamp]
) -> tuple[tuple[str, str], ...]:
    """(old, new) where one absent and one new file, and no others, look the same."""
    if not absent or not arrived:
        return ()
    old: dict[Look, list[str]] = defaultdict(list)
    new: dict[Look, list[str]] = defaultdict(list)
    for path, file in absent.items():
        if file.analysed:
            old[look(path, (file.size_bytes, file.mtime_ns))].append(path)
    for path, stamp in arrived.items():
        new[look(path, stamp)].append(path)
    return tuple(
        (old[seen][0], paths[0])
        for seen, paths in new.items()
        if len(paths) == 1 and len(old.get(seen, ())) == 1
    )


def _offline(folder: Path, listing: Listing, known: Iterable[KnownFile]) -> str | None:
    """Why the folder's tracks should be kept although none of their files is there."""
    if why := listing.unreadable.get(encode_path(folder)):
        return f"The folder {folder} cannot be read: {why}. Its tracks are kept."
    if listing.is_empty and any(not file.missing for file in known):
        return f"The folder {folder} is empty; is its disk connected? Its tracks are kept."
    return None


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What a reconciliation found and did.

    Attributes:
        found: Audio files in the folder.
        queued: Files that wait for analysis now and did not before.
        waiting: Files that waited already, as after a restart.
        given_up: Files that failed before and have not changed.
        unreadable: Folder or file → why it could not be read.
        offline: Why the folder was left alone, if it was.
    """

    found: int = 0
    queued: int = 0
    waiting: int = 0
    given_up: int = 0
    moved: int = 0
    back: int = 0
    gone: int = 0
    unreadable: Mapping[str, str] = field(default_factory=dict)
    offline: str | None = None


def reconcile(
    folder: Path,
    *,
    retry_failed: bool = False,
    on_count: Callable[[int], None] = lambda _: None,
) -> ScanReport:
    """Make the store agree with a folder: queue, move, hide and show again.

    Args:
        folder: An absolute path.
        retry_failed: Try files again that failed and have not changed since.
        on_count: Gets the number of files found so far, now and then.
    """
    listing = walk(folder, on_count=on_count)
    known = writing.known_files(under=folder)
    failed = given_up()
    plan = compare(folder, listing, known, given_up={} if retry_failed else failed)
    if plan.offline:
        return ScanReport(unreadable=listing.unreadable, offline=plan.offline)
    for old, new in plan.moved:
        writing.move_track(decode_path(old), decode_path(new))
        writing.mark_missing([known[old].track_id], missing=False)
    if plan.back:
        writing.mark_missing(list(plan.back), missing=False)
    if plan.gone:
        writing.mark_missing(list(plan.gone))
    waiting = _waiting() & set(plan.fresh)
    queued = job_queue.enqueue_many(
        request(path, listing.files[path]) for path in plan.fresh if path not in waiting
    )
    for path in failed.keys() - listing.files.keys():
        if is_under(path, encode_path(folder)) and not decode_path(path).exists():
            job_queue.forget("analyse", path)
    return ScanReport(
        found=len(listing.files),
        queued=queued,
        waiting=len(waiting),
        given_up=len((failed.keys() & listing.files.keys()) - set(plan.fresh)),
        moved=len(plan.moved),
        back=len(plan.back),
        gone=len(plan.gone),
        unreadable=listing.unreadable,
    )


def given_up() -> dict[str, Stamp]:
    """Files that failed, with the stamp they had.

    One that could not be read has none: its permissions or its disk may be well again.
    """
    stamps: dict[str, Stamp] = {}
    with read() as session:
        columns = select(Job.key, Job.payload, Job.result)
        for path, payload, result in session.exec(
            columns.where(Job.kind == "analyse", Job.state == "failed")
        ):
            unreadable = result.get("code") == "unreadable"
            stamp = (payload.get("size_bytes"), payload.get("mtime_ns"))
            stamps[path] = NO_STAMP if unreadable else Stamp(*map(_number, stamp))
    return stamps


def _waiting() -> set[str]:
    """Files that are queued already: after a restart in a first indexing, most of them."""
    with read() as session:
        found = select(Job.key).where(Job.kind == "analyse", Job.state == "queued")
        return set(session.exec(found))


def request(path: str, stamp: Stamp) -> job_queue.JobRequest:
    """The job that analyses a file; its stamp is kept so that a failure is not repeated."""
    return job_queue.JobRequest(kind="analyse", key=path, payload=stamp._asdict())


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1
