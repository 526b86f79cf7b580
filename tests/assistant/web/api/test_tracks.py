"""Single parts of a track, its analysis as it is posted, its chart, feedback."""

from __future__ import annotations

from pathlib import Path

import httpx

from store.charts.drum_charts import save_chart
from store.jobs import job_queue
from store.people import ratings, tokens, users
from store.records import ChartRecord
from store.settings import StoreSettings
from store.tables.people import OWNER_ID
from store.tracks import track_details

HAPPY = {
    "raw": {"tags": ["pop"], "source": "worker", "version": 3, "features_raw": {"energy": 0.6}},
    "normalized": {
        "bpm": 128.0, "key": "C", "scale": "major", "camelot_key": "8B", "danceability": 0.65,
        "mood_happy": 0.7, "mood_aggressive": 0.1, "mood_party": 0.6, "mood_relaxed": 0.2,
        "instrumental": 0.1, "acoustic": 0.2, "tonal": 0.8, "genre_main": "pop",
        "genre_secondary": ["rock"], "confidence_score": 0.8,
    },
    "scores": {
        "energy_score": 0.72, "dance_score": 0.7, "acousticness": 0.2, "complexity_score": 0.4,
        "emotional_intensity": 0.7, "mood_valence": 0.45,
    },
    "synthetic_tags": [
        {"tag": "background", "score": 0.9, "category": "usage", "source": "calculated"},
        {"tag": "uplifting", "score": 0.45, "category": "mood", "source": "calculated"},
    ],
}  # fmt: skip


async def test_parts(api: httpx.AsyncClient) -> None:
    features = (await api.get("/api/tracks/5/audio-features")).json()
    assert (features["track_id"], features["bpm"], features["camelot_key"]) == (5, 72.0, "7A")
    vectors = (await api.get("/api/tracks/5/embeddings")).json()["embeddings"]
    assert (vectors[0]["dimension"], vectors[0]["values"]) == (200, None)
    vectors = (await api.get("/api/tracks/5/embeddings", params={"values": True})).json()
    assert len(vectors["embeddings"][0]["values"]) == 200
    metadata = (await api.get("/api/tracks/5/metadata")).json()
    assert (metadata["file"]["audio_format"], metadata["file"]["channels"]) == ("wav", 1)
    assert "path" not in metadata["file"]
    similar = (await api.get("/api/tracks/5/similar", params={"limit": 4})).json()
    assert similar["analysed"] and len(similar["tracks"]) == 4
    assert similar["tracks"][0]["similarity"] <= 1
    for part in ("audio-features", "embeddings", "metadata", "similar", "mir", "chart"):
        reply = await api.get(f"/api/tracks/77/{part}")
        assert (reply.status_code, reply.json()["detail"]) == (404, "There is no such track.")


async def test_what_is_posted_is_the_whole_truth(api: httpx.AsyncClient) -> None:
    before = (await api.get("/api/tracks/5/mir-summary")).json()
    assert before["context"]["mood"] == "melancholic"
    reply = await api.post("/api/tracks/5/mir", json=HAPPY)
    assert (reply.status_code, reply.json()) == (201, {"success": True, "track_id": 5})
    now = (await api.get("/api/tracks/5/mir-summary")).json()
    assert (now["context"]["mood"], now["context"]["genre"]) == ("happy", "pop")
    assert "happy" in now["summary"] and "melancholic" not in now["summary"]
    assert (await api.get("/api/tracks/5/mir")).json() == HAPPY
    assert (await api.get("/api/tracks/5/audio-features")).json()["bpm_alternative"] is None
    found = (await api.get("/api/tracks", params={"moods": "melancholic"})).json()
    assert 5 not in [track["id"] for track in found["tracks"]]


async def test_nothing_is_not_taken(api: httpx.AsyncClient) -> None:
    for body in ({}, {"raw": None}, {"scores": {}}):
        reply = await api.post("/api/tracks/5/mir", json=body)
        assert reply.status_code == 422
        assert "expected at least one of" in reply.json()["detail"]
    assert (await api.post("/api/tracks/77/mir", json=HAPPY)).status_code == 404


async def test_a_chart_is_started_followed_and_downloaded(
    api: httpx.AsyncClient, library: Path
) -> None:
    address = "/api/tracks/2/chart"
    assert (await api.get(address)).json()["state"] == "none"
    assert (await api.get(f"{address}/download")).status_code == 404
    assert (await api.post(address, json={"levels": ["HARD"]})).status_code == 422
    started = await api.post(address, json={})
    assert (started.status_code, started.json()["state"]) == (202, "queued")
    again = (await api.post(address, json={})).json()
    assert again["job_id"] == started.json()["job_id"]
    job = job_queue.claim("worker", ["chart"])
    assert job is not None
    job_queue.record_progress(job.id, 0.5, "drums")
    running = (await api.get(address)).json()
    assert (running["state"], running["progress"], running["step"]) == ("running", 0.5, "drums")
    folder = StoreSettings().charts / "song"
    folder.mkdir(parents=True)
    (folder / "song.zip").write_bytes(b"PK")
    record = ChartRecord(2, "song", "song/song.zip", 92.0, {"BASIC": {"notes": 9, "dlevel": 20}})
    job_queue.finish(job.id, {"chart_id": save_chart(record)})
    done = (await api.get(address)).json()
    assert (done["state"], done["progress"], done["chart"]["bpm"]) == ("done", 1.0, 92.0)
    assert (await api.get(f"{address}/download")).content == b"PK"
    told = (await api.get(running["job_url"])).json()
    assert told["chart"]["url"] == done["chart"]["url"]


async def test_a_rating_is_that_of_the_person(api: httpx.AsyncClient) -> None:
    asked = {"track_id": 5, "field": "rating", "value": "4"}
    assert (await api.post("/api/feedback", json=asked)).json()["values"] == {"rating": "4"}
    users.add_user("Zoë", "a long secret")
    bruno = users.add_user("Bruno", "a long secret").person.id
    assert (ratings.stars_of(OWNER_ID, 5), ratings.stars_of(bruno, 5)) == (4, 0)
    headers = {"Authorization": f"Bearer {tokens.add_token('radio', bruno)[1]}"}
    given = await api.get("/api/feedback", params={"track_id": 5}, headers=headers)
    assert given.json()["values"] == {}


async def test_feedback_counts_and_is_taken_back(api: httpx.AsyncClient) -> None:
    before = track_details.track_rows([5])[0]
    for field, value in (
        ("genre", "rap"), ("genre", "jazz"), ("bpm", "87,5"), ("key", "A minor"),
        ("mood:relaxed", "not"), ("like", "-1"), ("rating", "4"),
    ):  # fmt: skip
        asked = {"track_id": 5, "field": field, "value": value}
        assert (await api.post("/api/feedback", json=asked)).status_code == 201
    given = (await api.get("/api/feedback", params={"track_id": 5})).json()
    assert given == {
        "track_id": 5,
        "values": {
            "genre": "jazz", "bpm": "87.5", "key": "8A", "mood:relaxed": "not", "like": "-1",
            "rating": "4",
        },
    }  # fmt: skip
    row = track_details.track_rows([5])[0]
    assert (row.genre, row.bpm, row.camelot) == ("jazz", 87.5, "8A")
    told = (await api.get("/api/feedback/all")).json()["feedback"]
    [genre] = [one for one in told if one["field"] == "genre"]
    assert genre["predicted"]["genres"][0]["name"] == before.genre
    for field in given["values"]:
        gone = await api.delete("/api/feedback", params={"track_id": 5, "field": field})
    assert gone.json() == {"track_id": 5, "values": {}}
    assert track_details.track_rows([5])[0] == before


async def test_feedback_that_is_none(api: httpx.AsyncClient) -> None:
    for wrong in (
        {"track_id": 77}, {"field": "path"}, {"value": " "}, {"value": "x" * 1001},
        {"field": "comment"}, {"field": "rating", "value": "6"}, {"field": "bpm", "value": "fast"},
        {"field": "mood:hungry", "value": "fits"}, {"field": "mood:dark", "value": "yes"},
    ):  # fmt: skip
        reply = await api.post(
            "/api/feedback", json={"track_id": 5, "field": "genre", "value": "x", **wrong}
        )
        assert reply.status_code in (404, 422)
    assert (await api.get("/api/feedback/all")).json() == {"feedback": []}


async def test_moods_are_predicted_of_a_track_and_of_features(api: httpx.AsyncClient) -> None:
    told = (await api.post("/api/predict", json={"track_id": 2})).json()
    assert told["version"] is None
    assert next(iter(told["moods"].items())) == (
        "relaxed", {"probability": 0.8, "uncertainty": 0.7219, "learned": False},
    )  # fmt: skip
    asked = {"features": {"bpm": 90, "energy_score": 0.2}, "moods": {"dark": 0.9}}
    told = (await api.post("/api/predict", json=asked)).json()
    assert told["moods"]["dark"]["probability"] == 0.9
    assert told["moods"]["happy"] == {"probability": 0.5, "uncertainty": 1.0, "learned": False}
    for wrong, code in (({}, 422), ({"track_id": 999}, 404), ({"features": {"x": 1}}, 422)):
        assert (await api.post("/api/predict", json=wrong)).status_code == code
