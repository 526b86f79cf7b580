"""The addresses of the analysis: progress, pause, failures that are tried again."""

from __future__ import annotations

import httpx

from store.jobs import indexer_state, job_queue
from store.library import track_files
from store.paths import encode_path
from store.tracks.away_tracks import mark_away


async def test_progress_pause_and_failures(api: httpx.AsyncClient) -> None:
    for name in ("one", "two", "three"):
        job_queue.enqueue("analyse", f"/music/album/{name}.mp3")
    broken = job_queue.claim("worker", ["analyse"])
    assert broken is not None
    job_queue.fail(broken.id, "told by the indexer", retry=False, result={"code": "empty"})
    running = job_queue.claim("worker", ["analyse"])
    assert running is not None
    indexer_state.record_heartbeat()
    shown = (await api.get("/api/indexing")).json()
    assert (shown["analysed"], shown["queued"], shown["running"], shown["failed"]) == (10, 1, 1, 1)
    assert shown["now"] == ["two.mp3"]
    assert shown["failures"] == [
        {"job": broken.id, "name": "one.mp3", "folder": "album", "reason": "The file is empty."}
    ]
    french = (await api.get("/api/indexing", params={"lang": "fr"})).json()
    assert french["failures"][0]["reason"] == "Le fichier est vide."

    paused = (await api.post("/api/indexing", json={"action": "pause"})).json()
    assert paused["paused"] == "owner"
    assert indexer_state.paused_by_owner()
    assert (await api.post("/api/indexing", json={"action": "resume"})).json()["paused"] is None

    again = (await api.post(f"/api/indexing/retry/{broken.id}")).json()
    assert (again["queued"], again["failed"], again["retried"]) == (2, 0, 1)
    assert (await api.post(f"/api/indexing/retry/{broken.id}")).status_code == 404


async def test_all_failures_are_tried_again_but_not_twice(api: httpx.AsyncClient) -> None:
    for name in ("one", "two"):
        job_queue.enqueue("analyse", f"/music/{name}.mp3")
        job = job_queue.claim("worker", ["analyse"])
        assert job is not None
        job_queue.fail(job.id, "damaged", retry=False)
    assert (await api.post("/api/indexing/retry")).json()["retried"] == 2
    assert (await api.post("/api/indexing/retry")).json()["retried"] == 0
    job = job_queue.claim("worker", ["analyse"])
    assert job is not None
    assert job.attempts == 1


async def test_rendering_and_folders(api: httpx.AsyncClient) -> None:
    indexer_state.record_rendering(2, 31)
    indexer_state.set_watched_folders((encode_path("/home/me/Müsik"),))
    shown = (await api.get("/api/indexing")).json()
    assert shown["rendering"] == [2, 31]
    assert shown["folders"] == ["/home/me/Müsik"]


async def test_what_is_away_is_told_and_confirmed_as_gone(api: httpx.AsyncClient) -> None:
    known = sorted(track_files.known_files().values(), key=lambda file: file.track_id)
    mark_away({encode_path("/mnt/nas"): [file.track_id for file in known[:2]]})
    shown = (await api.get("/api/indexing")).json()
    [folder] = shown["away"]
    assert (folder["folder"], folder["tracks"], shown["tracks"]) == ("nas", 2, 10)
    assert shown["notes"] == ["2 of 10 tracks are away: the folder nas cannot be seen."]
    after = (await api.post(f"/api/indexing/gone/{folder['id']}")).json()
    assert (after["gone"], after["tracks"], after["away"], after["notes"]) == (2, 8, [], [])
    assert (await api.post(f"/api/indexing/gone/{folder['id']}")).status_code == 404
