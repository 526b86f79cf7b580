"""`backbeat tags` on a real file, in process."""

import os

import mutagen
import numpy as np
import pytest
import soundfile
from sqlalchemy import update
from typer.testing import CliRunner

from backbeat.cli import app
from indexer.ingest.intake import ingest_file
from store.database.db import write
from store.library import track_files
from store.library.track_writing import save_track
from store.paths import encode_path
from store.records import AnalysisRecord, AudioFeatures, FileFacts, TagFacts, TrackRecord
from store.tables.tracks import Track
from store.tracks import track_details


@pytest.fixture
def song(data_folder, tmp_path):
    """A track in the library whose file has no tags."""
    path = tmp_path / "music" / "Étude [1].flac"
    path.parent.mkdir()
    soundfile.write(path, np.zeros(4410, np.float32), 44100)
    add(path)
    return path


def add(path):
    """Take a file into the library as an analysed track."""
    facts = FileFacts(
        path=path, content_hash=str(path), size_bytes=1, mtime_ns=1, duration_s=0.1,
        audio_format="flac", sample_rate_hz=44100, channels=1, bit_rate=None,
    )  # fmt: skip
    features = AudioFeatures(
        bpm=120.0,
        bpm_confidence=0.9,
        key="A",
        scale="minor",
        key_confidence=0.2,
        loudness_lufs=-14.0,
    )
    analysis = AnalysisRecord(features=features, moods={"chill": 0.8, "dark": 0.1})
    save_track(TrackRecord(facts, TagFacts(title="Étude"), analysis))


def run(*arguments):
    return CliRunner().invoke(app, ["tags", *map(str, arguments)])


def test_a_dry_run_shows_and_writes_nothing(song):
    done = run("write")
    assert done.exit_code == 0
    assert "Of 1 file the tempo or the key is less sure than 0.9" in done.stdout
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


def test_a_folder_without_analysed_tracks_is_reported(song, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = run("write", elsewhere, "--apply")
    assert done.exit_code == 1
    said = done.stderr.replace("\n", "")
    assert f"No analysed track lies in {elsewhere}." in said.replace("  ", " ")
    assert "backbeat index" in said
    assert "says already" not in done.stdout
    assert not mutagen.File(song).tags


def test_an_empty_library_is_reported(data_folder):
    done = run("write")
    assert done.exit_code == 1
    assert "No analysed track lies in the library" in done.stderr


def test_a_dry_run_names_files_as_they_lie_in_the_library(song, tmp_path):
    other = tmp_path / "music" / "Live" / song.name
    other.parent.mkdir()
    other.write_bytes(song.read_bytes())
    add(other)
    told = run("write").stdout
    assert f"\n{song.name}\n" in f"\n{told}" and f"\nLive/{song.name}\n" in told
    assert str(tmp_path) not in told
    assert f"Live/{song.name}\n" in run("write", other.parent).stdout


def test_what_could_not_be_undone_can_be_undone_later(song, tmp_path):
    run("write", "--apply")
    away = song.rename(tmp_path / "away.flac")
    undone = run("undo")
    assert undone.exit_code == 1
    assert "not there" in undone.stderr and "again" in undone.stderr
    away.rename(song)
    assert run("undo").exit_code == 0
    assert not mutagen.File(song).tags
    assert run("undo").exit_code == 1


def test_fields_that_the_user_changed_since_are_left_alone_and_can_be_undone_later(song):
    before = song.read_bytes()
    run("write", "--apply")
    written = song.read_bytes()
    tags = mutagen.File(song)
    tags["BPM"] = ["64"]
    tags.save()
    for _ in range(2):
        undone = run("undo")
        assert undone.exit_code == 1
        assert "changed since" in undone.stderr and "1 file could not be undone" in undone.stderr
    assert mutagen.File(song)["BPM"] == ["64"]
    song.write_bytes(written)
    assert run("undo").exit_code == 0
    assert song.read_bytes() == before
    assert "Nothing was written" in run("undo").stderr


def test_only_what_could_not_be_undone_stays_to_be_undone(song, tmp_path):
    other = song.with_name("other.flac")
    other.write_bytes(song.read_bytes())
    add(other)
    run("write", "--apply")
    away = song.rename(tmp_path / "away.flac")
    undone = run("undo")
    assert "1 file as before" in undone.stdout and "other.flac" not in undone.stderr
    assert "the file is not there" in undone.stderr.replace("\n", " ").lower()
    away.rename(song)
    undone = run("undo")
    assert undone.exit_code == 0 and "1 file as before" in undone.stdout


def test_a_file_that_is_read_only_now_can_be_undone_later(song, monkeypatch):
    run("write", "--apply")
    with monkeypatch.context() as patch:  # the tests may run as root, who writes everywhere
        patch.setattr("indexer.files.tags.tag_writing.os.access", lambda *_: False)
        assert "read-only" in run("undo").stderr
    assert mutagen.File(song).tags
    assert run("undo").exit_code == 0
    assert not mutagen.File(song).tags


def test_dates_are_kept_and_the_next_scan_reads_the_file_again(song):
    date = 1_557_014_400_123_456_789
    os.utime(song, ns=(date, date))
    for arguments in (("write", "--apply", "--keep-dates"), ("undo", "--keep-dates")):
        seen = song.stat()
        with write() as session:  # as if it had been indexed just now
            known = update(Track).values(size_bytes=seen.st_size, mtime_ns=seen.st_mtime_ns)
            session.execute(known)
        before = song.read_bytes()
        run(*arguments)
        assert song.stat().st_mtime_ns == date
        assert song.read_bytes() != before
        assert track_files.find_by_path(song).mtime_ns != date


def test_a_run_that_changes_nothing_hides_no_earlier_one(song):
    assert "Take it back" in run("write", "--apply").stdout
    again = run("write", "--apply")
    assert again.exit_code == 0 and "Take it back" not in again.stdout
    assert run("undo").exit_code == 0
    assert not mutagen.File(song).tags


def test_a_missing_file_is_reported_and_the_run_goes_on(song):
    song.unlink()
    done = run("write")
    assert done.exit_code == 1
    assert "not there" in done.stderr


def test_unknown_fields_are_reported(song):
    done = run("write", "--fields", "bpm,colour")
    assert done.exit_code == 1
    assert "bpm, key, mood, gain, peak" in done.stderr


@pytest.fixture
def misread(data_folder, tmp_path):
    """A track in the library whose title was taken for Cyrillic by hand-made evidence."""
    path = tmp_path / "music" / "song.flac"
    path.parent.mkdir()
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, 44_100), 44_100)
    file = mutagen.File(path)
    file["title"] = ["Ãðóïïà êðîâè"]
    file.save()
    ingest_file(encode_path(path), tagger=None)
    return path


def title_of(path):
    track_id = track_files.find_by_path(path).track_id
    return track_details.track(track_id).row.title


def test_repaired_letters_are_shown_undone_and_chosen(misread):
    assert title_of(misread) == "Группа крови"
    told = run("letters").stdout
    assert "song.flac" in told and "Ãðóïïà êðîâè (cp1251)" in told and "1 text put right" in told
    assert run("letters", misread.parent, "--read-as", "as-is").exit_code == 0
    assert title_of(misread) == "Ãðóïïà êðîâè"
    assert "0 texts put right" in run("letters").stdout
    run("letters", misread, "--read-as", "koi8-r")
    assert title_of(misread) == "цПСООЮ ЙПНБХ"
    ingest_file(encode_path(misread), tagger=None)
    assert title_of(misread) == "цПСООЮ ЙПНБХ"
    run("letters", misread, "--read-as", "auto")
    assert title_of(misread) == "Группа крови"


def test_unknown_code_pages_and_no_folder_are_told(misread):
    assert "There is no code page klingon" in run("letters", misread, "--read-as", "klingon").stderr
    assert "hex" in run("letters", misread, "--read-as", "hex").stderr
    assert "which folder or file" in run("letters", "--read-as", "cp1251").stderr
