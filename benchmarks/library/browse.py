"""How long the lists of the library on the page take: p50 and p95 on one core.

python -m benchmarks.library.browse [--tracks 100000] [--keep FOLDER] [--cpu]

The library is the made-up one of `benchmarks.data.synthetic_library`, without vectors.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.data.synthetic_library import fill

RUNS: Final = 20
PAGE: Final = 60
AIM_MS: Final = 50.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tracks", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="folder to keep the library in")
    parser.add_argument("--cpu", action="store_true", help="processor time, for a busy machine")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = (options.keep or Path(scratch)) / f"page-{options.tracks}"
        os.environ["BACKBEAT_DATA"] = str(folder)
        fill(folder, options.tracks, vectors=False)
        print(f"{options.tracks} tracks", flush=True)
        clock = time.process_time if options.cpu else time.perf_counter
        return int(sum(_shown(name, run, clock) for name, run in _cases(options.tracks)) > 0)


def _shown(name: str, run: Callable[[int], Any], clock: Callable[[], float]) -> bool:
    run(0)  # the first one reads the tables from disk
    took_ms: list[float] = []
    for number in range(1, RUNS + 1):
        begin = clock()
        run(number)
        took_ms.append((clock() - begin) * 1000)
    p50, p95 = (sorted(took_ms)[round(part * (RUNS - 1))] for part in (0.5, 0.95))
    missed = p95 > AIM_MS
    print(f"  {name:28} p50 {p50:6.1f} ms   p95 {p95:6.1f} ms{'  !' * missed}", flush=True)
    return missed


def _cases(tracks: int) -> Iterator[tuple[str, Callable[[int], Any]]]:
    from store.browse import album_list, artist_list, folder_list, genre_list, name_lookup
    from store.jobs.indexing_progress import failed_jobs
    from store.library import browsing
    from store.library.track_sheet import track_sheet
    from store.search.query import TrackQuery
    from store.search.track_search import search

    albums, artists = max(tracks // 9, 1), max(tracks // 27, 1)
    orders: tuple[album_list.AlbumOrder, ...] = ("artist", "title", "year", "added")
    for order in orders:
        yield (
            f"albums by {order}",
            lambda n, order=order: album_list.album_page(
                order, offset=n * 97 % albums if order != "added" else n * 5, limit=PAGE
            ),
        )
    yield "letters of albums", lambda n: album_list.album_letters("artist")
    yield "artists", lambda n: artist_list.artist_page(offset=n * 97 % artists, limit=PAGE)
    yield "letters of artists", lambda n: artist_list.artist_letters()
    yield "albums of an artist", lambda n: album_list.albums_of_artist(n + 1)
    yield "tracks of an album", lambda n: browsing.album_tracks(n + 1)
    yield "genres", lambda n: genre_list.genre_list()
    yield "tracks of a genre", lambda n: search(TrackQuery(genres=["rock"], limit=PAGE))
    yield "recently added", lambda n: search(TrackQuery(sort="added", limit=PAGE))
    yield "liked", lambda n: search(TrackQuery(liked=True, sort="added", limit=PAGE))
    yield "top folder", lambda n: folder_list.folder_entry()
    yield "a folder", lambda n: folder_list.folder_entry(str(n + 1))
    yield "failed files", lambda n: failed_jobs(offset=0, limit=PAGE)
    for text in ("n", "love", "golden ri"):
        yield f"names: {text}", lambda n, text=text: name_lookup.look_up_names(text, limit=12)
    yield "the sheet of a track", lambda n: track_sheet(n + 1)


if __name__ == "__main__":
    raise SystemExit(main())
