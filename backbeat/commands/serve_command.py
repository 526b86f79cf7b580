"""`backbeat serve`: the chat and, beside it, the indexer as a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.markup import escape

from backbeat.library_progress import ProgressDisplay
from backbeat.terminal import console, give_up, notes, use_data_folder
from store import processes

_STOP_S: Final = 20.0
"""Time for the indexer to release its current file before it is killed."""
_RESTARTS: Final = (1, 5, 15, 60)
"""Seconds between restarts of an indexer that died."""
_CHECK_S: Final = 5.0
"""Seconds between two checks whether another indexer is still running."""
_ALREADY_RUNNING: Final = 3
"""Exit status of an indexer that found another one running on the same data."""


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
    folder, demo = _music_folder(music) if index else (None, False)
    indexer = IndexerProcess(folder, demo=demo) if folder else None
    progress = ProgressDisplay()
    processes.leave_current_folder()
    # uvicorn raises the signal again that stopped it; it must not skip the cleanup below.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        if indexer:
            indexer.start()
            progress.start()
        _serve_chat(settings.host, settings.port)
    finally:
        if indexer:
            progress.stop()
            notes.print("Stopping; the next start goes on where this one ends …")
            indexer.stop()
        notes.print("Goodbye.")


class IndexerProcess:
    """The indexer's process: started again when it dies, ended with the chat.

    Args:
        folder: Music.
        demo: Whether it renders the demo library there.
    """

    def __init__(self, folder: Path, *, demo: bool = False) -> None:
        self._folder = folder.absolute()
        self._flags = ("--attached", "--demo") if demo else ("--attached",)
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._reported_other = False
        self._guard = threading.Thread(target=self._supervise, name="indexer-guard", daemon=True)

    def start(self) -> None:
        """Start the process and its guard."""
        notes.print(f"Music: [bold]{escape(str(self._folder))}[/bold]")
        self._guard.start()

    def stop(self) -> None:
        """Terminate the process, and kill it where that takes too long."""
        self._stopping.set()
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _supervise(self) -> None:
        for pause_s in (*_RESTARTS, *[_RESTARTS[-1]] * 10_000):
            if self._stopping.is_set():
                return
            # Its own process group: Ctrl-C reaches the chat first, which then ends it in order.
            self._process = subprocess.Popen(
                **processes.module("indexer.jobs.service", *self._flags, os.fspath(self._folder)),
                stdin=subprocess.PIPE,
                start_new_session=True,
            )
            status = self._process.wait()
            if self._stopping.is_set() or status == 0:
                return
            if status == _ALREADY_RUNNING:
                self._wait_for_other()
                continue
            notes.print(f"[yellow]The indexer ended ({status}); again in {pause_s} s.[/yellow]")
            self._stopping.wait(pause_s)

    def _wait_for_other(self) -> None:
        """Wait until the other indexer of this library ends."""
        from store.jobs import indexer_state
        from store.results import StoreError

        if not self._reported_other:
            self._reported_other = True
            notes.print("[yellow]Another indexer is at work on this library; using it.[/yellow]")
        alive = True
        while alive and not self._stopping.wait(_CHECK_S):
            with suppress(StoreError):
                alive = indexer_state.indexer_alive()


def _music_folder(music: Path | None) -> tuple[Path, bool]:
    """Return (folder, whether it is the demo library's): what is given, else ~/Music with audio."""
    from store.settings import StoreSettings

    if music is None and os.environ.get("BACKBEAT_MUSIC"):
        music = Path(os.environ["BACKBEAT_MUSIC"])
    if music is not None:
        music = music.expanduser().absolute()
        if not music.is_dir():
            give_up(f"There is no folder {music}. Give the folder that holds your music.")
        return music, False
    home = Path("~/Music").expanduser()
    if _holds_audio(home):
        return home, False
    notes.print("No music given and none in ~/Music: playing with a demo library of my own.")
    demo = StoreSettings().demo
    demo.mkdir(parents=True, exist_ok=True)
    return demo, True


def _holds_audio(folder: Path) -> bool:
    from indexer.jobs.watching.folder_listing import is_audio_name

    return any(is_audio_name(name) for _, _, names in os.walk(folder) for name in names)


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


def _serve_chat(host: str, port: int) -> None:
    import uvicorn

    from assistant.web.server import create_app

    shown = "localhost" if host in {"127.0.0.1", "::1", "0.0.0.0", "::"} else host

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if not self.should_exit:
                address = f"http://{shown}:{port}"
                console.print(
                    f"\nBackbeat is ready: [bold link={address}]{address}[/]  (Ctrl-C stops it)\n"
                )

    config = uvicorn.Config(
        create_app(), host=host, port=port, log_level="warning", timeout_graceful_shutdown=5
    )
    Server(config).run()
