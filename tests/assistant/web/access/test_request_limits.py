"""Bodies that are too large."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from assistant.web.access.request_limits import BODY_BYTES

_SIZE = 64 * 1024


async def endless(sent: list[int]) -> AsyncIterator[bytes]:
    for _ in range(10 * BODY_BYTES // _SIZE):
        sent.append(_SIZE)
        yield b"[" * _SIZE


@pytest.mark.parametrize(
    "address",
    ["/api/tracks", "/api/chat", "/api/playlists/import", "/api/tracks/1/mir", "/nowhere"],
)
async def test_a_body_that_does_not_end_is_not_read_to_its_end(
    api: httpx.AsyncClient, address: str
) -> None:
    sent: list[int] = []
    reply = await api.post(address, content=endless(sent))
    assert reply.status_code in ({404, 405} if address == "/nowhere" else {413})
    assert sum(sent) <= BODY_BYTES + _SIZE


async def test_an_announced_one_is_not_read_at_all(api: httpx.AsyncClient) -> None:
    reply = await api.post("/api/tracks", content=b"[" * (BODY_BYTES + 1))
    assert reply.status_code == 413
    told: dict[str, Any] = reply.json()
    assert str(BODY_BYTES) in told["detail"] and set(told) == {"detail", "choices", "fields"}
    assert (await api.post("/api/tracks", content=b"[" * 1000)).status_code in {400, 422}
