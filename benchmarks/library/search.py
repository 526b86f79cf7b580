"""How long the queries of the tools take in large libraries: p50 and p95 on one core.

python -m benchmarks.library.search [--tracks 10000 100000] [--keep FOLDER] [--only WORD]

The library is made up: names of common words (Zipf), features and moods that hang together by
genre, vectors in clusters; written into a real database whose triggers fill the full-text tables.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

from benchmarks.data.synthetic_library import STYLES, SyntheticLibrary, fill

RUNS: Final = 20
AIM_MS: Final = 50.0

Case = tuple[str, Callable[[int], object]]
"""A name, and what is timed; it is given the number of the run."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tracks", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--keep", type=Path, help="folder to keep the libraries in")
    parser.add_argument("--only", default="", help="cases whose name holds this")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument(
        "--cpu",
        action="store_true",
        help="processor time instead of time on the clock: for a machine that is busy otherwise; "
        "leaves out the process that holds LanceDB",
    )
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    for count in options.tracks:
        with tempfile.TemporaryDirectory() as scratch:
            folder = (options.keep or Path(scratch)) / str(count)
            clock = time.process_time if options.cpu else time.perf_counter
            _measure(folder, count, only=options.only, runs=options.runs, clock=clock)


def _measure(folder: Path, count: int, *, only: str, runs: int, clock: Callable[[], float]) -> None:
    from store.database import db
    from store.vectors import vector_service

    os.environ["BACKBEAT_DATA"] = str(folder)
    db.reset()
    begin = time.perf_counter()
    library = fill(folder, count)
    print(f"\n{count} tracks, made in {time.perf_counter() - begin:.0f} s")
    vector_service.warm()
    slow = 0
    for name, run in _cases(library):
        if only not in name:
            continue
        run(0)  # the first one reads the tables from disk
        took = sorted(_timed(run, number, clock) for number in range(1, runs + 1))
        p50, p95 = took[len(took) // 2], took[int(0.95 * (len(took) - 1))]
        slow += p95 > AIM_MS
        print(f"  {name:44} p50 {p50:6.1f} ms   p95 {p95:6.1f} ms{'  !' if p95 > AIM_MS else ''}")
    print(f"  {slow} above {AIM_MS:.0f} ms")
    vector_service.close()


def _timed(run: Callable[[int], object], number: int, clock: Callable[[], float]) -> float:
    begin = clock()
    run(number)
    return (clock() - begin) * 1000


def _cases(library: SyntheticLibrary) -> Iterator[Case]:
    yield from _names(library)
    yield from _searches(library)
    yield from _others(library)


def _names(library: SyntheticLibrary) -> Iterator[Case]:
    from store.search import name_search

    names = name_search.NameSearch()
    for kind, look in (("artist", names.artists), ("album", names.albums), ("track", names.tracks)):
        for way, texts in library.texts(kind).items():
            every = list(islice(cycle(texts), 200))
            yield f"name: {kind}, {way}", lambda n, look=look, every=every: look(every[n])


def _searches(library: SyntheticLibrary) -> Iterator[Case]:
    from tools import search_tracks

    titles, artists = library.texts("track")["exact"], library.texts("artist")["exact"]
    albums = library.texts("album")["exact"]
    for name, wishes in {
        "one mood": lambda n: {"moods": ["chill"]},
        "genre and two moods": lambda n: {"genres": ["rock"], "moods": ["happy", "energetic"]},
        "tempo": lambda n: {"bpm_min": 90 + n, "bpm_max": 96 + n},
        "tempo and key, by tempo": lambda n: {"bpm_min": 100, "keys": ["8A"], "sort": "bpm"},
        "mixes with a key": lambda n: {"harmonic_with": f"{n % 12 + 1}A"},
        "years and energy": lambda n: {"year_min": 1980, "year_max": 1989, "energy": "high"},
        "instrumental, slow": lambda n: {"instrumental": True, "bpm_max": 90},
        "without genres, moods and an artist": lambda n: {
            "exclude_genres": ["metal", "punk"],
            "exclude_moods": ["sad"],
            "exclude_artists": [artists[n]],
        },
        "an artist": lambda n: {"artists": [artists[n]]},
        "last added": lambda n: {"sort": "added"},
        "at random": lambda n: {"sort": "random", "moods": ["party"]},
        "everything by energy": lambda n: {"sort": "energy"},
        "words": lambda n: {"text": titles[n]},
        "like a track": lambda n: {"like": library.label(n)},
        "like a track, without a genre": lambda n: {
            "like": library.label(n),
            "exclude_genres": ["pop"],
        },
        "a description": lambda n: {"text": "a rainy sunday in a café"},
        "a description, 90s": lambda n: {
            "text": "driving at night",
            "year_min": 1990,
            "year_max": 1999,
        },
        "an album": lambda n: {"albums": [albums[n]]},
        "a genre tag": lambda n: {"genres": [f"Rock {n % STYLES}"]},
        "length": lambda n: {"length_min": 3 + n / 100, "length_max": 4},
        "liked": lambda n: {"liked": True},
        "not liked, no chart": lambda n: {"liked": False, "has_chart": False},
        "mixes with a track": lambda n: {"mixes_with": library.label(n)},
        "without two tracks": lambda n: {
            "exclude_tracks": [library.label(n), library.label(n + 9)]
        },
        "added within a year": lambda n: {"added_days": 365 + n},
        "the longest": lambda n: {"sort": "length", "descending": True},
        "the fastest of a genre": lambda n: {
            "genres": ["rock"],
            "sort": "bpm",
            "descending": True,
            "limit": 1,
        },
        "everything by title": lambda n: {"sort": "title"},
        "everything by artist": lambda n: {"sort": "artist"},
        "most popular": lambda n: {"sort": "popularity"},
        "nothing fits": lambda n: {"genres": ["jazz"], "moods": ["party"], "bpm_min": 230 + n},
    }.items():
        yield f"search: {name}", partial(_call, search_tracks, wishes)


def _others(library: SyntheticLibrary) -> Iterator[Case]:
    from store.search import track_search
    from store.search.query import TrackQuery
    from tools import export_playlist, find_similar, library_status, make_playlist, summarize_track
    from tools.playlist.candidates import CANDIDATES, CHANCE

    def few(query: TrackQuery, seed: int) -> object:
        return track_search.candidates(query, limit=CANDIDATES, seed=seed, chance=CHANCE)

    yield "playlist: candidates, anything", lambda n: few(TrackQuery(), n)
    mood = TrackQuery(moods=["chill"], bpm_min=80, bpm_max=110)
    yield "playlist: candidates, mood and tempo", lambda n: few(mood, n)
    for name, wishes in {
        "20 of a mood": lambda n: {"moods": ["chill"], "bpm_min": 80, "bpm_max": 110},
        "an hour that rises": lambda n: {"genres": ["house"], "duration_min": 60, "arc": "rise"},
        "a path": lambda n: {
            "from_track": library.label(n),
            "to_track": library.label(n + 50),
            "limit": 10,
        },
    }.items():
        yield f"make_playlist: {name}", partial(_call, make_playlist, wishes)
    yield "export_playlist", partial(_call, export_playlist, lambda n: {"format": "rekordbox"})
    for tool in (summarize_track, find_similar):
        yield tool.name, partial(_call, tool, lambda n: {"track": library.label(n)})
    yield "library_status", partial(_call, library_status, lambda n: {})


def _call(tool: Any, wishes: Callable[[int], dict[str, Any]], number: int) -> None:
    from tools.base import ToolContext

    context = ToolContext()
    tool.render(tool.run(tool.arguments(**wishes(number)), context), context)


if __name__ == "__main__":
    main()
