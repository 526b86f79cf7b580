"""Conversions that somebody waits for, and those that nobody does."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from fastapi import Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from assistant.web import transcoding
from assistant.web.audio_conversion import CONVERTING
from assistant.web.transcoding import Target, transcoded
from store.tracks import track_details

THREADS = 40
"""Of anyio, for all routes that are no coroutines."""
MP3 = Target("mp3")


async def _sound(reply: Response) -> bytes:
    assert isinstance(reply, StreamingResponse)
    return b"".join([chunk async for chunk in reply.body_iterator if isinstance(chunk, bytes)])


async def test_who_waits_for_sound_holds_no_thread(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcoding, "_PATIENCE_S", 0.0)
    file = track_details.track_file(1)
    with CONVERTING:
        replies = [await transcoded(file, 1, MP3) for _ in range(THREADS + 1)]
        sounds = [asyncio.create_task(_sound(reply)) for reply in replies]
        for _ in range(3):  # all of them wait for the first bytes
            await asyncio.sleep(0)
        assert await asyncio.wait_for(run_in_threadpool(int), 60) == 0
        assert not any(sound.done() for sound in sounds)
    first, *others = await asyncio.wait_for(asyncio.gather(*sounds), 60)
    assert len(first) > 1000
    assert set(others) == {first}


async def test_what_nobody_waits_for_is_not_begun(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcoding, "_PATIENCE_S", 0.0)
    monkeypatch.setattr(transcoding, "_TURN_S", 0.01)
    file = track_details.track_file(2)
    with CONVERTING:
        await transcoded(file, 2, MP3)
        [left] = transcoding._running.values()
        left.asked_s = -transcoding._WANTED_S
        await asyncio.to_thread(left.join, 60)
        assert not left.is_alive()
        assert not left.part.exists()
        again = await transcoded(file, 2, MP3)
    assert len(await asyncio.wait_for(_sound(again), 60)) > 1000
