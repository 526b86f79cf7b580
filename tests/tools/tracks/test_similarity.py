import numpy as np
import pytest

from tools import find_similar
from tools.base import ToolContext
from tools.tracks.similarity import SimilarityWeights, alike

NONE = {"sound": 0, "mood": 0, "tempo": 0, "key": 0}


@pytest.fixture
def neighbours(shelf, add_song):
    """Three tracks around one: the nearest by sound shares nothing else with it."""
    rng = np.random.default_rng(3)
    base = rng.gamma(1.0, 1.0, 200)
    songs = {
        "centre": (128, "8A", "happy", 0.0),
        "by sound": (95, "2B", "sad", 0.02),
        "by tempo": (128, "2B", "sad", 0.3),
        "by key": (95, "8A", "sad", 0.4),
        "by mood": (95, "2B", "happy", 0.5),
    }
    ids = {}
    for name, (bpm, camelot, mood, off) in songs.items():
        song = (name, f"Of {name}", None, 2000, 3.0, bpm, camelot, 0.5, "house", mood)
        vector = base + off * rng.gamma(1.0, 1.0, 200)
        ids[add_song(shelf, song, name=f"{name}.flac", vector=vector)] = name
    return ids


def first(ids, **weights):
    centre = next(i for i, name in ids.items() if name == "centre")
    found = alike(centre, limit=1, weights=SimilarityWeights(**NONE | weights))
    return ids.get(found[0][0])


@pytest.mark.parametrize("kind", ["sound", "tempo", "key", "mood"])
def test_what_counts_decides_the_order(neighbours, kind):
    # the sound settles it among equals
    assert first(neighbours, **{kind: 1.0} | ({} if kind == "sound" else {"sound": 0.01})) == (
        f"by {kind}"
    )


def test_the_weights_come_from_the_environment(neighbours, monkeypatch):
    for name, weight in {"SOUND": "0.01", "MOOD": "0", "TEMPO": "0", "KEY": "1"}.items():
        monkeypatch.setenv(f"BACKBEAT_ALIKE_{name}", weight)
    result = find_similar.run(find_similar.arguments(track="centre", limit=1), ToolContext())
    assert result.facts["tracks"][0]["title"] == "by key"


def test_a_track_that_was_not_listened_to(shelf):
    assert alike(10**6, limit=3) == ()
