"""Progress and result of an indexing run, as the command line shows them."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from indexer.jobs.watching.scan import ScanReport
from store.jobs.indexer_state import PauseReason

RATE_WINDOW: Final = 50
"""Files over which the rate is measured."""
FEW_FILES: Final = 3
"""With fewer the rate is not estimated."""


@dataclass(frozen=True, slots=True)
class IndexProgress:
    """Progress of the analysis of files.

    Attributes:
        total: Files done, failed and to do since the indexer started.
        current: Files that are analysed now.
        eta_s: Estimated seconds left; None for the first files, and while the indexer rests.
        resting: Why the indexer rests; None while it works.
    """

    total: int = 0
    done: int = 0
    failed: int = 0
    rate_per_minute: float | None = None
    eta_s: float | None = None
    current: tuple[str, ...] = ()
    resting: PauseReason | None = None


@dataclass(frozen=True, slots=True)
class IndexEvent:
    """A message to the user.

    Attributes:
        kind: A step of the work, a problem, a file that failed, progress, or nothing left to do.
    """

    kind: Literal["step", "problem", "failed", "progress", "idle"]
    message: str = ""
    progress: IndexProgress = IndexProgress()


@dataclass(slots=True)
class IndexSummary:
    """Result of a run.

    Attributes:
        outcomes: analysed, retagged, moved, copied, gone → number of files.
        failures: (path as it can be shown, reason).
        problems: Messages of all other problems.
    """

    scan: ScanReport = field(default_factory=ScanReport)
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0


OnEvent = Callable[[IndexEvent], None]


class ProgressCounter:
    """Counts files and measures their rate; time during which the indexer rests is left out.

    Args:
        clock: Monotonic time in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._resting: PauseReason | None = None
        self._rested_s = 0.0
        self._rests_since_s = 0.0
        self.done = 0
        self.failed = 0
        self._times_s: deque[float] = deque(maxlen=RATE_WINDOW)
        self._began_s: float | None = None
        self._total = 0

    def rest(self, reason: PauseReason | None) -> None:
        """Start a rest, or with None end it."""
        now_s = self._worked_s()
        self._rested_s = self._clock() - now_s
        self._rests_since_s = now_s
        self._resting = reason

    def begin(self) -> None:
        """Record that a worker began a file; the first starts the clock."""
        self._began_s = self._worked_s() if self._began_s is None else self._began_s

    def count(self, *, failed: bool) -> None:
        """Count one finished file."""
        self.done += not failed
        self.failed += failed
        self._times_s.append(self._worked_s())

    def progress(self, *, remaining: int, current: tuple[str, ...]) -> IndexProgress:
        """Return the progress with `remaining` files still to do."""
        rate = self._rate_per_s() if remaining and not self._resting else None
        over = self.done + self.failed
        # a finished file leaves the queue a moment before its report is counted
        self._total = max(self._total, over + remaining) if remaining or current else over
        return IndexProgress(
            total=self._total,
            done=self.done,
            failed=self.failed,
            rate_per_minute=60 * rate if rate else None,
            eta_s=remaining / rate if rate else None,
            current=current,
            resting=self._resting,
        )

    def _worked_s(self) -> float:
        """Return the seconds without those of rest."""
        return self._rests_since_s if self._resting else self._clock() - self._rested_s

    def _rate_per_s(self) -> float | None:
        count = len(self._times_s)
        if count < FEW_FILES or self._began_s is None:
            return None
        first_s = self._began_s if count < RATE_WINDOW else self._times_s[0]
        passed_s = self._worked_s() - first_s
        return count / passed_s if passed_s > 0 else None
