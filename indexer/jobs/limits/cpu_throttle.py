"""Limit of a process to a share of one core."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

SHORTEST_SLEEP_S: Final = 0.02
"""Shorter sleeps cost more in calls than they gain in accuracy."""
LONGEST_CREDIT_S: Final = 2.0
"""Time without computing (waiting for a disk) does not count towards work later on."""


class CpuThrottle:
    """Keeps a process to a share of one core, by sleeping between pieces of work.

    Args:
        duty: Share of the time that may be spent computing, 0..1.
        sleep: Sleeps so many seconds, or less where the process has to end.
    """

    def __init__(self, duty: float, *, sleep: Callable[[float], object] = time.sleep) -> None:
        self._duty = duty
        self._sleep = sleep
        self.reset()

    def throttle(self) -> None:
        """Sleep as long as the work since the last call requires."""
        if self._duty >= 1:
            return
        passed_s = time.monotonic() - self._began_s
        due_s = (time.process_time() - self._computed_s) / self._duty - passed_s
        if due_s > SHORTEST_SLEEP_S:
            self._sleep(due_s)
            self.reset()
        elif passed_s > LONGEST_CREDIT_S:
            self.reset()

    def reset(self) -> None:
        """Start measuring anew: earlier computing does not count."""
        self._began_s = time.monotonic()
        self._computed_s = time.process_time()
