import numpy as np
import pytest

from store.database import db
from store.library import track_writing
from store.records import AnalysisRecord, Embedding, FileFacts, TrackRecord
from store.vectors import significant_neighbours

SIZE = 32


@pytest.fixture
def fill(data_folder, tmp_path):
    """Tracks with text vectors: `meant` of them lie towards the first axis."""

    def fill(count, meant=0):
        rng = np.random.default_rng(1)
        ids = []
        for number in range(count):
            vector = rng.normal(size=SIZE)
            vector[0] += 8.0 * (number < meant)
            facts = FileFacts(tmp_path / f"{number}", str(number), 1, 1)
            embedding = Embedding(
                vector.astype("<f4").tobytes(), "words", 1, kind="text", source="ollama"
            )
            ids.append(
                track_writing.save_track(
                    TrackRecord(facts, analysis=AnalysisRecord(embeddings=(embedding,)))
                )
            )
        db.reset()
        return ids

    return fill


def found(vector, limit=100):
    wanted = np.asarray(vector, "<f4").tobytes()
    return [
        number
        for number, _ in significant_neighbours.significant_neighbours(
            wanted, model="words", limit=limit
        )
    ]


@pytest.mark.parametrize(("meant", "besides"), [(1, 0), (3, 0), (40, 2)])
def test_what_is_meant_and_hardly_anything_else(fill, meant, besides):
    ids = fill(120, meant)
    near = found(np.eye(SIZE)[0])
    assert near[:meant] and set(near[:meant]) == set(ids[:meant])
    assert len(near) <= meant + besides


def test_the_limit_holds(fill):
    ids = fill(60, 20)
    near = found(np.eye(SIZE)[0], limit=5)
    assert len(near) == 5 and set(near) <= set(ids[:20])


def test_texts_that_mean_nothing_find_nothing(fill):
    fill(150)
    texts = np.random.default_rng(2).normal(size=(40, SIZE))
    assert sum(bool(found(text)) for text in texts) <= 1


def test_among_too_few_nothing_can_be_told(fill):
    fill(5, 1)
    assert found(np.eye(SIZE)[0]) == []


def test_vectors_that_are_all_the_same_do_not_stand_out(fill, monkeypatch):
    monkeypatch.setattr(np.random, "default_rng", lambda seed: _Ones())
    fill(12)
    assert found(np.eye(SIZE)[0]) == []


class _Ones:
    def normal(self, size):
        return np.ones(size)
