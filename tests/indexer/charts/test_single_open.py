"""A chart opens its file exactly once, counted by an audit hook in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from indexer.drums.formats.kit import render_hit
from indexer.drums.types import Drum

RATE = 44_100
KINDS = ("mp3", "flac", "wav")

# the hook cannot be removed, so it lives in a process of its own
COUNT_OPENS = """
import json, os, sys
from pathlib import Path

opened = []

def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        opened.append(os.fsdecode(arguments[0]))

from indexer.charts.file_charts import automatic_charts, chart_file, detected_onsets
from indexer.charts.options import ChartOptions

sys.addaudithook(hook)
options = ChartOptions(profile="fast")

def count(step, path):
    opened.clear()
    step(path)
    return opened.count(str(path))

def chart(path):
    bundle = chart_file(path, path.parent / "out", options)
    assert (bundle.folder / "bgm.ogg").is_file()

def chart_only(path):
    automatic_charts(path, options)

def detect(path):
    assert detected_onsets(path, profile="fast")

print(json.dumps([[count(step, Path(name)) for step in (chart, chart_only, detect)]
                  for name in sys.argv[1:]]))
"""


@pytest.fixture
def songs(tmp_path: Path, encode_audio) -> list[Path]:
    """Ten seconds of a rock beat, in several formats."""
    samples = np.zeros(10 * RATE, np.float32)
    for eighth in range(36):
        drums = [Drum.HAT_CLOSED, *{0: [Drum.KICK], 2: [Drum.SNARE]}.get(eighth % 4, [])]
        for drum in drums:
            hit = render_hit(drum)
            start = int((0.25 + 0.25 * eighth) * RATE)
            part = samples[start : start + hit.size]
            part += 0.3 * hit[: part.size]
    stereo = np.stack([samples, samples])
    return [encode_audio(tmp_path / f"Band - Beat.{kind}", stereo, kind=kind) for kind in KINDS]


@pytest.mark.usefixtures("data_folder")
def test_a_chart_opens_its_file_once(songs: list[Path]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", COUNT_OPENS, *map(str, songs)],
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ),
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == [[1, 1, 1]] * len(KINDS)
