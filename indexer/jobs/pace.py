"""When the indexer rests, and how hard a worker works: kind to small boards and to people."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from indexer.jobs.quiet_hours import QuietHours
from indexer.jobs.settings import IndexerSettings
from indexer.jobs.temperature import COOLED_BY_C, Thermometer
from store.jobs import indexer_state
from store.jobs.indexer_state import PauseReason

SHORTEST_S: Final = 0.02
"""Sleeping less often costs less than sleeping exactly."""
FORGET_S: Final = 2.0
"""Time without work (waiting for a disk) is no credit for a burst of work later on."""


class Pace:
    """Why the indexer should rest now."""

    def __init__(
        self,
        settings: IndexerSettings,
        *,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        self._quiet_hours = QuietHours.parse(settings.quiet_hours)
        self._limit_c = settings.max_temperature_c
        self._thermometer = Thermometer(settings.max_temperature_c, zones=settings.thermal_zones)
        self._now = now

    def reason(self) -> PauseReason | None:
        """Look at the owner's wish, the clock and the thermometer; None to work."""
        hot = self._thermometer.is_hot()
        if indexer_state.paused_by_owner():
            return "owner"
        if self._is_quiet():
            return "quiet_hours"
        return "too_hot" if hot else None

    def in_words(self, reason: PauseReason) -> str:
        """A sentence for the terminal."""
        if reason == "owner":
            return "The analysis is paused; backbeat resume lets it go on."
        if reason == "quiet_hours":
            return f"The analysis rests in the quiet hours ({self._quiet_hours})."
        cooled_c = self._limit_c - COOLED_BY_C
        return f"The processor has {self._limit_c:.0f} °C; the analysis rests until {cooled_c:.0f}."

    def _is_quiet(self) -> bool:
        """Within the quiet hours, unless the owner said "go on" since they began."""
        since = self._quiet_hours.since(self._now()) if self._quiet_hours else None
        if since is None:
            return False
        resumed = indexer_state.resumed_at()
        return resumed is None or resumed < since


class Pacer:
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
        """Sleep as long as the work since the last call asks for."""
        if self._duty >= 1:
            return
        passed_s = time.monotonic() - self._began_s
        due_s = (time.process_time() - self._computed_s) / self._duty - passed_s
        if due_s > SHORTEST_S:
            self._sleep(due_s)
            self.reset()
        elif passed_s > FORGET_S:
            self.reset()

    def reset(self) -> None:
        """Begin anew: what was computed until now does not count."""
        self._began_s = time.monotonic()
        self._computed_s = time.process_time()
