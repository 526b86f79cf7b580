import threading
import time

import pytest

from backbeat import indexer_process
from store.database import db
from store.jobs import indexer_state, job_queue, music_folder
from store.library.track_files import find_by_path
from store.library.track_writing import save_track
from store.records import AnalysisRecord, FileFacts, TagFacts, TrackRecord

pytestmark = pytest.mark.usefixtures("data_folder")


def test_the_end_of_another_indexer_is_waited_for(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(indexer_process, "_CHECK_S", 0.05)
    db.upgrade()
    indexer_state.record_heartbeat()
    guard = indexer_process.IndexerProcess(tmp_path)
    waiting = threading.Thread(target=guard._wait_for_other)
    waiting.start()
    waiting.join(0.3)
    assert waiting.is_alive()
    indexer_state.clear_heartbeat()
    waiting.join(10)
    assert not waiting.is_alive()
    indexer_state.record_heartbeat()
    guard._stopping.set()
    guard._wait_for_other()  # ends at once, and says nothing twice
    assert capsys.readouterr().err.count("Another indexer") == 1


def test_a_folder_chosen_on_the_page_takes_the_place_of_the_demo(tmp_path, monkeypatch):
    monkeypatch.setattr(indexer_process, "_CHOICE_S", 0.05)
    db.upgrade()
    demo, mine = tmp_path / "demo", tmp_path / "mine"
    demo.mkdir()
    mine.mkdir()
    track = save_track(
        TrackRecord(
            FileFacts(
                path=demo / "song.mp3", content_hash="song", size_bytes=1, mtime_ns=1,
                duration_s=3.0, audio_format="mp3", sample_rate_hz=44100, channels=2,
            ),
            TagFacts(title="Demo"),
            AnalysisRecord(),
        )
    )  # fmt: skip
    job_queue.enqueue("analyse", str(demo / "other.mp3"))
    process = indexer_process.IndexerProcess(demo, choosable=True)
    process.start()
    try:
        first = wait_for(lambda: process._process)
        music_folder.choose(mine)
        wait_for(lambda: process._process is not first)
        assert first.poll() is not None
        assert music_folder.served() == (mine, "chosen")
        assert find_by_path(demo / "song.mp3").missing
        assert job_queue.claim("test", ["analyse"]) is None
        wait_for(lambda: indexer_state.watched_folders() == (str(mine),))
    finally:
        process.stop()
    assert track


def wait_for(look):
    until = time.monotonic() + 60
    while not (found := look()):
        assert time.monotonic() < until
        time.sleep(0.05)
    return found
