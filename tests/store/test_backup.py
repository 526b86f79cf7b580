"""Backups of the data folder: consistent while it is written to, whole or refused, and back."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from store import backup
from store.database import db
from store.results import StoreError, UnavailableError

_COUNT = "SELECT count(*) FROM track"


def tracks(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "backbeat.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(connection.execute(_COUNT).fetchone()[0])


@pytest.fixture
def filled(library: object, data_folder: Path) -> Path:
    """A data folder with a chart, an export, the key of sessions and things that are rebuilt."""
    for name in ("charts/1/song.dtx", "exports/Mix.m3u8", "chat/secret", "chat/build/page.js",
                 "vectors/x.lance", "cache/numba/x", "demo/song.mp3", "indexer.lock",
                 "prompts/de/about.toml"):  # fmt: skip
        (data_folder / name).parent.mkdir(parents=True, exist_ok=True)
        (data_folder / name).write_text(name)
    db.reset()
    return data_folder


def test_what_a_person_would_miss_is_in_it_and_nothing_else(filled: Path, tmp_path: Path) -> None:
    made = backup.back_up(filled, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        names = set(archive.namelist()) - {backup.MANIFEST}
    assert names == {
        *("backbeat.db", "charts/1/song.dtx", "exports/Mix.m3u8", "chat/secret"),
        "prompts/de/about.toml",
    }
    assert (made.tracks, made.files) == (41, 5)
    assert (tmp_path / "b.zip").stat().st_mode & 0o077 == 0
    with pytest.raises(StoreError, match="is there already"):
        backup.back_up(filled, tmp_path / "b.zip")


def test_it_is_consistent_while_the_library_is_written(filled: Path, tmp_path: Path) -> None:
    begun, ended = Event(), Event()

    def write() -> None:
        with closing(sqlite3.connect(filled / "backbeat.db", timeout=30)) as connection:
            while not ended.is_set():
                connection.execute("UPDATE track SET year = 1 + (SELECT max(year) FROM track)")
                connection.commit()
                begun.set()

    writer = Thread(target=write)
    writer.start()
    assert begun.wait(30)
    try:
        backup.back_up(filled, tmp_path / "b.zip")
    finally:
        ended.set()
        writer.join()
    backup.restore(tmp_path / "b.zip", tmp_path / "new")
    assert tracks(tmp_path / "new") == 41
    with closing(sqlite3.connect(tmp_path / "new" / "backbeat.db")) as connection:
        assert len(connection.execute("SELECT DISTINCT year FROM track").fetchall()) == 1


def test_a_restored_library_is_as_it_was_and_the_other_is_kept(
    filled: Path, tmp_path: Path
) -> None:
    backup.back_up(filled, tmp_path / "b.zip")
    with closing(sqlite3.connect(filled / "backbeat.db")) as connection:
        connection.execute("DELETE FROM track")
        connection.commit()
    (filled / "charts/1/song.dtx").write_text("worse")
    kept = backup.restore(tmp_path / "b.zip", filled)
    assert tracks(filled) == 41
    assert (filled / "charts/1/song.dtx").read_text() == "charts/1/song.dtx"
    assert (filled / "chat/secret").stat().st_mode & 0o077 == 0
    assert (filled / "chat/build/page.js").exists()
    assert not (filled / "vectors").exists()  # they belong to the other database
    assert kept is not None and tracks(kept) == 0
    assert (kept / "charts/1/song.dtx").read_text() == "worse"


def test_nothing_is_restored_under_a_library_in_use(filled: Path, tmp_path: Path) -> None:
    backup.back_up(filled, tmp_path / "b.zip")
    with closing(sqlite3.connect(filled / "backbeat.db")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(_COUNT).fetchone()
        with pytest.raises(UnavailableError, match="Stop it first"):
            backup.restore(tmp_path / "b.zip", filled)
    assert (filled / "charts/1/song.dtx").exists()


def test_damaged_newer_and_hostile_files_are_refused(filled: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    backup.back_up(filled, good)
    content = good.read_bytes()
    middle = len(content) // 2
    for damaged in (b"", content[:middle], content[:middle] + b"\0" * 64 + content[middle + 64 :]):
        bad.write_bytes(damaged)
        with pytest.raises(StoreError, match="damaged"):
            backup.restore(bad, filled)
    for name, revision, told in (("../x", "0001", "outside"), ("x", "9999", "newer")):
        with zipfile.ZipFile(bad, "w") as archive:
            archive.writestr(
                backup.MANIFEST, f'{{"made_at": "", "revision": "{revision}", "tracks": 0}}'
            )
            archive.writestr("backbeat.db", b"")
            archive.writestr(name, b"")
        with pytest.raises(StoreError, match=told):
            backup.restore(bad, filled)
    assert tracks(filled) == 41


def test_killed_at_any_step_the_old_or_the_new_library_is_there(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.back_up(filled, tmp_path / "b.zip")
    real = Path.replace
    for step in range(20):
        left = step

        def counted(self: Path, target: Path) -> Path:
            nonlocal left
            if left == 0:
                raise KeyboardInterrupt
            left -= 1
            return real(self, target)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", counted)
            try:
                backup.restore(tmp_path / "b.zip", filled)
            except KeyboardInterrupt:
                assert tracks(filled) == 41
            else:
                break
        backup.restore(tmp_path / "b.zip", filled)  # the same command again
        assert (filled / "charts/1/song.dtx").exists()
    assert step > 4


def test_a_full_disk_leaves_no_half_backup(filled: Path, tmp_path: Path) -> None:
    code = (
        "import resource, signal, sys; from pathlib import Path; from store.backup import back_up;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000));"
        "back_up(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    target = tmp_path / "full" / "b.zip"
    target.parent.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", code, filled, target], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert done.returncode and "Error" in done.stderr
    assert list(target.parent.iterdir()) == []
    assert not list(filled.glob(".backup-*"))
