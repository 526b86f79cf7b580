"""Signing in with name and password; sessions and how they end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from assistant.settings import Settings
from assistant.web.server import create_app
from store.people import likes, users
from store.tables.people import OWNER_ID

SECRET = "a long secret"
HTML = {"Accept": "text/html"}


def client_of(settings: Settings, **options: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=create_app(settings, chat=False))
    address = options.pop("base_url", "http://localhost:8000")
    return httpx.AsyncClient(transport=transport, base_url=address, headers=options)


@pytest.fixture
async def client(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server with one user."""
    monkeypatch.setenv("CHAINLIT_AUTH_SECRET", "k" * 40)
    users.add_user("Zoë", SECRET)
    async with client_of(Settings(use_model=False)) as opened:
        yield opened


async def log_in(client: httpx.AsyncClient, name: str = "zoe", password: str = SECRET, **more: str):
    language = more.pop("language", "en")
    form = {"name": name, "password": password, **more}
    return await client.post("/login", data=form, headers={"Accept-Language": language})


async def test_a_page_leads_to_the_login_and_back(client: httpx.AsyncClient) -> None:
    asked = await client.get("/chat/thread/abc", headers=HTML)
    assert asked.status_code == 303
    assert asked.headers["location"] == "/login?next=/chat/thread/abc"
    form = await client.get(asked.headers["location"], headers=HTML)
    assert 'value="/chat/thread/abc"' in form.text
    assert (await client.get("/api/status")).status_code == 401
    done = await log_in(client, next="/chat/thread/abc")
    assert (done.status_code, done.headers["location"]) == (303, "/chat/thread/abc")
    cookie = done.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    assert (await client.get("/api/status")).status_code == 200
    again = await client.get("/login", headers=HTML)
    assert (again.status_code, again.headers["location"]) == (303, "/chat/")


@pytest.mark.parametrize(
    "address", ["//evil.example", "https://evil.example", "/chat//evil.example", "/chat/\\evil",
                "/api/status", "/chat/\nx", ""]
)  # fmt: skip
async def test_a_login_leads_nowhere_else(client: httpx.AsyncClient, address: str) -> None:
    assert (await log_in(client, next=address)).headers["location"] == "/chat/"


async def test_a_session_over_tls_stays_on_tls(client: httpx.AsyncClient) -> None:
    client.base_url = httpx.URL("https://localhost:8000")
    assert "Secure" in (await log_in(client)).headers["set-cookie"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en-GB", "Name and password do not match."), ("fr-CH, en", "ne correspondent pas.")],
)
async def test_a_wrong_password_is_said_in_the_language_of_the_person(
    client: httpx.AsyncClient, language: str, words: str
) -> None:
    for name in ("zoe", "nobody", "<script>"):
        reply = await log_in(client, name, "wrong", language=language)
        assert reply.status_code == 401
        assert words in reply.text
        assert "<script>" not in reply.text.split("<h1>")[1]
    assert (await client.get("/api/status")).status_code == 401
    assert (await log_in(client, "zoe", "", language=language)).status_code == 422


async def test_guessing_is_slowed_and_the_time_is_said(client: httpx.AsyncClient) -> None:
    for _ in range(4):
        assert (await log_in(client, password="wrong")).status_code == 401
    refused = await log_in(client, language="fr")  # the right one
    assert refused.status_code == 429
    assert "Réessayez dans 2 secondes." in refused.text
    assert refused.headers["retry-after"] == "2"
    program = await client.get("/api/status", auth=("zoe", SECRET))
    assert program.status_code == 429
    assert int(program.headers["retry-after"]) <= 2


@pytest.mark.parametrize("change", ["password", "remove"])
async def test_a_session_ends_with_its_password(client: httpx.AsyncClient, change: str) -> None:
    users.add_user("Bruno", SECRET)
    await log_in(client, "bruno")
    assert (await client.get("/api/status")).status_code == 200
    if change == "password":
        users.set_password("Bruno", SECRET)
    else:
        users.remove_user("Bruno")
    assert (await client.get("/api/status")).status_code == 401
    assert (await client.get("/chat/", headers=HTML)).status_code == 303


async def test_a_session_survives_a_restart(client: httpx.AsyncClient) -> None:
    await log_in(client)
    async with client_of(Settings(use_model=False)) as restarted:
        restarted.cookies = client.cookies
        assert (await restarted.get("/api/status")).status_code == 200


async def test_each_user_has_likes_of_their_own(client: httpx.AsyncClient) -> None:
    bruno = users.add_user("Bruno", SECRET).person
    await client.put("/api/tracks/2/like", auth=("zoe", SECRET))
    await client.put("/api/tracks/3/like", auth=("Bruno", SECRET))
    assert set(likes.likes_of(OWNER_ID)) == {2}
    assert set(likes.likes_of(bruno.id)) == {3}


async def test_the_password_of_the_server_serves_programs_beside_users(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAINLIT_AUTH_SECRET", "k" * 40)
    async with client_of(Settings(use_model=False, password=SecretStr("hunter2"))) as client:
        form = await client.get("/login", headers=HTML)
        assert 'id="password"' in form.text
        assert 'id="name"' not in form.text
        assert (await log_in(client, "", "hunter2")).status_code == 303
        assert (await client.get("/api/status")).status_code == 200
        users.add_user("Zoë", SECRET)
        assert (await client.get("/api/status")).status_code == 401  # began without a name
        assert (await log_in(client, "owner", "hunter2")).status_code == 401
        assert (await client.get("/api/status", auth=("me", "hunter2"))).status_code == 200
        assert (await client.get("/api/status", auth=("zoe", SECRET))).status_code == 200


async def test_a_last_user_removed_leaves_a_wide_server_shut(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAINLIT_AUTH_SECRET", "k" * 40)
    users.add_user("Zoë", SECRET)
    async with client_of(Settings(use_model=False, host="0.0.0.0")) as client:
        await log_in(client)
        users.remove_user("Zoë")
        assert (await client.get("/api/status")).status_code == 401
        assert "backbeat user add" in (await client.get("/login", headers=HTML)).text


async def test_without_users_this_machine_needs_no_login(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAINLIT_AUTH_SECRET", "k" * 40)
    async with client_of(Settings(use_model=False)) as client:
        opened = await client.get("/login", headers=HTML)
        assert opened.headers["location"] == "/chat/"
        assert "backbeat_session" in opened.headers["set-cookie"]
