from indexer.jobs.progress import ProgressCounter


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def test_rest_is_no_part_of_the_rate() -> None:
    clock = Clock()
    counter = ProgressCounter(clock)
    counter.begin()
    for _ in range(6):
        clock.now_s += 2
        counter.count(failed=False)
    assert counter.progress(remaining=30, current=()).eta_s == 60
    counter.rest("quiet_hours")
    clock.now_s += 9 * 3600
    counter.count(failed=False)  # the file at hand was finished
    resting = counter.progress(remaining=29, current=())
    assert (resting.resting, resting.eta_s, resting.rate_per_minute) == ("quiet_hours", None, None)
    assert (resting.total, resting.done) == (36, 7)
    counter.rest("too_hot")
    clock.now_s += 600
    counter.rest(None)
    clock.now_s += 2
    working = counter.progress(remaining=29, current=())
    assert working.resting is None and working.rate_per_minute == 30 and working.eta_s == 58
