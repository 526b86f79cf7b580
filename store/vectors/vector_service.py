"""Neighbours of a track for the chat, which must not carry LanceDB in its own memory.

Small libraries are scanned: 5,000 vectors take some 25 ms on a desktop, where starting LanceDB
takes 2.5 s. Large ones are asked of a child process that holds LanceDB; until it is ready, and
whenever it fails, the scan answers, so an answer always comes.
"""

from __future__ import annotations

import atexit
import base64
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from store.database.db import read, rows
from store.settings import StoreSettings
from store.vectors.vector_scan import scan
from store.vectors.vector_tables import Neighbours

SCAN_UP_TO: Final = 5_000
"""Twice as many take 45 to 80 ms of processor time to scan, more than a search may."""
ANSWER_WITHIN_S: Final = 5.0
"""A healthy child answers in milliseconds; one that does not is replaced."""
START_AGAIN_AFTER_S: Final = 10.0
"""Between two starts, so that a child that cannot live does not keep the machine busy."""
SPARE: Final = 20
"""Neighbours asked for beyond the limit, as some may be missing from disk."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """Vectors of tracks, of one model.

    Attributes:
        model: Its name; "" when there are none.
        values: Track → float32 little-endian.
    """

    model: str = ""
    values: Mapping[int, bytes] = field(default_factory=dict)


def vectors(track_ids: Sequence[int]) -> Vectors:
    """What the tracks sound like, of those that were listened to, by the model last used."""
    with read() as session:
        found = rows(session, _VECTORS, ids=json.dumps(list(track_ids)))
    model = found[0].model if found else ""
    return Vectors(model, {row.track_id: bytes(row.vector) for row in found if row.model == model})


def similar(track_id: int, *, limit: int, ids: Sequence[int] | None = None) -> Neighbours:
    """Tracks that sound most like a track, the track itself and missing ones left out.

    Empty when the track has no embedding yet. Always answers: without LanceDB by a scan.
    """
    mine = vectors([track_id])
    if not mine.values:
        return ()
    found = near(mine.values[track_id], model=mine.model, limit=limit + 1, ids=ids)
    return tuple(pair for pair in found if pair[0] != track_id)[:limit]


def near(vector: bytes, *, model: str, limit: int, ids: Sequence[int] | None = None) -> Neighbours:
    """Tracks nearest to a vector of `model` (float32 little-endian), missing ones left out."""
    with read() as session:
        if ids is None:
            many = rows(session, _COUNT, model=model)[0].n > SCAN_UP_TO
        else:
            many = len(ids) > SCAN_UP_TO
    asked = {"model": model, "limit": limit + SPARE, "ids": None if ids is None else list(ids)}
    answer = _child.ask(vector, **asked) if many else None
    if answer is None:
        answer = scan(vector, **asked)
    return _shown(answer)[:limit]


def warm(*, timeout_s: float = 60.0) -> bool:
    """Start the child ahead of the first question; whether it is ready in time."""
    return _child.ready_within(timeout_s)


def close() -> None:
    """End the child process, if there is one."""
    _child.close()


_VECTORS: Final = """
SELECT track_id, model, vector FROM trackembedding
WHERE kind = 'audio' AND track_id IN (SELECT value FROM json_each(:ids)) ORDER BY id DESC"""
_COUNT: Final = "SELECT count(*) AS n FROM trackembedding WHERE model = :model"
_THERE: Final = """
SELECT id FROM track WHERE NOT missing AND id IN (SELECT value FROM json_each(:ids))"""


def _shown(found: Neighbours) -> Neighbours:
    with read() as session:
        there = {
            row.id for row in rows(session, _THERE, ids=json.dumps([number for number, _ in found]))
        }
    return tuple(pair for pair in found if pair[0] in there)


class _Child:
    """The process, started on first use and again when it has ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._data: Path | None = None
        self._ready = False
        self._unread = b""
        self._not_before = 0.0
        self._lock = threading.Lock()

    def ask(
        self, vector: bytes, *, model: str, limit: int, ids: list[int] | None
    ) -> Neighbours | None:
        """The child's answer; None while it starts, or when it fails."""
        question = {
            "vector": base64.b64encode(vector).decode(),
            "model": model,
            "limit": limit,
            "ids": ids,
        }
        with self._lock:
            if not self._is_ready(0.0):
                return None
            answer = self._exchange(json.dumps(question).encode() + b"\n")
        if answer is None or "neighbours" not in answer:
            return None
        return tuple((int(number), float(alike)) for number, alike in answer["neighbours"])

    def ready_within(self, timeout_s: float) -> bool:
        """Start the child if need be and wait for it."""
        with self._lock:
            return self._is_ready(timeout_s)

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._end()

    @property
    def process_id(self) -> int | None:
        """The running child."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def _is_ready(self, timeout_s: float) -> bool:
        folder = StoreSettings().folder
        if self._process is None or self._process.poll() is not None or self._data != folder:
            if time.monotonic() < self._not_before and self._data == folder:
                return False
            self._end()
            self._start(folder)
        if not self._ready:  # its first line
            self._ready = self._line(timeout_s) is not None
        return self._ready

    def _start(self, folder: Path) -> None:
        root = str(Path(__file__).resolve().parents[2])
        search = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "store.vectors.vector_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "BACKBEAT_DATA": str(folder), "PYTHONPATH": search},
            start_new_session=True,  # Ctrl-C reaches the parent alone, which then ends it
        )
        self._data = folder
        self._not_before = time.monotonic() + START_AGAIN_AFTER_S

    def _exchange(self, question: bytes) -> dict[str, Any] | None:
        process = self._process
        assert process is not None and process.stdin is not None
        try:
            process.stdin.write(question)
            process.stdin.flush()
            line = self._line(ANSWER_WITHIN_S)
            answer = json.loads(line) if line else None
        except (OSError, ValueError):
            answer = None
        if answer is None:
            self._end()
        return answer

    def _line(self, timeout_s: float) -> bytes | None:
        """The next whole line of the child; None when none comes in time or it has ended."""
        assert self._process is not None and self._process.stdout is not None
        stream = self._process.stdout.fileno()
        until = time.monotonic() + timeout_s
        while b"\n" not in self._unread:
            if not select.select([stream], [], [], max(until - time.monotonic(), 0.0))[0]:
                return None
            piece = os.read(stream, 1 << 16)
            if not piece:
                return None
            self._unread += piece
        line, _, self._unread = self._unread.partition(b"\n")
        return line

    def _end(self) -> None:
        process, self._process = self._process, None
        self._ready, self._unread = False, b""
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


_child = _Child()
atexit.register(_child.close)
