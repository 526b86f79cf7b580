"""`backbeat tags` on a real file, in process."""

import mutagen
import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from backbeat.cli import app
from store.records import AnalysisRecord, FileFacts, TagFacts, TrackRecord
from store.writing import save_track


@pytest.fixture
def song(data_folder, tmp_path):
    """A track in the library whose file has no tags."""
    path = tmp_path / "music" / "Étude [1].flac"
    path.parent.mkdir()
    soundfile.write(path, np.zeros(4410, np.float32), 44100)
    facts = FileFacts(
        path=path, content_hash="x", size_bytes=1, mtime_ns=1, duration_s=0.1,
        audio_format="flac", sample_rate_hz=44100, channels=1, bit_rate=None,
    )  # fmt: skip
    features = {
        "bpm": 120.0, "bpm_confidence": 0.9, "key": "A", "scale": "minor", "key_confidence": 0.2,
        "loudness_lufs": -14.0,
    }  # fmt: skip
    analysis = AnalysisRecord(features=features, moods={"chill": 0.8, "dark": 0.1})
    save_track(TrackRecord(facts, TagFacts(title="Étude"), analysis))
    return path


def run(*arguments):
    return CliRunner().invoke(app, ["tags", *map(str, arguments)])


def test_a_dry_run_shows_and_writes_nothing(song):
    done = run("write")
    assert done.exit_code == 0
    assert "Étude [1].flac" in done.stdout
    assert "120" in done.stdout
    assert "1 file to tag" in done.stdout
    assert not mutagen.File(song).tags


def test_writing_and_undoing(song):
    assert run("write", "--apply").exit_code == 0
    tags = mutagen.File(song).tags
    assert (tags["bpm"], tags["mood"]) == (["120"], ["chill"])
    assert tags["replaygain_track_gain"] == ["-4.00 dB"]
    assert "initialkey" not in tags  # it is not sure of that
    assert "says already" in run("write").stdout
    undone = run("undo")
    assert undone.exit_code == 0
    assert "1 file as before" in undone.stdout
    assert not mutagen.File(song).tags
    assert run("undo").exit_code == 1


def test_the_key_is_written_when_a_guess_is_enough(song):
    run("write", song.parent, "--apply", "--fields", "key", "--sure", "0")
    assert mutagen.File(song)["initialkey"] == mutagen.File(song)["key"] == ["Am"]


def test_other_folders_are_left_alone(song, tmp_path):
    assert "says already" in run("write", tmp_path / "elsewhere").stdout


def test_a_file_that_is_gone_is_told_and_the_run_goes_on(song):
    song.unlink()
    done = run("write")
    assert done.exit_code == 1
    assert "not there" in done.stderr


def test_unknown_fields_are_told(song):
    done = run("write", "--fields", "bpm,colour")
    assert done.exit_code == 1
    assert "bpm, key, mood, gain, peak" in done.stderr
