"""Who may call: names, origins, passwords."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from assistant.settings import Settings
from assistant.web.access import access_guard
from assistant.web.server import create_app
from store.database import db


def _client(settings: Settings, base_url: str = "http://localhost:8000") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=create_app(settings, chat=False))
    return httpx.AsyncClient(transport=transport, base_url=base_url)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8000", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("192.168.1.20:8000", 200),
        ("music.example", 200),
        ("0.0.0.0:8000", 421),
        ("[::]:8000", 421),
        ("evil.example", 421),
        ("evil.example:8000", 421),
        ("localhost.evil.example", 421),
        ("", 421),
    ],
)
async def test_only_our_own_names(library: Path, host: str, status: int) -> None:
    async with _client(Settings(use_model=False, allowed_hosts="music.example")) as client:
        reply = await client.get("/api/status", headers={"Host": host})
    assert reply.status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://localhost:8000"}, 200),
        ({"Origin": "http://localhost:9000"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
async def test_other_sites_change_nothing(
    library: Path, headers: dict[str, str], status: int
) -> None:
    async with _client(Settings(use_model=False)) as client:
        reply = await client.post("/api/tracks", json={}, headers=headers)
    assert reply.status_code == status


async def test_a_socket_of_another_site_is_closed() -> None:
    sent = []

    async def inner(scope: object, receive: object, send: object) -> None:
        raise AssertionError("must not get here")

    async def send(message: dict[str, object]) -> None:
        sent.append(message["type"])

    scope = {
        "type": "websocket",
        "path": "/chat/ws/socket.io/",
        "headers": [(b"host", b"localhost:8000"), (b"origin", b"https://evil.example")],
    }
    await access_guard.AccessGuard(inner, Settings())(scope, None, send)  # type: ignore[arg-type]
    assert sent == ["websocket.close"]


async def test_the_password(library: Path) -> None:
    settings = Settings(use_model=False, password=SecretStr("hunter2"))
    async with _client(settings) as client:
        assert (await client.get("/api/status")).status_code == 401
        assert (await client.get("/api/tracks/1/audio")).status_code == 401
        wrong = await client.get("/api/status", auth=("me", "hunter3"))
        assert wrong.status_code == 401
        assert "Basic" in wrong.headers["www-authenticate"]
        bad = await client.get("/api/status", headers={"Authorization": "Basic ü".encode()})
        assert bad.status_code == 401
        assert (await client.get("/api/status", auth=("me", "hunter2"))).status_code == 200
        assert set((await client.get("/api/health")).json()) == {"status", "version"}
        told = await client.get("/api/health", auth=("me", "hunter2"))
        assert told.json()["tracks"] == 10
        forged = await client.get("/api/status", headers={"Cookie": "backbeat_session=x.y.z"})
        assert forged.status_code == 401


async def test_security_headers(library: Path) -> None:
    async with _client(Settings(use_model=False)) as client:
        headers = (await client.get("/api/status")).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in headers["content-security-policy"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "music.example"])
def test_the_network_needs_a_password(host: str) -> None:
    with pytest.raises(ValidationError, match="set BACKBEAT_PASSWORD first"):
        Settings(host=host)
    assert Settings(host=host, password=SecretStr("x")).host == host
    with pytest.raises(ValidationError, match="set BACKBEAT_PASSWORD first"):
        Settings(host=host, trust_network=True)
    trusted = Settings(host=host, trust_network=True, bind="127.0.0.1")
    assert trusted.host == host
    with pytest.raises(ValidationError, match="set BACKBEAT_PASSWORD first"):
        Settings(host=host, bind="127.0.0.1")


WIDE = ["0.0.0.0", "::", "0", "", "192.168.1.5", "music.example", "127.0.0.1.example", " ::1", "*"]


@pytest.mark.parametrize("trust", [True, False])
@pytest.mark.parametrize("password", [None, "", "   ", "\t\n"])
@pytest.mark.parametrize("host", WIDE)
def test_trust_alone_opens_nothing(host: str, password: str | None, trust: bool) -> None:
    secret = None if password is None else SecretStr(password)
    with pytest.raises(ValidationError, match="opens the chat to the network"):
        Settings(host=host, password=secret, trust_network=trust)


@pytest.mark.parametrize(
    "bind", ["0.0.0.0", "::", "[::]", "", " ", "0", "192.168.1.5", "music.example", "128.0.0.1",
             "127.0.0.1:0.0.0.0", "127.0.0.1,0.0.0.0", "[]", "localhost.example"]
)  # fmt: skip
@pytest.mark.parametrize("password", [None, " "])
def test_a_published_port_needs_a_password(bind: str, password: str | None) -> None:
    secret = None if password is None else SecretStr(password)
    with pytest.raises(ValidationError, match="set BACKBEAT_PASSWORD first"):
        Settings(host="0.0.0.0", trust_network=True, bind=bind, password=secret)
    assert Settings(host="0.0.0.0", bind=bind, password=SecretStr("x")).bind == bind


@pytest.mark.parametrize("bind", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"])
def test_a_port_published_here_can_be_trusted(bind: str) -> None:
    assert Settings(host="0.0.0.0", trust_network=True, bind=bind).password is None
    with pytest.raises(ValidationError, match=r"BACKBEAT_HOST=0\.0\.0\.0"):
        Settings(host="0.0.0.0", bind=bind)


def test_the_address_that_is_too_wide_is_named() -> None:
    with pytest.raises(ValidationError, match=r"BACKBEAT_BIND=0\.0\.0\.0 .* BACKBEAT_BIND"):
        Settings(host="0.0.0.0", trust_network=True, bind="0.0.0.0")
    with pytest.raises(ValidationError, match=r"BACKBEAT_HOST=:: opens .* leave BACKBEAT_HOST"):
        Settings(host="::", trust_network=True)


async def test_a_library_that_cannot_be_read_opens_nothing(library: Path) -> None:
    async with _client(Settings(use_model=False)) as client:
        db.reset()
        for file in library.glob("backbeat.db*"):
            file.unlink()
        (library / "backbeat.db").write_bytes(b"no database" * 1000)
        reply = await client.get("/api/status")
    assert reply.status_code == 503
    assert "backbeat doctor" in reply.json()["detail"]
