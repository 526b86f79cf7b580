"""The mean sound of artists: whom it is near, how LanceDB keeps it and follows the library."""

import numpy as np
import pytest

from store.database import db
from store.library import track_files, track_writing
from store.vectors import artist_vectors, lance_tables, vector_service, vector_tables

MODEL = "test-8"
"""As the library fixture has it."""


@pytest.fixture(autouse=True)
def no_child_left():
    yield
    vector_service.close()


def artist_id(name):
    with db.read() as session:
        return db.rows(session, "SELECT id FROM artist WHERE name = :name", name=name)[0].id


def name_of(number):
    with db.read() as session:
        return db.rows(session, "SELECT name FROM artist WHERE id = :id", id=number)[0].name


def in_lance():
    table = vector_tables.connect().open_table(
        lance_tables.table_name(artist_vectors.model_of_artists(MODEL))
    )
    return set(table.to_arrow()["artist_id"].to_pylist())


def test_the_mean_is_of_unit_vectors(library):
    lumen = artist_id("Lumen")
    found = artist_vectors.artist_vector(lumen)
    assert found is not None
    model, mean = found
    with db.read() as session:
        found = db.rows(
            session,
            "SELECT vector FROM trackembedding JOIN track ON track.id = track_id "
            "WHERE artist_id = :id",
            id=lumen,
        )
    vectors = np.stack([np.frombuffer(row.vector, "<f4") for row in found])
    expected = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).mean(axis=0)
    assert model == MODEL and len(vectors) == 3
    assert np.allclose(np.frombuffer(mean, "<f4"), expected, atol=1e-6)


def test_small_and_large_libraries_find_the_same_artists(library, monkeypatch):
    zoulou = artist_id("MC Zoulou")
    scanned = vector_service.similar_artists(zoulou, limit=4)
    assert len(scanned) == 4 and zoulou not in dict(scanned)
    vector_tables.synchronise()
    monkeypatch.setattr(vector_service, "SCAN_UP_TO", 5)
    assert vector_service.warm()
    with monkeypatch.context() as patch:
        patch.setattr(vector_service, "nearest_of", lambda *_, **__: pytest.fail("scanned"))
        found = vector_service.similar_artists(zoulou, limit=4)
    assert [number for number, _ in found] == [number for number, _ in scanned]
    assert np.allclose([s for _, s in found], [s for _, s in scanned], atol=1e-5)


def test_the_table_follows_tracks_that_come_and_go(library):
    vector_tables.synchronise()
    satie = artist_id("Erik Satie")
    assert satie in in_lance()
    before = artist_vectors.artist_vector(artist_id("Lumen"))
    track_writing.remove_track(library.id("Halo"))
    track_files.mark_missing([library.id("Gymnopédie No. 1")])
    vector_tables.synchronise()
    assert satie not in in_lance()
    assert artist_vectors.artist_vector(satie) is None
    assert artist_vectors.artist_vector(artist_id("Lumen")) != before
    track_files.mark_missing([library.id("Gymnopédie No. 1")], missing=False)
    vector_tables.rebuild()
    assert satie in in_lance()


def test_an_artist_without_tracks_on_disk_is_no_neighbour(library):
    lumen = artist_id("Lumen")
    near = vector_service.similar_artists(lumen, limit=1)[0][0]
    with db.read() as session:
        gone = [
            row.id for row in db.rows(session, "SELECT id FROM track WHERE artist_id = :a", a=near)
        ]
    track_files.mark_missing(gone)
    found = vector_service.similar_artists(lumen, limit=40)
    assert found and near not in dict(found), name_of(near)
