import os
import time
from collections.abc import Callable
from pathlib import Path

from indexer.jobs.watching.folder_watcher import (
    ChangingFiles,
    FolderWatcher,
    PathChange,
    classify_changes,
)
from store.paths import encode_path


def wait_for(condition: Callable[[], bool], *, limit_s: float = 15.0) -> bool:
    until = time.monotonic() + limit_s
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_a_folder_that_came_is_walked(tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    song = tmp_path / "in" / "deep" / "song.mp3"
    song.write_bytes(b"x")
    came = PathChange(tmp_path / "in", added=True)
    changed = classify_changes([came], root=tmp_path)
    assert changed.files == (encode_path(song),)
    assert classify_changes([came._replace(added=False)], root=tmp_path).files == ()


def test_what_is_not_there_is_gone_and_hidden_places_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    changes = [
        PathChange(tmp_path / "old.mp3", added=False),
        PathChange(tmp_path / "notes.txt", added=True),
        PathChange(tmp_path / ".hidden" / "a.mp3", added=False),
        PathChange(tmp_path, added=False),
    ]
    changed = classify_changes(changes, root=tmp_path)
    assert changed.missing == (encode_path(tmp_path / "old.mp3"),)
    assert changed.files == ()


def test_a_growing_file_has_not_settled(tmp_path: Path) -> None:
    song = tmp_path / "song.mp3"
    song.write_bytes(b"1")
    changing = ChangingFiles(0.2)
    changing.add([encode_path(song)])
    assert changing.pop_stable() == {}
    time.sleep(0.25)
    song.write_bytes(b"12")
    assert changing.pop_stable() == {}
    assert wait_for(lambda: bool(changing.pop_stable()), limit_s=3)
    assert len(changing) == 0


def test_a_file_that_went_away_is_forgotten(tmp_path: Path) -> None:
    song = tmp_path / "song.mp3"
    song.write_bytes(b"1")
    changing = ChangingFiles(0.0)
    changing.add([encode_path(song)])
    song.unlink()
    changing.pop_stable()
    assert changing.pop_stable() == {} and len(changing) == 0


def test_the_watcher_survives_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    watcher = FolderWatcher(tmp_path)
    watcher.start()
    try:
        time.sleep(0.5)
        with open(os.fsencode(tmp_path) + b"/caf\xe9.mp3", "wb") as file:  # noqa: PTH123
            file.write(b"x")
        assert wait_for(watcher.pop_lost)
        seen: set[Path] = set()

        def noticed() -> bool:
            (tmp_path / f"song {time.monotonic()}.mp3").write_bytes(b"x")
            time.sleep(0.3)
            seen.update(notice.path for notice in watcher.pop_changes())
            return any(path.name.startswith("song") for path in seen)

        assert wait_for(noticed)
    finally:
        watcher.stop()


def test_the_watcher_waits_for_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    folder = tmp_path / "later"
    watcher = FolderWatcher(folder)
    watcher.start()
    try:
        assert wait_for(watcher.pop_lost)
        folder.mkdir()
        seen: set[Path] = set()

        def noticed() -> bool:
            (folder / f"song {time.monotonic()}.mp3").write_bytes(b"x")
            time.sleep(0.3)
            seen.update(notice.path for notice in watcher.pop_changes())
            return any(path.parent == folder for path in seen)

        assert wait_for(noticed)
    finally:
        watcher.stop()


def test_a_file_written_right_after_the_start_is_noticed(tmp_path):
    for number in range(3):
        folder = tmp_path / str(number)
        folder.mkdir()
        watcher = FolderWatcher(folder)
        watcher.start()
        try:
            (folder / "song.mp3").write_bytes(b"audio")
            until = time.monotonic() + 20
            seen: set[Path] = set()
            while not seen and time.monotonic() < until:
                seen = {change.path for change in watcher.pop_changes()}
                time.sleep(0.05)
            assert folder / "song.mp3" in seen
        finally:
            watcher.stop()
