import os
from pathlib import Path

import pytest

from indexer.jobs.watching.folder_listing import Stamp, is_audio_name, walk
from indexer.jobs.watching.scan import reconcile
from indexer.jobs.watching.scan_plan import compare
from indexer.jobs.watching.scan_report import describe_away
from store.jobs import job_queue
from store.library import track_files, track_writing
from store.paths import decode_path, encode_path
from store.records import AnalysisRecord, FileFacts, KnownFile, TrackRecord

pytestmark = pytest.mark.usefixtures("data_folder")


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    return folder


def put(path: Path, content: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def keep(path: Path, content_hash: str = "h") -> int:
    """Save a track as if the file had been analysed."""
    status = path.stat()
    facts = FileFacts(path, content_hash, status.st_size, status.st_mtime_ns)
    return track_writing.save_track(TrackRecord(facts, analysis=AnalysisRecord()))


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("song.mp3", True),
        ("SONG.FLAC", True),
        (".song.mp3", False),
        ("song.mp3.part", False),
        ("song.mp3.crdownload", False),
        ("song.tmp", False),
        ("cover.jpg", False),
        ("mp3", False),
    ],
)
def test_only_audio_names_are_taken(name: str, taken: bool) -> None:
    assert is_audio_name(name) is taken


def test_walk_lists_audio_and_passes_over_the_rest(music: Path) -> None:
    put(music / "a" / "b" / "one.mp3", b"12345")
    put(music / "two.ogg")
    put(music / ".hidden" / "three.mp3")
    put(music / "@eaDir" / "four.mp3")
    put(music / "cover.jpg")
    listing = walk(music)
    names = {decode_path(path).name for path in listing.files}
    assert names == {"one.mp3", "two.ogg"}
    assert listing.files[encode_path(music / "a" / "b" / "one.mp3")].size_bytes == 5
    assert not listing.unreadable


def test_walk_ends_where_links_go_round(music: Path) -> None:
    put(music / "a" / "one.mp3")
    (music / "a" / "again").symlink_to(music)
    (music / "nowhere.mp3").symlink_to(music / "not there.mp3")
    assert [decode_path(path).name for path in walk(music).files] == ["one.mp3"]


def test_a_folder_goes_by_its_own_name_although_a_link_leads_there_too(music: Path) -> None:
    put(music / "m" / "one.mp3")
    for name in ("a", "z"):  # listed before and after it, whatever the order
        (music / name).symlink_to(music / "m")
    put(music / "deep" / "er" / "two.mp3")
    (music / "deep" / "link").symlink_to(music / "deep" / "er")
    found = {os.fspath(decode_path(path).relative_to(music)) for path in walk(music).files}
    assert found == {"m/one.mp3", "deep/er/two.mp3"}


def test_walk_takes_names_that_are_not_utf8(music: Path) -> None:
    raw = os.fsencode(music) + b"/caf\xe9.mp3"
    with open(raw, "wb") as file:  # noqa: PTH123 - pathlib takes no bytes
        file.write(b"x")
    (path,) = walk(music).files
    assert path.isascii()
    assert os.fsencode(decode_path(path)) == raw


def test_walk_reports_a_folder_that_is_not_there(music: Path) -> None:
    listing = walk(music / "gone")
    assert not listing.files
    assert "not there" in listing.unreadable[encode_path(music / "gone")]


def known(track_id: int, stamp: Stamp, *, missing: bool = False) -> KnownFile:
    return KnownFile(stamp.size_bytes, stamp.mtime_ns, f"hash{track_id}", track_id, missing)


def test_compare_tells_new_changed_back_and_gone(music: Path) -> None:
    for name in ("same.mp3", "changed.mp3", "back.mp3", "new.mp3", "failed.mp3"):
        put(music / name)
    listing = walk(music)
    stamps = {decode_path(p).name: s for p, s in listing.files.items()}
    where = {name: encode_path(music / name) for name in (*stamps, "gone.mp3")}
    plan = compare(
        music,
        listing,
        {
            where["same.mp3"]: known(1, stamps["same.mp3"]),
            where["changed.mp3"]: known(2, Stamp(9, 9)),
            where["back.mp3"]: known(3, stamps["back.mp3"], missing=True),
            where["gone.mp3"]: known(4, Stamp(9, 9)),
        },
        given_up={where["failed.mp3"]: stamps["failed.mp3"]},
    )
    assert plan.to_analyse == (where["changed.mp3"], where["new.mp3"])
    assert (plan.restored, plan.missing, plan.moved) == ((3,), (4,), ())


def test_compare_sees_a_renamed_folder_and_leaves_lookalikes_to_the_worker(music: Path) -> None:
    put(music / "new" / "song.mp3", b"abc")
    twin = put(music / "x" / "twin.mp3")
    status = twin.stat()
    put(music / "y" / "twin.mp3")
    os.utime(music / "y" / "twin.mp3", ns=(status.st_atime_ns, status.st_mtime_ns))
    listing = walk(music)
    new = encode_path(music / "new" / "song.mp3")
    old = encode_path(music / "old" / "song.mp3")
    old_twin = encode_path(music / "z" / "twin.mp3")
    plan = compare(
        music,
        listing,
        {old: known(1, listing.files[new]), old_twin: known(2, Stamp(1, status.st_mtime_ns))},
    )
    assert plan.moved == ((old, new),)
    assert plan.missing == (2,)
    assert len(plan.to_analyse) == 2


def test_a_disk_that_is_not_connected_takes_no_track_away(music: Path) -> None:
    track_id = keep(put(music / "song.mp3"))
    (music / "song.mp3").unlink()
    report = reconcile(music)
    assert report.all_away and report.away == {encode_path(music): 1}
    assert "1 of 1 tracks are away" in describe_away(report)[0]
    assert not track_files.known_files()[encode_path(music / "song.mp3")].missing
    music.rmdir()
    assert reconcile(music).all_away
    put(music / "other.mp3")
    assert reconcile(music).missing == 1
    assert track_files.known_files()[encode_path(music / "song.mp3")].missing
    put(music / "song.mp3")
    assert track_id in {file.track_id for file in track_files.known_files().values()}


def test_reconcile_queues_moves_and_forgets(music: Path) -> None:
    put(music / "other.mp3")
    track_id = keep(put(music / "a" / "song.mp3", b"abc"))
    (music / "a").rename(music / "b")
    report = reconcile(music)
    assert (report.found, report.queued, report.moved, report.missing) == (2, 1, 1, 0)
    moved = track_files.find_by_path(music / "b" / "song.mp3")
    assert moved is not None and moved.track_id == track_id and not moved.missing
    again = reconcile(music)
    assert (again.queued, again.waiting) == (0, 1)
    job = job_queue.claim("w")
    assert job is not None and job.key == encode_path(music / "other.mp3")
    job_queue.fail(job.id, "broken", retry=False)
    again = reconcile(music)
    assert (again.queued, again.given_up) == (0, 1)
    assert reconcile(music, retry_failed=True).queued == 1


def test_a_file_that_could_not_be_read_is_tried_again(music: Path) -> None:
    locked, broken = put(music / "locked.mp3"), put(music / "broken.mp3")
    reconcile(music)
    for _ in range(2):
        job = job_queue.claim("w")
        assert job is not None
        code = {"code": "unreadable"} if job.key == encode_path(locked) else None
        job_queue.fail(job.id, "why", retry=False, result=code)
    again = reconcile(music)
    assert (again.queued, again.given_up) == (1, 1)
    job = job_queue.claim("w")
    assert job is not None
    assert job.key == encode_path(locked) != encode_path(broken)
