import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import mutagen
import numpy as np
import psutil
import pytest

from indexer.drums.version import chart_version
from indexer.jobs.limits.cpu_throttle import CpuThrottle
from indexer.jobs.lock import BusyError, IndexerError, indexer_lock
from indexer.jobs.progress import IndexEvent
from indexer.jobs.service import EXIT_BUSY, index_once, serve_jobs
from indexer.jobs.settings import IndexerSettings
from indexer.jobs.worker import Worker
from indexer.models.musicnn import TaggerModels
from store.database import db, engines
from store.jobs import indexer_state, job_queue, job_reports, library_status
from store.library import track_files
from store.paths import decode_path
from store.results import StoreError
from store.settings import StoreSettings
from store.tracks import track_details


@pytest.fixture(autouse=True)
def ready_data(
    data_folder: Path, musicnn_models: TaggerModels, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A data folder with the converted tagger, and an indexer that is not patient."""
    (data_folder / "models").mkdir(parents=True)
    for path in musicnn_models.msd.parent.glob("musicnn_*"):
        shutil.copy(path, data_folder / "models")
    monkeypatch.setenv("BACKBEAT_STABLE_S", "0.3")
    monkeypatch.setenv("BACKBEAT_WORKERS", "1")
    monkeypatch.setenv("BACKBEAT_NICENESS", "0")
    return data_folder


@pytest.fixture
def make_song(encode_audio) -> Callable[..., Path]:
    def make(path: Path, *, seed: int = 0, seconds: float = 3.0, kind: str = "flac") -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        noise = np.random.default_rng(seed).standard_normal(int(seconds * 44_100))
        return encode_audio(path, (0.1 * noise).astype(np.float32), kind=kind)

    return make


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    return folder


def wait_for(condition: Callable[[], bool], *, limit_s: float = 60.0) -> bool:
    until = time.monotonic() + limit_s
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return False


def present() -> dict[str, int]:
    """Name → id of the tracks that are there and analysed."""
    return {
        os.fsencode(decode_path(path).name).decode(errors="replace"): file.track_id
        for path, file in track_files.known_files().items()
        if file.analysed and not file.missing
    }


class Service:
    """`python -m indexer.jobs.service FOLDER` as a process."""

    def __init__(self, folder: Path) -> None:
        root = Path(__file__).resolve().parents[3]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "indexer.jobs.service", str(folder)],
            cwd=root,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def family(self) -> list[psutil.Process]:
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def end(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)


@pytest.fixture
def serve() -> Iterator[Callable[[Path], Service]]:
    services: list[Service] = []

    def start(folder: Path) -> Service:
        services.append(Service(folder))
        return services[-1]

    yield start
    for service in services:
        if service.process.poll() is None:
            service.process.kill()
        service.process.wait()


def test_a_folder_is_indexed_once_and_bad_files_stop_nobody(
    music: Path, make_song: Callable[..., Path], data_folder: Path
) -> None:
    make_song(music / "a" / "one.mp3", seed=1, kind="mp3")
    make_song(music / "two.ogg", seed=2, kind="ogg")
    make_song(music / "short.wav", seconds=0.01, kind="wav")
    make_song(music / "mislabelled.flac", seed=3, kind="mp3")
    whole = make_song(music / "cut.flac", seed=4)
    whole.write_bytes(whole.read_bytes()[:60_000])
    (music / "empty.mp3").touch()
    (music / "letter.ogg").write_text("Dear listener\n" * 300)
    events: list[IndexEvent] = []
    summary = index_once(music, events.append)
    assert summary.outcomes == {"analysed": 3}
    assert set(present()) == {"one.mp3", "two.ogg", "mislabelled.flac"}
    failed = {Path(path).name: reason for path, reason in summary.failures}
    assert set(failed) == {"short.wav", "cut.flac", "empty.mp3", "letter.ogg"}
    assert all(reason.endswith(".") for reason in failed.values())
    assert library_status.read_status().failed == 4
    last = [event.progress for event in events if event.kind == "progress"][-1]
    assert (last.total, last.done, last.failed) == (7, 3, 4)
    assert indexer_state.get("vectors") == "up to date"
    assert any((data_folder / "vectors").iterdir())
    again = index_once(music)
    assert (again.scan.queued, again.scan.given_up) == (0, 4)
    assert not again.outcomes and not again.failures


def test_kill_9_in_the_middle_loses_nothing_and_leaves_nobody_behind(
    music: Path, make_song: Callable[..., Path], serve: Callable[[Path], Service]
) -> None:
    for number in range(6):
        make_song(music / f"{number}.flac", seed=number)
    service = serve(music)
    assert wait_for(lambda: 2 <= len(present()) < 6)
    parent, *workers = service.family()
    parent.kill()
    service.process.wait()
    assert workers
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert not alive
    before = present()
    summary = index_once(music)
    assert len(present()) == 6 and not summary.failures
    assert before.items() <= present().items()
    assert summary.outcomes["analysed"] == 6 - len(before)


def test_the_death_of_all_processes_is_no_fault_of_a_file(
    music: Path, make_song: Callable[..., Path], serve: Callable[[Path], Service]
) -> None:
    make_song(music / "one.flac", seed=1, seconds=60)
    for _ in range(job_queue.MAX_ATTEMPTS + 1):
        service = serve(music)
        assert wait_for(lambda: job_reports.counts().get("running") == 1)
        for process in service.family():
            process.kill()
        service.process.wait()
        assert not present()
    summary = index_once(music)
    assert set(present()) == {"one.flac"}
    assert not summary.failures and not job_reports.failures()


def test_a_watched_folder_is_followed(
    music: Path, make_song: Callable[..., Path], serve: Callable[[Path], Service]
) -> None:
    make_song(music / "old" / "one.flac", seed=1)
    make_song(music / "old" / "two.flac", seed=2)
    service = serve(music)
    assert wait_for(lambda: set(present()) == {"one.flac", "two.flac"})
    assert indexer_state.indexer_alive()
    ids = present()

    (music / "old").rename(music / "new")
    assert wait_for(lambda: len(track_files.known_files(under=music / "new")) == 2)
    assert wait_for(lambda: present() == ids)

    odd = os.fsencode(music) + b"/caf\xe9.flac"
    shutil.copy(make_song(music.parent / "odd.flac", seed=3), odd)
    assert wait_for(lambda: "caf\ufffd.flac" in present())

    file = mutagen.File(music / "new" / "one.flac")  # pyright: ignore[reportPrivateImportUsage]
    assert file is not None
    file["title"] = ["Another name"]
    file.save()

    def title() -> str:
        detail = track_details.track(ids["one.flac"])
        return detail.row.title if detail else ""

    assert wait_for(lambda: title() == "Another name")

    (music / "new" / "two.flac").unlink()
    assert wait_for(lambda: "two.flac" not in present())
    assert service.process.poll() is None
    assert service.end() == 0
    assert not indexer_state.indexer_alive()


def test_a_second_indexer_is_refused(music: Path, data_folder: Path) -> None:
    with indexer_lock(data_folder), pytest.raises(BusyError, match=str(os.getpid())):
        index_once(music)
    with pytest.raises(IndexerError, match="no folder"):
        index_once(music / "nowhere")


def test_an_attached_indexer_ends_in_order(music: Path, data_folder: Path) -> None:
    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "indexer.jobs.service", "--attached", str(music)],
            cwd=Path(__file__).resolve().parents[3],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    with indexer_lock(data_folder), start() as refused:
        assert refused.wait(timeout=60) == EXIT_BUSY
    with start() as stopped:
        assert wait_for(indexer_state.indexer_alive)
        stopped.terminate()
        assert stopped.wait(timeout=20) == 0
    with start() as left:
        assert wait_for(indexer_state.indexer_alive)
        _, told = left.communicate(timeout=20)  # closes the pipe
        assert (left.returncode, "Fatal" in told) == (0, False)


def test_a_stop_ends_it_within_seconds(music: Path, make_song: Callable[..., Path]) -> None:
    for number in range(5):
        make_song(music / f"{number}.flac", seed=number, seconds=6)
    stop = threading.Event()

    def end(event: IndexEvent) -> None:
        if event.kind == "progress" and event.progress.done:
            stop.set()

    index_once(music, end, stop=stop)
    assert 1 <= len(present()) < 5
    assert job_reports.counts().get("running", 0) == 0
    assert job_reports.counts()["queued"] == 5 - len(present())


def test_a_job_is_done_while_no_indexer_runs(music: Path, make_song: Callable[..., Path]) -> None:
    job = job_queue.enqueue("analyse", str(make_song(music / "one.flac")))
    assert not indexer_state.indexer_alive()
    with serve_jobs("analyse"):
        wait_for(lambda: (row := job_reports.job(job.id)) is not None and row.state == "done")
        assert indexer_state.indexer_alive()
    assert set(present()) == {"one.flac"}
    assert indexer_state.chart_version() == chart_version()  # what the tools compare charts with


def test_another_indexer_is_left_to_do_the_jobs(data_folder: Path) -> None:
    job_queue.enqueue("analyse", "/nowhere.flac")
    with indexer_lock(data_folder), serve_jobs("analyse"):
        time.sleep(1.0)
        assert job_reports.counts() == {"queued": 1}


def test_it_rests_and_goes_on_but_charts_are_made(
    music: Path, make_song: Callable[..., Path], serve: Callable[[Path], Service]
) -> None:
    indexer_state.pause_indexing()
    make_song(music / "one.flac", seed=1)
    service = serve(music)
    assert wait_for(lambda: job_reports.counts("analyse").get("queued") == 1)
    # asked for by a person; a job that belongs to no track fails, which shows that it was tried
    wish = job_queue.enqueue("chart", "nothing")
    assert wait_for(lambda: (row := job_reports.job(wish.id)) is not None and row.state == "failed")
    assert (
        job_reports.counts("analyse") == {"queued": 1} and indexer_state.indexing_pause() == "owner"
    )

    for worker in service.family()[1:]:
        worker.kill()
    indexer_state.resume_indexing()
    assert wait_for(lambda: set(present()) == {"one.flac"})
    assert indexer_state.indexing_pause() is None
    assert service.end() == 0


def test_a_pause_outlasts_the_indexer_which_ends_in_order(
    music: Path, make_song: Callable[..., Path], serve: Callable[[Path], Service]
) -> None:
    make_song(music / "one.flac", seed=1)
    indexer_state.pause_indexing()
    for _ in range(2):
        service = serve(music)
        assert wait_for(
            lambda: indexer_state.indexer_alive() and job_reports.counts().get("queued") == 1
        )
        assert service.end() == 0
        assert indexer_state.indexing_pause() == "owner" and not indexer_state.indexer_alive()
    assert job_reports.counts() == {"queued": 1}


def test_heat_and_quiet_hours_make_it_rest_and_are_told(
    music: Path, make_song: Callable[..., Path], tmp_path: Path
) -> None:
    make_song(music / "one.flac", seed=1)
    zone = tmp_path / "zones" / "thermal_zone0"
    zone.mkdir(parents=True)
    (zone / "type").write_text("cpu-thermal")
    (zone / "temp").write_text("85000")
    rested: list[str | None] = []
    told: list[str] = []

    def follow(event: IndexEvent) -> None:
        told.append(event.message)
        rested.append(event.progress.resting)
        if event.progress.resting:
            assert event.progress.eta_s is None
            (zone / "temp").write_text("60000")

    settings = IndexerSettings(thermal_zones=tmp_path / "zones")
    summary = index_once(music, follow, settings=settings)
    assert summary.outcomes == {"analysed": 1}
    assert "too_hot" in rested and rested[-1] is None
    assert any("85" not in line and "80 °C" in line for line in told)
    assert "The analysis goes on." in told and indexer_state.indexing_pause() is None


def test_a_full_disk_ends_it_with_a_sentence_and_nothing_is_lost(
    music: Path, make_song: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    song = make_song(music / "one.flac", seed=1)
    job = job_queue.enqueue("analyse", str(song))
    with closing(sqlite3.connect(StoreSettings().database)) as connection:
        connection.execute("VACUUM")  # no page of it is free
    with monkeypatch.context() as full:
        # SQLite refuses another page as it does on a full disk
        with db.read() as session:
            (pages,) = db.rows(session, "PRAGMA page_count")[0]
        pragmas = (*engines._pragmas(writing=True), f"max_page_count = {pages}")
        full.setattr(engines, "_pragmas", lambda *, writing: pragmas)
        db.reset()
        worker = Worker("w", settings=IndexerSettings(), on_report=lambda report: None)
        with pytest.raises(StoreError, match=r"The disk .+ is full"):
            worker.run()
        worker.stopping.set()
    db.reset()
    row = job_reports.job(job.id)
    assert row is not None and row.state == "running"
    assert index_once(music).outcomes == {"analysed": 1}


def test_a_share_of_the_machine_slows_the_worker_down(
    music: Path, make_song: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_queue.enqueue("analyse", str(make_song(music / "one.flac", seed=1, seconds=20)))
    settings = IndexerSettings(workers=1, index_cpu=1)
    worker = Worker("w", settings=settings, on_report=lambda report: None)
    slept: list[float] = []
    throttle = CpuThrottle(settings.duty, sleep=slept.append)
    monkeypatch.setattr(worker, "_throttle", throttle)
    monkeypatch.setattr(job_queue, "finish", lambda *_: worker.stopping.set())
    before_s = time.process_time()
    worker.run()
    used_s = time.process_time() - before_s
    assert job_reports.job(job.id) is not None
    # what is computed after the last stage began is slept for with the next file
    assert sum(slept) > 0.3 * used_s / settings.duty and len(slept) > 3
