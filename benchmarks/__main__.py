"""Runs every benchmark that has its data.

    python -m benchmarks [--music DIR] [--demo DIR] [--labelled DIR] [--drums DIR]
        [--groove ZIP] [--large]

The reader, descriptions, the ordering of playlists and searches need nothing; the others want real
recordings, which are not shipped.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from indexer.models.musicnn import ensure_models
from store.settings import StoreSettings


def main() -> int:
    """Run them one after the other; ends with 1 if one failed."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--music", type=Path, help="any music: indexing, excerpts, duplicates")
    parser.add_argument("--demo", type=Path, help="the demo library: tempo and key of exact songs")
    parser.add_argument("--labelled", type=Path, help="clips with manifest.csv: analysis")
    parser.add_argument("--drums", type=Path, help="annotated drum recordings: drums")
    parser.add_argument("--groove", type=Path, help="the zipped Groove MIDI Dataset: bars")
    parser.add_argument(
        "--large", action="store_true", help="searches in 100,000 tracks too: some minutes, 1 GB"
    )
    given = parser.parse_args()
    models = StoreSettings().models
    if given.demo or given.labelled or given.music:
        ensure_models(models, on_progress=print)
    sizes = [10_000, 100_000] if given.large else [10_000]
    runs: list[list[object]] = [
        ["conversation.reader"],
        ["conversation.reader", "--names", sizes[-1]],
        ["conversation.descriptions"],
        ["library.playlist"],
        ["library.search", "--tracks", *sizes],
    ]
    for name, folder, arguments in (
        ("library.indexing", given.music, [given.music, "--limit", 50, "--song", "--long", 3]),
        ("hearing.excerpts", given.music, ["--music", given.music, "--models", models]),
        ("library.duplicates", given.music, ["--music", given.music, "--models", models]),
        ("hearing.demo_truth", given.demo, ["--demo", given.demo, "--models", models]),
        ("hearing.analysis", given.labelled, ["--data", given.labelled, "--models", models]),
        ("hearing.drums", given.drums, ["--data", given.drums]),
        ("charts.bgm", given.drums, ["--data", given.drums]),
        ("charts.charting", given.groove, ["--groove", given.groove]),
    ):
        if folder is None:
            print(f"{name}: left out, no folder given")
        else:
            runs.append([name, *arguments])
    failed = False
    for name, *arguments in runs:
        print(f"\n== {name}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}", *map(str, arguments)]
        failed |= subprocess.run(command, check=False).returncode != 0
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
