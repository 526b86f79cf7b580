import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from indexer.jobs import settings as settings_module
from indexer.jobs.pace import Pace, Pacer
from indexer.jobs.settings import IndexerSettings
from store.jobs import indexer_state


@pytest.fixture
def zones(tmp_path: Path) -> Path:
    (tmp_path / "thermal_zone0").mkdir()
    (tmp_path / "thermal_zone0" / "type").write_text("cpu-thermal")
    return tmp_path


def heat(zones: Path, celsius: int) -> None:
    (zones / "thermal_zone0" / "temp").write_text(str(celsius * 1000))


def quiet_now() -> str:
    """Hours that hold the present minute and the next."""
    now = datetime.now().astimezone()
    return f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=1):%H:%M}"


def test_the_owner_the_clock_and_the_heat_give_rest(data_folder: Path, zones: Path) -> None:
    heat(zones, 50)
    assert Pace(IndexerSettings(thermal_zones=zones)).reason() is None
    pace = Pace(IndexerSettings(thermal_zones=zones, quiet_hours=quiet_now()))
    assert pace.reason() == "quiet_hours"
    indexer_state.pause_indexing()
    assert pace.reason() == "owner"
    indexer_state.resume_indexing()
    assert pace.reason() is None  # "go on" is meant for the quiet hours of just now as well
    heat(zones, 81)
    assert pace.reason() == "too_hot"  # but not for a processor that burns
    heat(zones, 75)
    assert pace.reason() == "too_hot"
    heat(zones, 71)
    assert pace.reason() is None
    assert all(pace.in_words(reason).endswith(".") for reason in ("owner", "quiet_hours"))
    assert pace.in_words("too_hot") == "The processor has 80 °C; the analysis rests until 72."


def test_going_on_holds_for_one_night(data_folder: Path, zones: Path) -> None:
    indexer_state.resume_indexing()
    tomorrow = datetime.now(UTC).replace(hour=23, minute=0) + timedelta(days=1)
    settings = IndexerSettings(thermal_zones=zones, quiet_hours="22:00-07:00")
    assert Pace(settings, now=lambda: tomorrow).reason() == "quiet_hours"


@pytest.mark.parametrize(
    ("cores", "workers", "percent", "active", "duty"),
    [(4, 3, 100, 3, 1.0), (4, 3, 50, 2, 1.0), (4, 3, 60, 3, 0.8), (4, 3, 10, 1, 0.4),
     (2, 1, 100, 1, 1.0), (1, 1, 30, 1, 0.3)],
)  # fmt: skip
def test_the_share_of_the_machine_decides_how_many_work_and_how_hard(
    cores: int, workers: int, percent: float, active: int, duty: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(settings_module, "_cores", lambda: cores)
    settings = IndexerSettings(workers=workers, index_cpu=percent)
    assert settings.active_workers == active
    assert settings.duty == pytest.approx(duty)


@pytest.mark.parametrize(
    ("name", "value"),
    [("INDEX_CPU", "0"), ("INDEX_CPU", "150"), ("QUIET_HOURS", "at night"),
     ("MAX_TEMPERATURE_C", "8")],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"BACKBEAT_{name}", value)
    with pytest.raises(ValidationError, match="22:00-07:00" if "QUIET" in name else name.lower()):
        IndexerSettings()


def compute(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def test_work_is_followed_by_the_sleep_that_its_share_asks_for() -> None:
    slept: list[float] = []
    pacer = Pacer(0.1, sleep=slept.append)
    compute(0.05)
    pacer.throttle()
    # a twentieth of a second of work is due half a second; what passed beside it counts as sleep
    assert len(slept) == 1 and 0 < slept[0] <= 0.6
    pacer.throttle()
    assert len(slept) == 1


def test_a_full_share_never_sleeps() -> None:
    slept: list[float] = []
    pacer = Pacer(1.0, sleep=slept.append)
    compute(0.03)
    pacer.throttle()
    assert not slept


def test_what_came_before_a_reset_is_not_slept_for() -> None:
    slept: list[float] = []
    pacer = Pacer(0.01, sleep=slept.append)
    compute(0.05)
    pacer.reset()
    pacer.throttle()
    assert not slept or slept[0] < 1
