from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from indexer.jobs.rest_policy import RestPolicy
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
    assert RestPolicy(IndexerSettings(thermal_zones=zones)).reason() is None
    policy = RestPolicy(IndexerSettings(thermal_zones=zones, quiet_hours=quiet_now()))
    assert policy.reason() == "quiet_hours"
    indexer_state.pause_indexing()
    assert policy.reason() == "owner"
    indexer_state.resume_indexing()
    assert policy.reason() is None  # resuming ends the present quiet hours, too
    heat(zones, 81)
    assert policy.reason() == "too_hot"  # but not the rest of a hot processor
    heat(zones, 75)
    assert policy.reason() == "too_hot"
    heat(zones, 71)
    assert policy.reason() is None
    assert all(policy.describe(reason).endswith(".") for reason in ("owner", "quiet_hours"))
    assert policy.describe("too_hot") == "The processor has 80 °C; the analysis rests until 72."


def test_going_on_holds_for_one_night(data_folder: Path, zones: Path) -> None:
    indexer_state.resume_indexing()
    tomorrow = datetime.now(UTC).replace(hour=23, minute=0) + timedelta(days=1)
    settings = IndexerSettings(thermal_zones=zones, quiet_hours="22:00-07:00")
    assert RestPolicy(settings, now=lambda: tomorrow).reason() == "quiet_hours"
