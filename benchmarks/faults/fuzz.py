"""Damaged files through the indexer: each is analysed or fails with a reason, and none is lost.

    python -m benchmarks.faults.fuzz [--files 500] [--seed 1]

Made songs of six formats are cut, have bits turned, blocks zeroed, repeated, swapped or put in, and
their ends torn off; then the folder is indexed by the real worker processes, with their limits of
time and memory. The library has to know every one of the files afterwards, and go on working.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from benchmarks.data.generated_files import write_song
from indexer.jobs.service import index_once
from store.database import db

FORMATS: Final = ("mp3", "flac", "ogg", "m4a", "opus", "wav")
_SONG_S: Final = 6.0
Damage = Callable[[bytearray, Random], None]


def _cut(content: bytearray, random: Random) -> None:
    del content[random.randrange(len(content)) :]


def _turn_bits(content: bytearray, random: Random) -> None:
    for _ in range(random.randint(1, 200)):
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)


def _turn_bits_of_head(content: bytearray, random: Random) -> None:
    for _ in range(random.randint(1, 30)):
        content[random.randrange(min(512, len(content)))] = random.randrange(256)


def _zero(content: bytearray, random: Random) -> None:
    at, size = _block(content, random)
    content[at : at + size] = bytes(size)


def _repeat(content: bytearray, random: Random) -> None:
    at, size = _block(content, random)
    content[at:at] = content[at : at + size] * random.randint(1, 4)


def _take_out(content: bytearray, random: Random) -> None:
    at, size = _block(content, random)
    del content[at : at + size]


def _put_in(content: bytearray, random: Random) -> None:
    at, size = _block(content, random)
    content[at:at] = random.randbytes(size)


def _large_sizes(content: bytearray, random: Random) -> None:
    at = random.randrange(min(4096, len(content) - 4))
    content[at : at + 4] = b"\xff\xff\xff\x7f"


DAMAGES: Final[tuple[Damage, ...]] = (
    _cut, _turn_bits, _turn_bits_of_head, _zero, _repeat, _take_out, _put_in, _large_sizes,
)  # fmt: skip


def _block(content: bytearray, random: Random) -> tuple[int, int]:
    size = random.randint(1, max(2, len(content) // 8))
    return random.randrange(max(1, len(content) - size)), size


def make(folder: Path, files: int, seed: int) -> None:
    """Write the damaged files into a folder."""
    random = Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    songs = {}
    for kind in FORMATS:
        whole = folder.parent / f"whole.{kind}"
        write_song(whole, duration_s=_SONG_S)
        songs[kind] = whole.read_bytes()
    for number in range(files):
        kind = FORMATS[number % len(FORMATS)]
        content = bytearray(songs[kind])
        for _ in range(random.choice((1, 1, 2, 4))):
            if len(content) > 16:
                random.choice(DAMAGES)(content, random)
        (folder / f"{number:04}.{kind}").write_bytes(content)


def run(folder: Path, files: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Index damaged files; return what came of them, and what nothing came of."""
    make(folder, files, seed)
    summary = index_once(folder)
    told = Counter(summary.outcomes)
    told["failed"] = len(summary.failures)
    reasons = [reason for _, reason in summary.failures if not reason.strip()]
    lost = files - sum(told.values())
    broken = [f"{lost} files are neither analysed nor failed"] if lost else []
    return told, [*broken, *(f"no reason: {reason!r}" for reason in reasons)]


def main() -> int:
    """Read the command line and index."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["BACKBEAT_DATA"] = str(Path(scratch) / "data")
        db.reset()
        began_s = time.monotonic()
        told, broken = run(Path(scratch) / "music", given.files, given.seed)
        print(f"{given.files} files in {time.monotonic() - began_s:.0f} s: {dict(told)}")
        print(*broken, sep="\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
