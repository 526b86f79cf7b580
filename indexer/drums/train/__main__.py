"""Make the drum network: `python -m indexer.drums.train all --data GROOVE_ZIP --cache DIR`.

The steps are `render`, `train`, `calibrate` and `export`; each goes on where it was stopped and
reads what the one before left in the cache. `docs/drums.md` tells what was trained, and on what.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

SOUNDS: Final = (
    "/usr/share/hydrogen/data/drumkits",
    "/usr/share/sounds/sf2",
    "/usr/share/sounds/sf3",
    "/usr/share/sonic-pi/samples",
)
"""Where Debian puts hydrogen-drumkits, avldrums.lv2, fluid-soundfont-gm, timgm6mb-soundfont,
musescore-general-soundfont and sonic-pi-samples."""


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="indexer.drums.train", description=__doc__)
    parser.add_argument("step", choices=("render", "train", "calibrate", "export", "all"))
    parser.add_argument("--data", type=Path, help="the zipped Groove MIDI Dataset (render)")
    parser.add_argument("--sounds", type=Path, nargs="+", default=[Path(p) for p in SOUNDS])
    parser.add_argument("--cache", type=Path, required=True, help="folder for all that is made")
    parser.add_argument("--clips", type=int, default=1000, help="training clips of 20 s")
    parser.add_argument("--validation-clips", type=int, default=40)
    parser.add_argument("--part", default="1/1", help="render part I of N, for N processes")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop a step after")
    parser.add_argument("--steps", type=int, default=2000, help="training batches")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--dev", type=Path, help="annotated recordings to calibrate on")
    return parser.parse_args(arguments)


def _render(options: argparse.Namespace) -> None:
    from indexer.drums.train.render import open_studio, render_split

    part, parts = (int(number) for number in options.part.split("/"))
    splits = (("validation", options.validation_clips), ("train", options.clips))
    for split, count in splits:
        studio = open_studio(options.data, options.sounds, options.cache, split)
        numbers = range(part - 1, count, parts)
        made = render_split(studio, options.cache, split, numbers, seconds=options.seconds)
        print(f"{split}: {made} clips rendered", flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Run one step, or all of them."""
    options = _arguments(arguments)
    wanted = (
        ("render", "train", "calibrate", "export") if options.step == "all" else (options.step,)
    )
    if "render" in wanted:
        if options.data is None:
            print("Rendering needs --data, the zipped Groove MIDI Dataset.", file=sys.stderr)
            return 2
        _render(options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
