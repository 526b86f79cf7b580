"""Files a minute, processor seconds a file and memory of a worker, on a folder of real music.

    python -m benchmarks.indexing FOLDER [--workers 1 2] [--limit 50]

Each run starts with an empty data folder; the tagger's models are taken from the usual one. The
rate leaves out the start of the workers. On a machine that does other things as well, look at the
processor seconds: they say what the rate would be without them.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from indexer.models.musicnn import ensure_models
from indexer.progress import IndexEvent, IndexSummary
from indexer.scan import walk
from indexer.service import index_once
from indexer.settings import IndexerSettings
from store import db
from store.paths import decode_path
from store.settings import StoreSettings

LOOK_S = 0.1


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


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.indexing", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--limit", type=int)
    given = parser.parse_args()
    models = StoreSettings().models
    ensure_models(models, on_progress=print)
    with part_of(given.folder.expanduser().absolute(), given.limit) as folder:
        for workers in given.workers:
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


if __name__ == "__main__":
    main()
