"""Many people at once: chatters over the socket of the page, streams of music, and the indexer.

    python -m benchmarks.faults.load [--people 20] [--streams 10] [--minutes 2] [--tracks 5000]

A made-up library in a temporary folder, real songs that the indexer analyses again and again, and
a server of its own. Each person asks, reads for a second and asks again. An answer is whole when
the server says that the turn has ended. No model runs. `--minutes 60` shows whether memory grows.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import suppress
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

import httpx
import psutil
import socketio

from benchmarks.data.generated_files import write_song
from benchmarks.data.synthetic_library import fill
from benchmarks.page import REQUESTS, served

ANSWER_AIM_MS: Final = 500.0
_READS_S: Final = 1.0
_PATIENCE_S: Final = 60.0
_SONGS: Final = 6


class Person:
    """One browser tab, as far as the socket sees it."""

    def __init__(self, address: str, number: int) -> None:
        self._address = address
        self._requests = cycle(islice(cycle(REQUESTS), number, number + len(REQUESTS)))
        self._ended = asyncio.Event()
        self._socket: Any = socketio.AsyncClient()
        self._socket.on("task_end", lambda *_: self._ended.set())
        self.took_ms: list[float] = []
        self.failed = 0

    async def open(self) -> None:
        """Open the page and its socket."""
        async with httpx.AsyncClient(trust_env=False) as browser:
            await browser.get(f"{self._address}/chat/", headers={"Accept": "text/html"})
            cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        session = str(uuid.uuid4())
        await self._socket.connect(
            self._address,
            socketio_path="/chat/ws/socket.io",
            headers={"Cookie": cookie},
            auth={"clientType": "webapp", "sessionId": session, "threadId": "", "userEnv": "{}"},
            transports=["websocket"],
        )
        await self._socket.emit("connection_successful")

    async def talk(self, until_s: float) -> None:
        """Ask until a point of time."""
        while time.monotonic() < until_s:
            self._ended.clear()
            message = {"id": str(uuid.uuid4()), "name": "user", "type": "user_message",
                       "output": next(self._requests), "createdAt": None}  # fmt: skip
            began_s = time.monotonic()
            await self._socket.emit("client_message", {"message": message})
            try:
                await asyncio.wait_for(self._ended.wait(), _PATIENCE_S)
            except TimeoutError:
                self.failed += 1
            else:
                self.took_ms.append(1000 * (time.monotonic() - began_s))
            await asyncio.sleep(_READS_S)

    async def close(self) -> None:
        """Close the tab."""
        await self._socket.disconnect()


async def _listen(address: str, track: int, until_s: float, counts: dict[str, int]) -> None:
    """Hear a track over and over, at about the speed of 10 MB/s."""
    async with httpx.AsyncClient(trust_env=False, timeout=_PATIENCE_S) as player:
        while time.monotonic() < until_s:
            async with player.stream("GET", f"{address}/api/tracks/{track}/audio") as reply:
                counts["streams" if reply.status_code == 200 else "refused"] += 1
                async for _ in reply.aiter_bytes(64 * 1024):
                    await asyncio.sleep(0.006)


async def _weigh(process: int, until_s: float, seen_mb: list[float]) -> None:
    server = psutil.Process(process)
    while time.monotonic() < until_s:
        seen_mb.append(server.memory_info().rss / 1e6)
        await asyncio.sleep(5)


async def _all(address: str, process: int, ids: list[int], given: argparse.Namespace) -> bool:
    people = [Person(address, number) for number in range(given.people)]
    for person in people:
        await person.open()
    until_s = time.monotonic() + 60 * given.minutes
    counts, memory_mb = {"streams": 0, "refused": 0}, []
    heard = [_listen(address, ids[n % len(ids)], until_s, counts) for n in range(given.streams)]
    await asyncio.gather(
        *(person.talk(until_s) for person in people), *heard, _weigh(process, until_s, memory_mb)
    )
    for person in people:
        with suppress(Exception):
            await person.close()
    took_ms = sorted(took for person in people for took in person.took_ms)
    failed = sum(person.failed for person in people)
    p95 = took_ms[round(0.95 * (len(took_ms) - 1))]
    print(f"{len(took_ms)} answers, {failed} never came")
    print(f"p50 {statistics.median(took_ms):.0f} ms, p95 {p95:.0f} ms (aim {ANSWER_AIM_MS:.0f})")
    print(f"{counts['streams']} streams, {counts['refused']} refused")
    tenth = max(1, len(memory_mb) // 10)
    early, late = statistics.mean(memory_mb[:tenth]), statistics.mean(memory_mb[-tenth:])
    print(f"memory of the server: {early:.0f} MB at first, {late:.0f} MB at last")
    return failed == 0 and p95 <= ANSWER_AIM_MS


def _indexed(data: Path, music: Path, *, command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "backbeat", command, str(music)],
        env={**os.environ, "BACKBEAT_DATA": str(data)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _ids(address: str) -> list[int]:
    found = httpx.get(f"{address}/api/search", params={"q": "Backbeat"}, trust_env=False).json()
    tracks = found.get("tracks", [])
    return [int(track["id"]) for track in tracks if track.get("duration_s")] or [1]


def main() -> int:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--streams", type=int, default=10)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--tracks", type=int, default=5000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        data, music = Path(scratch) / "data", Path(scratch) / "music"
        os.environ["BACKBEAT_DATA"] = str(data)
        fill(data, given.tracks)
        music.mkdir()
        write_song(music / "0.mp3", duration_s=120)
        _indexed(data, music, command="index").wait()
        for number in range(1, _SONGS):
            shutil.copy(music / "0.mp3", music / f"{number}.mp3")
            with (music / f"{number}.mp3").open("ab") as file:
                file.write(os.urandom(64))
        indexer = _indexed(data, music, command="watch")
        try:
            with served(data) as (address, process):
                good = asyncio.run(_all(address, process, _ids(address), given))
        finally:
            indexer.terminate()
            indexer.wait()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
