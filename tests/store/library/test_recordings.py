import numpy as np
import pytest

from store.database import db
from store.library import analysis_writing, track_writing
from store.records import AnalysisRecord, AudioFeatures, Embedding, FileFacts, TagFacts, TrackRecord

SOUND = np.random.default_rng(1).standard_normal(200).astype("<f4")


@pytest.fixture
def add(data_folder, tmp_path):
    """Add a track that sounds like SOUND, with a share of something else."""

    def one(name, *, other=0.0, duration_s=200.0, bpm=120.0, key="8A", seed=2):
        noise = np.random.default_rng(seed).standard_normal(200).astype("<f4")
        vector = ((1 - other) * SOUND + other * noise).astype("<f4").tobytes()
        facts = FileFacts(
            path=tmp_path / name, content_hash=f"hash of {name}", size_bytes=1, mtime_ns=1,
            duration_s=duration_s, audio_format="flac", sample_rate_hz=44100, channels=2,
            bit_rate=None,
        )  # fmt: skip
        analysis = AnalysisRecord(
            features=AudioFeatures(bpm=bpm, camelot_key=key),
            embeddings=(Embedding(vector, "musicnn-msd", 1),),
        )
        return track_writing.save_track(TrackRecord(facts, TagFacts(title=name), analysis))

    return one


def recordings():
    with db.read() as session:
        found = db.rows(session, "SELECT title, recording FROM track ORDER BY title")
    return {row.title: row.recording for row in found}


def test_copies_in_other_formats_are_one_recording(add):
    add("a")
    add("b", other=0.05, duration_s=201.2, bpm=120.1)
    add("c", other=0.05, bpm=60.0, seed=3)
    assert recordings() == dict.fromkeys("abc", "hash of a")


@pytest.mark.parametrize(
    "apart",
    [
        {"other": 0.6},
        {"other": 0.2},
        {"duration_s": 206.0},
        {"bpm": 121.0},
        {"bpm": None},
        {"key": "8B"},
    ],
)
def test_what_differs_is_another_recording(add, apart):
    add("a")
    add("b", **apart)
    assert recordings() == {"a": None, "b": None}


def test_an_analysis_that_hears_it_otherwise_takes_it_out(add):
    add("a")
    add("b")
    add("b", other=0.7)
    assert recordings()["b"] is None


def test_a_copied_analysis_is_the_same_recording(add):
    first, second = add("a"), add("b", other=0.7)
    analysis_writing.copy_analysis(first, second)
    assert recordings() == {"a": "hash of a", "b": "hash of a"}


def test_tracks_without_a_pulse_are_told_by_length_and_key(add):
    add("a", bpm=None)
    add("b", bpm=None, other=0.05, duration_s=201.0)
    add("c", bpm=None, other=0.2, seed=3)
    assert recordings() == {"a": "hash of a", "b": "hash of a", "c": None}


def test_noise_with_neither_pulse_nor_key_is_left_alone(add):
    add("a", bpm=None, key=None)
    add("b", bpm=None, key=None)
    assert recordings() == {"a": None, "b": None}
