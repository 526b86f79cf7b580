"""How fluid the map of a large library is: times of drawing and between frames.

    python -m benchmarks.library.map_frames [--tracks 100000] [--keep FOLDER]

Drives headless Chromium, which draws in software, by Playwright: the map is dragged at three zooms.
The library is that of `benchmarks.library.map_layout`; with the same `--keep` it is used again.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path
from typing import Any, Final

from benchmarks.library.map_layout import make_map
from benchmarks.page import browser, served

SIZE: Final = (1180, 900)
STEPS: Final = 90
WHEELS: Final = 6
PATIENCE_MS: Final = 120_000
# Measures the drawing of the points, and how far frames are apart.
CLOCK: Final = """async () => {
  const { Painter } = await import('/chat/public/map/painter.js');
  const { paint } = Painter.prototype;
  Object.assign(window, { paints: [], frames: [] });
  Painter.prototype.paint = function timed(...given) {
    const begin = performance.now();
    paint.apply(this, given);
    window.paints.push(performance.now() - begin);
  };
  let last = performance.now();
  const frame = (now) => {
    window.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""


def main() -> int:
    """Make the library, open its map and print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tracks", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="folder to keep the library in")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = make_map(options.keep or Path(scratch), options.tracks)
        os.environ["BACKBEAT_DATA"] = str(folder)
        with served(folder) as (address, _), browser() as chromium:
            page = chromium.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
            page.set_default_timeout(PATIENCE_MS)
            page.goto(f"{address}/chat/#map")
            page.wait_for_selector(".bbm[data-ready]")
            page.evaluate(CLOCK)
            for zoom in ("everything", "nearer", "from near"):
                _drag(page)
                print(f"{zoom:12} {_times(page, 'paints')}; {_times(page, 'frames')}", flush=True)
                for _ in range(WHEELS):
                    page.mouse.wheel(0, -120)
    return 0


def _drag(page: Any) -> None:
    page.evaluate("() => { window.paints.length = 0; window.frames.length = 0; }")
    page.mouse.move(600, 450)
    page.mouse.down()
    for step in range(STEPS):
        page.mouse.move(600 + 2 * step, 450 + step)
    page.mouse.up()


def _times(page: Any, name: str) -> str:
    took = sorted(page.evaluate(f"window.{name}"))
    p50, p95 = took[len(took) // 2], took[int(0.95 * (len(took) - 1))]
    return f"{name}: {len(took)}, p50 {p50:.1f} ms, p95 {p95:.1f} ms"


if __name__ == "__main__":
    raise SystemExit(main())
