"""How long the calls of player apps take in a large library: p50 and p95, and the size of answers.

python -m benchmarks.library.players [--tracks 100000] [--keep FOLDER] [--runs 10]

The library is made up as for `benchmarks.library.search`; calls are made without a network, from
the parameters to the written answer.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import httpx

from benchmarks.data.synthetic_library import fill

RUNS: Final = 10
PAGE: Final = 500
_EVERY: Final = {"query": "", "artistCount": "0", "albumCount": "0", "songCount": "0"}

CALLS: Final[tuple[tuple[str, str, dict[str, str]], ...]] = (
    ("ping", "ping", {}),
    ("getArtists", "getArtists", {}),
    ("getIndexes", "getIndexes", {}),
    ("getGenres", "getGenres", {}),
    *(
        (f"getAlbumList2 {order}, 500", "getAlbumList2", {"type": order, "size": "500"})
        for order in ("newest", "alphabeticalByName", "alphabeticalByArtist", "random", "recent",
                      "frequent", "highest", "starred")
    ),
    (
        "getAlbumList2 by name, last page",
        "getAlbumList2",
        {"type": "alphabeticalByName", "size": "500", "offset": "10600"},
    ),
    (
        "getAlbumList2 by year, 500",
        "getAlbumList2",
        {"type": "byYear", "size": "500", "fromYear": "1990", "toYear": "1999"},
    ),
    (
        "getAlbumList2 by genre, 500",
        "getAlbumList2",
        {"type": "byGenre", "size": "500", "genre": "rock"},
    ),
    ("getArtist", "getArtist", {"id": "ar-17"}),
    ("getAlbum", "getAlbum", {"id": "al-17"}),
    ("getSong", "getSong", {"id": "tr-17"}),
    ("getRandomSongs, 500", "getRandomSongs", {"size": "500"}),
    ("getSongsByGenre, 500", "getSongsByGenre", {"genre": "rock", "count": "500"}),
    ("search3 of words", "search3", {"query": "love night"}),
    ("search3 of one letter", "search3", {"query": "l"}),
    ("search3 of nothing there", "search3", {"query": "zqx vrook"}),
    ("search3 all artists, 500", "search3", {**_EVERY, "artistCount": "500"}),
    ("search3 all albums, 500", "search3", {**_EVERY, "albumCount": "500"}),
    ("search3 all songs, first 500", "search3", {**_EVERY, "songCount": "500"}),
    (
        "search3 all songs, last 500",
        "search3",
        {**_EVERY, "songCount": "500", "songOffset": "99500"},
    ),
    ("search3 all songs, 5000", "search3", {**_EVERY, "songCount": "5000"}),
    ("getStarred2", "getStarred2", {}),
    ("getSimilarSongs2", "getSimilarSongs2", {"id": "tr-17"}),
    ("getSonicSimilarTracks", "getSonicSimilarTracks", {"id": "tr-17"}),
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tracks", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="folder to keep the library in")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--xml", action="store_true", help="answers as XML instead of JSON")
    parser.add_argument("--cpu", action="store_true", help="processor time, on a busy machine")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = (options.keep or Path(scratch)) / str(options.tracks)
        os.environ["BACKBEAT_DATA"] = str(folder)
        begin = time.perf_counter()
        fill(folder, options.tracks)
        print(f"{options.tracks} tracks, made in {time.perf_counter() - begin:.0f} s")
        asyncio.run(_measure("xml" if options.xml else "json", options.runs, cpu=options.cpu))


async def _measure(format: str, runs: int, *, cpu: bool) -> None:
    from assistant.settings import Settings
    from assistant.web.server import create_app
    from store.vectors import vector_service

    clock = time.process_time if cpu else time.perf_counter
    vector_service.warm()
    transport = httpx.ASGITransport(app=create_app(Settings(use_model=False), chat=False))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        await client.get("/rest/scrobble", params={"id": [f"tr-{at}" for at in range(1, 400)]})
        for name, method, parameters in CALLS:
            given: dict[str, Any] = {"f": format, **parameters}
            took: list[float] = []
            size = 0
            for _ in range(runs + 1):  # the first one reads the tables from disk
                begin = clock()
                reply = await client.get(f"/rest/{method}", params=given)
                took.append((clock() - begin) * 1000)
                size = len(reply.content)
            took = sorted(took[1:])
            p50, p95 = took[len(took) // 2], took[int(0.95 * (len(took) - 1))]
            print(f"  {name:36} p50 {p50:7.1f} ms   p95 {p95:7.1f} ms   {size / 1000:8.1f} kB")
    vector_service.close()


if __name__ == "__main__":
    main()
