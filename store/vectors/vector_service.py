"""Neighbours of a track for the chat, without LanceDB in the memory of its process.

Small libraries are scanned: 5,000 vectors take some 25 ms on a desktop, where starting LanceDB
takes 2.5 s. For large ones a child process holds LanceDB; until it is ready, and whenever it fails,
the scan is used.
"""

from __future__ import annotations

import atexit
import base64
import json
import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from select import select as select_ready
from typing import Any, Final

from sqlalchemy import func, select
from sqlmodel import col

from store import processes
from store.database.db import read, rows
from store.database.expressions import among
from store.settings import StoreSettings
from store.tables.analysis import TrackEmbedding
from store.tables.tracks import Track
from store.vectors import artist_vectors
from store.vectors.vector_scan import nearest_of, scan
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
    """Return the audio embeddings of the tracks, where analysed, of the model last used."""
    with read() as session:
        columns = (col(TrackEmbedding.track_id), col(TrackEmbedding.model))
        statement = select(*columns, col(TrackEmbedding.vector)).where(
            col(TrackEmbedding.kind) == "audio", among(col(TrackEmbedding.track_id), track_ids)
        )
        found = rows(session, statement.order_by(col(TrackEmbedding.id).desc()))
    model = found[0].model if found else ""
    return Vectors(model, {row.track_id: bytes(row.vector) for row in found if row.model == model})


def similar(track_id: int, *, limit: int, ids: Sequence[int] | None = None) -> Neighbours:
    """Return the tracks that sound most like a track, without itself, missing ones and
    what is no music.

    Empty when the track has no embedding yet. Without LanceDB found by a scan.
    """
    mine = vectors([track_id])
    if not mine.values:
        return ()
    found = near(mine.values[track_id], model=mine.model, limit=limit + 1, ids=ids)
    return tuple(pair for pair in found if pair[0] != track_id)[:limit]


def near(vector: bytes, *, model: str, limit: int, ids: Sequence[int] | None = None) -> Neighbours:
    """Return the nearest to a vector of `model` (float32 little-endian), only music on disk."""
    count = _count(model) if ids is None else len(ids)
    asked = {"model": model, "limit": limit + SPARE, "ids": None if ids is None else list(ids)}
    answer = _child.ask(vector, **asked) if count > SCAN_UP_TO else None
    if answer is None:
        answer = scan(vector, **asked)
    return _music_on_disk(answer)[:limit]


def similar_artists(artist_id: int, *, limit: int) -> Neighbours:
    """Return the artists whose tracks sound most like those of an artist, without itself.

    Empty when no track of the artist was listened to yet. An artist without tracks on disk is left
    out.
    """
    mine = artist_vectors.artist_vector(artist_id)
    if mine is None:
        return ()
    model, vector = mine
    asked = {"model": model, "limit": limit + SPARE, "ids": None}
    large = _count(model) > SCAN_UP_TO
    answer = _child.ask(vector, **asked, artists=True) if large else None
    if answer is None:
        answer = nearest_of(vector, artist_vectors.artist_means(model), limit=limit + SPARE)
    present = _with_tracks([number for number, _ in answer]) - {artist_id}
    return tuple(pair for pair in answer if pair[0] in present)[:limit]


def warm(*, timeout_s: float = 60.0) -> bool:
    """Start the child before the first question; return whether it is ready in time."""
    return _child.ready_within(timeout_s)


def close() -> None:
    """End the child process, if there is one."""
    _child.close()


def stored_count() -> int:
    """Return how many vectors of sound are stored."""
    audio = select(func.count()).where(col(TrackEmbedding.kind) == "audio")
    with read() as session:
        return int(rows(session, audio)[0][0])


def _count(model: str) -> int:
    statement = select(func.count()).where(col(TrackEmbedding.model) == model)
    with read() as session:
        return int(rows(session, statement)[0][0])


def _music_on_disk(found: Neighbours) -> Neighbours:
    among_found = among(col(Track.id), [number for number, _ in found])
    statement = select(col(Track.id)).where(
        col(Track.missing).is_(False), col(Track.kind).is_(None), among_found
    )
    with read() as session:
        shown = {row.id for row in rows(session, statement)}
    return tuple(pair for pair in found if pair[0] in shown)


def _with_tracks(artist_ids: Sequence[int]) -> set[int]:
    of_them = among(col(Track.artist_id), artist_ids)
    statement = select(col(Track.artist_id)).where(col(Track.missing).is_(False), of_them)
    with read() as session:
        return {row.artist_id for row in rows(session, statement.distinct())}


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
        self,
        vector: bytes,
        *,
        model: str,
        limit: int,
        ids: list[int] | None,
        artists: bool = False,
    ) -> Neighbours | None:
        """The child's answer; None while it starts, or when it fails."""
        question = {
            "vector": base64.b64encode(vector).decode(),
            "model": model,
            "limit": limit,
            "ids": ids,
            "artists": artists,
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
        self._process = subprocess.Popen(
            **processes.module("store.vectors.vector_child"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
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
            if not select_ready([stream], [], [], max(until - time.monotonic(), 0.0))[0]:
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
