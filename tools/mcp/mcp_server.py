"""The tools, resources and prompts for any MCP client, over standard input and output.

    python -m tools.mcp.mcp_server

`BACKBEAT_DATA` says which library, `BACKBEAT_LOCALE` in which language to answer.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Final

from pydantic import AnyUrl, ValidationError

import prompts
from store.results import StoreError
from store.settings import StoreSettings
from tools import TOOLS, tool
from tools.base import Tool, ToolContext, ToolError, schema
from tools.mcp import mcp_resources
from tools.text.words import Language

if TYPE_CHECKING:
    from mcp import types
    from mcp.server.lowlevel import Server
    from mcp.server.lowlevel.helper_types import ReadResourceContents

CHART_WAIT_S: Final = 45.0
"""Below the minute after which clients give a call up; a longer chart is asked for again."""

EmbedText = Callable[[str], list[float] | None]


def main(*, embed_text: EmbedText | None = None) -> None:
    """Serve until the client closes standard input."""
    prompts.add_own_languages(StoreSettings().data.expanduser())
    asyncio.run(_serve(build_server(language=wanted_language(), embed_text=embed_text)))


def wanted_language() -> Language:
    """As `BACKBEAT_LOCALE` says."""
    return prompts.language_for(os.environ.get("BACKBEAT_LOCALE")) or prompts.FALLBACK


def build_server(
    *,
    language: Language = prompts.FALLBACK,
    embed_text: EmbedText | None = None,
    tools: Sequence[Tool] = TOOLS,
) -> Server[Any, Any]:
    """A server that lists and calls `tools`, with resources and prompts.

    Args:
        language: Of sentences and descriptions.
        embed_text: For tools that search by meaning; see `ToolContext`.
        tools: What is offered.
    """
    from mcp import types
    from mcp.server.lowlevel import Server

    server: Server[Any, Any] = Server(
        "backbeat", version=_version(), instructions=mcp_resources.instructions(language)
    )
    context = ToolContext(language=language, wait_s=CHART_WAIT_S, embed_text=embed_text)

    @server.list_tools()
    async def list_tools() -> list[types.Tool]:
        functions = [schema(each)["function"] for each in tools]
        return [
            types.Tool(name=f["name"], description=f["description"], inputSchema=f["parameters"])
            for f in functions
        ]

    @server.call_tool(validate_input=False)
    async def call_tool(name: str, arguments: dict[str, Any]) -> types.CallToolResult:
        try:
            # tools read a database and may wait for a chart: not on the event loop
            facts, sentence = await asyncio.to_thread(call, name, arguments, context, tools)
        except (ToolError, StoreError) as error:
            return _answer(str(error), failed=True)
        except ValidationError as error:
            return _answer(invalid(error), failed=True)
        return _answer(sentence, facts=facts)

    _add_resources(server, language)
    _add_prompts(server, language)
    return server


def _add_resources(server: Server[Any, Any], language: Language) -> None:
    from mcp.server.lowlevel.helper_types import ReadResourceContents

    @server.list_resources()
    async def list_resources() -> list[types.Resource]:
        return await asyncio.to_thread(mcp_resources.listed, language)

    @server.list_resource_templates()
    async def list_resource_templates() -> list[types.ResourceTemplate]:
        return mcp_resources.templates(language)

    @server.read_resource()
    async def read_resource(uri: AnyUrl) -> list[ReadResourceContents]:
        text = await asyncio.to_thread(mcp_resources.content, str(uri), language)
        return [ReadResourceContents(content=text, mime_type=mcp_resources.MIME)]


def _add_prompts(server: Server[Any, Any], language: Language) -> None:

    @server.list_prompts()
    async def list_prompts() -> list[types.Prompt]:
        return mcp_resources.offered(language)

    @server.get_prompt()
    async def get_prompt(name: str, arguments: dict[str, str] | None) -> types.GetPromptResult:
        return mcp_resources.filled(name, arguments or {}, language)


def call(
    name: str, arguments: dict[str, Any], context: ToolContext, tools: Sequence[Tool] = TOOLS
) -> tuple[dict[str, Any], str]:
    """Run one tool: (facts, sentence).

    Raises:
        ToolError: The tool cannot do it.
        ValidationError: The arguments are wrong.
    """
    chosen = tool(name, tools)
    result = chosen.run(chosen.arguments.model_validate(arguments), context)
    return dict(result.facts), chosen.render(result, context).sentence


def invalid(error: ValidationError) -> str:
    """What is wrong with the arguments, one line a field."""
    lines = [
        f"{'.'.join(str(part) for part in item['loc']) or 'arguments'}: {item['msg']}"
        for item in error.errors(include_url=False, include_input=False)
    ]
    return "\n".join(lines)


def _answer(
    sentence: str, *, facts: dict[str, Any] | None = None, failed: bool = False
) -> types.CallToolResult:
    from mcp import types

    content: list[types.ContentBlock] = [types.TextContent(type="text", text=sentence)]
    if facts is not None:
        text = json.dumps(facts, ensure_ascii=False)
        content.append(types.TextContent(type="text", text=text))
    return types.CallToolResult(content=content, structuredContent=facts, isError=failed)


async def _serve(server: Server[Any, Any]) -> None:
    from mcp.server.stdio import stdio_server

    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())


def _version() -> str | None:
    try:
        return version("backbeat")
    except PackageNotFoundError:
        return None


if __name__ == "__main__":
    main()
