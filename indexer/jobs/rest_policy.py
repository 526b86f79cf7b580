"""Reasons for the indexer to rest: the owner, quiet hours, a hot processor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from indexer.jobs.limits.quiet_hours import QuietHours
from indexer.jobs.limits.temperature import COOLED_BY_C, Thermometer
from indexer.jobs.settings import IndexerSettings
from store.jobs import indexer_state
from store.jobs.indexer_state import PauseReason


class RestPolicy:
    """Selects the reason for which the indexer rests now."""

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
        """Return the reason to rest: a pause by the owner, the clock, the heat; None to work."""
        hot = self._thermometer.is_hot()
        if indexer_state.paused_by_owner():
            return "owner"
        if self._is_quiet():
            return "quiet_hours"
        return "too_hot" if hot else None

    def describe(self, reason: PauseReason) -> str:
        """Return a sentence for the terminal."""
        if reason == "owner":
            return "The analysis is paused; backbeat resume lets it go on."
        if reason == "quiet_hours":
            return f"The analysis rests in the quiet hours ({self._quiet_hours})."
        cooled_c = self._limit_c - COOLED_BY_C
        return f"The processor has {self._limit_c:.0f} °C; the analysis rests until {cooled_c:.0f}."

    def _is_quiet(self) -> bool:
        """Whether it is within the quiet hours, and the owner has not resumed since they began."""
        since = self._quiet_hours.since(self._now()) if self._quiet_hours else None
        if since is None:
            return False
        resumed = indexer_state.resumed_at()
        return resumed is None or resumed < since
