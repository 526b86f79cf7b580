"""What a scan of the music folder found, and how it is told on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from store.paths import shown_path

PLACES_SHOWN: Final = 3
"""Folders that are told one by one; the others are counted."""

_REASONS: Final = {
    "nomedia": "folders with .nomedia",
    "ndignore": "named in .ndignore",
    "pattern": "named in BACKBEAT_LEAVE_OUT",
    "hidden": "hidden folders",
    "system": "system folders",
    "short": "files shorter than BACKBEAT_MIN_LENGTH_S",
}


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
        left_out: Reason (`leave_out.Reason`) → number of files and folders.
        not_taken: Suffix → number of files whose audio is not decoded.
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
    left_out: Mapping[str, int] = field(default_factory=dict)
    not_taken: Mapping[str, int] = field(default_factory=dict)

    @property
    def all_away(self) -> bool:
        """Whether there is nothing but tracks that are away."""
        return bool(self.away) and not self.found


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


def describe_left_out(report: ScanReport) -> str:
    """Return in sentences what is in the folder and not taken; "" where there is nothing."""
    said: list[str] = []
    if reasons := [f"{n} {_REASONS[name]}" for name, n in sorted(report.left_out.items())]:
        said.append(f"Left out: {', '.join(reasons)}.")
    if formats := [f"{n} {suffix[1:]}" for suffix, n in sorted(report.not_taken.items())]:
        said.append(f"Not taken, as Backbeat cannot decode them: {', '.join(formats)}.")
    return " ".join(said)
