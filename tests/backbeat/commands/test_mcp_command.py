"""`backbeat mcp` on both transports, with the SDK's own client."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from mcp.client.session import ClientSession
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from pydantic import AnyUrl

from store.playlists.playlist_reading import playlists
from tools import TOOLS

COMMAND = [
    sys.executable,
    "-c",
    "import typer; from backbeat.commands.mcp_command import mcp; typer.run(mcp)",
]  # fmt: skip
TOKEN = "a-token-of-the-tests"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
HELLO = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18", "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}  # fmt: skip
ACCEPT = {"Accept": "application/json, text/event-stream"}


@pytest.fixture
def served(library: Any) -> Iterator[str]:
    """The address of a running server."""
    process = subprocess.Popen(
        [*COMMAND, "--http", "--port", "0"],
        env={**os.environ, "BACKBEAT_MCP_TOKEN": TOKEN}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.terminate()
    assert process.wait(timeout=20) is not None


@asynccontextmanager
async def over_http(url: str):
    async with (
        httpx.AsyncClient(headers=BEARER, timeout=30) as web,
        streamable_http_client(url, http_client=web) as (reading, writing, _),
        ClientSession(reading, writing) as client,
    ):
        await client.initialize()
        yield client


@asynccontextmanager
async def over_stdio():
    names = ("BACKBEAT_DATA", "BACKBEAT_OLLAMA_HOST")
    environment = {name: os.environ[name] for name in names}
    command = StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], env=environment)
    async with (
        stdio_client(command) as (reading, writing),
        ClientSession(reading, writing) as client,
    ):
        await client.initialize()
        yield client


async def use_everything(client: ClientSession, library: Any) -> None:
    assert len((await client.list_tools()).tools) == len(TOOLS)
    answer = await client.call_tool("make_playlist", {"genres": ["techno"], "name": "Dark"})
    assert not answer.isError
    made = playlists()[0]
    resources = (await client.list_resources()).resources
    assert [str(each.uri) for each in resources] == [
        "backbeat://library/status", f"backbeat://playlists/{made.id}",
    ]  # fmt: skip
    playlist = await read(client, f"backbeat://playlists/{made.id}")
    assert (playlist["name"], len(playlist["tracks"])) == ("Dark", made.tracks)
    track = await read(client, playlist["tracks"][0]["uri"])
    assert track["title"] == playlist["tracks"][0]["title"]
    assert "128 BPM" in (await read(client, track_uri(library, "Warehouse")))["summary"]
    templates = (await client.list_resource_templates()).resourceTemplates
    assert [each.uriTemplate for each in templates] == [
        "backbeat://tracks/{id}", "backbeat://playlists/{id}",
    ]  # fmt: skip
    assert "playlist_for" in [each.name for each in (await client.list_prompts()).prompts]
    prompt = await client.get_prompt("playlist_for", {"occasion": "a long drive"})
    assert "60 minutes for this: a long drive" in prompt.messages[0].content.text  # type: ignore[union-attr]


async def read(client: ClientSession, uri: str) -> dict[str, Any]:
    content = (await client.read_resource(AnyUrl(uri))).contents[0]
    assert content.mimeType == "application/json"
    return json.loads(content.text)  # type: ignore[union-attr]


def track_uri(library: Any, title: str) -> str:
    return f"backbeat://tracks/{library.id(title)}"


async def test_everything_over_http(served: str, library: Any) -> None:
    async with over_http(served) as client:
        await use_everything(client, library)


async def test_everything_over_standard_input_and_output(library: Any) -> None:
    async with over_stdio() as client:
        await use_everything(client, library)


async def test_http_refuses_strangers(served: str) -> None:
    port = httpx.URL(served).port
    async with httpx.AsyncClient(headers=ACCEPT, timeout=30) as web:
        for headers, status in (
            ({}, 401),
            ({"Authorization": "Bearer wrong"}, 401),
            ({"Authorization": TOKEN}, 401),
            ({**BEARER, "Origin": "http://evil.example"}, 403),
            ({**BEARER, "Origin": "null"}, 403),
            ({**BEARER, "Host": f"evil.example:{port}"}, 421),
            ({**BEARER, "Origin": "http://localhost:3000"}, 200),
        ):
            reply = await web.post(served, json=HELLO, headers=headers)
            assert reply.status_code == status, headers
        for method in ("GET", "DELETE"):
            assert (await web.request(method, served)).status_code == 401
        assert (await web.get(served.replace("/mcp", "/"), headers=BEARER)).status_code == 404


def test_a_token_is_made_and_shown_where_none_is_given(library: Any) -> None:
    environment = {name: v for name, v in os.environ.items() if name != "BACKBEAT_MCP_TOKEN"}
    process = subprocess.Popen(
        [*COMMAND, "--http", "--port", "0"], env={**environment, "COLUMNS": "200"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    url = process.stdout.readline().strip()
    token = process.stderr.readline().split()[-1]
    try:
        reply = httpx.post(
            url, json=HELLO, headers={**ACCEPT, "Authorization": f"Bearer {token}"}, timeout=30
        )
    finally:
        process.terminate()
        process.communicate(timeout=20)
    assert reply.status_code == 200
    assert len(token) >= 32


def test_a_port_in_use_is_reported(library: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = subprocess.run(
            [*COMMAND, "--http", "--port", str(taken.getsockname()[1])],
            env={**os.environ, "BACKBEAT_MCP_TOKEN": TOKEN},
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert done.returncode == 1
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr
