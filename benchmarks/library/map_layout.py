"""How long the map of a large library takes, its memory, and whether neighbours stay neighbours.

    python -m benchmarks.library.map_layout [--tracks 100000] [--held 2000] [--keep FOLDER]

The vectors are made up: groups of sounds that overlap, two a genre, on a curved surface of eight
dimensions in 200, with noise. The map is made as the indexer makes it, in a process of its own with
one thread. Trustworthiness (Venna and Kaski 2001) is that of scikit-learn, 12 neighbours by cosine,
of a sample of tracks that are not landmarks; the first two principal components stand beside it.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.data.synthetic_library import MODEL, fill
from indexer.ingest.map_layout import components
from indexer.jobs.worker_process import worker_environment
from store import processes
from store.database import db
from store.settings import StoreSettings
from store.vectors import map_positions
from store.vocabulary import GENRES

GROUPS_A_GENRE: Final = 2
INNER: Final = 8
DIMENSION: Final = 200
BATCH: Final = 5_000
NEIGHBOURS: Final = 12


def main() -> int:
    """Make the library and its map, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tracks", type=int, default=100_000)
    parser.add_argument("--held", type=int, default=2_000)
    parser.add_argument("--keep", type=Path, help="folder to keep the library in")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        make_map(folder, options.tracks, anew=True)
        _compare(options.held)
    return 0


def make_map(folder: Path, tracks: int, *, anew: bool = False) -> Path:
    """Return the data folder of a library of `tracks` with its map, made where it is missing."""
    data = folder / f"map-{tracks}"
    os.environ["BACKBEAT_DATA"] = str(data)
    if not (data / "backbeat.db").exists():
        fill(data, tracks, vectors=False)
        _put_sounds(tracks)
    if anew:
        (data / "map.npz").unlink(missing_ok=True)
    if not map_positions.is_there():
        _lay_out(tracks)
    return data


def _put_sounds(count: int) -> None:
    """Replace the vectors of the made-up library."""
    rng = np.random.default_rng(3)
    centres = rng.normal(size=(GROUPS_A_GENRE * len(GENRES), INNER)) * 1.6
    with db.read() as session:
        main = "SELECT genre_id - 1 FROM genretag WHERE main ORDER BY track_id"
        genres = np.array([row[0] for row in db.rows(session, main)])
    own = GROUPS_A_GENRE * genres + rng.integers(0, GROUPS_A_GENRE, count)
    wide, bias = rng.normal(size=(INNER, 64)) / INNER**0.5, rng.normal(size=64)
    out = rng.normal(size=(64, DIMENSION)) / 8
    with db.write() as session:
        connection = session.connection()
        for start in range(0, count, BATCH):
            groups = own[start : start + BATCH]
            inner = centres[groups] + 0.7 * rng.normal(size=(groups.size, INNER))
            sounds = np.maximum(np.maximum(inner @ wide + bias, 0) @ out, 0)
            sounds += rng.gamma(0.5, 0.15, sounds.shape)
            connection.exec_driver_sql(
                "UPDATE trackembedding SET vector = ? WHERE track_id = ?",
                [
                    (sound.astype("<f4").tobytes(), start + at + 1)
                    for at, sound in enumerate(sounds)
                ],
            )


def _lay_out(count: int) -> None:
    start = processes.module(
        "indexer.ingest.map_writer", environment=worker_environment(StoreSettings())
    )
    for name in ("the whole map", "nothing new"):
        begin = time.perf_counter()
        subprocess.run(**start, check=True)
        took_s = time.perf_counter() - begin
        largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3
        print(f"{name}: {count} tracks in {took_s:.0f} s, at most {largest:.0f} MB", flush=True)


def _compare(held: int) -> None:
    from sklearn.manifold import trustworthiness

    positions = map_positions.load()
    candidates = np.flatnonzero(~positions.landmarks)
    rng = np.random.default_rng(0)
    sample = rng.choice(candidates, min(held, candidates.size), replace=False)
    wanted = {int(number): at for at, number in enumerate(positions.track_ids[sample])}
    vectors = np.empty((sample.size, DIMENSION), np.float32)
    for number in wanted:
        found = map_positions.vectors_of(MODEL, number - 1, 1)[0][1]
        vectors[wanted[number]] = np.frombuffer(found, "<f4")
    for name, places in (
        ("map", positions.places[sample].astype(float)),
        ("two components", components(lambda: iter([vectors]))[:, :2]),
    ):
        value = trustworthiness(vectors, places, n_neighbors=NEIGHBOURS, metric="cosine")
        print(f"trustworthiness, {name}: {value:.3f}")


if __name__ == "__main__":
    raise SystemExit(main())
