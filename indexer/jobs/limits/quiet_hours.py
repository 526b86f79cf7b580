"""Hours of the day in which the indexer rests: `22:00-07:00`, in local time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

_FORM: Final = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From a time of the day to another, over midnight where the end comes first."""

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> QuietHours | None:
        """Parse `22:00-07:00`; return None for an empty text.

        Raises:
            ValueError: It is something else, or lasts no time.
        """
        if not text.strip():
            return None
        if form := _FORM.fullmatch(text):
            from_hour, from_minute, to_hour, to_minute = map(int, form.groups())
            if from_hour < 24 and to_hour < 24 and from_minute < 60 and to_minute < 60:
                hours = cls(time(from_hour, from_minute), time(to_hour, to_minute))
                if hours.start != hours.end:
                    return hours
        raise ValueError(
            f"BACKBEAT_QUIET_HOURS is {text!r}. Write when the analysis rests as two times of the "
            "day, such as 22:00-07:00."
        )

    def since(self, now: datetime) -> datetime | None:
        """Return the start of the quiet hours that hold `now`; None outside of them."""
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        for day in (today, today - timedelta(days=1)):
            begin = _at(day, self.start)
            end = _at(day if self.end > self.start else day + timedelta(days=1), self.end)
            if begin <= now < end:
                return begin
        return None

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def _at(day: datetime, moment: time) -> datetime:
    return day.replace(hour=moment.hour, minute=moment.minute)
