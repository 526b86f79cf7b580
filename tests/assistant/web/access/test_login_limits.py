"""Delays after wrong passwords."""

from __future__ import annotations

import pytest

from assistant.web.access import login_limits
from assistant.web.access.login_limits import FREE_FAILURES, LoginLimits


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_delays_grow_to_a_limit(clock: Clock) -> None:
    limits = LoginLimits(clock)
    delays = []
    for _ in range(15):
        limits.failed("zoe", "10.0.0.1")
        delays.append(limits.wait_s("zoe", "10.0.0.2"))
        clock.now += delays[-1]
    assert delays[:FREE_FAILURES] == [0] * FREE_FAILURES
    assert delays[FREE_FAILURES:] == [2, 4, 8, 16, 32, *[login_limits.LONGEST_FOR_NAME_S] * 7]
    assert limits.wait_s("zoe", "10.0.0.2") == 0


def test_an_address_is_slowed_whatever_the_name(clock: Clock) -> None:
    limits = LoginLimits(clock)
    for number in range(30):
        limits.failed(f"name {number}", "10.0.0.1")
    assert limits.wait_s("other", "10.0.0.1") == login_limits.LONGEST_FOR_ADDRESS_S
    assert limits.wait_s("other", "10.0.0.2") == 0
    limits.succeeded("name 1")
    assert limits.wait_s("name 1", "10.0.0.1") > 0


def test_success_and_time_forgive_a_name(clock: Clock) -> None:
    limits = LoginLimits(clock)
    for _ in range(5):
        limits.failed("Zoe", "a")
    assert limits.wait_s(" zoe", "b") > 0
    limits.succeeded("ZOE")
    assert limits.wait_s("zoe", "b") == 0
    clock.now += 3601
    limits.failed("zoe", "a")
    assert limits.wait_s("zoe", "a") == 0


def test_memory_is_bounded(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login_limits, "_REMEMBERED", 10)
    limits = LoginLimits(clock)
    for number in range(100):
        limits.failed(str(number), str(number))
    assert len(limits._failures) == 10
