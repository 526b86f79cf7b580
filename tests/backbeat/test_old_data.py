"""The whole program on a data folder that Backbeat 0.1.0 made."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.understanding.lexing.lexicon import language
from backbeat.cli import app
from indexer.charts.fitted_thresholds import read_learned
from indexer.charts.stored_corrections import corrected_chart
from indexer.files.tags.tag_journal import entries, newest_journal
from indexer.jobs.service import serve_jobs
from indexer.jobs.watching.scan import reconcile
from store.charts import chart_corrections
from store.database import db
from store.jobs import indexer_state, job_reports
from store.library import track_files
from tools import tool
from tools.base import ToolContext


@pytest.fixture
def old(load, data_folder):
    """The old folder, as it was left."""
    load("store/old_data.py").unpack(data_folder)
    return data_folder


def run(*arguments, statuses=(0,)):
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code in statuses, done.output
    return done.stdout


def call(name, **arguments):
    asked = tool(name)
    context = ToolContext()
    return asked.render(asked.run(asked.arguments(**arguments), context), context).data


@pytest.mark.usefixtures("old")
def test_a_new_process_upgrades_and_lists_the_playlists():
    done = subprocess.run(
        [sys.executable, "-m", "backbeat", "playlist"],
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=True,
    )  # fmt: skip
    assert [line.split("  ")[0] for line in done.stdout.splitlines()] == ["Été 夏", "Chill"]
    assert done.stderr == ""


@pytest.mark.usefixtures("old")
def test_playlists_are_shown_and_exported(tmp_path):
    shown = run("playlist", "Été 夏")
    assert shown.index("Copper Sky") < shown.index("Северный ветер")
    assert "opens:" in shown and "more energy" in shown
    exported = Path(run("export", "Été 夏", "--format", "xspf", "--out", str(tmp_path)).strip())
    assert "file:///music/Lanterns/Copper%20Sky.mp3" in exported.read_text("utf-8")


@pytest.fixture
def user_vocabulary(old):
    """The words of the old folder, which a process reads once."""
    language.cache_clear()
    yield
    language.cache_clear()


@pytest.mark.usefixtures("user_vocabulary")
def test_the_chat_understands_the_user_vocabulary():
    turn = json.loads(run("chat", "--once", "make me a pll of 2 hygge songs", "--json"))
    assert (turn["tool"], turn["by"]) == ("make_playlist", "reader")
    assert len(turn["calls"][0]["data"]["tracks"]) == 2


@pytest.mark.usefixtures("old")
def test_the_doctor_misses_nothing_but_the_music():
    told = run("doctor", statuses=(0, 1))
    assert "8 tracks, 8 analysed, 1 waiting, 1 failed" in told
    bad = [line for line in told.splitlines() if "✗" in line]
    assert [line for line in bad if "Music folder" not in line] == []


@pytest.mark.usefixtures("old")
def test_tools_find_and_tell():
    [found] = call("search_tracks", artists=["夜行バス"])["tracks"]
    assert found["title"] == "真夜中の電車"
    assert call("summarize_track", track="أغنية البحر")["track"]["artist"] == "نور"
    alike = call("find_similar", track="Copper Sky", limit=3)["tracks"]
    assert len(alike) == 3
    status = call("library_status")
    assert (status["tracks"], status["playlists"], status["failed"]) == (8, 2, 1)


@pytest.mark.usefixtures("old")
def test_a_corrected_chart_is_handed_over_at_once():
    chart = call("generate_drum_chart", track="Copper Sky")
    assert chart["state"] == "done" and chart["job_id"] is None
    [kept] = chart_corrections.corrections()
    assert chart["chart"]["levels"]["MASTER"]["notes"] == kept.notes
    assert len(corrected_chart(kept).notes) == kept.notes


@pytest.mark.usefixtures("old")
def test_corrections_and_what_was_learned_are_listed():
    told = " ".join(run("chart", "corrections").split())
    assert "Copper Sky" in told and "126 0.849" in told
    assert "Learned from 1, 2, 3: thresholds HH × 0.59" in told
    assert read_learned().families["HH"].onsets == 1194


def test_written_tags_can_be_undone(old):
    [entry] = entries(newest_journal(old / "tags"))
    assert entry.path == Path("/music/Lanterns/Copper Sky.mp3")
    assert entry.before["TBPM"] == () and entry.after["TBPM"] == ("122",)


@pytest.mark.usefixtures("old")
def test_the_work_that_was_left_is_done():
    """The files are missing, which each job reports."""
    run("resume")
    with serve_jobs("analyse"):
        while set(job_reports.counts()) & {"queued", "running"}:
            assert indexer_state.indexer_alive()
            time.sleep(0.1)
    assert job_reports.counts("analyse") == {"done": 12, "failed": 1}
    [chart] = [
        job_reports.job(n)
        for n in range(1, 20)
        if job_reports.job(n) and job_reports.job(n).key == "7:BASIC"
    ]
    assert chart.state == "failed" and "Is its disk connected?" in chart.reason


@pytest.mark.usefixtures("old")
def test_nothing_is_deleted_while_the_disk_is_missing(tmp_path):
    away = tmp_path / "music"
    assert track_files.move_folder(Path("/music"), away) == 9
    before = track_files.known_files(away)
    assert reconcile(away).all_away
    after = track_files.known_files(away)
    assert not any(file.missing for file in after.values()) and len(after) == len(before) == 9
    assert db.check() == []
