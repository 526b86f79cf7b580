"""`backbeat serve`: the chat and, beside it, the indexer as a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from backbeat.foreground import own_foreground
from backbeat.indexer_process import IndexerProcess
from backbeat.library_progress import ProgressDisplay
from backbeat.music_choice import music_folder
from backbeat.terminal import console, give_up, notes, use_data_folder
from store import processes


def serve(
    music: Annotated[
        Path | None, typer.Argument(help="Folder of music; ~/Music or a demo library without it.")
    ] = None,
    host: Annotated[
        str | None,
        typer.Option(help="Address to listen on; beyond this machine people sign in."),
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port of the chat.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder for Backbeat's data.")] = None,
    index: Annotated[bool, typer.Option(help="Watch and analyse the folder too.")] = True,
) -> None:
    """Open the chat in the browser, and keep the library up to date."""
    from assistant.settings import Settings
    from indexer.jobs.settings import IndexerSettings
    from store.database import db

    use_data_folder(data)
    for name, value in (("BACKBEAT_HOST", host), ("BACKBEAT_PORT", port)):
        if value is not None:
            os.environ[name] = str(value)
    settings = Settings()
    IndexerSettings()  # an invalid setting is reported here rather than by the child process
    _require_free_port(settings.host, settings.port)
    db.upgrade()
    indexer = _indexer(music) if index else None
    progress = ProgressDisplay()
    processes.leave_current_folder()
    # uvicorn raises the signal again that stopped it; it must not skip the cleanup below.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))

    def begin_indexing() -> None:
        if indexer:
            indexer.start()
            progress.start()

    with own_foreground():
        try:
            _serve_chat(settings.host, settings.port, begin_indexing)
        finally:
            if indexer:
                progress.stop()
                notes.print("Stopping; the next start goes on where this one ends …")
                indexer.stop()
            notes.print("Goodbye.")


def _indexer(music: Path | None) -> IndexerProcess:
    from store.jobs.music_folder import record_served

    folder, origin = music_folder(music)
    record_served(folder.absolute(), origin)
    return IndexerProcess(folder, demo=origin == "demo", choosable=origin != "given")


def _require_free_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            give_up(
                f"Port {port} on {host} cannot be used ({error.strerror}). Is Backbeat running "
                f"already? Otherwise choose another: --port {port + 1} (make run PORT={port + 1})."
            )


def _serve_chat(host: str, port: int, on_ready: Callable[[], None]) -> None:
    """Serve until a signal; `on_ready` is called once the page answers, which needs a core."""
    import uvicorn

    from assistant.web.server import create_app

    shown = "localhost" if host in {"127.0.0.1", "::1", "0.0.0.0", "::"} else host  # noqa: S104

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if not self.should_exit:
                address = f"http://{shown}:{port}"
                console.print(
                    f"\nBackbeat is ready: [bold link={address}]{address}[/]  (Ctrl-C stops it)\n"
                )
                on_ready()

    config = uvicorn.Config(
        create_app(), host=host, port=port, log_level="warning", timeout_graceful_shutdown=5
    )
    Server(config).run()
