from pathlib import Path

import pytest

from indexer.jobs.limits.temperature import Thermometer, processor_c


def zone(folder: Path, number: int, kind: str, temp: str) -> Path:
    place = folder / f"thermal_zone{number}"
    place.mkdir(exist_ok=True)
    (place / "type").write_text(f"{kind}\n")
    (place / "temp").write_text(f"{temp}\n")
    return folder


def test_the_warmest_zone_of_the_processor_counts(tmp_path: Path) -> None:
    zone(tmp_path, 0, "acpitz", "91000")  # the board, which may be warmer than it matters
    zone(tmp_path, 1, "cpu-thermal", "54500")
    zone(tmp_path, 2, "x86_pkg_temp", "61000")
    assert processor_c(tmp_path) == 61.0


def test_any_zone_counts_where_none_is_named_after_the_processor(tmp_path: Path) -> None:
    assert processor_c(zone(tmp_path, 0, "acpitz", "47000")) == 47.0


@pytest.mark.parametrize("temp", ["", "hot", "-273000", "0", "655350"])
def test_a_sensor_that_says_nonsense_is_left_out(tmp_path: Path, temp: str) -> None:
    assert processor_c(zone(tmp_path, 0, "cpu-thermal", temp)) is None


def test_a_machine_without_sensors_is_never_too_hot(tmp_path: Path) -> None:
    assert processor_c(tmp_path / "nothing") is None
    assert not Thermometer(30, zones=tmp_path / "nothing").is_hot()


def test_it_is_hot_until_it_has_cooled_by_eight_degrees(tmp_path: Path) -> None:
    thermometer = Thermometer(80, zones=tmp_path)
    course = {79.9: False, 80.0: True, 79.0: True, 72.1: True, 71.9: False, 79.8: False, 85: True}
    for celsius, hot in course.items():
        zone(tmp_path, 0, "cpu-thermal", str(int(celsius * 1000)))
        assert thermometer.is_hot() is hot, celsius
