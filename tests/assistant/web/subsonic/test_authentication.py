"""Who calls: names with passwords, tokens and keys; the delays; what other sites may not do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from assistant.settings import Settings
from assistant.web.server import create_app
from store.people import app_passwords, tokens, users

Client = Callable[..., Any]
OPEN = Settings(use_model=False)
SHARED = Settings(use_model=False, password=SecretStr("hunter2 hunter2"))


def _code(answer: dict[str, Any]) -> int | None:
    return answer["error"]["code"] if answer["status"] == "failed" else None


@pytest.fixture
def people(library: Path) -> dict[str, str]:
    """Two users; name → password of an app."""
    users.add_user("Ana", "a long password")
    users.add_user("Bo", "another password")
    return {name: app_passwords.make_app_password(name, "phone") for name in ("Ana", "Bo")}


async def test_where_nobody_signs_in_any_name_will_do(library: Path, calls: Client) -> None:
    assert _code(await calls(OPEN)("ping", u="me", p="x")) is None
    assert _code(await calls(OPEN)("ping", u="me", t="0" * 32, s="salt")) is None
    assert _code(await calls(OPEN)("ping", apiKey="unknown")) == 44


async def test_passwords_tokens_and_keys_of_apps(
    people: dict[str, str], calls: Client, token: Any
) -> None:
    call = calls(OPEN)
    for name, password in people.items():
        hexadecimal = "enc:" + password.encode().hex()
        for proof in (
            token(name, password),
            token(name.lower(), password, salt="é"),
            {"u": name, "p": password},
            {"u": name, "p": hexadecimal},
        ):
            assert _code(await call("ping", **proof)) is None
        key = tokens.add_token(f"of {name}", users.account_named(name).person.id)[1]
        assert _code(await call("ping", apiKey=key)) is None
        assert (await call("tokenInfo", apiKey=password))["tokenInfo"]["username"] == name
    assert _code(await call("ping", u="Ana", p="a long password")) is None
    for wrong in (
        token("Ana", people["Bo"]),
        token("Ana", "a long password"),  # its hash alone is stored
        {"u": "Ana", "p": people["Bo"]},
        {"u": "Ana", "p": "wrong"},
    ):
        assert _code(await calls(OPEN)("ping", **wrong)) == 40


async def test_what_is_missing_or_contradicts_itself(
    people: dict[str, str], calls: Client, token: Any
) -> None:
    call, proof = calls(OPEN), token("Ana", people["Ana"])
    assert _code(await call("ping")) == 10
    assert _code(await call("ping", u="Ana")) == 10
    assert _code(await call("ping", u="Ana", t=proof["t"])) == 10
    assert _code(await call("ping", apiKey=people["Ana"], u="Ana")) == 43
    assert _code(await call("ping", **proof, p=people["Ana"])) == 43
    assert _code(await call("ping", apiKey="zzzz")) == 44
    assert _code(await call("getOpenSubsonicExtensions")) is None
    assert _code(await call("noSuchCall")) == 10  # nothing is told without a sign-in


async def test_a_revoked_password_and_a_removed_user(
    people: dict[str, str], calls: Client, token: Any
) -> None:
    call, proof = calls(OPEN), token("Ana", people["Ana"])
    number = app_passwords.app_passwords("Ana")[0].id
    app_passwords.revoke_app_password("Ana", number)
    assert _code(await call("ping", **proof)) == 40
    assert _code(await call("ping", apiKey=people["Ana"])) == 44
    users.remove_user("Bo")
    assert _code(await calls(OPEN)("ping", apiKey=people["Bo"])) == 44


async def test_a_server_with_one_password(library: Path, calls: Client, token: Any) -> None:
    call = calls(SHARED)
    assert _code(await call("ping", **token("anybody", "hunter2 hunter2"))) is None
    assert _code(await call("ping", u="anybody", p="hunter2 hunter2")) is None
    assert _code(await call("ping", **token("anybody", "hunter3"))) == 40


async def test_tokens_need_an_app_password(library: Path, calls: Client, token: Any) -> None:
    users.add_user("Ana", "a long password")
    assert _code(await calls(OPEN)("ping", **token("Ana", "a long password"))) == 41


async def test_guessing_is_delayed_for_guessers_alone(
    people: dict[str, str], calls: Client, token: Any
) -> None:
    call = calls(OPEN)
    messages = [
        (await call("ping", **token("Ana", f"guess {at}")))["error"]["message"] for at in range(6)
    ]
    assert "Too many attempts" in messages[-1]
    assert _code(await call("ping", u="Ana", p="a long password")) == 40
    assert _code(await call("ping", **token("Ana", people["Ana"]))) is None


async def test_people_have_their_own_likes_and_playlists(
    people: dict[str, str], calls: Client
) -> None:
    ana, bo = (calls(OPEN, apiKey=people[name]) for name in ("Ana", "Bo"))
    await ana("star", id="tr-1")
    made = (await ana("createPlaylist", name="mine", songId="tr-1"))["playlist"]
    assert made["owner"] == "Ana"
    assert (await bo("getStarred2"))["starred2"]["song"] == []
    assert (await bo("getPlaylists"))["playlists"]["playlist"] == []
    for name, parameters in (
        ("getPlaylist", {"id": made["id"]}),
        ("updatePlaylist", {"playlistId": made["id"], "name": "yours"}),
        ("createPlaylist", {"playlistId": made["id"], "songId": "tr-2"}),
        ("deletePlaylist", {"id": made["id"]}),
        ("getCoverArt", {"id": made["id"]}),
    ):
        assert _code(await bo(name, **parameters)) == 70
    for other in ("Ana", "nobody at all"):  # no way to find out who is there
        assert _code(await bo("getUser", username=other)) == 50
    assert _code(await bo("getUser", username="bo")) is None
    await ana("scrobble", id="tr-1", submission="false")
    assert (await bo("getNowPlaying"))["nowPlaying"]["entry"] == []
    [playing] = (await ana("getNowPlaying"))["nowPlaying"]["entry"]
    assert (playing["id"], playing["username"]) == ("tr-1", "Ana")
    assert len((await ana("getPlaylist", id=made["id"]))["playlist"]["entry"]) == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Referer": "http://localhost:8000/chat/"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Referer": "https://evil.example/page"}, 403),
        ({"Referer": "http://["}, 403),
        ({"Host": "evil.example"}, 421),
    ],
)
async def test_no_page_of_another_site_changes_anything(
    library: Path, headers: dict[str, str], status: int
) -> None:
    transport = httpx.ASGITransport(app=create_app(OPEN, chat=False))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        reply = await client.get("/rest/star", params={"id": "tr-1"}, headers=headers)
    assert reply.status_code == status


async def test_a_sign_in_of_the_page_is_none_here_and_the_other_way_round(
    people: dict[str, str],
) -> None:
    transport = httpx.ASGITransport(app=create_app(OPEN, chat=False))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        page = ("Ana", "a long password")
        reply = await client.get("/rest/ping", params={"f": "json"}, auth=page)
        assert _code(reply.json()["subsonic-response"]) == 10
        for path in ("/api/tracks", "/rest", "/restful", "/REST/ping"):
            reply = await client.get(path, params={"apiKey": people["Ana"]})
            assert reply.status_code == 401
