import json
import os
import signal
import subprocess
import sys

import pytest

from store import db, job_order, jobs, state

WORKER = """
import json, sys
from store import jobs
taken = []
while (job := jobs.claim(sys.argv[1])) is not None:
    taken.append(job.id)
    jobs.progress(job.id, 0.5, "half")
    jobs.finish(job.id, {"by": sys.argv[1]})
print(json.dumps(taken))
"""
STUCK = """
import sys, time
from store import jobs
print(jobs.claim(sys.argv[1]).id, flush=True)
time.sleep(60)
"""


def start(code, name):
    return subprocess.Popen([sys.executable, "-c", code, name], stdout=subprocess.PIPE, text=True)


def test_four_processes_take_every_job_once(data_folder):
    requests = [jobs.JobRequest("analyse", f"/m/{number}.mp3") for number in range(120)]
    assert jobs.enqueue_many(requests) == 120
    running = [start(WORKER, f"w{number}") for number in range(4)]
    taken = [json.loads(process.communicate()[0]) for process in running]
    every = [job for one in taken for job in one]
    assert len(every) == len(set(every)) == 120
    assert jobs.counts() == {"done": 120}


def test_a_killed_worker_loses_nothing(data_folder):
    jobs.enqueue("analyse", "/m/a.mp3")
    process = start(STUCK, "w1")
    assert process.stdout is not None
    number = int(process.stdout.readline())
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert jobs.claim("w2") is None
    assert jobs.requeue_orphans({"w1"}) == 0
    assert jobs.requeue_orphans({"w2"}) == 1
    again = jobs.claim("w2")
    assert again is not None and (again.id, again.attempts) == (number, 1)


def test_a_job_handed_back_counts_no_attempt(data_folder):
    number = jobs.enqueue("analyse", "/m/a.mp3").id
    jobs.claim("w1")
    jobs.hand_back(number)
    again = jobs.claim("w2")
    assert again is not None and (again.id, again.attempts) == (number, 1)


@pytest.mark.parametrize("kind", ["analyse", "chart"])
def test_the_end_of_everything_is_no_attempt(data_folder, kind):
    number = jobs.enqueue(kind, "/m/good.mp3").id
    for _ in range(jobs.ALONE_LIMIT):  # once among others, then alone
        assert jobs.claim("w") is not None
        assert jobs.requeue_orphans(()) == 1
    again = jobs.claim("w")
    assert again is not None and (again.attempts, again.reason) == (1, None)
    jobs.fail(number, "The decoder crashed.", retry=True)
    assert jobs.counts() == {"queued": 1}


def test_what_ends_everything_each_time_it_is_done_alone_is_given_up_with_the_truth(data_folder):
    keys = {"analyse": "/m/bad.mp3", "chart": "7"}
    for kind, key in keys.items():
        number = jobs.enqueue(kind, key).id
        for _ in range(1 + jobs.ALONE_LIMIT):
            assert jobs.claim("w") is not None
            jobs.requeue_orphans(())
        assert jobs.claim("w") is None
        found = jobs.job(number)
        assert found is not None and found.state == "failed"
        assert f"Backbeat ended {jobs.ALONE_LIMIT} times" in (found.reason or "")
        assert "try it again" in (found.reason or "") and "damaged" not in (found.reason or "")
        assert jobs.enqueue(kind, key).interruptions == 0
        again = jobs.claim("w")
        assert again is not None and jobs.cancel(again.id)


def test_what_was_cut_off_is_done_last_and_nothing_beside_it(data_folder):
    first, second = (jobs.enqueue("analyse", key).id for key in ("a", "b"))
    for worker in ("w1", "w2"):
        jobs.claim(worker)
    jobs.requeue_orphans(())
    others = [jobs.enqueue("analyse", key).id for key in ("c", "d")]
    jobs.enqueue("analyse", "a")  # a scan finds it again
    taken = [jobs.claim(worker) for worker in ("w1", "w2")]
    assert [job.id for job in taken if job] == others
    jobs.finish(others[0])
    assert jobs.claim("w1") is None  # the other one is not over
    jobs.finish(others[1])
    alone = jobs.claim("w1")
    assert alone is not None and alone.id == first
    jobs.enqueue("analyse", "e", priority=1)
    assert jobs.claim("w2") is None and jobs.claim("w2", ["analyse"]) is None
    jobs.requeue_orphans(())
    urgent = jobs.claim("w1")
    assert urgent is not None and urgent.key == "e"
    jobs.finish(urgent.id)
    assert [job.id for job in (jobs.claim("w1"),) if job] == [second]  # cut off less often


def test_a_chart_that_was_cut_off_does_not_wait_for_the_library(data_folder):
    chart = jobs.enqueue("chart", "7", priority=jobs.CHART_PRIORITY).id
    jobs.claim("w")
    jobs.requeue_orphans(())
    jobs.enqueue("analyse", "a")
    taken = jobs.claim("w")
    assert taken is not None and taken.id == chart


def test_the_next_job_is_found_without_a_look_at_all(data_folder):
    jobs.enqueue("analyse", "a")
    with db.read() as session:
        plan = [row.detail for row in db.rows(session, f"EXPLAIN QUERY PLAN {job_order.NEXT}")]
    assert sum("TEMP B-TREE" in step for step in plan) == 1  # of the two that were found
    assert any("ix_job_interrupted (state=?)" in step for step in plan)
    assert not [step for step in plan if step.startswith("SCAN job")]


def test_one_open_job_a_kind_and_key_and_the_more_urgent_wish_wins(data_folder):
    first = jobs.enqueue("chart", "7", priority=50, payload={"levels": ["BASIC"]})
    again = jobs.enqueue("chart", "7", priority=10)
    calm = jobs.enqueue("chart", "7", priority=90)
    assert first.id == again.id == calm.id and calm.priority == 10
    assert calm.payload == {"levels": ["BASIC"]}
    assert jobs.enqueue("analyse", "7").id != first.id
    assert jobs.enqueue_many([jobs.JobRequest("chart", "7"), jobs.JobRequest("chart", "8")]) == 1


def test_the_urgent_goes_first_then_the_older(data_folder):
    for key, priority in (("a", 100), ("b", 100), ("c", 10)):
        jobs.enqueue("analyse", key, priority=priority)
    claimed = [jobs.claim("w") for _ in range(3)]
    assert [job.key for job in claimed if job] == ["c", "a", "b"]


def test_a_worker_may_take_some_kinds_only(data_folder):
    jobs.enqueue("analyse", "a")
    jobs.enqueue("chart", "b")
    taken = jobs.claim("w", ["chart"])
    assert taken is not None and taken.key == "b"
    assert jobs.claim("w", ["chart"]) is None


def test_a_corrupted_file_is_not_tried_again_until_it_changes(data_folder):
    payload = {"size_bytes": 12, "mtime_ns": 5}
    jobs.enqueue("analyse", "/m/bad.mp3", payload=payload)
    taken = jobs.claim("w")
    assert taken is not None
    jobs.fail(taken.id, "This file holds no audio.", retry=False)
    assert jobs.claim("w") is None
    assert jobs.known_failures("analyse") == {"/m/bad.mp3": payload}
    assert [(f.path, f.reason) for f in jobs.failures()] == [
        ("/m/bad.mp3", "This file holds no audio.")
    ]
    jobs.enqueue("analyse", "/m/bad.mp3", payload={"size_bytes": 13})
    assert jobs.failures() == () and jobs.counts() == {"queued": 1}


def test_a_passing_trouble_is_tried_again_three_times(data_folder):
    jobs.enqueue("analyse", "a")
    for _ in range(jobs.MAX_ATTEMPTS):
        taken = jobs.claim("w")
        assert taken is not None
        jobs.fail(taken.id, "The disk was busy.", retry=True)
    assert jobs.claim("w") is None and jobs.counts() == {"failed": 1}


def test_progress_and_result_are_seen(data_folder):
    number = jobs.enqueue("chart", "1").id
    jobs.claim("w")
    jobs.progress(number, 0.25, "listening")
    jobs.progress(number, 0.26, "listening")
    seen = jobs.job(number)
    assert seen is not None and (seen.progress, seen.step) == (0.25, "listening")
    jobs.progress(number, 7.0, "drawing")
    seen = jobs.job(number)
    assert seen is not None and (seen.progress, seen.step) == (1.0, "drawing")
    jobs.finish(number, {"chart_id": 3})
    seen = jobs.job(number)
    assert seen is not None and (seen.state, seen.result) == ("done", {"chart_id": 3})
    assert seen.finished_at is not None and seen.finished_at >= seen.created_at


def test_a_cancelled_job_stays_cancelled(data_folder):
    number = jobs.enqueue("chart", "1").id
    jobs.claim("w")
    assert jobs.cancel(number) and jobs.is_cancelled(number)
    jobs.finish(number, {})
    found = jobs.job(number)
    assert found is not None and found.state == "cancelled"
    assert not jobs.cancel(number)


def test_old_jobs_are_pruned_and_gone_files_forgotten(data_folder):
    number = jobs.enqueue("analyse", "a").id
    jobs.claim("w")
    jobs.finish(number)
    jobs.enqueue("analyse", "b")
    assert jobs.prune() == 0 and jobs.prune(keep_days=-1) == 1
    jobs.forget("analyse", "b")
    assert jobs.counts() == {}


def test_hostile_keys_and_reasons(data_folder):
    for key in ("it's; DROP TABLE job;--", "nul\x00", "🎵", "raw \udce9"):
        number = jobs.enqueue("analyse", key, payload={"path": key}).id
        jobs.claim("w")
        jobs.fail(number, f"bad: {key}", retry=False)
    assert len(jobs.failures()) == 4


def test_the_indexer_is_alive_while_it_beats(data_folder):
    assert not state.indexer_alive()
    state.beat()
    assert state.indexer_alive()
    with db.write() as session:
        db.rows(session, "UPDATE indexerstate SET value = '2020-01-01 00:00:00.000000'")
    assert not state.indexer_alive()
    state.beat()
    state.stop_beating()
    assert not state.indexer_alive()


def test_named_values(data_folder):
    assert state.watched_folders() == ()
    state.set_watched_folders(("/m/a", "/m/é"))
    assert state.watched_folders() == ("/m/a", "/m/é")


def test_the_owner_and_the_indexer_pause(data_folder):
    assert state.indexing_pause() is None and state.resumed_at() is None
    state.set_resting("too_hot")
    assert state.indexing_pause() == "too_hot"
    state.pause_indexing()
    assert state.indexing_pause() == "owner"  # what the person did explains it best
    state.resume_indexing()
    assert state.indexing_pause() == "too_hot" and state.resumed_at()
    state.set_resting("owner")  # the indexer has not heard yet that the pause is over
    assert state.indexing_pause() is None
    state.set_resting(None)
    assert state.indexing_pause() is None and state.rested_until()


def test_an_idle_worker_does_not_wait_for_its_turn_to_write(data_folder, monkeypatch):
    monkeypatch.setattr(db, "BUSY_TIMEOUT_MS", 50)
    db.reset()
    with db.write():
        assert jobs.claim("w") is None and jobs.claim("w", ["chart"]) is None
