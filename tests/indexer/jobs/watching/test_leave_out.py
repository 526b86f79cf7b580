"""What is left out of the music folder, by marks, patterns and names."""

from collections import Counter
from pathlib import Path

import pytest

from indexer.files.network_mounts import network_mounts
from indexer.jobs.watching.folder_listing import walk
from indexer.jobs.watching.folder_watcher import PathChange, classify_changes
from indexer.jobs.watching.leave_out import why_left_out
from indexer.jobs.watching.scan import reconcile
from indexer.jobs.watching.scan_report import describe_left_out
from store.library import track_files, track_writing
from store.paths import decode_path, encode_path
from store.records import AnalysisRecord, FileFacts, TrackRecord


def put(root: Path, *names: str, content: bytes = b"x") -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)


def taken(root: Path, patterns: str = "") -> set[str]:
    found = walk(root, patterns=patterns).files
    names = {str(decode_path(path).relative_to(root)) for path in found}
    for path in found:  # the watcher decides alike
        assert why_left_out(decode_path(path), root=root, patterns=patterns) is None
    return names


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        ("", {"a.mp3", "live/b.mp3", "live/old/c.flac", "x/live/d.mp3", "x/[1] e.ogg"}),
        ("live/", {"a.mp3", "x/[1] e.ogg"}),
        ("/live", {"a.mp3", "x/live/d.mp3", "x/[1] e.ogg"}),
        ("*.mp3\n!a.mp3", {"a.mp3", "live/old/c.flac", "x/[1] e.ogg"}),
        ("live/*; !live/old", {"a.mp3", "live/old/c.flac", "x/live/d.mp3", "x/[1] e.ogg"}),
        ("**/old/**", {"a.mp3", "live/b.mp3", "x/live/d.mp3", "x/[1] e.ogg"}),
        ("# no pattern\n\\[1\\]*\n?.mp3", {"live/old/c.flac"}),
        ("x/**/d.mp3\n[!a-b].flac", {"a.mp3", "live/b.mp3", "x/[1] e.ogg"}),
    ],
)
def test_patterns_are_those_of_a_gitignore(tmp_path: Path, patterns: str, left: set[str]) -> None:
    put(tmp_path, "a.mp3", "live/b.mp3", "live/old/c.flac", "x/live/d.mp3", "x/[1] e.ogg")
    assert taken(tmp_path, patterns.replace("; ", ";")) == left


def test_marked_hidden_and_system_folders_are_left_out_and_counted(tmp_path: Path) -> None:
    put(tmp_path, "a.mp3", "sounds/b.mp3", "sounds/inner/c.mp3", "drafts/d.mp3", "books/e.mp3",
        "books/keep/f.mp3", "#snapshot/g.mp3", "System Volume Information/h.mp3", "@EADIR/i.mp3",
        ".cache/j.mp3", "._a.mp3", "notes.mid", "locked.aax", "game/x.MID", "c.jpg")  # fmt: skip
    put(tmp_path, ".nomedia", "sounds/.nomedia", "drafts/.ndignore", content=b"")
    put(tmp_path, "books/.ndignore", content=b"\xef\xbb\xbf*\n!keep/\n!keep/*\n")
    listing = walk(tmp_path)
    assert taken(tmp_path) == {"a.mp3", "books/keep/f.mp3"}
    counts = {"nomedia": 1, "ndignore": 2, "system": 3, "hidden": 1}
    assert Counter(listing.left_out.values()) == counts
    assert listing.not_taken == {".mid": 2, ".aax": 1}
    for name in ("sounds/inner/c.mp3", "drafts/d.mp3", "books/e.mp3", "#snapshot/g.mp3"):
        assert listing.leaves_out(encode_path(tmp_path / name))
        assert why_left_out(tmp_path / name, root=tmp_path)
    changes = [PathChange(tmp_path / name, added=True) for name in ("books", "sounds", "a.mp3")]
    found = classify_changes(changes, root=tmp_path).files
    assert found == (encode_path(tmp_path / "a.mp3"), encode_path(tmp_path / "books/keep/f.mp3"))


@pytest.mark.usefixtures("data_folder")
def test_what_is_left_out_later_is_hidden_not_away_and_comes_back(tmp_path: Path) -> None:
    put(tmp_path, "a/1.mp3", "a/2.mp3", "a/3.mp3", "b/4.mp3")
    for name in ("a/1.mp3", "a/2.mp3", "a/3.mp3", "b/4.mp3"):
        status = (tmp_path / name).stat()
        facts = FileFacts(
            tmp_path / name, name, status.st_size, status.st_mtime_ns, duration_s=float(name[2])
        )
        track_writing.save_track(TrackRecord(facts, analysis=AnalysisRecord()))
    (tmp_path / "a" / ".nomedia").touch()
    report = reconcile(tmp_path)
    assert (report.found, report.missing, report.away) == (1, 3, {})
    assert describe_left_out(report) == "Left out: 1 folders with .nomedia."
    (tmp_path / "a" / ".nomedia").unlink()
    assert reconcile(tmp_path).restored == 3
    report = reconcile(tmp_path, min_length_s=2.5)
    assert report.missing == 2 and report.left_out == {"short": 2}
    assert reconcile(tmp_path, min_length_s=2.5).missing == 0
    assert reconcile(tmp_path).restored == 2
    assert not any(file.missing or file.away_from for file in track_files.known_files().values())


def test_network_shares_are_told_by_the_list_of_mounts(tmp_path: Path) -> None:
    music = tmp_path / "my music"
    (music / "nas").mkdir(parents=True)
    place = str(tmp_path.resolve()).replace(" ", "\\040")
    mounts = tmp_path / "mounts"
    mounts.write_text(
        f"/dev/sda1 / ext4 rw 0 0\nserver:/x {place}/my\\040music/nas nfs4 rw 0 0\n"
        f"//box/y {place}/other cifs rw 0 0\nu@h: {place} fuse.sshfs rw 0 0\n"
    )
    found = network_mounts(music, mounts=mounts)
    assert [(each.place.name, each.kind) for each in found] == [
        (tmp_path.name, "fuse.sshfs"), ("nas", "nfs4"),
    ]  # fmt: skip
    assert network_mounts(tmp_path / "elsewhere", mounts=tmp_path / "none") == ()
    mounts.write_text("/dev/sda1 / ext4 rw 0 0\n")
    assert network_mounts(music, mounts=mounts) == ()
