"""How much vanished at once decides between away and deleted."""

from pathlib import Path

import pytest

from indexer.jobs.watching.absence import judge
from indexer.jobs.watching.scan import reconcile
from store.library import track_files, track_writing
from store.paths import encode_path
from store.records import AnalysisRecord, FileFacts, TrackRecord
from store.tracks import away_tracks

pytestmark = pytest.mark.usefixtures("data_folder")


class Library:
    """Files that are indexed, and what a scan says of them."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def add(self, *names: str) -> None:
        for name in names:
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(name.encode())
            status = path.stat()
            facts = FileFacts(path, name, status.st_size, status.st_mtime_ns)
            track_writing.save_track(TrackRecord(facts, analysis=AnalysisRecord()))

    def off(self, *names: str) -> None:
        """Take files away; their folders stay."""
        for name in names:
            (self.root / name).rename(self.root.parent / name.replace("/", "_"))

    def back(self, *names: str) -> None:
        for name in names:
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root.parent / name.replace("/", "_")).rename(self.root / name)

    def states(self) -> tuple[list[str], list[str]]:
        """Names of the tracks that are away, and of those that are gone."""
        reconcile(self.root)
        known = {Path(path).name: file for path, file in track_files.known_files().items()}
        return (
            sorted(name for name, file in known.items() if file.away_from),
            sorted(name for name, file in known.items() if file.missing),
        )


@pytest.fixture
def library(tmp_path: Path) -> Library:
    (tmp_path / "music").mkdir()
    return Library(tmp_path / "music")


SHARES = ("one/a.mp3", "one/b.mp3", "one/c.mp3", "two/d.mp3", "two/e.mp3", "two/f.mp3")


@pytest.mark.parametrize("left", [None, ".mounted", "NOT MOUNTED.txt"])
def test_a_root_without_music_is_away_whatever_lies_in_it(library: Library, left: str) -> None:
    library.add(*SHARES)
    library.off(*SHARES)
    if left:
        (library.root / left).write_text("")
    assert library.states() == (sorted(Path(name).name for name in SHARES), [])
    library.back(*SHARES)
    assert library.states() == ([], [])


def test_one_of_two_shares_is_away(library: Library) -> None:
    library.add(*SHARES)
    library.off(*SHARES[3:])
    assert library.states() == (["d.mp3", "e.mp3", "f.mp3"], [])
    [folder] = away_tracks.away_folders()
    assert (folder.path, folder.tracks) == (encode_path(library.root / "two"), 3)
    (library.root / "two").rmdir()  # the automounter takes the folder, too
    assert library.states() == (["d.mp3", "e.mp3", "f.mp3"], [])
    assert away_tracks.confirm_gone(folder.path) == 3
    assert library.states() == ([], ["d.mp3", "e.mp3", "f.mp3"])
    library.back(*SHARES[3:])
    assert library.states() == ([], [])


def test_half_of_the_folders_gone_are_away_and_a_link_to_nowhere(library: Library) -> None:
    names = [f"{folder}/{folder}.mp3" for folder in "abcdef"]
    library.add(*names)
    for folder in "abc":
        library.off(f"{folder}/{folder}.mp3")
        (library.root / folder).rmdir()
    assert library.states() == (["a.mp3", "b.mp3", "c.mp3"], [])
    (library.root / "f" / "f.mp3").unlink()
    (library.root / "f").rmdir()
    (library.root / "f").symlink_to(library.root.parent / "no such disk")
    assert library.states()[0] == ["a.mp3", "b.mp3", "c.mp3", "f.mp3"]


def test_what_a_person_deletes_is_gone(library: Library) -> None:
    names = [f"{folder}/{folder}{number}.mp3" for folder in "abcdefgh" for number in range(3)]
    library.add(*names)
    library.off("a/a0.mp3", "b/b1.mp3", *names[-3:])  # single files, and an album
    assert library.states() == ([], ["a0.mp3", "b1.mp3", "h0.mp3", "h1.mp3", "h2.mp3"])
    library.off("c/c0.mp3", "c/c1.mp3", "d/d0.mp3", "e/e0.mp3", "f/f0.mp3", "g/g0.mp3", "g/g1.mp3")
    assert library.states()[0] == []  # many, but each folder is seen


def test_many_at_once_are_away_however_many_there_are() -> None:
    known = [f"/m/{folder}/{number}.mp3" for folder in range(50) for number in range(100)]
    found = judge(Path("/m"), known[:300], known, state_of=lambda folder: "absent")
    assert {folder: len(paths) for folder, paths in found.away.items()} == {
        "/m/0": 100, "/m/1": 100, "/m/2": 100,
    }  # fmt: skip
    assert judge(Path("/m"), known[:100], known, state_of=lambda folder: "absent").away == {}
