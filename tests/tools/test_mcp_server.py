import json
import sys

import pytest
from mcp.client.session import ClientSession
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.shared.memory import create_connected_server_and_client_session as connected

from tools import TOOLS
from tools.base import schema
from tools.mcp_server import build_server


async def test_the_same_tools_with_the_same_schemas():
    async with connected(build_server()) as client:
        listed = (await client.list_tools()).tools
    assert [(t.name, t.description, t.inputSchema) for t in listed] == [
        (f["name"], f["description"], f["parameters"])
        for f in (schema(tool)["function"] for tool in TOOLS)
    ]


async def test_a_call(shelf):
    async with connected(build_server(language="fr")) as client:
        answer = await client.call_tool("search_tracks", {"genres": ["jazz"]})
    assert not answer.isError
    assert answer.content[0].text == "2 morceaux conviennent."
    assert json.loads(answer.content[1].text) == answer.structuredContent
    assert answer.structuredContent["total"] == 2


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("summarize_track", {"track": "Bak in Blak"}, "Did you mean"),
        ("search_tracks", {"genres": ["polka"]}, "genres.0: "),
        ("search_tracks", {"path": "/etc"}, "path: Extra inputs are not permitted"),
        ("delete_everything", {}, "There is no tool 'delete_everything'"),
    ],
)
async def test_errors_speak(shelf, name, arguments, said):
    async with connected(build_server()) as client:
        answer = await client.call_tool(name, arguments)
    assert answer.isError and said in answer.content[0].text


async def test_over_standard_input_and_output(shelf):
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "tools.mcp_server"],
        env={"BACKBEAT_DATA": str(shelf.data), "BACKBEAT_LOCALE": "en"},
    )
    async with (
        stdio_client(server) as (reading, writing),
        ClientSession(reading, writing) as client,
    ):
        await client.initialize()
        answer = await client.call_tool("library_status", {})
    assert answer.content[0].text.startswith("16 tracks by 9 artists")
