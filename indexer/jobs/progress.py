"""How far the indexer is, as the command line and the chat show it."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from indexer.jobs.scan import ScanReport
from store.jobs.indexer_state import PauseReason

RATE_WINDOW: Final = 50
"""Files over which the rate is measured."""
FEW_FILES: Final = 3
"""Fewer say nothing about the rate."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the analysis of files is.

    Attributes:
        total: Files done, failed and to do since the indexer started.
        current: Files at hand.
        eta_s: None until the first files tell, and while the indexer rests.
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
    """Something to show to the person.

    Attributes:
        kind: A step of the work, a trouble, a file that failed, how far it is, or nothing to do.
    """

    kind: Literal["step", "problem", "failed", "progress", "idle"]
    message: str = ""
    progress: Progress = Progress()


@dataclass(slots=True)
class IndexSummary:
    """What came of it all.

    Attributes:
        outcomes: analysed, retagged, moved, copied, gone → number of files.
        failures: (path as it can be shown, reason).
        problems: What else went wrong, in words.
    """

    scan: ScanReport = field(default_factory=ScanReport)
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0


OnEvent = Callable[[IndexEvent], None]


class Tally:
    """Counts files and measures the rate, by a clock that stands still while the indexer rests.

    Args:
        clock: Seconds that only grow.
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
        """The indexer rests from now on, or works again."""
        now_s = self._worked_s()
        self._rested_s = self._clock() - now_s
        self._rests_since_s = now_s
        self._resting = reason

    def begin(self) -> None:
        """A worker took the first file."""
        self._began_s = self._worked_s() if self._began_s is None else self._began_s

    def count(self, *, failed: bool) -> None:
        """One more file is over."""
        self.done += not failed
        self.failed += failed
        self._times_s.append(self._worked_s())

    def progress(self, *, remaining: int, current: tuple[str, ...]) -> Progress:
        """The state of things with so many files still to do."""
        rate = self._rate_per_s() if remaining and not self._resting else None
        over = self.done + self.failed
        # a file that is just done is counted by its report a moment after it left the queue
        self._total = max(self._total, over + remaining) if remaining or current else over
        return Progress(
            total=self._total,
            done=self.done,
            failed=self.failed,
            rate_per_minute=60 * rate if rate else None,
            eta_s=remaining / rate if rate else None,
            current=current,
            resting=self._resting,
        )

    def _worked_s(self) -> float:
        """Seconds without those of rest."""
        return self._rests_since_s if self._resting else self._clock() - self._rested_s

    def _rate_per_s(self) -> float | None:
        count = len(self._times_s)
        if count < FEW_FILES or self._began_s is None:
            return None
        first_s = self._began_s if count < RATE_WINDOW else self._times_s[0]
        passed_s = self._worked_s() - first_s
        return count / passed_s if passed_s > 0 else None
