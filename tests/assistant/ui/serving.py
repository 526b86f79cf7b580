"""A chat that is served for the tests of its page, and what a person does there."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[3]
SERVE = """
import sys
import uvicorn
from assistant.settings import Settings
from assistant.web.server import create_app
settings = Settings()
uvicorn.run(
    create_app(settings), host=settings.host, port=settings.port, log_level="warning",
    timeout_graceful_shutdown=5,
)
"""
START_WITHIN_S = 60
PATIENCE_MS = 90_000  # a machine that does much else compiles the grammar in a minute
SHOTS = os.environ.get("BACKBEAT_SCREENSHOTS")


class Site:
    """A served chat; `first` is Python that its process runs before it serves."""

    def __init__(
        self, data: Path, *, first: str = "", port: int | None = None, **environment: str
    ) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = port or free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self._process = subprocess.Popen(
            [sys.executable, "-c", first + SERVE],
            cwd=ROOT,
            env={
                **os.environ,
                "BACKBEAT_DATA": str(data),
                "BACKBEAT_PORT": str(self.port),
                "BACKBEAT_OLLAMA_HOST": "http://127.0.0.1:9",
                **environment,
            },
        )
        until = time.monotonic() + START_WITHIN_S
        while not self._up():
            assert self._process.poll() is None, "the server ended"
            assert time.monotonic() < until, "the server does not start"
            time.sleep(0.2)

    def _up(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/health", trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def memory_bytes(self) -> int:
        status = Path(f"/proc/{self._process.pid}/statm").read_text().split()
        return int(status[1]) * os.sysconf("SC_PAGE_SIZE")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)


def opened(
    browser: Any,
    site: Site,
    *,
    locale: str = "en-US",
    width: int = 1180,
    theme: str = "dark",
) -> tuple[Any, list[str]]:
    """The chat in a new page, and the addresses that it asked for."""
    page = browser.new_page(locale=locale, viewport={"width": width, "height": 900})
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(f"localStorage.setItem('vite-ui-theme', '{theme}')")
    foreign: list[str] = []
    page.on("request", lambda request: foreign.append(request.url))
    page.goto(site.url)
    page.wait_for_selector("#chat-settings-open-modal")  # the chat is connected
    return page, foreign


def ask(page: Any, text: str) -> None:
    page.wait_for_selector("#stop-button", state="detached")  # the turn before is over
    page.click("#chat-input")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def shot(page: Any, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png")
