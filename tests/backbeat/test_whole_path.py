"""From a folder of music to an answer and a chart, by the commands alone."""

import contextlib
import csv
import io
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from indexer.demo.demo_songs import SONGS
from indexer.drums.formats.kit import render_hit
from indexer.drums.types import Drum

pytestmark = pytest.mark.xdist_group("whole-path")


def test_every_format_is_analysed_and_bad_files_are_reported(indexed):
    assert "6 analysed" in indexed.stdout
    for name in ("broken.mp3", "empty.flac", "letter.ogg"):
        assert any(name in line and "✗" in line for line in indexed.stdout.splitlines()), name


def test_a_second_run_has_nothing_to_do(indexed, music, backbeat):
    assert "0 files" in backbeat("index", music).stdout


def test_status_in_both_languages(ask):
    english, french = ask("how many songs do I have?"), ask("combien de morceaux ai-je ?")
    for turn, language in ((english, "en"), (french, "fr")):
        assert (turn["tool"], turn["by"], turn["language"]) == (
            "library_status",
            "reader",
            language,
        )
        assert "6" in turn["answer"]
        assert turn["calls"][0]["data"]["failed"] == 3


def test_a_status_can_be_printed(indexed, backbeat):
    assert "6" in backbeat("chat", "--once", "library status").stdout


def test_a_search_by_tempo_finds_the_song_of_that_tempo(ask):
    turn = ask("find tracks around 122 BPM")
    titles = [track["title"] for track in turn["calls"][0]["data"]["tracks"]]
    assert titles == ["Copper Sky"]


def test_une_playlist_en_francais_is_saved_and_exported(ask, backbeat, tmp_path):
    turn = ask("fais-moi une playlist de 5 morceaux")
    assert turn["tool"] == "make_playlist" and turn["language"] == "fr"
    tracks = turn["calls"][0]["data"]["tracks"]
    assert len(tracks) == 5
    for suffix in ("m3u8", "xspf", "nsp", "rekordbox"):
        written = backbeat("export", "last", "--format", suffix, "--out", tmp_path).stdout.strip()
        assert Path(written).stat().st_size > 100
    m3u8 = next(tmp_path.glob("*.m3u8"))
    places = [line for line in m3u8.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert len(places) == 5
    assert all((tmp_path / place).is_file() for place in places)


def test_a_summary_tells_tempo_and_genre(ask):
    turn = ask("summarise Island Ledger")
    assert "reggae" in turn["answer"].lower()
    assert "74" in turn["answer"]


def test_an_unknown_track_offers_the_closest_names(ask):
    call = ask("summarise Coper Skie")["calls"][0]
    assert any("Copper Sky" in choice for choice in call["choices"]) or "Copper Sky" in str(
        call.get("data")
    )


def test_a_chart_is_made_without_a_running_indexer(ask, backbeat):
    turn = ask("make me a drum chart of Copper Sky")
    chart = turn["calls"][0]["data"]
    assert chart["state"] == "done" and chart["chart_id"]
    assert "indexer" not in turn["answer"]
    (bundle,) = (backbeat.data / "charts").rglob("*.zip")
    names = zipfile.ZipFile(bundle).namelist()
    assert sum(name.endswith(".dtx") for name in names) == 4
    assert any(name.upper().endswith("SET.DEF") for name in names)


def test_understand_prints_one_object_a_line(backbeat):
    out = backbeat(
        "understand", "--reader-only", text_in="chill tracks in 8A\nde la pluie\n"
    ).stdout
    first, second = (json.loads(line) for line in out.splitlines())
    assert first == {
        "text": "chill tracks in 8A", "language": "en", "tool": "search_tracks",
        "arguments": {"moods": ["chill"], "keys": ["8A"]}, "by": "reader", "unread": [],
    }  # fmt: skip
    assert second["tool"] is None and second["by"] == "none"


def test_analyze_prints_the_exchange_format(music, backbeat):
    done = backbeat("analyze", music, "--json", "--jobs", 2, check=False)
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    good = [result for result in results if "error" not in result]
    assert (len(good), len(results)) == (6, 9)
    for result in good:
        assert {"raw", "normalized", "scores", "synthetic_tags", "bpm_alternative",
                "bpm_confidence", "tags", "seconds"} <= result.keys()  # fmt: skip
        assert len(result["tags"]) >= 50


def test_transcribe_writes_csv(music, backbeat):
    path = next(music.rglob("Copper Sky.mp3"))
    rows = list(csv.DictReader(io.StringIO(backbeat("transcribe", path, "--csv").stdout)))
    assert list(rows[0]) == ["file", "time_s", "class", "velocity", "lane"]
    assert {row["class"] for row in rows} <= {"KD", "SD", "HH", "CY", "TT"}
    kicks = [float(row["time_s"]) for row in rows if row["class"] == "KD"]
    assert len(kicks) > 15


def test_transcribe_hears_long_recordings_where_they_are(backbeat, tmp_path):
    beat = np.zeros(44_100, np.float32)
    for drum, start in ((Drum.KICK, 0), (Drum.SNARE, 22_050)):
        hit = render_hit(drum)[: beat.size - start]
        beat[start : start + hit.size] += 0.5 * hit
    path = tmp_path / "long.flac"
    soundfile.write(path, np.tile(beat, 430), 44_100)
    heard = backbeat("transcribe", path, "--csv", "--profile", "fast").stdout
    times_s = np.array(
        [float(r["time_s"]) for r in csv.DictReader(io.StringIO(heard)) if r["class"] == "KD"]
    )
    assert all(np.abs(times_s - at_s).min() < 0.05 for at_s in range(1, 430))


def test_chart_of_a_file(music, backbeat, tmp_path):
    path = next(music.rglob("Copper Sky.mp3"))
    out = backbeat("chart", path, "--out", tmp_path, "--levels", "BASIC,MASTER").stdout
    assert "BASIC" in out and "MASTER" in out and "EXTREME" not in out
    assert len(list(tmp_path.rglob("*.dtx"))) == 2


def test_doctor_is_content(indexed, backbeat):
    out = backbeat("doctor").stdout
    assert "✗" not in out
    assert "6 tracks" in out


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _health(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5) as answer:
        return json.load(answer)


@contextmanager
def _serving(backbeat, music):
    """`backbeat serve` with its indexer at work; gives the process and its port."""
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "backbeat", "serve", str(music), "--port", str(port)],
        env=backbeat.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        health = {}
        for _ in range(240):
            time.sleep(0.5)
            assert process.poll() is None, process.stdout.read()
            try:
                health = _health(port)
            except (urllib.error.URLError, ConnectionError):
                continue
            if health["indexer_alive"]:
                break
        assert health["indexer_alive"] and health["tracks"] == 6
        yield process, port
    finally:
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_serve_starts_both_sides_and_ends_both(indexed, music, backbeat, number):
    with _serving(backbeat, music) as (process, port):
        children = psutil.Process(process.pid).children(recursive=True)
        assert any("indexer.jobs.service" in child.cmdline() for child in children)
        process.send_signal(number)
        output, _ = process.communicate(timeout=60)
        assert f"http://localhost:{port}" in output
        assert "Traceback" not in output
        if number != signal.SIGKILL:
            assert process.returncode == 0 and "Goodbye." in output
        _, alive = psutil.wait_procs(children, timeout=30)
        assert not alive
    with pytest.raises(urllib.error.URLError):
        _health(port)


def test_the_page_does_not_wait_for_the_demo_library(backbeat, tmp_path):
    environment = backbeat.environment | {
        "HOME": str(tmp_path / "home"),
        "BACKBEAT_DATA": str(tmp_path / "data"),
    }
    environment.pop("BACKBEAT_MUSIC", None)
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "backbeat", "serve", "--port", str(port)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        for _ in range(240):
            time.sleep(0.25)
            assert process.poll() is None, process.stdout.read()
            with contextlib.suppress(urllib.error.URLError, ConnectionError):
                assert _health(port)["analysed"] < len(SONGS)
                break
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "a demo library of my own" in output and "Goodbye." in output
    assert "Traceback" not in output


def test_a_port_in_use_is_reported(backbeat):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = backbeat("serve", "--no-index", "--port", taken.getsockname()[1], check=False)
    assert done.returncode == 1
    assert "Port" in done.stderr and "Traceback" not in done.stderr


def test_wider_than_this_machine_needs_a_password(backbeat):
    done = backbeat("serve", "--no-index", "--host", "0.0.0.0", check=False)
    assert done.returncode != 0
    assert "BACKBEAT_PASSWORD" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (["--host", "0.0.0.0"], {"BACKBEAT_TRUST_NETWORK": "true"}),
        (["--host", "::"], {"BACKBEAT_TRUST_NETWORK": "true", "BACKBEAT_BIND": "[::]"}),
        (["--host", ""], {"BACKBEAT_PASSWORD": " "}),
        ([], {"BACKBEAT_HOST": "0.0.0.0", "BACKBEAT_TRUST_NETWORK": "true"}),
    ],
)
def test_trust_does_not_open_the_network(backbeat, arguments, environment):
    done = backbeat("serve", "--no-index", *arguments, check=False, **environment)
    assert done.returncode not in (0, None)
    assert "set BACKBEAT_PASSWORD first" in done.stderr and "Traceback" not in done.stderr


def test_a_wrong_folder_is_reported(backbeat, tmp_path):
    done = backbeat("index", tmp_path / "nothing", check=False)
    assert done.returncode == 1
    assert "folder" in done.stderr and "Traceback" not in done.stderr
