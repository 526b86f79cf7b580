"""Results are kept for the person of the session, and checked."""

from __future__ import annotations

import pytest

RESULT = {
    "level": "MASTER",
    "score": 640_000,
    "accuracy": 0.71,
    "speed": 0.9,
    "longest_combo": 20,
    "counts": {"perfect": 30, "great": 10, "good": 2, "miss": 10},
    "lanes": {"SD": {"hits": 7, "misses": 1, "mean_ms": 12.5}},
    "mean_ms": 8.0,
}


@pytest.fixture
def address(library, load):
    return f"/api/charts/{load('assistant/charted_song.py').build(library / 'music')}/results"


async def test_a_result_is_kept(api, address):
    assert (await api.get(address)).json() == {"best": {}}
    answer = await api.post(address, json=RESULT)
    assert answer.status_code == 201
    assert answer.json()["best"]["MASTER"]["score"] == 640_000
    worse = await api.post(address, json={**RESULT, "score": 1})
    assert worse.json()["best"]["MASTER"]["score"] == 640_000
    best = (await api.get(address)).json()["best"]["MASTER"]
    assert best["lanes"]["SD"] == RESULT["lanes"]["SD"]
    assert best["accuracy"] == 0.71


@pytest.mark.parametrize(
    "wrong",
    [
        {"score": 1_000_001},
        {"accuracy": 1.2},
        {"speed": 3},
        {"level": "EXPERT"},
        {"counts": {"perfect": 53}},
        {"counts": {"superb": 1}},
        {"longest_combo": 53},
        {"lanes": {"XX": {"hits": 1, "misses": 0}}},
        {"mean_ms": 5000},
        {"more": 1},
    ],
)
async def test_nonsense_is_refused(api, address, wrong):
    assert (await api.post(address, json={**RESULT, **wrong})).status_code == 422
    assert (await api.get(address)).json() == {"best": {}}


async def test_no_such_chart(api, address):
    assert (await api.post("/api/charts/777/results", json=RESULT)).status_code == 404
    assert (await api.get("/api/charts/777/results")).status_code == 404
