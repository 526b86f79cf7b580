import time

from indexer.jobs.limits.cpu_throttle import CpuThrottle


def compute(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def test_work_is_followed_by_the_sleep_that_its_share_asks_for() -> None:
    slept: list[float] = []
    throttle = CpuThrottle(0.1, sleep=slept.append)
    compute(0.05)
    throttle.throttle()
    # a twentieth of a second of work is due half a second; what passed beside it counts as sleep
    assert len(slept) == 1 and 0 < slept[0] <= 0.6
    throttle.throttle()
    assert len(slept) == 1


def test_a_full_share_never_sleeps() -> None:
    slept: list[float] = []
    throttle = CpuThrottle(1.0, sleep=slept.append)
    compute(0.03)
    throttle.throttle()
    assert not slept


def test_what_came_before_a_reset_is_not_slept_for() -> None:
    slept: list[float] = []
    throttle = CpuThrottle(0.01, sleep=slept.append)
    compute(0.05)
    throttle.reset()
    throttle.throttle()
    assert not slept or slept[0] < 1
