"""The notes of a stored chart with their times."""

import json

import pytest

from indexer.charts.stored.chart_lanes import write_missing_lanes
from store.charts import drum_charts
from store.charts.lane_files import lanes_beside, lanes_file
from store.database import db
from store.settings import StoreSettings


@pytest.fixture
def song(data_folder, tmp_path, load):
    db.upgrade()
    return load("assistant/charted_song.py"), tmp_path / "music"


def lanes_of(chart_id: int) -> dict:
    chart = drum_charts.chart(chart_id)
    assert chart is not None
    file = lanes_file(chart)
    assert file is not None
    return json.loads(file.read_text())


def test_times_are_those_of_the_recording(song):
    module, music = song
    lanes = lanes_of(module.build(music))
    assert lanes["bars"][:3] == [-1.5, 0.5, 2.5]
    assert lanes["beats"][:6] == [-1.5, -1.0, -0.5, 0.0, 0.5, 1.0]
    assert lanes["bgm_s"] == -1.5
    assert lanes["duration_s"] == 9.0
    notes = lanes["levels"]["MASTER"]["notes"]
    assert [note[:3] for note in notes[:3]] == [
        [0.5, "BD", "kick"], [0.5, "CY", "crash"], [0.75, "HH", "hat_closed"],
    ]  # fmt: skip
    expected = sorted(round(one.time_s, 3) for one in module.strokes())
    assert sorted(round(note[0], 3) for note in notes) == expected
    assert {note[2] for note in notes if note[1] == "HH"} == {"hat_closed", "hat_open"}
    volumes = {note[3] for note in notes}
    assert max(volumes) == 1 and min(volumes) < 1
    assert "kick.ogg" in lanes["sounds"] and "bgm.ogg" not in lanes["sounds"]
    basic = {tuple(note[:2]) for note in lanes["levels"]["BASIC"]["notes"]}
    assert basic < {tuple(note[:2]) for note in notes}


def test_charts_from_before_get_theirs(song):
    module, music = song
    number = module.build(music)
    before = lanes_of(number)
    chart = drum_charts.chart(number)
    assert chart is not None
    folder = StoreSettings().charts / chart.folder
    file = lanes_beside(folder)
    file.unlink()
    assert write_missing_lanes() == 1
    after = lanes_of(number)
    assert after["bgm_s"] == pytest.approx(before["bgm_s"], abs=0.001)
    first, again = (one["levels"]["MASTER"]["notes"][0] for one in (before, after))
    assert first[0] == pytest.approx(again[0], abs=0.001)
    assert write_missing_lanes() == 0
    file.unlink()
    for level in folder.glob("*.dtx"):
        level.unlink()
    assert write_missing_lanes() == 0  # and the next one is tried
