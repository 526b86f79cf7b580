import time

from store.database.db import read, rows
from store.jobs import indexer_state, job_queue, library_status
from store.jobs.library_status import AnalysisProgress, read_progress
from store.library import track_files
from store.playlists.playlist_writing import delete_playlist, save_playlist


def test_an_empty_library(data_folder):
    status = library_status.read_status()
    assert (status.tracks, status.artists, status.duration_s) == (0, 0, 0.0)
    assert status.rate_per_minute is None and status.eta_s is None and not status.indexer_alive


def test_counts_coverage_and_failures(library):
    track_files.mark_missing([library.id("Orbit")])
    save_playlist("x", [], {})
    delete_playlist(save_playlist("y", [], {}).id)
    indexer_state.record_heartbeat()
    for key in ("/m/a.mp3", "/m/b.mp3", "/m/c.mp3"):
        job_queue.enqueue("analyse", key)
    for _ in range(2):
        taken = job_queue.claim("w")
        assert taken is not None
        job_queue.fail(taken.id, "This file is empty.", retry=False)
    status = library_status.read_status(failures=1)
    assert status.tracks == status.analysed == len(library.ids) - 1
    assert status.artists == 18 and status.playlists == 1
    assert (status.queued, status.running, status.failed) == (1, 0, 2)
    assert [failed.path for failed in status.failures] == ["/m/b.mp3"]
    assert status.genres["ambient"] == 2 and status.moods["ambient"] == 2
    assert status.indexer_alive
    assert status.rate_per_minute is not None and status.eta_s is not None


def test_what_is_missing_counts_nowhere(library):
    before = library_status.read_status()
    track_files.mark_missing([library.id(title) for title in ("Block Party", "Concrete Jungle")])
    track_files.mark_missing([library.id("Ça ira")])
    after = library_status.read_status()
    with read() as session:
        [there] = rows(
            session,
            "SELECT count(DISTINCT artist_id) AS artists, count(DISTINCT album_id) AS albums, "
            "sum(duration_s) AS duration_s FROM track WHERE NOT missing",
        )
    assert (after.artists, after.albums, after.duration_s) == tuple(there)
    assert after.artists < before.artists and after.tracks == before.tracks - 3
    assert "hip hop" in before.genres and "hip hop" not in after.genres
    assert sum(after.moods.values()) < sum(before.moods.values())
    assert read_progress().tracks == after.tracks


def test_progress_counts_what_waits(library):
    for key in ("/m/a.mp3", "/m/b.mp3"):
        job_queue.enqueue("analyse", key)
    job_queue.enqueue("chart", "1")
    assert job_queue.claim("w") is not None
    assert read_progress() == AnalysisProgress(len(library.ids), len(library.ids), 2)


def test_charts_are_no_files_to_analyse(library):
    for track_id in ("1", "2"):
        job_queue.enqueue("chart", track_id)
    taken = job_queue.claim("w")
    assert taken is not None
    job_queue.fail(taken.id, "I hear no drums.", retry=False)
    status = library_status.read_status()
    assert (status.queued, status.running, status.failed, status.failures) == (0, 0, 0, ())


def test_the_speed_is_that_since_the_last_rest(library):
    indexer_state.record_heartbeat()
    for key in ("/m/a.mp3", "/m/b.mp3"):
        job_queue.enqueue("analyse", key)
    taken = job_queue.claim("w")
    assert taken is not None
    job_queue.fail(taken.id, "This file is empty.", retry=False)
    assert library_status.read_status().rate_per_minute is not None
    time.sleep(0.01)
    indexer_state.set_resting("too_hot")
    indexer_state.set_resting(None)
    assert library_status.read_status().rate_per_minute is None
