"""Songs of the demo library come while the indexer runs."""

import threading
from dataclasses import replace

import pytest

from indexer.demo import demo_library
from indexer.demo.background_rendering import rendering
from indexer.demo.demo_songs import SONGS
from store.database import db
from store.jobs import indexer_state

pytestmark = pytest.mark.usefixtures("data_folder")


def test_a_rendering_that_ended_long_ago_is_not_told(monkeypatch) -> None:
    db.upgrade()
    indexer_state.record_rendering(3, 22)
    monkeypatch.setattr(indexer_state, "RENDERING_WITHIN_S", 0.0)
    assert indexer_state.rendering() is None


def test_rendering_ends_with_the_indexer(tmp_path, monkeypatch) -> None:
    db.upgrade()
    short = tuple(replace(song, duration_s=3.0) for song in SONGS[:3])
    monkeypatch.setattr(demo_library, "SONGS", short)
    with rendering(tmp_path, threading.Event()):
        pass
    assert not [thread for thread in threading.enumerate() if thread.name == "demo"]
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith(".")]
