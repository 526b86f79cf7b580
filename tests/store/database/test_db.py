import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from store.database import db
from store.database.engines import BUSY_TIMEOUT_MS, new_engine
from store.database.upgrading import HEAD, revision
from store.migrations.names import FULL_TEXT_PREFIXES
from store.results import StoreError
from store.settings import StoreSettings
from store.tables.all_tables import METADATA


def include_name(name, kind, parents):
    return kind != "table" or not str(name).startswith((*FULL_TEXT_PREFIXES, "alembic"))


def test_the_migrations_make_what_the_models_say(data_folder):
    db.upgrade()
    engine = new_engine(StoreSettings().database, writing=False)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": include_name, "compare_type": True}
        )
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_head_is_the_newest_migration():
    folder = Path(db.__file__).parents[1] / "migrations"
    assert ScriptDirectory(str(folder)).get_current_head() == HEAD


def test_an_empty_file_is_upgraded_and_sound(data_folder):
    data_folder.mkdir()
    (data_folder / "backbeat.db").touch()
    db.upgrade()
    assert revision(StoreSettings().database) == HEAD
    assert db.check() == []


def test_at_the_newest_revision_alembic_is_not_even_imported(data_folder):
    db.upgrade()
    code = (
        "import sys; from store.database import db; db.upgrade(); "
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_processes_that_start_at_once_upgrade_once(data_folder):
    code = (
        "from store.database import db\n"
        "with db.read() as session:\n"
        "    print(db.rows(session, 'SELECT version_num FROM alembic_version')[0][0])"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert [process.communicate()[0].strip() for process in running] == [HEAD] * 4


def test_a_copy_is_put_aside_before_an_old_database_is_upgraded(data_folder):
    db.upgrade()
    database = StoreSettings().database
    _downgrade_to(database, "0001")
    db.upgrade()
    [copy] = data_folder.glob("backbeat.db.before-*")
    assert revision(copy) == "0001" and revision(database) == HEAD


def _downgrade_to(database: Path, target: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "store:migrations")
    config.set_main_option("path_separator", "os")
    engine = new_engine(database, writing=True)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, target)
    engine.dispose()


def test_a_database_of_a_newer_program_is_left_alone(data_folder):
    db.upgrade()
    with sqlite3.connect(StoreSettings().database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="another version of Backbeat"):
        db.upgrade()


def test_a_file_that_is_no_database_is_named(data_folder):
    data_folder.mkdir()
    (data_folder / "backbeat.db").write_bytes(b"this is a diary, not a database" * 100)
    with pytest.raises(StoreError, match="not a Backbeat library"):
        db.upgrade()
    assert db.check() != []


def test_damage_is_found(data_folder):
    db.upgrade()
    db.reset()
    database = StoreSettings().database
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(database.read_bytes())
    content[4096 * 3 : 4096 * 12] = os.urandom(4096 * 9)
    database.write_bytes(content)
    assert db.check() != []


def test_a_folder_that_is_a_file_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("BACKBEAT_DATA", str(tmp_path / "file"))
    db.reset()
    with pytest.raises(StoreError, match="BACKBEAT_DATA"), db.read():
        pass


def test_a_full_disk_is_said_in_words(data_folder):
    db.upgrade()
    with pytest.raises(StoreError, match="is full"), db.write() as session:
        pages = db.rows(session, "PRAGMA page_count")[0][0]
        session.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        for number in range(5000):
            db.rows(session, "INSERT INTO genre (name) VALUES (:name)", name=f"{number}" * 50)


def test_reading_cannot_write(data_folder):
    with pytest.raises(StoreError, match="read-only"), db.read() as session:
        db.rows(session, "INSERT INTO genre (name) VALUES ('x')")


def test_a_write_that_fails_leaves_nothing_behind(data_folder):
    with pytest.raises(RuntimeError), db.write() as session:
        db.rows(session, "INSERT INTO genre (name) VALUES ('x')")
        raise RuntimeError
    with db.read() as session:
        assert db.rows(session, "SELECT count(*) FROM genre")[0][0] == 0


def test_the_pragmas_are_set(data_folder):
    with db.write() as session:
        values = [
            db.rows(session, f"PRAGMA {name}")[0][0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert values == ["wal", 1, 1, BUSY_TIMEOUT_MS]


def test_a_read_followed_by_a_write_loses_nothing_between_processes(data_folder):
    with db.write() as session:
        db.rows(session, "INSERT INTO indexerstate VALUES ('n', '0', '2020-01-01 00:00:00.0')")
    code = (
        "from store.database import db\n"
        "for _ in range(50):\n"
        "    with db.write() as session:\n"
        '        n = int(db.rows(session, "SELECT value FROM indexerstate")[0][0])\n'
        "        db.rows(session, 'UPDATE indexerstate SET value = :n', n=str(n + 1))"
    )
    running = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    with db.read() as session:
        assert db.rows(session, "SELECT value FROM indexerstate")[0][0] == "150"


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_process_makes_its_own_connection(data_folder):
    with db.read():
        pass
    child = os.fork()
    if child == 0:
        try:
            with db.write() as session:
                db.rows(session, "INSERT INTO genre (name) VALUES ('forked')")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    with db.read() as session:
        assert db.rows(session, "SELECT name FROM genre")[0][0] == "forked"
