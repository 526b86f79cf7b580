"""How fast the page is: first paint, answers visible after Enter, memory of the server.

python -m benchmarks.page [--tracks 100000] [--conversations 5] [--answers 40] [--keep FOLDER]

Drives Chromium by Playwright against a server of its own, on a made-up library in a temporary
folder. An answer is visible once the browser has painted the rows of its table; the clock begins
at the key press of Enter, in the page. "Work" is the processor time of the page's thread until
then, which another program on the machine changes little. No model runs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.data.synthetic_library import fill

FIRST_PAINT_AIM_MS: Final = 1000.0
ANSWER_AIM_MS: Final = 300.0
PAINTS: Final = 5
AROUND: Final = 5
"""Answers at each end of a conversation that count as the first and the last ones."""
START_WITHIN_S: Final = 120
PATIENCE_MS: Final = 60_000
REQUESTS: Final = (
    "jazz",
    "happy rock from the 80s",
    "pop between 100 and 120 bpm",
    "chill electronic music",
    "songs in A minor",
    "calm music without vocals",
    "metal over 140 bpm",
    "make a playlist of 10 house songs",
    "funk from the 70s",
    "music for a rainy sunday",
)
SERVE: Final = """
import uvicorn
from assistant.settings import Settings
from assistant.web.server import create_app
settings = Settings()
uvicorn.run(create_app(settings), host=settings.host, port=settings.port, log_level="warning",
            timeout_graceful_shutdown=2)
"""
# The next table that was not there at Enter; the second frame comes after its first was painted.
CLOCK: Final = """() => {
  const rows = '.bb-table tbody tr';
  let known = new WeakSet();
  addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    const begin = performance.now();
    window.answered = null;
    document.querySelectorAll('.bb').forEach((table) => known.add(table));
    const look = new MutationObserver(() => {
      const tables = document.querySelectorAll('.bb');
      const last = tables[tables.length - 1];
      if (!last || known.has(last) || !last.querySelector(rows)) return;
      if (tables.length <= window.answers) return;
      look.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => {
        window.answers = tables.length;
        window.answered = performance.now() - begin;
      }));
    });
    look.observe(document.body, { subtree: true, childList: true });
  }, true);
  window.answers = 0;
}"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tracks", type=int, default=100_000)
    parser.add_argument("--conversations", type=int, default=5)
    parser.add_argument("--answers", type=int, default=40, help="in one conversation")
    parser.add_argument("--keep", type=Path, help="folder to keep the library in")
    parser.add_argument("--phone", action="store_true", help="390 × 844 instead of 1180 × 900")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = (options.keep or Path(scratch)) / f"page-{options.tracks}"
        begin = time.perf_counter()
        os.environ["BACKBEAT_DATA"] = str(folder)
        fill(folder, options.tracks)
        print(f"{options.tracks} tracks, made in {time.perf_counter() - begin:.0f} s", flush=True)
        with served(folder) as (address, process), browser() as chromium:
            size = (390, 844) if options.phone else (1180, 900)
            return _measure(chromium, address, process, size, options)


def _measure(
    browser: Any, address: str, process: int, size: tuple[int, int], options: argparse.Namespace
) -> int:
    print(f"memory of the server after its start: {_memory_mb(process):.0f} MB")
    talks = [
        _conversation(browser, address, size, options.answers) for _ in range(options.conversations)
    ]
    print(f"first answer after the start: {talks[0][0][0]:.0f} ms")
    paints = sorted(_first_paint(browser, address, size) for _ in range(PAINTS))
    missed = _shown("first paint", paints, FIRST_PAINT_AIM_MS)
    around = options.answers - AROUND + 1
    for name, part, left_out in (
        (f"answers 1 to {AROUND}", slice(AROUND), 1),
        (f"answers {around} to {options.answers}", slice(-AROUND, None), 0),
        ("all answers", slice(None), 0),
    ):
        found = [answer for talk in talks for answer in talk[part]][left_out:]
        missed += _shown(name, [seen for seen, _ in found], ANSWER_AIM_MS)
        print(f"{'':22} work p50 {sorted(work for _, work in found)[len(found) // 2]:6.0f} ms")
    print(f"memory of the server at the end: {_memory_mb(process):.0f} MB")
    return int(missed > 0)


def _shown(what: str, took_ms: Sequence[float], aim_ms: float) -> bool:
    ordered = sorted(took_ms)
    p50, p95 = ordered[len(ordered) // 2], ordered[round(0.95 * (len(ordered) - 1))]
    missed = p95 > aim_ms
    print(f"{what:22} p50 {p50:6.0f} ms   p95 {p95:6.0f} ms   (aim {aim_ms:.0f}){' !' * missed}")
    return missed


def _first_paint(browser: Any, address: str, size: tuple[int, int]) -> float:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(address)
    page.wait_for_selector("#chat-input")
    paint = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    took_ms = float(page.evaluate(paint))
    page.close()
    return took_ms


def _conversation(
    browser: Any, address: str, size: tuple[int, int], answers: int
) -> list[tuple[float, float]]:
    """Hold a conversation; give until when each answer was seen and the work until then, in ms."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, locale="en-US")
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    page.wait_for_selector("#chat-settings-open-modal")
    page.evaluate(CLOCK)
    counts = page.context.new_cdp_session(page)
    counts.send("Performance.enable", {"timeDomain": "threadTicks"})
    took_ms: list[tuple[float, float]] = []
    for request in islice(cycle(REQUESTS), answers):
        page.wait_for_selector("#stop-button", state="detached")
        page.fill("#chat-input", request)
        page.wait_for_selector("#chat-submit:not([disabled])")
        before = _work_ms(counts)
        page.press("#chat-input", "Enter")
        page.wait_for_function("window.answered", polling=50)
        work = _work_ms(counts) - before
        took_ms.append((float(page.evaluate("window.answered")), work))
    page.close()
    return took_ms


def _work_ms(counts: Any) -> float:
    values = counts.send("Performance.getMetrics")["metrics"]
    return 1000 * next(one["value"] for one in values if one["name"] == "TaskDuration")


@contextmanager
def browser() -> Iterator[Any]:
    """Start Chromium, headless."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("chromium-browser")
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@contextmanager
def served(data: Path) -> Iterator[tuple[str, int]]:
    """Serve the chat; give its address and the id of its process."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    silent = {"BACKBEAT_OLLAMA_HOST": "http://127.0.0.1:9"}
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE],
        env={**os.environ, **silent, "BACKBEAT_DATA": str(data), "BACKBEAT_PORT": str(port)},
    )
    address = f"http://localhost:{port}"
    until = time.monotonic() + START_WITHIN_S
    try:
        while not _answers(f"{address}/api/health"):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit("The server did not start.")
            time.sleep(0.2)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5) as reply:
            return reply.status == 200
    except (URLError, TimeoutError, ConnectionError):
        return False


def _memory_mb(process: int) -> float:
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    raise SystemExit(main())
