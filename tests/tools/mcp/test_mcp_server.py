import json
import re
import sys

import pytest
from mcp.client.session import ClientSession
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.shared.exceptions import McpError
from mcp.shared.memory import create_connected_server_and_client_session as connected
from pydantic import AnyUrl

from tools import TOOLS
from tools.base import schema
from tools.mcp.mcp_server import build_server


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
        ("search_tracks", {"genres": ["polka"]}, "“polka” is no genre in your library."),
        ("search_tracks", {"moods": ["polka"]}, "moods.0: "),
        ("search_tracks", {"path": "/etc"}, "path: Extra inputs are not permitted"),
        ("delete_everything", {}, "There is no tool 'delete_everything'"),
    ],
)
async def test_errors_speak(shelf, name, arguments, said):
    async with connected(build_server()) as client:
        answer = await client.call_tool(name, arguments)
    assert answer.isError and said in answer.content[0].text


@pytest.mark.parametrize(
    "uri",
    [
        "backbeat://tracks/999999", "backbeat://tracks/0", "backbeat://playlists/1",
        "backbeat://tracks/../../etc/passwd", "file:///etc/passwd", "backbeat://library/files",
    ],
)  # fmt: skip
async def test_only_these_resources_can_be_read(shelf, uri):
    async with connected(build_server()) as client:
        with pytest.raises(McpError, match="no such resource"):
            await client.read_resource(AnyUrl(uri))


async def test_a_track_as_a_resource_tells_no_path(shelf):
    async with connected(build_server(language="fr")) as client:
        uri = AnyUrl(f"backbeat://tracks/{shelf.id('Strobe')}")
        text = (await client.read_resource(uri)).contents[0].text
    assert json.loads(text)["artist"] == "deadmau5"
    assert str(shelf.music) not in text and ".flac" not in text


async def test_the_status_as_a_resource(shelf):
    async with connected(build_server()) as client:
        content = (await client.read_resource(AnyUrl("backbeat://library/status"))).contents[0]
    assert json.loads(content.text)["tracks"] == 16


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_prompts_name_tools_that_there_are(language):
    names = {tool.name for tool in TOOLS}
    async with connected(build_server(language=language)) as client:
        for prompt in (await client.list_prompts()).prompts:
            given = {argument.name: "x" for argument in prompt.arguments}
            text = (await client.get_prompt(prompt.name, given)).messages[0].content.text
            assert set(re.findall(r"[a-z]+_[a-z_]+", text)) <= names
            assert "{" not in text


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [("nothing", {}, "no prompt"), ("describe_track", {"track": " "}, "needs 'track'")],
)
async def test_prompts_that_cannot_be_given(name, given, said):
    async with connected(build_server()) as client:
        with pytest.raises(McpError, match=said):
            await client.get_prompt(name, given)


async def test_an_argument_of_a_prompt_is_cut_and_cleaned():
    async with connected(build_server()) as client:
        track = "a\x00b\n" + "c" * 5000
        text = (await client.get_prompt("describe_track", {"track": track})).messages[0]
    assert "a b c" in text.content.text and len(text.content.text) < 400


async def test_requests_are_embedded_where_a_model_can(shelf, monkeypatch):
    contexts = []
    run = type(TOOLS[0]).run
    monkeypatch.setattr(
        type(TOOLS[0]), "run", lambda self, a, c: contexts.append(c) or run(self, a, c)
    )
    async with connected(build_server(embed_text=lambda text: [1.0])) as client:
        await client.call_tool("search_tracks", {"genres": ["jazz"]})
    assert contexts[0].embed_text("rain") == [1.0]


async def test_over_standard_input_and_output(shelf):
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "tools.mcp.mcp_server"],
        env={"BACKBEAT_DATA": str(shelf.data), "BACKBEAT_LOCALE": "en"},
    )
    async with (
        stdio_client(server) as (reading, writing),
        ClientSession(reading, writing) as client,
    ):
        await client.initialize()
        answer = await client.call_tool("library_status", {})
    assert answer.content[0].text.startswith("16 tracks by 9 artists")
