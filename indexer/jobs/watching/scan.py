"""Scan of a folder: compare it with the store, update the store and queue analyses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from indexer.ingest.replaced_file import hand_over
from indexer.jobs.watching.folder_listing import Stamp, is_under, walk
from indexer.jobs.watching.scan_plan import ScanPlan, compare
from indexer.jobs.watching.scan_report import ScanReport
from store.jobs import analysis_jobs, job_queue
from store.library import track_files
from store.paths import decode_path, encode_path
from store.records import KnownFile
from store.tracks import away_tracks

NO_STAMP: Final = Stamp(-1, -1)
"""Equal to the stamp of no file."""


def reconcile(
    folder: Path,
    *,
    retry_failed: bool = False,
    leave_out: str = "",
    min_length_s: float = 0.0,
    on_count: Callable[[int], None] = lambda _: None,
) -> ScanReport:
    """Make the store agree with a folder: queue, move, hide, mark as away and show again.

    Args:
        folder: An absolute path.
        retry_failed: Try files again that failed and have not changed since.
        leave_out: Patterns of what is left out (`leave_out.own_patterns`).
        min_length_s: Shorter files are left out.
        on_count: Gets the number of files found so far, now and then.
    """
    listing = walk(folder, patterns=leave_out, on_count=on_count)
    known = track_files.known_files(under=folder)
    failed = failed_stamps()
    given_up = {} if retry_failed else failed
    plan = compare(folder, listing, known, given_up=given_up, min_length_s=min_length_s)
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
        left_out=Counter(listing.left_out.values()) + Counter(short=plan.short),
        not_taken=listing.not_taken,
    )


def _apply_to_tracks(plan: ScanPlan, known: Mapping[str, KnownFile]) -> None:
    for old, new in plan.moved:
        track_files.move_track(decode_path(old), decode_path(new))
        track_files.mark_missing(known[old].track_ids, missing=False)
    if plan.restored:
        track_files.mark_missing(list(plan.restored), missing=False)
    if plan.missing:
        track_files.mark_missing(list(plan.missing))
        hand_over(list(plan.missing))
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
