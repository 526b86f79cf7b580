import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from indexer.jobs.lock import IndexerError
from indexer.jobs.pool import Pool
from indexer.jobs.settings import IndexerSettings
from indexer.jobs.watching.scan import reconcile
from indexer.jobs.worker_exit import exit_reason
from indexer.jobs.worker_report import Report
from store.jobs import job_interruptions, job_queue, job_reports
from store.library import track_files

pytestmark = pytest.mark.usefixtures("data_folder")

SETTINGS = IndexerSettings(workers=1, niceness=0)


@pytest.fixture
def music(tmp_path: Path, encode_audio) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    noise = np.random.default_rng(0).standard_normal((3, 3 * 44_100)).astype(np.float32)
    for number, samples in enumerate(noise):
        encode_audio(folder / f"{number}.wav", 0.1 * samples)
    return folder


class Run:
    """A pool and what it reported."""

    def __init__(self, settings: IndexerSettings) -> None:
        self.reports: list[Report] = []
        self.pool = Pool(settings=settings, on_report=self.reports.append)

    def until(self, condition: Callable[[], bool], *, limit_s: float = 60.0) -> bool:
        end = time.monotonic() + limit_s
        while time.monotonic() < end:
            self.pool.tick(job_reports.counts().get("queued", 0))
            if condition():
                return True
            time.sleep(0.02)
        return False

    def is_done(self) -> bool:
        return not {"queued", "running"} & set(job_reports.counts()) and not self.pool.at_work


@pytest.fixture
def run() -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def start(**changes: object) -> Run:
        runs.append(Run(SETTINGS.model_copy(update=changes)))
        return runs[-1]

    yield start
    for each in runs:
        each.pool.stop(patience_s=0.0)


def test_the_pool_works_off_the_queue_and_sends_idle_workers_away(
    music: Path, run: Callable[..., Run]
) -> None:
    (music / "broken.mp3").write_bytes(b"no music at all" * 100)
    reconcile(music)
    work = run(idle_s=1.0)
    assert work.until(work.is_done)
    assert sorted(r.event for r in work.reports if r.event != "began") == ["done"] * 3 + ["failed"]
    (failure,) = job_reports.failures()
    assert failure.path.endswith("broken.mp3") and failure.reason
    assert all(file.analysed for file in track_files.known_files().values())
    assert work.until(lambda: not work.pool.names, limit_s=10)


def test_a_worker_that_dies_twice_at_a_file_fails_it_and_the_others_go_on(
    music: Path, run: Callable[..., Run]
) -> None:
    (music / "2.wav").unlink()
    reconcile(music)
    work = run()
    victim = None
    for _ in range(2):
        assert work.until(lambda: bool(work.pool.at_work))
        (report,) = work.pool.at_work
        assert victim in (None, report.key)
        victim = report.key
        os.kill(work.pool.processes[0], signal.SIGSEGV)
        assert work.until(lambda: not work.pool.at_work)
    assert work.until(work.is_done)
    (failure,) = job_reports.failures()
    assert failure.path == victim
    assert failure.reason == (
        "The decoder crashed on this file 2 times (SIGSEGV); it may be damaged."
    )
    assert len(track_files.known_files()) == 1


def test_a_worker_that_is_ended_from_outside_blames_no_file(
    music: Path, run: Callable[..., Run]
) -> None:
    reconcile(music)
    work = run()
    for _ in range(job_queue.MAX_ATTEMPTS):
        assert work.until(lambda: bool(work.pool.at_work))
        os.kill(work.pool.processes[0], signal.SIGKILL)
        assert work.until(lambda: not work.pool.at_work)
    assert work.until(work.is_done)
    assert not job_reports.failures() and len(track_files.known_files()) == 3


def test_a_file_at_which_the_worker_is_always_ended_from_outside_is_given_up(
    music: Path, run: Callable[..., Run]
) -> None:
    for spare in ("1.wav", "2.wav"):
        (music / spare).unlink()
    reconcile(music)
    work = run()
    for _ in range(1 + job_interruptions.ALONE_LIMIT):
        assert work.until(lambda: bool(work.pool.at_work))
        os.kill(work.pool.processes[0], signal.SIGKILL)
        assert work.until(lambda: not work.pool.at_work)
    assert work.until(work.is_done)
    (failure,) = job_reports.failures()
    assert "ended from outside (SIGKILL), perhaps for lack of memory" in failure.reason
    assert "--retry" in failure.reason and "damaged" not in failure.reason
    assert work.reports[-1].event == "failed" and work.reports[-1].reason == failure.reason


def test_a_worker_says_no_more_than_is_known() -> None:
    assert "damaged" not in exit_reason(-signal.SIGTERM, "", times=1)
    assert "(SIGTERM)" in exit_reason(-signal.SIGTERM, "", times=1)
    assert exit_reason(-signal.SIGBUS, "", times=1).startswith(
        "The decoder crashed on this file once"
    )
    assert "memory" in exit_reason(-signal.SIGABRT, "what():  std::bad_alloc", times=2)
    assert (
        exit_reason(3, "", times=2) == "The worker ended by itself 2 times at this file (status 3)."
    )


def test_the_worker_tells_why_a_file_failed(music: Path, run: Callable[..., Run]) -> None:
    for each in music.iterdir():
        each.unlink()
    pipe = music / "pipe.mp3"
    os.mkfifo(pipe)
    job_id = job_queue.enqueue("analyse", os.fspath(pipe)).id
    work = run()
    assert work.until(work.is_done)
    job = job_reports.job(job_id)
    assert job is not None
    assert (job.state, job.result) == ("failed", {"code": "unreadable"})


def test_a_job_that_hangs_is_given_up(music: Path, run: Callable[..., Run]) -> None:
    for spare in ("1.wav", "2.wav"):
        (music / spare).unlink()
    reconcile(music)
    work = run(job_minutes=1e-6)
    assert work.until(work.is_done)
    assert job_reports.failures()
    assert all("did not end" in failure.reason for failure in job_reports.failures())


def test_a_worker_that_holds_too_much_memory_is_replaced(
    music: Path, run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKBEAT_WORKER_MEMORY_MB", "100")
    (music / "2.wav").unlink()
    reconcile(music)
    work = run()
    seen: set[int] = set()

    def finished() -> bool:
        seen.update(work.pool.processes)
        return work.is_done()

    assert work.until(finished)
    assert len(seen) == 2 and not job_reports.failures()


def test_a_stopped_pool_puts_its_job_back(music: Path, run: Callable[..., Run]) -> None:
    reconcile(music)
    work = run()
    assert work.until(lambda: bool(work.pool.at_work))
    work.pool.stop(patience_s=0.0)
    assert job_reports.counts().get("running", 0) == 0
    assert job_reports.counts()["queued"] >= 2
    assert not job_reports.failures()


def test_a_job_is_not_blamed_for_being_stopped(music: Path, run: Callable[..., Run]) -> None:
    for spare in ("1.wav", "2.wav"):
        (music / spare).unlink()
    reconcile(music)
    job_id = 0
    for _ in range(job_queue.MAX_ATTEMPTS):
        work = run()
        assert work.until(lambda work=work: bool(work.pool.at_work))
        job_id = work.pool.at_work[0].job_id
        work.pool.stop(patience_s=0.0)
    job = job_reports.job(job_id)
    assert job is not None
    assert (job.state, job.attempts) == ("queued", 0)


def test_workers_that_cannot_start_are_not_started_for_ever(
    music: Path, run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKBEAT_NICENESS", "not a number")
    reconcile(music)
    work = run()
    with pytest.raises(IndexerError, match="do not start"):
        work.until(work.is_done)
