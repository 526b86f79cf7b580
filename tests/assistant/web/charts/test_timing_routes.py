"""Tempo and offset corrected by hand: what is kept, and the job that is queued."""

from __future__ import annotations

import pytest

from store.charts.chart_timing import Timing, timing_of
from store.jobs import job_queue

AS_FOUND = {"bpm": None, "factor": 1.0, "shift_s": 0.0}


@pytest.fixture
def address(library, load):
    return f"/api/charts/{load('assistant/charted_song.py').build(library / 'music')}/timing"


async def test_a_timing_is_kept_and_charted(api, address):
    found = (await api.get(address)).json()
    assert (found["timing"], found["fixed"]) == (AS_FOUND, False)
    track = found["chart"]["track_id"]
    answer = await api.post(address, json={"factor": 2, "shift_s": -0.03})
    assert answer.status_code == 202
    assert timing_of(track) == Timing(factor=2.0, shift_s=-0.03)
    job = (await api.get(answer.json()["job_url"])).json()
    assert (job["kind"], job["state"], job["track_id"]) == ("chart", "queued", track)
    assert (await api.get(address)).json()["chart"] is None  # it is still to be made
    second = await api.post(address, json={"bpm": 121.5})
    assert second.json()["job_url"] != answer.json()["job_url"]
    claimed = job_queue.claim("w", ("chart",))
    assert claimed is not None and claimed.payload["levels"][-1] == "MASTER"
    await api.post(address, json=AS_FOUND)
    found = (await api.get(address)).json()
    assert found["timing"] == AS_FOUND and found["chart"] is not None


@pytest.mark.parametrize("wrong", [{"bpm": 10}, {"factor": 4}, {"factor": 0.1}, {"shift_s": 99}])
async def test_what_cannot_be_played_is_refused(api, address, wrong):
    assert (await api.post(address, json=wrong)).status_code == 422
    assert (await api.get(address)).json()["timing"] == AS_FOUND


async def test_no_such_chart(api, address):
    assert (await api.get("/api/charts/777/timing")).status_code == 404
