"""The tools for any MCP client, over standard input and output.

    python -m tools.mcp_server

`BACKBEAT_DATA` says which library, `BACKBEAT_LOCALE` ("en" or "fr") in which language to answer.
"""

from __future__ import annotations

import asyncio
import json
import os
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from store.results import StoreError
from tools import TOOLS, tool
from tools.base import ToolContext, ToolError, schema
from tools.words import Language

if TYPE_CHECKING:
    from mcp import types
    from mcp.server.lowlevel import Server

CHART_WAIT_S: Final = 45.0
"""Below the minute after which clients give a call up; a longer chart is asked for again."""


def main() -> None:
    """Serve until the client closes standard input."""
    asyncio.run(_serve())


def build_server(*, language: Language = "en") -> Server[Any, Any]:
    """A server that lists and calls `TOOLS`."""
    from mcp import types
    from mcp.server.lowlevel import Server

    server: Server[Any, Any] = Server("backbeat")

    @server.list_tools()
    async def list_tools() -> list[types.Tool]:
        functions = [schema(each)["function"] for each in TOOLS]
        return [
            types.Tool(name=f["name"], description=f["description"], inputSchema=f["parameters"])
            for f in functions
        ]

    @server.call_tool(validate_input=False)
    async def call_tool(name: str, arguments: dict[str, Any]) -> types.CallToolResult:
        try:
            # tools read a database and may wait for a chart: not on the event loop
            facts, sentence = await asyncio.to_thread(call, name, arguments, language=language)
        except (ToolError, StoreError) as error:
            return _answer(str(error), failed=True)
        except ValidationError as error:
            return _answer(invalid(error), failed=True)
        return _answer(sentence, facts=facts)

    return server


def call(name: str, arguments: dict[str, Any], *, language: Language) -> tuple[dict[str, Any], str]:
    """Run one tool: (facts, sentence).

    Raises:
        ToolError: The tool cannot do it.
        ValidationError: The arguments are wrong.
    """
    chosen = tool(name)
    context = ToolContext(language=language, wait_s=CHART_WAIT_S)
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


async def _serve() -> None:
    from mcp.server.stdio import stdio_server

    language: Language = "fr" if os.environ.get("BACKBEAT_LOCALE", "")[:2] == "fr" else "en"
    server = build_server(language=language)
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())


if __name__ == "__main__":
    main()
