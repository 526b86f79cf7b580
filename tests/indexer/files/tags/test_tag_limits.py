import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import mutagen
import numpy as np
import pytest
from mutagen.id3 import APIC, ID3, TIT2

from indexer.files.tags.tag_reading import read_tags
from indexer.jobs.pool import Pool
from indexer.jobs.settings import IndexerSettings
from indexer.jobs.worker_report import Report
from store.jobs import job_queue, job_reports

RATE = 44_100
BOMB_MB = 300
PEAK_MB = 40
"""What reading may take beside the libraries; the file alone, unpacked, takes 300."""

READ = """
import resource, sys
from pathlib import Path
from indexer.files.audio.audio_file import probe
from indexer.files.audio.audio_hash import payload_hash
from indexer.files.tags.cover import read_cover
from indexer.files.tags.tag_access import TagError
from indexer.files.tags.tag_fields import MeasuredTags
from indexer.files.tags.tag_reading import read_tags
from indexer.files.tags.tag_writing import plan_changes, replace_values

def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000

path = Path(sys.argv[1])
before = peak_mb()
tags = read_tags(path)
print(tags.artist, *tags.warnings, sep="|")
read_cover(path)
print(round(probe(path).duration_s), payload_hash(path))
try:
    plan_changes(path, MeasuredTags(bpm=120.0))
    replace_values(path, {"TBPM": ("120",)})
except TagError as error:
    print(error)
print(peak_mb() - before)
"""


def synchsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def bomb(size_mb: int, *, of: bytes = b"A") -> bytes:
    packer = zlib.compressobj(9)
    block = of * 1024 * 1024
    packed = [packer.compress(b"\0"), *(packer.compress(block) for _ in range(size_mb))]
    return b"".join([*packed, packer.flush()])


def frame(name: str, data: bytes, *, version: int, unpacked: int | None = None) -> bytes:
    """A frame of ID3v2; packed when the size of what is in it is given."""
    flags = 0
    if unpacked is not None:
        data = struct.pack(">L", unpacked) + data
        flags = 0x80 if version == 3 else 0x09
    size = struct.pack(">L", len(data)) if version == 3 else synchsafe(len(data))
    return name.encode() + size + struct.pack(">H", flags) + data


def tag(version: int, *frames: bytes) -> bytes:
    body = b"".join(frames)
    return b"ID3" + bytes((version, 0, 0)) + synchsafe(len(body)) + body


def bombed(version: int, *names: str, size_mb: int = BOMB_MB) -> bytes:
    packed = bomb(size_mb)
    big = [frame(n, packed, version=version, unpacked=size_mb * 1024 * 1024 + 1) for n in names]
    return tag(version, frame("TPE1", b"\0Artist", version=version), *big)


@pytest.fixture
def song(tmp_path: Path, encode_audio) -> Callable[..., Path]:
    """A real file of three seconds without tags."""
    noise = 0.1 * np.random.default_rng(0).standard_normal(3 * RATE).astype(np.float32)

    def make(kind: str = "mp3", seconds: int = 3) -> Path:
        path = encode_audio(tmp_path / f"song.{kind}", noise[: seconds * RATE], kind=kind)
        if kind == "mp3":
            ID3(path).delete(path)
        return path

    return make


def read(path: Path) -> tuple[list[str], str, str, float]:
    """Tags with warnings, length and hash, what tag writing says, and memory beyond the start."""
    done = subprocess.run(
        [sys.executable, "-c", READ, os.fspath(path)], capture_output=True, text=True, check=True
    )
    first, second, *rest = done.stdout.splitlines()
    return first.split("|"), second, rest[0] if len(rest) == 2 else "", float(rest[-1])


def chunked(whole: bytes, block: bytes) -> bytes:
    """A WAV or AIFF file with an ID3 chunk before all others."""
    order, name = ("<L", b"id3 ") if whole.startswith(b"RIFF") else (">L", b"ID3 ")
    chunk = name + struct.pack(order, len(block)) + block + bytes(len(block) % 2)
    body = whole[8:12] + chunk + whole[12:]
    return whole[:4] + struct.pack(order, len(body)) + body


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("kind", ["mp3", "flac", "aac", "wav", "aiff"])
def test_a_frame_that_unpacks_to_too_much_is_ignored(kind: str, version: int, song) -> None:
    path = song(kind)
    whole = path.read_bytes()
    length_and_hash = read(path)[1]
    block = bombed(version, "TIT2")
    path.write_bytes(chunked(whole, block) if kind in ("wav", "aiff") else block + whole)
    (artist, *warnings), heard, written, peak_mb = read(path)
    assert heard == length_and_hash
    assert peak_mb < PEAK_MB
    assert artist == "Artist"
    assert "Tag TIT2 is larger than 1 MB when unpacked; it was ignored." in warnings
    if kind != "flac":  # it has tags of its own, which are written
        assert "left as they are" in written


def test_many_frames_together_and_one_tag_after_another(song) -> None:
    path = song()
    whole = path.read_bytes()
    length_and_hash = read(path)[1]
    pictures = [
        frame("APIC", bomb(10, of=bytes((number,))), version=4, unpacked=10 * 1024 * 1024 + 1)
        for number in range(30)
    ]
    path.write_bytes(bombed(3) + tag(4, *pictures) + whole)
    assert read(path)[1] == length_and_hash and read(path)[3] < PEAK_MB
    path.write_bytes(tag(4, frame("TPE1", b"\0Artist", version=4), *pictures) + whole)
    (artist, *warnings), heard, _, peak_mb = read(path)
    assert (artist, heard) == ("Artist", length_and_hash)
    assert any("APIC and the others of this file" in warning for warning in warnings)
    assert peak_mb < 64 + PEAK_MB  # the limit of a file


@pytest.mark.parametrize("version", [3, 4])
def test_an_ordinary_packed_frame_is_read(version: int, song) -> None:
    path = song()
    text = b"\0" + b"A song " * 20
    big = frame("TIT2", zlib.compress(text), version=version, unpacked=len(text))
    path.write_bytes(tag(version, big) + path.read_bytes())
    assert read_tags(path).title.startswith("A song A song")
    assert not read_tags(path).warnings


def test_a_frame_that_is_ignored_outlasts_what_mutagen_writes(song) -> None:
    path = song()
    block = bombed(4, "TIT2")
    path.write_bytes(block + path.read_bytes())
    file = mutagen.File(path)  # pyright: ignore[reportPrivateImportUsage]
    assert file is not None and "TIT2" not in file.tags
    file.tags.add(APIC(mime="image/png", type=3, data=b"picture"))
    file.save()
    assert bombed(4, "TIT2")[30:] in path.read_bytes()


def test_a_size_that_is_only_claimed_makes_no_room(song) -> None:
    path = song()
    path.write_bytes(b"ID3\x03\0\0" + synchsafe((1 << 28) - 1) + path.read_bytes())
    limit = "import resource; resource.setrlimit(resource.RLIMIT_DATA, (250_000_000, -1));"
    code = f"{limit} import sys; from pathlib import Path;"
    code += "from indexer.files.tags.tag_reading import read_tags;"
    code += "print(read_tags(Path(sys.argv[1])).title)"
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True)
    assert done.stdout.strip() == "song", done.stderr


def test_atoms_inside_of_each_other_and_comments_without_number(song) -> None:
    path = song("m4a")
    nested = b""
    for _ in range(3000):
        nested = struct.pack(">L", len(nested) + 8) + b"moov" + nested
    path.write_bytes(path.read_bytes() + nested)
    assert read_tags(path).warnings
    path = song("flac")
    whole = path.read_bytes()
    count = 1_000_000
    block = struct.pack("<LL", 0, count) + bytes(4 * count)
    comments = b"\x04" + len(block).to_bytes(3, "big") + block
    path.write_bytes(whole[:42] + comments + whole[42:])  # after STREAMINFO
    (_, *warnings), _, _, peak_mb = read(path)
    assert f"It has {count} comments; they were ignored." in warnings
    assert peak_mb < PEAK_MB


@pytest.mark.usefixtures("data_folder")
def test_the_worker_tells_what_was_ignored_and_analyses_the_rest(song) -> None:
    path = song()
    path.write_bytes(bombed(3, "TIT2") + path.read_bytes())
    reports, _ = worked(path)
    (done,) = [report for report in reports if report.event == "done"]
    assert done.outcome == "analysed" and "TIT2 is larger than 1 MB" in done.reason


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such limit")
@pytest.mark.usefixtures("data_folder")
def test_a_file_that_wants_too_much_memory_fails_and_the_next_has_a_new_worker(
    song, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKBEAT_WORKER_HARD_MEMORY_MB", "600")
    good = song()
    greedy = good.with_name("greedy.m4a")
    # a packed table of contents, as QuickTime allows
    packed = atom(b"cmvd", struct.pack(">L", 1 << 30) + bomb(1))
    table = atom(b"moov", atom(b"cmov", atom(b"dcom", b"zlib") + packed))
    greedy.write_bytes(atom(b"ftyp", b"M4A \0\0\0\0M4A isom") + table + atom(b"mdat", bytes(1000)))
    reports, processes = worked(greedy, good)
    (failed,) = [report for report in reports if report.event == "failed"]
    (done,) = [report for report in reports if report.event == "done"]
    assert failed.key == str(greedy) and "memory" in failed.reason
    assert done.key == str(good) and len(processes) == 2
    row = job_reports.job(failed.job_id)
    assert row is not None and row.result == {"code": "memory"}


def atom(name: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data) + 8) + name + data


def worked(*paths: Path) -> tuple[list[Report], set[int]]:
    """Reports of a pool with one worker at a time, and which processes worked."""
    reports: list[Report] = []
    seen: set[int] = set()
    pool = Pool(settings=IndexerSettings(niceness=0), on_report=reports.append, workers=1)
    for path in paths:
        job_queue.enqueue("analyse", str(path))
    try:
        while {"queued", "running"} & set(job_reports.counts()) or pool.at_work:
            pool.tick(job_reports.counts().get("queued", 0))
            seen.update(pool.processes)
    finally:
        pool.stop(patience_s=0.0)
    return reports, seen


def test_text_of_a_frame_is_still_written_by_mutagen(song) -> None:
    path = song()
    tags = ID3()
    tags.add(TIT2(encoding=3, text=["x" * 5000]))
    tags.save(path)
    assert read_tags(path).title == "x" * 300
