from dataclasses import replace
from pathlib import Path

import pytest

from store.database import db
from store.library.track_writing import save_analysis, save_track
from store.records import (
    AnalysisRecord,
    AudioFeatures,
    FileFacts,
    NormalizedStage,
    RawStage,
    ScoresStage,
    TagFacts,
    TrackGenre,
    TrackRecord,
)
from store.search.sound_search import TAGGER_TAGS, TERMS, described
from store.vocabulary import MOODS

SONGS = {
    # title: moods, genre, tags heard, energy, tempo
    "Fugue": ({"relaxed": 0.9}, "classical", ["harpsichord", "strings"], 0.2, 80),
    "Torch": ({"sad": 0.8, "relaxed": 0.6}, "jazz", ["female vocalists"], 0.3, 70),
    "Anvil": ({"aggressive": 0.9}, "metal", ["heavy metal", "male"], 0.9, 160),
    "Haze": ({"ambient": 0.7}, "ambient", ["synth", "no vocals"], 0.25, 100),
}


def analysed(title):
    moods, genre, tags, energy, bpm = SONGS[title]
    return AnalysisRecord(
        features=AudioFeatures(energy=energy, bpm=float(bpm), instrumental=0.1),
        raw=RawStage(version=1, tags=tuple(tags)),
        normalized=NormalizedStage(),
        scores=ScoresStage(),
        moods=moods,
        genres=(TrackGenre(genre, 0.7, main=True, source="musicnn"),),
    )


@pytest.fixture
def heard(data_folder):
    """Track id → title."""
    db.upgrade()
    ids = {}
    for title in SONGS:
        file = FileFacts(
            path=Path(f"/{title}.flac"), content_hash=title, size_bytes=1, mtime_ns=1,
            audio_format="flac",
        )  # fmt: skip
        record = TrackRecord(file=file, tags=TagFacts(title=title), analysis=analysed(title))
        ids[save_track(record)] = title
    return ids


@pytest.mark.parametrize(
    ("weights", "titles"),
    [
        ({"harpsichord": 1.0}, ["Fugue"]),
        ({"female vocals": 1.0}, ["Torch"]),
        ({"male vocals": 1.0}, ["Anvil"]),
        ({"relaxed": 1.0}, ["Fugue", "Torch"]),
        ({"relaxed": 0.5, "sad": 1.0}, ["Torch"]),
        ({"ambient": 1.0, "synth": 0.5}, ["Haze"]),
        ({"fast": 1.0}, ["Anvil"]),
        ({"calm": 1.0, "slow": 1.0, "classical": 1.0}, ["Fugue", "Torch"]),
        ({"romantic": 1.0}, []),
        ({}, []),
    ],
)
def test_found_by_what_is_heard_and_measured(heard, weights, titles):
    assert [heard[i] for i in described(weights, limit=10)] == titles


def test_the_best_only(heard):
    assert len(described({"relaxed": 1.0}, limit=1)) == 1


def test_tags_that_changed_are_found_anew(heard):
    analysis = replace(analysed("Haze"), raw=RawStage(version=1, tags=("opera",)))
    save_analysis(next(i for i, title in heard.items() if title == "Haze"), analysis)
    assert [heard[i] for i in described({"opera": 1.0}, limit=5)] == ["Haze"]
    assert described({"synth": 1.0}, limit=5) == ()


def test_a_term_there_is_not():
    with pytest.raises(ValueError, match="bagpipe"):
        described({"bagpipe": 1.0}, limit=5)


def test_sounds_are_no_second_meaning_of_a_mood():
    assert not set(TAGGER_TAGS) & set(MOODS) and set(MOODS) <= TERMS
