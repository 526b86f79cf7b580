"""Files a minute, processor seconds a file and memory of a worker.

    python -m benchmarks.library.indexing [FOLDER] [--workers 1 2] [--limit 50]
        [--song] [--python PATH] [--long HOURS]

FOLDER is real music, indexed whole. `--song` makes an mp3 of 3½ minutes and tells what each stage
takes on one core, beside librosa and, where PATH is a Python that has the `essentia` wheel,
Essentia. `--long` makes a mix of so many hours and tells the peak of memory.

Each run over FOLDER starts with an empty data folder; the tagger's models are taken from the usual
one. The rate leaves out the start of the workers. On a machine that does other things as well, look
at the processor seconds: they say what the rate would be without them.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from benchmarks.data.generated_files import write_repeated, write_song
from benchmarks.peers import essentia_python, essentia_readings
from indexer.jobs.progress import IndexEvent, IndexSummary
from indexer.jobs.service import index_once
from indexer.jobs.settings import IndexerSettings
from indexer.jobs.watching.folder_listing import walk
from indexer.models.musicnn import ensure_models
from store.database import db
from store.paths import decode_path
from store.settings import StoreSettings

LOOK_S = 0.1
SONG_S = 210
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass
class Memory:
    """Highest resident memory seen, MB."""

    parent_mb: float = 0.0
    worker_mb: dict[int, float] = field(default_factory=dict)

    def look(self) -> None:
        """Read the memory of this process and of its workers."""
        process = psutil.Process()
        self.parent_mb = max(self.parent_mb, process.memory_info().rss / 1e6)
        for child in process.children():
            try:
                size_mb = child.memory_info().rss / 1e6
            except psutil.NoSuchProcess:
                continue
            self.worker_mb[child.pid] = max(self.worker_mb.get(child.pid, 0.0), size_mb)


@contextmanager
def watched_memory() -> Iterator[Memory]:
    memory, over = Memory(), threading.Event()

    def watch() -> None:
        while not over.wait(LOOK_S):
            memory.look()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield memory
    finally:
        over.set()
        thread.join()


@dataclass
class Pace:
    """When files were begun and done, s, and what the workers computed, processor s."""

    times_s: list[float] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    computed_s: float = 0.0

    def follow(self, event: IndexEvent) -> None:
        """Note each change of how many files are over."""
        over = event.progress.done + event.progress.failed
        if event.kind == "progress" and (event.progress.current or over):
            self.times_s.append(time.monotonic())
            self.done.append(over)

    def per_minute(self) -> float:
        """Files a minute from the first that was begun to the last that was done."""
        last = self.done.index(self.done[-1])
        return 60 * self.done[-1] / max(self.times_s[last] - self.times_s[0], 0.1)


def computed_s() -> float:
    """Processor seconds of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(folder: Path, *, workers: int, models: Path) -> tuple[IndexSummary, Memory, Pace]:
    """Index `folder` into an empty data folder."""
    pace = Pace(computed_s=-computed_s())
    with tempfile.TemporaryDirectory(prefix="backbeat-bench-") as data:
        os.environ["BACKBEAT_DATA"] = data
        shutil.copytree(models, StoreSettings().models, dirs_exist_ok=True)
        db.reset()
        settings = IndexerSettings(workers=workers, quiet_hours="", index_cpu=100)
        with watched_memory() as memory:
            summary = index_once(folder, pace.follow, settings=settings)
        db.reset()
    pace.computed_s += computed_s()
    return summary, memory, pace


@contextmanager
def part_of(folder: Path, limit: int | None) -> Iterator[Path]:
    """The folder itself, or links to the first files of it."""
    if limit is None:
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="backbeat-music-") as place:
        for number, name in enumerate(sorted(walk(folder).files)[:limit]):
            path = decode_path(name)
            (Path(place) / f"{number:05d}{path.suffix}").symlink_to(path)
        yield Path(place)


def alone(path: Path, *options: object) -> tuple[dict[str, Any], float]:
    """What one fresh process says of a file on one core, and its highest memory, MB."""
    command = [sys.executable, "-m", "benchmarks.library.stage_seconds", path]
    command += ["--models", StoreSettings().models, *options]
    with watched_memory() as memory:
        found = subprocess.run(
            [str(part) for part in command],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **ONE_THREAD},
        )
    return json.loads(found.stdout), max(memory.worker_mb.values())


def measure_song(python: str | None) -> None:
    """Processor seconds of a made song by stage, and of the peers."""
    with tempfile.TemporaryDirectory(prefix="backbeat-bench-") as place:
        song = Path(place) / "song.mp3"
        write_song(song, duration_s=SONG_S)
        found, peak_mb = alone(song, "--repeat", 2)
        ours = sum(found["stages"].values())
        print(f"mp3 of {SONG_S} s: {ours:.2f} processor s, peak {peak_mb:.0f} MB")
        for name, spent in found["stages"].items():
            print(f"    {name:20s} {spent:.3f} s")
        peers = alone(song, "--peers")[0]["peers"]
        if python is not None:
            peers["Essentia tempo and key"] = essentia_readings(python, [song])[0]["processor_s"]
        for name, spent in peers.items():
            print(f"    {name:22s} {spent:.2f} s, {spent / ours:.1f} times all of our stages")


def measure_long(hours: float) -> None:
    """Processor seconds and memory of a file of hours."""
    with tempfile.TemporaryDirectory(prefix="backbeat-bench-") as place:
        song, mix = Path(place) / "song.mp3", Path(place) / "mix.mp3"
        write_song(song, duration_s=SONG_S)
        write_repeated(song, mix, times=max(round(hours * 3600 / SONG_S), 1))
        found, peak_mb = alone(mix)
        print(
            f"mp3 of {hours:g} hours: {sum(found['stages'].values()):.2f} processor s, "
            f"{found['process_s']:.2f} with start, peak {peak_mb:.0f} MB"
        )


def measure_folder(folder: Path, workers: int, models: Path) -> None:
    """Index a folder with some workers."""
    summary, memory, pace = run(folder, workers=workers, models=models)
    files = sum(summary.outcomes.values()) + len(summary.failures)
    sizes = ", ".join(f"{size:.0f}" for size in memory.worker_mb.values())
    print(
        f"{workers} worker(s): {files} files in {summary.seconds:.1f} s, "
        f"{pace.per_minute():.0f} a minute, "
        f"{pace.computed_s / max(files, 1):.2f} processor s a file with start and vectors, "
        f"{len(summary.failures)} failed; worker MB: {sizes}; "
        f"parent MB: {memory.parent_mb:.0f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.library.indexing", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--limit", type=int)
    parser.add_argument("--song", action="store_true", help="an mp3 of 3½ minutes, by stage")
    parser.add_argument("--python", type=Path, help="a Python that has the essentia wheel")
    parser.add_argument("--long", type=float, metavar="HOURS", help="a mix of so many hours")
    given = parser.parse_args()
    models = StoreSettings().models
    ensure_models(models, on_progress=print)
    if given.song:
        measure_song(essentia_python(given.python))
    if given.long:
        measure_long(given.long)
    if given.folder is None:
        return
    with part_of(given.folder.expanduser().absolute(), given.limit) as folder:
        for workers in given.workers:
            measure_folder(folder, workers, models)


if __name__ == "__main__":
    main()
