"""Lanes, sounds and texts of a chart."""

from __future__ import annotations

import shutil

import pytest

from store.charts import drum_charts
from store.records import ChartRecord
from store.settings import StoreSettings


@pytest.fixture
def chart(library, load):
    return load("assistant/charted_song.py").build(library / "music")


async def test_notes_music_and_sounds(api, chart):
    lanes = (await api.get(f"/api/charts/{chart}/lanes")).json()
    assert (lanes["id"], lanes["title"]) == (chart, "Tin Roof")
    assert list(lanes["levels"]) == ["BASIC", "ADVANCED", "EXTREME", "MASTER"]
    full, reduced = lanes["music"]["full"], lanes["music"]["reduced"]
    assert (full["start_s"], reduced["start_s"]) == (0.0, -1.5)
    for address in (full["url"], reduced["url"], lanes["sounds"]["kick"]):
        part = await api.get(address, headers={"Range": "bytes=0-9"})
        assert part.status_code == 206
        assert part.headers["content-type"].startswith("audio/")


async def test_what_is_not_there(api, chart):
    assert (await api.get("/api/charts/777/lanes")).status_code == 404
    assert (await api.get(f"/api/charts/{chart}/sounds/cowbell.ogg")).status_code == 404
    for name in ("..%2Fbgm.ogg", "lanes.json", "BGM.OGG"):
        assert (await api.get(f"/api/charts/{chart}/sounds/{name}")).status_code in (404, 422)
    outside = drum_charts.save_chart(
        ChartRecord(track_id=1, folder="../x", zip_file="a.zip", bpm=120.0, levels={})
    )
    shutil.copy(StoreSettings().database, StoreSettings().folder / "x.lanes.json")
    assert (await api.get(f"/api/charts/{outside}/lanes")).status_code == 404


@pytest.mark.parametrize(("lang", "word"), [("en", "Metronome"), ("fr", "Métronome")])
async def test_texts(api, lang, word):
    texts = (await api.get(f"/api/charts/lanes/texts?lang={lang}")).json()
    assert texts["metronome"] == word
    assert len(texts["lanes"]) == 10
