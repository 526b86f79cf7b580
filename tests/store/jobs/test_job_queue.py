import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from store.database import db, engines
from store.jobs import indexer_state, job_interruptions, job_order, job_queue, job_reports

WORKER = """
import json, sys
from store.jobs import job_queue
taken = []
while (job := job_queue.claim(sys.argv[1])) is not None:
    taken.append(job.id)
    job_queue.record_progress(job.id, 0.5, "half")
    job_queue.finish(job.id, {"by": sys.argv[1]})
print(json.dumps(taken))
"""
STUCK = """
import sys, time
from store.jobs import job_queue
print(job_queue.claim(sys.argv[1]).id, flush=True)
time.sleep(60)
"""


def start(code, name):
    return subprocess.Popen([sys.executable, "-c", code, name], stdout=subprocess.PIPE, text=True)


def test_four_processes_take_every_job_once(data_folder):
    requests = [job_queue.JobRequest("analyse", f"/m/{number}.mp3") for number in range(120)]
    assert job_queue.enqueue_many(requests) == 120
    running = [start(WORKER, f"w{number}") for number in range(4)]
    taken = [json.loads(process.communicate()[0]) for process in running]
    every = [job for one in taken for job in one]
    assert len(every) == len(set(every)) == 120
    assert job_reports.counts() == {"done": 120}


def test_a_killed_worker_loses_nothing(data_folder):
    job_queue.enqueue("analyse", "/m/a.mp3")
    process = start(STUCK, "w1")
    assert process.stdout is not None
    number = int(process.stdout.readline())
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert job_queue.claim("w2") is None
    assert job_interruptions.requeue_orphans({"w1"}) == 0
    assert job_interruptions.requeue_orphans({"w2"}) == 1
    again = job_queue.claim("w2")
    assert again is not None and (again.id, again.attempts) == (number, 1)


def test_a_job_handed_back_counts_no_attempt(data_folder):
    number = job_queue.enqueue("analyse", "/m/a.mp3").id
    job_queue.claim("w1")
    job_queue.hand_back(number)
    again = job_queue.claim("w2")
    assert again is not None and (again.id, again.attempts) == (number, 1)


@pytest.mark.parametrize("kind", ["analyse", "chart"])
def test_the_end_of_everything_is_no_attempt(data_folder, kind):
    number = job_queue.enqueue(kind, "/m/good.mp3").id
    for _ in range(job_interruptions.ALONE_LIMIT):  # once among others, then alone
        assert job_queue.claim("w") is not None
        assert job_interruptions.requeue_orphans(()) == 1
    again = job_queue.claim("w")
    assert again is not None and (again.attempts, again.reason) == (1, None)
    job_queue.fail(number, "The decoder crashed.", retry=True)
    assert job_reports.counts() == {"queued": 1}


def test_what_ends_everything_each_time_it_is_done_alone_is_given_up_with_the_truth(data_folder):
    keys = {"analyse": "/m/bad.mp3", "chart": "7"}
    for kind, key in keys.items():
        number = job_queue.enqueue(kind, key).id
        for _ in range(1 + job_interruptions.ALONE_LIMIT):
            assert job_queue.claim("w") is not None
            job_interruptions.requeue_orphans(())
        assert job_queue.claim("w") is None
        found = job_reports.job(number)
        assert found is not None and found.state == "failed"
        assert f"Backbeat ended {job_interruptions.ALONE_LIMIT} times" in (found.reason or "")
        assert "try it again" in (found.reason or "") and "damaged" not in (found.reason or "")
        assert job_queue.enqueue(kind, key).interruptions == 0
        again = job_queue.claim("w")
        assert again is not None and job_queue.cancel(again.id)


def test_what_was_cut_off_is_done_last_and_nothing_beside_it(data_folder):
    first, second = (job_queue.enqueue("analyse", key).id for key in ("a", "b"))
    for worker in ("w1", "w2"):
        job_queue.claim(worker)
    job_interruptions.requeue_orphans(())
    others = [job_queue.enqueue("analyse", key).id for key in ("c", "d")]
    job_queue.enqueue("analyse", "a")  # a scan finds it again
    taken = [job_queue.claim(worker) for worker in ("w1", "w2")]
    assert [job.id for job in taken if job] == others
    job_queue.finish(others[0])
    assert job_queue.claim("w1") is None  # the other one is not over
    job_queue.finish(others[1])
    alone = job_queue.claim("w1")
    assert alone is not None and alone.id == first
    job_queue.enqueue("analyse", "e", priority=1)
    assert job_queue.claim("w2") is None and job_queue.claim("w2", ["analyse"]) is None
    job_interruptions.requeue_orphans(())
    urgent = job_queue.claim("w1")
    assert urgent is not None and urgent.key == "e"
    job_queue.finish(urgent.id)
    assert [job.id for job in (job_queue.claim("w1"),) if job] == [second]  # cut off less often


def test_a_chart_that_was_cut_off_does_not_wait_for_the_library(data_folder):
    chart = job_queue.enqueue("chart", "7", priority=job_queue.CHART_PRIORITY).id
    job_queue.claim("w")
    job_interruptions.requeue_orphans(())
    job_queue.enqueue("analyse", "a")
    taken = job_queue.claim("w")
    assert taken is not None and taken.id == chart


def test_the_next_job_is_found_without_a_look_at_all(data_folder):
    job_queue.enqueue("analyse", "a")
    with db.read() as session:
        plan = [row.detail for row in db.rows(session, f"EXPLAIN QUERY PLAN {job_order.NEXT}")]
    assert sum("TEMP B-TREE" in step for step in plan) == 1  # of the two that were found
    assert any("ix_job_interrupted (state=?)" in step for step in plan)
    assert not [step for step in plan if step.startswith("SCAN job")]


def test_one_open_job_a_kind_and_key_and_the_more_urgent_wish_wins(data_folder):
    first = job_queue.enqueue("chart", "7", priority=50, payload={"levels": ["BASIC"]})
    again = job_queue.enqueue("chart", "7", priority=10)
    calm = job_queue.enqueue("chart", "7", priority=90)
    assert first.id == again.id == calm.id and calm.priority == 10
    assert calm.payload == {"levels": ["BASIC"]}
    assert job_queue.enqueue("analyse", "7").id != first.id
    assert (
        job_queue.enqueue_many(
            [job_queue.JobRequest("chart", "7"), job_queue.JobRequest("chart", "8")]
        )
        == 1
    )


def test_the_urgent_goes_first_then_the_older(data_folder):
    for key, priority in (("a", 100), ("b", 100), ("c", 10)):
        job_queue.enqueue("analyse", key, priority=priority)
    claimed = [job_queue.claim("w") for _ in range(3)]
    assert [job.key for job in claimed if job] == ["c", "a", "b"]


def test_a_worker_may_take_some_kinds_only(data_folder):
    job_queue.enqueue("analyse", "a")
    job_queue.enqueue("chart", "b")
    taken = job_queue.claim("w", ["chart"])
    assert taken is not None and taken.key == "b"
    assert job_queue.claim("w", ["chart"]) is None


def test_a_corrupted_file_is_not_tried_again_until_it_changes(data_folder):
    payload = {"size_bytes": 12, "mtime_ns": 5}
    job_queue.enqueue("analyse", "/m/bad.mp3", payload=payload)
    taken = job_queue.claim("w")
    assert taken is not None
    job_queue.fail(taken.id, "This file holds no audio.", retry=False)
    assert job_queue.claim("w") is None
    assert job_reports.known_failures("analyse") == {"/m/bad.mp3": payload}
    assert [(f.path, f.reason) for f in job_reports.failures()] == [
        ("/m/bad.mp3", "This file holds no audio.")
    ]
    job_queue.enqueue("analyse", "/m/bad.mp3", payload={"size_bytes": 13})
    assert job_reports.failures() == () and job_reports.counts() == {"queued": 1}


def test_a_passing_trouble_is_tried_again_three_times(data_folder):
    job_queue.enqueue("analyse", "a")
    for _ in range(job_queue.MAX_ATTEMPTS):
        taken = job_queue.claim("w")
        assert taken is not None
        job_queue.fail(taken.id, "The disk was busy.", retry=True)
    assert job_queue.claim("w") is None and job_reports.counts() == {"failed": 1}


def test_progress_and_result_are_seen(data_folder):
    number = job_queue.enqueue("chart", "1").id
    job_queue.claim("w")
    job_queue.record_progress(number, 0.25, "listening")
    job_queue.record_progress(number, 0.26, "listening")
    seen = job_reports.job(number)
    assert seen is not None and (seen.progress, seen.step) == (0.25, "listening")
    job_queue.record_progress(number, 7.0, "drawing")
    seen = job_reports.job(number)
    assert seen is not None and (seen.progress, seen.step) == (1.0, "drawing")
    job_queue.finish(number, {"chart_id": 3})
    seen = job_reports.job(number)
    assert seen is not None and (seen.state, seen.result) == ("done", {"chart_id": 3})
    assert seen.finished_at is not None and seen.finished_at >= seen.created_at


def test_a_cancelled_job_stays_cancelled(data_folder):
    number = job_queue.enqueue("chart", "1").id
    job_queue.claim("w")
    assert job_queue.cancel(number) and job_reports.is_cancelled(number)
    job_queue.finish(number, {})
    found = job_reports.job(number)
    assert found is not None and found.state == "cancelled"
    assert not job_queue.cancel(number)


def test_old_jobs_are_pruned_and_gone_files_forgotten(data_folder):
    number = job_queue.enqueue("analyse", "a").id
    job_queue.claim("w")
    job_queue.finish(number)
    job_queue.enqueue("analyse", "b")
    assert job_queue.prune() == 0 and job_queue.prune(keep_days=-1) == 1
    job_queue.delete_jobs("analyse", "b")
    assert job_reports.counts() == {}


def test_hostile_keys_and_reasons(data_folder):
    for key in ("it's; DROP TABLE job;--", "nul\x00", "🎵", "raw \udce9"):
        number = job_queue.enqueue("analyse", key, payload={"path": key}).id
        job_queue.claim("w")
        job_queue.fail(number, f"bad: {key}", retry=False)
    assert len(job_reports.failures()) == 4


def test_the_indexer_is_alive_while_it_beats(data_folder):
    assert not indexer_state.indexer_alive()
    indexer_state.record_heartbeat()
    assert indexer_state.indexer_alive()
    with db.write() as session:
        db.rows(session, "UPDATE indexerstate SET value = '2020-01-01 00:00:00.000000'")
    assert not indexer_state.indexer_alive()
    indexer_state.record_heartbeat()
    indexer_state.clear_heartbeat()
    assert not indexer_state.indexer_alive()


def test_named_values(data_folder):
    assert indexer_state.watched_folders() == ()
    indexer_state.set_watched_folders(("/m/a", "/m/é"))
    assert indexer_state.watched_folders() == ("/m/a", "/m/é")


def test_the_owner_and_the_indexer_pause(data_folder):
    assert indexer_state.indexing_pause() is None and indexer_state.resumed_at() is None
    indexer_state.set_resting("too_hot")
    assert indexer_state.indexing_pause() == "too_hot"
    indexer_state.pause_indexing()
    assert indexer_state.indexing_pause() == "owner"  # what the person did explains it best
    indexer_state.resume_indexing()
    assert indexer_state.indexing_pause() == "too_hot" and indexer_state.resumed_at()
    indexer_state.set_resting("owner")  # the indexer has not heard yet that the pause is over
    assert indexer_state.indexing_pause() is None
    indexer_state.set_resting(None)
    assert indexer_state.indexing_pause() is None and indexer_state.rested_until()


def test_an_idle_worker_does_not_wait_for_its_turn_to_write(data_folder, monkeypatch):
    monkeypatch.setattr(engines, "BUSY_TIMEOUT_MS", 50)
    db.reset()
    with db.write():
        assert job_queue.claim("w") is None and job_queue.claim("w", ["chart"]) is None


def test_jobs_that_people_wait_for_come_in_the_order_of_their_turn(data_folder):
    began = datetime.now(UTC)
    later, urgent, ended, running = (
        job_queue.enqueue("chart", str(number), priority=priority).id
        for number, priority in enumerate((50, 10, 1, 2))
    )
    first = job_queue.claim("w1")
    assert first is not None and first.id == ended
    job_queue.finish(ended, {})
    job_queue.claim("w1")
    waited_for = [job.id for job in job_reports.waited_for(since=began)]
    assert waited_for == [running, ended, urgent, later]
    assert [job.id for job in job_reports.waited_for(since=began, limit=2)] == [running, ended]
    assert ended not in {job.id for job in job_reports.waited_for(since=datetime.now(UTC))}
