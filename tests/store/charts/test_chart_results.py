"""Results of playing, and the timing of charts."""

import pytest

from store.charts import chart_results, chart_timing
from store.charts.chart_results import ResultRecord
from store.charts.chart_timing import AS_FOUND, Timing
from store.people.people import person
from store.results import StoreError
from store.tables.people import OWNER_ID

pytestmark = pytest.mark.usefixtures("library")


def result(score: int, *, level: str = "BASIC", speed: float = 1.0) -> ResultRecord:
    return ResultRecord(
        level=level,
        score=score,
        accuracy=0.9,
        speed=speed,
        longest_combo=12,
        counts={"perfect": 10, "great": 3, "good": 0, "miss": 1},
        lanes={"SD": {"hits": 13, "misses": 1, "mean_ms": -4.5}},
        mean_ms=-4.5,
    )


def test_the_best_of_each_level_at_full_speed_counts(library):
    track = library.id("Warehouse")
    for one in (
        result(900_000, speed=0.7),
        result(500_000),
        result(700_000, speed=1.1),
        result(650_000),
        result(100, level="MASTER", speed=0.5),
    ):
        chart_results.save_result(OWNER_ID, track, one)
    best = chart_results.best_results(OWNER_ID, track)
    assert {level: (one.score, one.speed) for level, one in best.items()} == {
        "BASIC": (700_000, 1.1),
        "MASTER": (100, 0.5),
    }
    assert best["BASIC"].lanes["SD"]["mean_ms"] == -4.5
    assert best["BASIC"].played_at.tzinfo is not None


def test_results_belong_to_a_person(library):
    track = library.id("Warehouse")
    other = person("Ada").id
    chart_results.save_result(other, track, result(10))
    assert not chart_results.best_results(OWNER_ID, track)
    assert chart_results.best_results(other, track)["BASIC"].score == 10


def test_no_such_track_or_person(library):
    with pytest.raises(StoreError, match="track"):
        chart_results.save_result(OWNER_ID, 99_999, result(1))
    with pytest.raises(StoreError, match="person"):
        chart_results.save_result(77, library.id("Warehouse"), result(1))


def test_timing_is_kept_and_removed(library):
    track = library.id("Warehouse")
    assert chart_timing.timing_of(track) == AS_FOUND and AS_FOUND.mark == ""
    first, second = Timing(factor=2.0), Timing(bpm=128.5, shift_s=-0.02)
    assert first.mark != second.mark != ""
    for timing in (first, second):
        chart_timing.set_timing(track, timing)
        assert chart_timing.timing_of(track) == timing
    chart_timing.set_timing(track, AS_FOUND)
    assert chart_timing.timing_of(track) == AS_FOUND
    with pytest.raises(StoreError):
        chart_timing.set_timing(99_999, first)
