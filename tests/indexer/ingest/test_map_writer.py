"""The map follows the library: new tracks among those that keep their places."""

import numpy as np
import pytest

from indexer.ingest import map_writer
from store.library import track_files, track_writing
from store.records import AnalysisRecord, Embedding
from store.settings import StoreSettings
from store.vectors import map_positions

MODEL = "test-8"
"""As the library fixture has it."""


def place_of(track_id):
    positions = map_positions.load()
    return positions.places[positions.track_ids == track_id][0].tolist()


@pytest.fixture
def mapped(library):
    assert not map_positions.is_there()
    assert map_writer.update()
    return library


def test_every_track_that_was_listened_to_is_on_the_map(mapped):
    positions = map_positions.load()
    assert positions.model == MODEL
    assert positions.track_ids.tolist() == sorted(mapped.ids.values())
    assert positions.places.min() == 0 and positions.places.max() == map_positions.SIZE
    assert positions.landmarks.all() and positions.laid_out == len(mapped.ids)
    assert not map_writer.update()  # nothing changed


def test_a_new_track_comes_to_lie_with_its_like_and_the_others_stay(mapped):
    before = map_positions.load()
    orbit = mapped.id("Orbit")
    vector = np.frombuffer(dict(map_positions.vectors_of(MODEL, orbit - 1, 1))[orbit], "<f4")
    like = mapped.id("Untagged Tape")  # sounded otherwise before
    embedding = Embedding((vector * 1.01).astype("<f4").tobytes(), MODEL, 2)
    track_writing.save_analysis(like, AnalysisRecord(embeddings=(embedding,)))
    assert map_writer.update()
    after = map_positions.load()
    others = before.track_ids != like
    assert np.array_equal(before.places[others], after.places[others])
    far = np.linalg.norm(after.places.astype(float) - place_of(like), axis=1)
    nearest = after.track_ids[np.argsort(far)[:6]].tolist()
    assert orbit in nearest
    assert not after.landmarks[after.track_ids == like].any()


def test_a_track_that_went_is_no_longer_there(mapped):
    halo = mapped.id("Halo")
    track_files.mark_missing([halo])
    before = place_of(mapped.id("Orbit"))
    assert map_writer.update()
    assert halo not in map_positions.load().track_ids.tolist()
    assert place_of(mapped.id("Orbit")) == before
    track_files.mark_missing(list(mapped.ids.values()))
    assert map_writer.update() and map_positions.load().track_ids.size == 0
    assert not map_writer.update()


def test_a_damaged_map_is_made_anew(mapped):
    (StoreSettings().folder / "map.npz").write_bytes(b"rubbish")
    assert map_positions.load().track_ids.size == 0
    assert map_writer.update()
    assert map_positions.load().track_ids.size == len(mapped.ids)
