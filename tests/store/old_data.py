"""The data folder that Backbeat 0.1.0 made, at any revision, and what is in a database."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from store.database import db
from store.database.upgrading import migrating
from store.migrations.names import FULL_TEXT_PREFIXES

FOLDER = Path(__file__).parents[1] / "data" / "data_0_1_0"
REVISION = "0006"
"""Of the database in `FOLDER`."""
NOT_DATA = ("sqlite_", "alembic_version", *FULL_TEXT_PREFIXES)

Rows = dict[str, list[dict[str, object]]]


def revisions() -> list[str]:
    """All of them, the oldest first."""
    script = ScriptDirectory(str(Path(db.__file__).parents[1] / "migrations"))
    return [each.revision for each in script.walk_revisions()][::-1]


def unpack(folder: Path) -> Path:
    """Put the old data folder at `folder`; returns its database."""
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
    packed = folder / "backbeat.db.gz"
    database = packed.with_suffix("")
    database.write_bytes(gzip.decompress(packed.read_bytes()))
    packed.unlink()
    return database


def unpack_at(folder: Path, revision: str) -> Path:
    """As `unpack`, with the tables of an older revision, filled with what they can hold."""
    database = unpack(folder)
    if revision == REVISION:
        return database
    newer = database.rename(database.with_name("newer.db"))
    migrate(database, revision)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("ATTACH ? AS newer", (str(newer),))
        for table in _tables(connection):
            columns = ", ".join(f'"{name}"' for name in _columns(connection, table))
            connection.execute(
                f"INSERT INTO {table} ({columns}) SELECT {columns} FROM newer.{table}"
            )
        connection.commit()
    newer.unlink()
    return database


def migrate(database: Path, revision: str) -> None:
    """Migrate a database to a revision, as a start does, but no further."""
    config = Config()
    config.set_main_option("script_location", "store:migrations")
    config.set_main_option("path_separator", "os")
    with migrating(database) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def rows_of(database: Path) -> Rows:
    """Table → its rows, as they are stored; without full-text tables, which hold copies."""
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        return {
            table: [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]
            for table in _tables(connection)
        }


def differences(before: Rows, after: Rows) -> list[str]:
    """What became of the rows of `before`, in the columns they had: lost, changed or added.

    New tables and columns are no difference. A migration that gives a column up, or changes values,
    on purpose has to say so here, beside a test that shows where its values went: `r0008` renames
    the sources of raw features (`tests/store/database/test_value_sources.py`).
    """
    found = []
    for table, old in before.items():
        if table not in after:
            found.append(f"{table} is gone")
            continue
        wanted = Counter(_key(_without_sources(table, row)) for row in old)
        columns = set(old[0]) if old else set()
        there = Counter(
            _key(
                _without_sources(
                    table, {name: value for name, value in row.items() if name in columns}
                )
            )
            for row in after[table]
        )
        found += [f"{table} lost {row}" for row in (wanted - there).elements()]
        found += [f"{table} has got {row}" for row in (there - wanted).elements()]
    return found


def _without_sources(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row of raw features without the sources of its values; any other row as it is."""
    if table != "trackmirraw":
        return row
    features = json.loads(row["features_raw"])
    features.pop("sources", None)
    rest = {name: value for name, value in row.items() if name != "source"}
    return {**rest, "features_raw": json.dumps(features)}


def faults(database: Path) -> list[str]:
    """Damage, rows whose owner is not there, and names that a search does not or will not find."""
    with closing(sqlite3.connect(database)) as connection:
        found = [line for (line,) in connection.execute("PRAGMA integrity_check") if line != "ok"]
        found += [f"an orphan: {row}" for row in connection.execute("PRAGMA foreign_key_check")]
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        for index, table in _SEARCHED.items():
            if index in there:
                key = "track_id" if table == "trackmirraw" else "id"
                missing = f"SELECT {key} FROM {table} EXCEPT SELECT rowid FROM {index}"
                found += [f"{index} has no {table} {n}" for (n,) in connection.execute(missing)]
                kept_up = connection.execute(_TRIGGERS, {"index": index, "table": table}).fetchone()
                found += [f"{index} does not follow {table}"] if kept_up[0] < 3 else []
    return found


_SEARCHED = {
    "track_text": "track",
    "track_name": "track",
    "artist_name": "artist",
    "album_name": "album",
    "track_text_tags": "trackmirraw",
}
"""Full-text table → what it is of; triggers on that add, change and remove."""
_TRIGGERS = """
    SELECT count(*) FROM sqlite_master
    WHERE type = 'trigger' AND tbl_name = :table AND instr(sql, :index)"""


def _tables(connection: sqlite3.Connection) -> list[str]:
    named = connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")
    return sorted(name for (name,) in named if not name.startswith(NOT_DATA))


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA main.table_info({table})")]


def _key(row: dict[str, object]) -> tuple[tuple[str, object], ...]:
    return tuple(sorted(row.items()))
