import os
import shutil
import time
from collections import namedtuple

import pytest

from store import diagnosis
from store.database import db
from store.jobs import indexer_state
from store.paths import encode_path

pytestmark = pytest.mark.usefixtures("data_folder")
Usage = namedtuple("Usage", "total used free")


def test_a_full_disk_is_bad(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 4096))
    findings = [finding for finding in diagnosis.check_folders() if " free" in finding.text]
    assert [finding.state for finding in findings] == ["bad"]
    assert "Make room" in findings[0].fix


def test_a_music_folder_of_any_name_is_looked_at(tmp_path):
    folder = tmp_path / "caf\udce9"
    folder.mkdir()
    db.upgrade()
    indexer_state.set_watched_folders((encode_path(folder),))
    (music,) = [f for f in diagnosis.check_store() if f.text.startswith("Music folder")]
    assert music.state == "ok"
    folder.rmdir()
    (music,) = [f for f in diagnosis.check_store() if f.text.startswith("Music folder")]
    assert music.state == "bad" and "Mount the disk" in music.fix


def test_a_damaged_database_is_told_with_what_to_do(data_folder):
    data_folder.mkdir(exist_ok=True)
    (data_folder / "backbeat.db").write_bytes(b"no database at all" * 1000)
    (finding,) = diagnosis.check_store()
    assert finding.state == "bad" and "Move it away" in finding.text


def test_rebuilt_vectors_are_counted(library):
    assert diagnosis.rebuild_vectors() == len(library.ids)


def test_what_can_be_mended_is_mended(library, data_folder):
    for name, age_s in ((".backup-old", 7200), (".backup-running", 0), ("restoring", 7200)):
        (data_folder / name).mkdir()
        os.utime(data_folder / name, (time.time() - age_s,) * 2)
    shutil.rmtree(data_folder / "vectors", ignore_errors=True)
    told = [finding for finding in diagnosis.check_store() if finding.state == "warn"]
    assert {finding.fix for finding in told} == {"backbeat doctor --fix"} and len(told) == 3
    assert len(list(diagnosis.fix_store())) == 3
    assert not [finding for finding in diagnosis.check_store() if finding.state == "warn"]
    assert (data_folder / ".backup-running").exists()
    assert list(diagnosis.fix_store()) == []
