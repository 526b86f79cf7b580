"""`backbeat chart` and its commands, as typed."""

from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from backbeat.commands.charts import chart_command
from indexer.charts.fitted_thresholds import fit_learned
from indexer.demo.demo_library import song_path, write_song
from indexer.demo.demo_songs import SONGS
from indexer.drums.corrections.refit import SongCurves
from indexer.drums.formats.dtx.check import check_bundle
from indexer.drums.formats.dtx.decode import decode
from indexer.drums.formats.dtx.encode import encode as encode_dtx
from indexer.drums.types import Drum, Onset
from indexer.files.audio.encoding import encode
from indexer.ingest.intake import ingest_file
from store.charts.current_charts import corrections_folder
from store.paths import encode_path

pytestmark = pytest.mark.usefixtures("data_folder")


@pytest.fixture(scope="module")
def song(tmp_path_factory):
    short = replace(next(s for s in SONGS if s.title == "Copper Sky"), duration_s=20.0)
    path = song_path(tmp_path_factory.mktemp("music"), short)
    write_song(short, path)
    return path


def run(*arguments, text_in=None):
    return CliRunner().invoke(chart_command.app, [str(a) for a in arguments], input=text_in)


def master(folder):
    [path] = folder.rglob("master.dtx")
    return decode(path.read_bytes())


def test_user_given_values_are_in_the_chart(song, tmp_path):
    done = run(
        song, "--out", tmp_path, "--title", "Nuit; 夜\x1b[31m", "--artist", "Ann", "--author", "Me",
        "--genre", "Folk", "--comment", "for\nyou", "--bpm", "122", "--offset", "0.5",
        "--time-signature", "4/4", "--bgm", "none", "--levels", "master", "--profile", "fast",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    chart = master(tmp_path)
    assert (chart.title, chart.artist, chart.genre) == ("Nuit 夜[31m", "Ann", "Folk")
    assert chart.comment == "for you"
    assert chart.tempo.changes[0].bpm == 122
    assert not list(tmp_path.rglob("bgm.ogg"))
    assert len(list(tmp_path.rglob("*.dtx"))) == 1


def test_a_folder_goes_on_after_failures(song, tmp_path):
    music = tmp_path / "music"
    music.mkdir()
    (music / "a broken one.mp3").write_bytes(b"\xff\xfb\x90\x00" + bytes(range(256)) * 40)
    (music / "b.mp3").write_bytes(song.read_bytes())
    time_s = np.arange(5 * 44_100) / 44_100
    tone = (0.2 * np.sin(2 * np.pi * 220 * time_s)).astype(np.float32)
    encode(music / "c.flac", tone[None], sample_rate=44_100)
    (music / "notes.txt").write_text("no music")
    done = run("--batch", music, "--out", tmp_path / "out", "--profile", "fast")
    assert done.exit_code == 1
    assert "a broken one.mp3" in done.stderr and "no drums" in done.stderr
    assert "1 charted, 2 failed" in done.stderr
    assert len(list((tmp_path / "out").glob("*.zip"))) == 1


def test_questions_only_when_asked_for(song, tmp_path):
    done = run(
        song, "--out", tmp_path, "--interactive", "--profile", "fast", "--bgm", "none",
        text_in="Mine\n\n\n\n",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "Time signature [4/4]" in done.output
    assert master(tmp_path).title == "Mine"
    assert master(tmp_path).artist == "The Lanterns"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--bgm", "loud"], "full, reduced, none"),
        (["--profile", "magic"], "no profile magic"),
        (["--levels", "HARD"], "Choose levels"),
        (["--time-signature", "4/3"], "no time signature"),
        (["--bpm", "9000"], "not one to play"),
        (["--offset", "-3"], "outside the recording"),
        (["--offset", "400"], "outside the recording"),
        (["--batch", ""], "--batch is empty"),
        (["--profile", " "], "--profile is empty"),
        (["--time-signature", ""], "--time-signature is empty"),
        ([""], "An empty name is no song"),
    ],
)
def test_wrong_options_are_reported(song, tmp_path, arguments, words):
    done = run(song, "--out", tmp_path, *arguments)
    assert done.exit_code == 1
    assert words in " ".join(done.stderr.split())


def test_a_time_signature_may_be_typed_with_spaces(song, tmp_path):
    done = run(
        song, "--out", tmp_path, "--time-signature", " 3 /4 ", "--bgm", "none", "--profile", "fast"
    )
    assert done.exit_code == 0, done.output
    assert master(tmp_path).tempo.bar_lengths[0].length == 0.75


def test_wrong_answers_are_asked_for_again(song, tmp_path):
    done = run(
        song, "--out", tmp_path, "--interactive", "--profile", "fast", "--bgm", "none",
        text_in="\n\nfast\n9000\n100\n5/3\n 3/4\n",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "“fast” is no tempo" in done.output and "not one to play" in done.output
    assert "“5/3” is no time signature" in done.output
    tempo = master(tmp_path).tempo
    assert (tempo.changes[0].bpm, tempo.bar_lengths[0].length) == (100, 0.75)


def test_wrong_options_are_reported_before_any_file_is_read(tmp_path):
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"no music")
    assert "not one to play" in run(broken, "--bpm", "9000").stderr


def test_profiles_side_by_side(song):
    done = run(song, "--compare")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert any(line.startswith("default") for line in lines)
    assert any(line.startswith("fast") for line in lines)


def test_corrections_come_and_go(song, tmp_path, monkeypatch):
    ingest_file(encode_path(song), tagger=None)
    assert "no corrections" in run("corrections").stdout
    assert run(song, "--out", tmp_path, "--bgm", "none").exit_code == 0
    [file] = tmp_path.rglob("master.dtx")
    done = run("import", file, "--track", "Copper Sky")
    assert done.exit_code == 0, done.output
    assert "F 1.000" in " ".join(done.stdout.split()) or "F 0.99" in done.stdout
    assert "Copper Sky" in run("corrections").stdout
    assert "KD 1.00" in " ".join(run("corrections", "--measure").stdout.split())
    cut = run("corrections", "--clips", tmp_path / "cache")
    assert "Correction 1: 2 clips" in cut.stdout
    assert len(list((tmp_path / "cache").rglob("song-*.npz"))) == 2
    few = run("corrections", "--learn")
    assert few.exit_code == 1 and "3 corrected songs" in " ".join(few.stderr.split())
    assert run("corrections", "--forget-learned").exit_code == 1
    monkeypatch.setattr("indexer.charts.fitted_thresholds.FEWEST_SONGS", 1)
    nothing = run("corrections", "--learn")
    assert "left as it was" in nothing.stdout and "I hear as shipped" in nothing.stdout
    assert run("corrections", "--remove", 1).exit_code == 0
    assert not run("corrections", "--clips", tmp_path / "cache").exit_code
    assert not list((tmp_path / "cache").rglob("song-*"))
    assert "no corrections" in run("corrections").stdout
    again = run("corrections", "--remove", 1)
    assert again.exit_code == 1 and "no correction 1" in again.stderr
    assert run("import", tmp_path / "none.dtx", "--track", "Copper Sky").exit_code == 1


@pytest.fixture
def without_hats(song, tmp_path):
    """The song in a library, its chart corrected: no hi-hat anywhere. Notes of both charts."""
    ingest_file(encode_path(song), tagger=None)
    assert run(song, "--out", tmp_path / "first", "--bgm", "none").exit_code == 0
    automatic = master(tmp_path / "first")
    strokes = tuple(chip for chip in automatic.chips if chip.channel not in (0x11, 0x18))
    file = tmp_path / "mine.dtx"
    file.write_bytes(encode_dtx(replace(automatic, chips=strokes)))
    done = run("import", file, "--track", "Copper Sky", "--force")
    assert done.exit_code == 0, done.output
    return strokes_of(replace(automatic, chips=strokes)), strokes_of(automatic)


def strokes_of(chart):
    return [(c.channel, c.tick) for c in chart.chips if c.channel > 0x01]


@pytest.mark.parametrize("by", ["name", "file", "batch"])
def test_a_correction_replaces_the_automatic_chart(song, tmp_path, without_hats, by):
    words = {"name": ["Copper Sky"], "file": [song], "batch": ["--batch", song.parent]}[by]
    done = run(*words, "--out", tmp_path / "out", "--bgm", "none")
    assert done.exit_code == 0, done.output
    assert "your correction 1 decides" in " ".join(done.stderr.split())
    assert strokes_of(master(tmp_path / "out")) == without_hats[0]
    [bundle] = (tmp_path / "out").glob("*/")
    assert check_bundle(bundle) == ()


def test_afresh_ignores_the_correction(song, tmp_path, without_hats):
    done = run("Copper Sky", "--afresh", "--out", tmp_path / "out", "--bgm", "none")
    assert "correction" not in done.stderr
    assert strokes_of(master(tmp_path / "out")) == without_hats[1] != without_hats[0]


def test_a_copy_outside_the_library_gets_the_automatic_chart(song, tmp_path, without_hats):
    copy = tmp_path / "elsewhere" / song.name
    copy.parent.mkdir()
    copy.write_bytes(song.read_bytes())
    done = run(copy, "--out", tmp_path / "out", "--bgm", "none")
    assert "correction" not in done.stderr
    assert strokes_of(master(tmp_path / "out")) == without_hats[1]


def test_the_error_of_a_damaged_correction_has_the_fix(song, tmp_path, without_hats):
    [file] = corrections_folder().rglob("*.dtx")
    file.write_bytes(b"#TITLE: x")
    done = run(song, "--out", tmp_path / "out")
    assert done.exit_code == 1
    assert "corrections --remove 1" in " ".join(done.stderr.split())


def test_learned_thresholds_are_listed_and_undone(song):
    ingest_file(encode_path(song), tagger=None)
    curve = np.zeros(8000, np.float32)
    curve[20:7980:20] = np.tile([0.9, 0.4], 199)
    strokes = [Onset(0.2 * number, Drum.HAT_CLOSED, 0.8) for number in range(1, 399)]
    songs = {n: SongCurves({"HH": curve}, strokes) for n in range(3)}
    fit_learned(songs, {"HH": 0.6})
    listed = " ".join(run("corrections").stdout.split())
    assert "Learned from 0, 1, 2: thresholds HH × 0.59" in listed
    assert "learn again" in listed  # those corrections are gone
    assert run("corrections", "--forget-learned").exit_code == 0
    assert "Learned" not in run("corrections").stdout
