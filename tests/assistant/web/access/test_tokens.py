"""Requests of other programs, with a token."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from assistant.settings import Settings
from assistant.web.server import create_app
from store.people import likes, tokens, users

SECRET = "a long secret"


@pytest.fixture
async def client(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server with users."""
    monkeypatch.setenv("CHAINLIT_AUTH_SECRET", "k" * 40)
    users.add_user("Zoë", SECRET)
    transport = httpx.ASGITransport(app=create_app(Settings(use_model=False), chat=False))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as opened:
        yield opened


async def test_a_token_acts_for_its_user_until_it_is_revoked(client: httpx.AsyncClient) -> None:
    bruno = users.add_user("Bruno", SECRET).person.id
    made, secret = tokens.add_token("radio", bruno)
    client.headers["Authorization"] = f"Bearer {secret}"
    assert (await client.put("/api/tracks/1/like")).status_code == 204
    assert likes.likes_of(bruno) == {1: likes.LIKED}
    page = await client.get("/api/status", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    tokens.revoke_token(made.id)
    assert (await client.put("/api/tracks/2/like")).status_code == 401


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer bb_wrong", "bearer ü"])
async def test_a_wrong_token_is_refused(client: httpx.AsyncClient, header: str) -> None:
    reply = await client.get("/api/status", headers={"Authorization": header.encode()})
    assert reply.status_code == 401


async def test_a_page_opened_by_name_begins_the_session_of_that_person(
    client: httpx.AsyncClient,
) -> None:
    users.add_user("Bruno", SECRET)
    html = {"Accept": "text/html"}
    page = await client.get("/api/status", headers=html, auth=("bruno", SECRET))
    cookie = page.headers["set-cookie"].partition(";")[0]
    client.cookies.clear()
    likes_of = await client.put("/api/tracks/1/like", headers={"Cookie": cookie})
    assert likes_of.status_code == 204
    bruno = users.account_named("bruno")
    assert bruno is not None
    assert likes.likes_of(bruno.person.id) == {1: likes.LIKED}
