"""Scan of a folder: compare it with the store, update the store and queue analyses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from indexer.jobs.watching.folder_listing import Stamp, is_under, walk
from indexer.jobs.watching.scan_plan import ScanPlan, compare
from store.jobs import analysis_jobs, job_queue
from store.library import track_files
from store.paths import decode_path, encode_path, shown_path
from store.records import KnownFile
from store.tracks import away_tracks

PLACES_SHOWN: Final = 3
"""Folders that are told one by one; the others are counted."""

NO_STAMP: Final = Stamp(-1, -1)
"""Equal to the stamp of no file."""


@dataclass(frozen=True, slots=True)
class ScanReport:
    """Counts of a scan.

    Attributes:
        found: Audio files in the folder.
        queued: Files that were added to the queue.
        waiting: Files that were in the queue already, as after a restart.
        given_up: Files that failed before and have not changed.
        restored: Tracks whose file is there again.
        missing: Tracks whose file was deleted.
        away: Folder that cannot be seen → number of tracks that are expected back with it.
        known: Tracks in the folder, also those away.
        unreadable: Folder or file → why it could not be read.
    """

    found: int = 0
    queued: int = 0
    waiting: int = 0
    given_up: int = 0
    moved: int = 0
    restored: int = 0
    missing: int = 0
    away: Mapping[str, int] = field(default_factory=dict)
    known: int = 0
    unreadable: Mapping[str, str] = field(default_factory=dict)

    @property
    def all_away(self) -> bool:
        """Whether there is nothing but tracks that are away."""
        return bool(self.away) and not self.found


def reconcile(
    folder: Path,
    *,
    retry_failed: bool = False,
    on_count: Callable[[int], None] = lambda _: None,
) -> ScanReport:
    """Make the store agree with a folder: queue, move, hide, mark as away and show again.

    Args:
        folder: An absolute path.
        retry_failed: Try files again that failed and have not changed since.
        on_count: Gets the number of files found so far, now and then.
    """
    listing = walk(folder, on_count=on_count)
    known = track_files.known_files(under=folder)
    failed = failed_stamps()
    plan = compare(folder, listing, known, given_up={} if retry_failed else failed)
    _apply_to_tracks(plan, known)
    waiting = analysis_jobs.queued_paths() & set(plan.to_analyse)
    queued = job_queue.enqueue_many(
        analysis_request(path, listing.files[path])
        for path in plan.to_analyse
        if path not in waiting
    )
    _delete_failures(failed.keys() - listing.files.keys(), folder)
    return ScanReport(
        found=len(listing.files),
        queued=queued,
        waiting=len(waiting),
        given_up=len((failed.keys() & listing.files.keys()) - set(plan.to_analyse)),
        moved=len(plan.moved),
        restored=len(plan.restored),
        missing=len(plan.missing),
        away={place: len(track_ids) for place, track_ids in plan.away.items()},
        known=sum(not file.missing for file in known.values()) - len(plan.missing),
        unreadable=listing.unreadable,
    )


def describe_away(report: ScanReport) -> tuple[str, ...]:
    """Return in sentences which tracks are away; none where all are there."""
    if not report.away:
        return ("Everything that was away is back.",)
    places = sorted(report.away.items(), key=lambda item: (-item[1], item[0]))
    said = [
        f"The folder {shown_path(place)} cannot be seen: {count} of {report.known} tracks are away."
        for place, count in places[:PLACES_SHOWN]
    ]
    if more := places[PLACES_SHOWN:]:
        count = sum(tracks for _, tracks in more)
        said.append(f"{len(more)} more folders cannot be seen: {count} tracks are away.")
    return (
        *said,
        "They stay in all lists and come back with their folder. If they are really deleted: "
        "backbeat away --gone",
    )


def _apply_to_tracks(plan: ScanPlan, known: Mapping[str, KnownFile]) -> None:
    for old, new in plan.moved:
        track_files.move_track(decode_path(old), decode_path(new))
        track_files.mark_missing([known[old].track_id], missing=False)
    if plan.restored:
        track_files.mark_missing(list(plan.restored), missing=False)
    if plan.missing:
        track_files.mark_missing(list(plan.missing))
    if plan.away:
        away_tracks.mark_away(plan.away)


def _delete_failures(paths: Iterable[str], folder: Path) -> None:
    """Delete the failures of files inside `folder` that do not exist any more."""
    for path in paths:
        if is_under(path, encode_path(folder)) and not decode_path(path).exists():
            job_queue.delete_jobs("analyse", path)


def failed_stamps() -> dict[str, Stamp]:
    """Return the files that failed, with their stamp then.

    A file that could not be read gets `NO_STAMP` and is tried again: its permissions or its disk
    may have been repaired.
    """
    stamps: dict[str, Stamp] = {}
    for failed in analysis_jobs.failed_analyses():
        unreadable = failed.result.get("code") == "unreadable"
        stamp = (failed.payload.get("size_bytes"), failed.payload.get("mtime_ns"))
        stamps[failed.key] = NO_STAMP if unreadable else Stamp(*map(_number, stamp))
    return stamps


def analysis_request(path: str, stamp: Stamp) -> job_queue.JobRequest:
    """Return the job that analyses a file; its stamp prevents the retry of a failure."""
    return job_queue.JobRequest(kind="analyse", key=path, payload=stamp._asdict())


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1
