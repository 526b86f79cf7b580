"""`backbeat mcp`: serve the tools to MCP clients on this machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Final

import typer

from backbeat.terminal import console, give_up, notes, use_data_folder

_TOKEN_VARIABLE: Final = "BACKBEAT_MCP_TOKEN"  # noqa: S105 - the name of a variable
_PORT: Final = 8765


def mcp(
    http: Annotated[
        bool, typer.Option("--http", help="Serve over HTTP on this machine, with a token.")
    ] = False,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="With --http: the port; 0 for any free one.")
    ] = _PORT,
    data: Annotated[Path | None, typer.Option(help="Folder of Backbeat's data.")] = None,
) -> None:
    """Serve the same tools to an MCP client, over standard input and output or HTTP."""
    from assistant.model import embedding
    from store.database import db
    from store.vectors.model_server import ModelServerSettings
    from tools.mcp import mcp_server

    use_data_folder(data)
    embed_text = embedding.embedder(ModelServerSettings())
    db.upgrade()
    if not http:
        mcp_server.main(embed_text=embed_text)
        return
    from tools.base import ToolError
    from tools.mcp import mcp_http

    server = mcp_server.build_server(language=mcp_server.wanted_language(), embed_text=embed_text)
    token = os.environ.get(_TOKEN_VARIABLE, "").strip()
    if not token:
        token = mcp_http.new_token()
        notes.print(f"Token, until this ends (keep your own in {_TOKEN_VARIABLE}): {token}")
    try:
        mcp_http.serve(server, token=token, port=port, ready=lambda url: console.print(url))
    except ToolError as error:
        give_up(str(error))
