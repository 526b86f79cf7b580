from indexer.jobs.progress import Tally


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def test_rest_is_no_part_of_the_rate() -> None:
    clock = Clock()
    tally = Tally(clock)
    tally.begin()
    for _ in range(6):
        clock.now_s += 2
        tally.count(failed=False)
    assert tally.progress(remaining=30, current=()).eta_s == 60
    tally.rest("quiet_hours")
    clock.now_s += 9 * 3600
    tally.count(failed=False)  # the file at hand was finished
    resting = tally.progress(remaining=29, current=())
    assert (resting.resting, resting.eta_s, resting.rate_per_minute) == ("quiet_hours", None, None)
    assert (resting.total, resting.done) == (36, 7)
    tally.rest("too_hot")
    clock.now_s += 600
    tally.rest(None)
    clock.now_s += 2
    working = tally.progress(remaining=29, current=())
    assert working.resting is None and working.rate_per_minute == 30 and working.eta_s == 58
