"""The migration that gives the values of Backbeat's own analyses their true sources."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from store.database import db
from store.settings import StoreSettings

BEFORE, AFTER = "0007", "0008"
FIXED = "acoustid+standards+librosa"
VERSIONS = {"tempo": 4, "key": 5, "model": 2}


def features(tagger: dict[str, float], **sources: str) -> dict[str, Any]:
    """Raw features as Backbeat stored them."""
    return {
        "duration_s": 180.0,
        "tempo": {"bpm": 120.0, "alternative": 60.0, "confidence": 0.9},
        "key": None,
        "measured": {"onset_rate_hz": 3.1},
        "tagger": tagger,
        "sources": {"onset_rate_hz": "librosa", "bpm": "librosa", "key": "standards", **sources},
    }


TAGGED = features(
    {"msd:rock": 0.4},
    danceability="musicnn+librosa",
    instrumental="musicnn+librosa",
    tonal="musicnn+librosa",
    mood_happy="acoustid",
)
UNTAGGED = features({}, danceability="librosa", instrumental="librosa", tonal="librosa")


@pytest.fixture
def database(data_folder: Path) -> Path:
    """An empty library of the revision before."""
    db.upgrade()
    migrate(StoreSettings().database, BEFORE)
    return StoreSettings().database


def migrate(database: Path, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "store:migrations")
    config.set_main_option("path_separator", "os")
    engine = db.new_engine(database, writing=True)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        going_up = revision == AFTER
        (command.upgrade if going_up else command.downgrade)(config, revision)
    engine.dispose()


def add(database: Path, raw: object, **other: Any) -> int:
    """Insert one track, see `insert`; its id."""
    with closing(sqlite3.connect(database)) as connection, connection:
        return insert(connection, raw, **other)


def insert(
    connection: sqlite3.Connection,
    raw: object,
    *,
    source: str = FIXED,
    versions: object = VERSIONS,
    genre_source: str = "",
    genre_in_file: bool = False,
) -> int:
    """Insert a track with its raw stage, a genre, and perhaps a genre tag of the file; its id."""
    track_id = insert_track(connection)
    connection.execute(
        "INSERT INTO trackmirraw (track_id, tags, source, version, features_raw, "
        "stage_versions) VALUES (?, '[]', ?, 2, ?, ?)",
        [track_id, source, json.dumps(raw), json.dumps(versions)],
    )
    connection.execute("INSERT OR IGNORE INTO genre (id, name) VALUES (1, 'rock')")
    connection.execute(
        "INSERT INTO genretag (track_id, genre_id, weight, main, source) VALUES (?, 1, 1, 1, ?)",
        [track_id, genre_source],
    )
    if genre_in_file:
        connection.execute(
            "INSERT INTO trackmetadata (track_id, key, value, source) "
            "VALUES (?, 'genre', 'Rock', 'tags')",
            [track_id],
        )
    return track_id


def insert_track(connection: sqlite3.Connection) -> int:
    """Insert a track with some value in every column that needs one."""
    columns = connection.execute("PRAGMA table_info(track)").fetchall()
    required = [
        (name, "'x'" if "CHAR" in kind else "0")
        for _, name, kind, not_null, default, key in columns
        if not_null and default is None and not key and name != "path"
    ]
    names, values = (", ".join(part) for part in zip(*required, strict=True))
    count = connection.execute("SELECT count(*) FROM track").fetchone()[0]
    cursor = connection.execute(
        f"INSERT INTO track (path, {names}) VALUES (?, {values})", [f"/music/{count}.mp3"]
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def stored(database: Path, track_id: int) -> tuple[str, dict[str, Any]]:
    return all_stored(database)[track_id]


def all_stored(database: Path) -> dict[int, tuple[str, dict[str, Any]]]:
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute("SELECT track_id, source, features_raw FROM trackmirraw")
        return {track_id: (source, json.loads(text)) for track_id, source, text in found}


def test_what_backbeat_computed_is_named_for_what_it_is(database: Path) -> None:
    number = add(database, TAGGED, genre_in_file=True)
    migrate(database, AFTER)
    source, raw = stored(database, number)
    assert source == "standards+acousticbrainz+musicnn+backbeat"
    assert raw["sources"] == {
        "onset_rate_hz": "backbeat",
        "bpm": "backbeat",
        "key": "standards",
        "danceability": "musicnn+backbeat",
        "instrumental": "musicnn",
        "tonal": "backbeat",
        "mood_happy": "acousticbrainz",
        "tags": "standards+musicnn",
    }
    assert {**raw, "sources": TAGGED["sources"]} == TAGGED


def test_without_a_tagger_and_without_tags(database: Path) -> None:
    number = add(database, {**UNTAGGED, "sources": {**UNTAGGED["sources"], "key": "librosa"}})
    migrate(database, AFTER)
    source, raw = stored(database, number)
    assert source == "backbeat"
    assert "instrumental" not in raw["sources"] and "tags" not in raw["sources"]
    assert set(raw["sources"].values()) == {"backbeat"}


@pytest.mark.parametrize(
    "row",
    [
        {"raw": TAGGED, "versions": {}},
        {"raw": {"onset_rate_hz": 3.1, "sources": {"onset_rate_hz": "librosa"}}},
        {"raw": TAGGED, "source": "librosa"},
        {"raw": TAGGED, "genre_source": "exchange"},
        {"raw": ["librosa"]},
    ],
    ids=["no versions", "another layout", "another source", "posted genres", "a list"],
)
def test_what_was_posted_stays_as_it_was_sent(database: Path, row: dict[str, Any]) -> None:
    number = add(database, **row)
    before = stored(database, number)
    migrate(database, AFTER)
    assert stored(database, number) == before


def test_more_rows_than_are_read_at_once_and_the_way_back(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        for count in range(1203):
            insert(connection, TAGGED if count % 2 else UNTAGGED)
    before = all_stored(database)
    migrate(database, AFTER)
    assert all("backbeat" in source.split("+") for source, _ in all_stored(database).values())
    migrate(database, BEFORE)
    assert all_stored(database) == before
