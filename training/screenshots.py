"""Pictures of the page for docs/: desktop and phone, dark and light, through the page itself.

    python -m training.screenshots [--data FOLDER] [--out docs]

Serves the demo library, which is rendered and analysed first where the folder does not hold it
(some minutes), asks and clicks in Chromium by Playwright, and writes PNG files of 256 colours.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
from PIL import Image

DESKTOP: Final = (1180, 860)
PHONE: Final = (390, 844)
COLOURS: Final = 256
MOST_BYTES: Final = 200_000
"""Of one picture; a repository keeps every version of it."""
PATIENCE_MS: Final = 45_000
READY_WITHIN_S: Final = 1800
"""For rendering and analysing the demo library on a small machine."""
SETTLED: Final = "document.getAnimations().every((one) => one.playState !== 'running')"
PLAYS: Final = "backbeatPlayer.playing && backbeatPlayer.audio.currentTime > 4"


def main() -> int:
    """Take them all; end with 1 if one is too large."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="data folder to use, else a temporary one")
    parser.add_argument("--out", type=Path, default=Path("docs"), help="where the pictures go")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        data = given.data or Path(scratch)
        with _served(data.absolute()) as address, _chromium() as browser:
            small = [
                _kept(given.out / f"{name}.png", picture)
                for taken in (_conversation, _library, _phone)
                for name, picture in taken(browser, address).items()
            ]
    return int(not all(small))


def _kept(file: Path, picture: bytes) -> bool:
    """Write a picture; return whether it is small enough."""
    small = _compressed(picture)
    file.write_bytes(small)
    print(f"{file.name}: {len(small) / 1000:.0f} kB", flush=True)
    return len(small) <= MOST_BYTES


def _conversation(browser: Any, address: str) -> Mapping[str, bytes]:
    """A playlist that plays; the same beside the panel of playlists, in the light theme."""
    page = _opened(browser, address, DESKTOP, "dark")
    _ask(page, "make a playlist of 8 songs")
    page.wait_for_selector(".bb-table tbody tr >> nth=7")
    page.locator(".bb-head .bb-main").click()
    page.wait_for_function(PLAYS)
    pictures = {"screenshot": _shot(page)}
    page.emulate_media(color_scheme="light")
    page.wait_for_selector("html.light")
    page.keyboard.press("Alt+KeyP")
    page.locator(".bbs-open").first.click()
    page.wait_for_selector(".bbs-tracks .bbp-entry")
    pictures["page-panel"] = _shot(page)
    page.context.close()
    return pictures


def _library(browser: Any, address: str) -> Mapping[str, bytes]:
    """An album, and the map."""
    page = _opened(browser, address, DESKTOP, "light")
    page.keyboard.press("Alt+KeyL")
    page.locator("#bbl a[href*='#library/album/']").first.click()
    page.locator("#bbl .bb-link").first.wait_for()
    pictures = {"page-album": _shot(page)}
    page.context.close()
    page = _opened(browser, address, DESKTOP, "dark")
    page.keyboard.press("Alt+KeyM")
    page.wait_for_selector("canvas")
    page.wait_for_timeout(1500)
    pictures["page-map"] = _shot(page)
    page.context.close()
    return pictures


def _phone(browser: Any, address: str) -> Mapping[str, bytes]:
    """An answer in French and the player, on a phone."""
    page = _opened(browser, address, PHONE, "light", locale="fr-FR")
    _ask(page, "de la musique énergique")
    page.locator(".bb-table .bb-play").first.wait_for()
    page.locator(".bb-table .bb-play").first.click()
    page.wait_for_function(PLAYS)
    pictures = {"page-phone": _shot(page)}
    page.context.close()
    return pictures


def _opened(
    browser: Any, address: str, size: tuple[int, int], theme: str, *, locale: str = "en-US"
) -> Any:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=theme, locale=locale
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("#chat-settings-open-modal")
    return page


def _ask(page: Any, text: str) -> None:
    page.click("#chat-input")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def _shot(page: Any) -> bytes:
    page.mouse.move(0, 0)
    page.wait_for_load_state("networkidle")
    page.wait_for_function(SETTLED)
    return bytes(page.screenshot())


def _compressed(picture: bytes) -> bytes:
    """Return a PNG file of few colours."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    small = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


@contextmanager
def _chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        yield browser
        browser.close()


@contextmanager
def _served(data: Path) -> Iterator[str]:
    """Serve the demo library of a data folder; give the address once all of it is analysed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = {"HOME": str(data / "home"), "BACKBEAT_OLLAMA_HOST": "http://127.0.0.1:9"}
    process = subprocess.Popen(
        [sys.executable, "-m", "backbeat", "serve", "--port", str(port), "--data", str(data)],
        env={**os.environ, **home},
    )
    address = f"http://localhost:{port}"
    until = time.monotonic() + READY_WITHIN_S
    try:
        while not _is_ready(address):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit("The demo library was not served.")
            time.sleep(1)
        yield address
    finally:
        process.terminate()
        process.wait(60)


def _is_ready(address: str) -> bool:
    try:
        now = httpx.get(f"{address}/api/indexing", trust_env=False).json()
    except httpx.HTTPError:
        return False
    return bool(now["tracks"] and not now["rendering"] and not now["queued"] + now["running"])


if __name__ == "__main__":
    raise SystemExit(main())
