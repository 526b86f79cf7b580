"""The migration that copies the versions of playlists out of their requests."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from store.database import db
from store.playlists import playlist_reading
from store.playlists.playlist_versions import undo_change
from store.settings import StoreSettings

BEFORE = "0009"


@pytest.fixture
def old(data_folder: Path, load: Any) -> ModuleType:
    """A data folder of 0.1.0 at the revision before."""
    module: ModuleType = load("store/old_data.py")
    database = module.unpack_at(data_folder, "0006")
    module.migrate(database, BEFORE)
    return module


def test_what_was_changed_before_can_still_be_undone(old: ModuleType) -> None:
    database = StoreSettings().database
    with closing(sqlite3.connect(database)) as connection:
        tracks = [row[0] for row in connection.execute("SELECT id FROM track WHERE NOT missing")]
        request = {
            "moods": ["chill"],
            "before": [[[tracks[0], "first"]], [[tracks[1], "second"], [tracks[0], "third"]]],
        }
        connection.execute("UPDATE playlist SET request = ? WHERE id = 1", [json.dumps(request)])
        connection.commit()
    db.reset()
    made = playlist_reading.playlist(1)
    assert made is not None and made.request == {"moods": ["chill"]}
    states = []
    while undone := undo_change(1):
        states.append([(e.track.id, e.reason) for e in undone.playlist.entries])
    assert states == [[(tracks[1], "second"), (tracks[0], "third")], [(tracks[0], "first")]]
    found = playlist_reading.playlist(1)
    assert found is not None and found.request == {"moods": ["chill"]}
