from datetime import datetime

import pytest

from indexer.jobs.limits.quiet_hours import QuietHours


def hours(text: str) -> QuietHours:
    parsed = QuietHours.parse(text)
    assert parsed
    return parsed


@pytest.mark.parametrize(
    ("text", "now", "since"),
    [
        ("22:00-07:00", (20, 21, 59), None),
        ("22:00-07:00", (20, 22, 0), (20, 22, 0)),
        ("22:00-07:00", (21, 3, 15), (20, 22, 0)),
        ("22:00-07:00", (21, 7, 0), None),
        ("13:00-14:30", (20, 14, 29), (20, 13, 0)),
        ("13:00-14:30", (20, 12, 59), None),
        ("00:00-06:00", (1, 0, 0), (1, 0, 0)),
        ("23:30-00:00", (20, 23, 59), (20, 23, 30)),
        ("23:30-00:00", (21, 0, 0), None),
    ],
)
def test_when_they_began(
    text: str, now: tuple[int, int, int], since: tuple[int, int, int] | None
) -> None:
    def november(day: int, hour: int, minute: int) -> datetime:
        return datetime(2026, 11, day, hour, minute)

    assert hours(text).since(november(*now)) == (november(*since) if since else None)


def test_they_are_read_as_people_write_them() -> None:
    assert QuietHours.parse("  ") is None
    assert str(hours(" 9:05 – 17:30 ")) == "09:05-17:30"


@pytest.mark.parametrize("text", ["22-7", "22:00", "25:00-07:00", "22:61-07:00", "8:00-8:00", "no"])
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"BACKBEAT_QUIET_HOURS.*22:00-07:00"):
        QuietHours.parse(text)
