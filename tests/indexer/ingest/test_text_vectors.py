import os
import threading

import pytest

from indexer.ingest import text_vectors
from indexer.ingest.text_vectors import TextVectorError, make_text_vectors
from indexer.ingest.vector_writer import VectorWriter
from store.database import db
from store.library import track_texts
from store.vectors import vector_tables
from store.vectors.model_server import ModelServerSettings

MODEL = "embeddinggemma"


@pytest.fixture
def server(library, ollama, monkeypatch):
    """A model server that has the text embedding model."""
    ollama.models = {MODEL: ("embedding",)}
    monkeypatch.setenv("BACKBEAT_OLLAMA_HOST", ollama.url)
    return ollama


@pytest.fixture
def writer(library):
    """A writer, and all its messages."""
    said = []
    stop = threading.Event()
    made = VectorWriter(os.environ, on_problem=said.append, on_step=said.append, stop=stop)
    return made, said


def stored(model=MODEL):
    with db.read() as session:
        return len(
            db.rows(session, "SELECT 1 FROM trackembedding WHERE model = :model", model=model)
        )


def test_every_track_gets_a_vector_of_its_words(library, server):
    done = []
    assert make_text_vectors(ModelServerSettings(), on_done=done.append) == len(library.ids)
    assert done == [16, 32, 41]
    assert stored() == len(library.ids)
    asked = [body for path, body in server.requests if path == "/api/embed"]
    first = asked[0]["input"][0]
    assert first.startswith("title: none | text: From 1984. Genre: electronic, pop.")
    assert "Midnight Drive" not in first  # words of a title are no description of its sound
    assert make_text_vectors(ModelServerSettings()) == 0
    assert len([1 for path, _ in server.requests if path == "/api/embed"]) == len(asked)


def test_a_stop_keeps_what_was_made(library, server):
    assert make_text_vectors(ModelServerSettings(), stopped=lambda: stored() >= 16) == 16
    assert make_text_vectors(ModelServerSettings()) == len(library.ids) - 16


@pytest.mark.parametrize("models", [{}, {MODEL: ("completion",)}])
def test_without_an_embedding_model_nothing_is_done(library, server, models):
    server.models = models
    assert make_text_vectors(ModelServerSettings()) == 0
    assert stored() == 0


def test_without_a_server_nothing_is_done(library):
    settings = ModelServerSettings(ollama_host="http://127.0.0.1:9")
    assert make_text_vectors(settings) == 0


def test_no_server_is_asked_when_the_model_is_off(library, server):
    assert make_text_vectors(ModelServerSettings(use_model=False)) == 0
    assert server.requests == []


@pytest.mark.parametrize("answer", [[], [[1.0, 0.0]], [[]] * 16, [[float("nan")]] * 16])
def test_nonsense_from_the_server_is_told(library, server, monkeypatch, answer):
    monkeypatch.setattr(type(server), "embeddings", lambda self, texts: answer, raising=True)
    with pytest.raises(TextVectorError, match="one vector a track"):
        make_text_vectors(ModelServerSettings())
    assert stored() == 0


def test_a_server_that_breaks_off_is_told(library, server, monkeypatch):
    monkeypatch.setattr(text_vectors, "TIMEOUT_S", 0.2)
    server.delay_s = 1.0
    with pytest.raises(TextVectorError, match="could not describe"):
        make_text_vectors(ModelServerSettings())


def test_the_writer_makes_text_vectors_and_updates_the_index(server, writer):
    made, said = writer
    made.finish(wait=True)
    assert said == ["41 tracks described in words by embeddinggemma."]
    assert vector_tables.check() == []
    vector = next(bytes(row) for row in _vectors())
    assert len(vector_tables.nearest(vector, model=MODEL, limit=5)) == 5
    assert track_texts.without_vector(MODEL) == ()


def test_the_writer_reports_a_problem_once(server, writer, monkeypatch):
    made, said = writer
    monkeypatch.setattr(type(server), "embeddings", lambda self, texts: [])
    made.finish(wait=True)
    made.finish(wait=True)
    assert len(said) == 1


def _vectors():
    with db.read() as session:
        found = db.rows(session, "SELECT vector FROM trackembedding WHERE model = :m", m=MODEL)
    return [row.vector for row in found]
