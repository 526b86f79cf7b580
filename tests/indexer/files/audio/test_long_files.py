import subprocess
import sys

import numpy as np
import pytest

from benchmarks.data.generated_files import write_repeated
from indexer.files.audio.encoding import encode

RATE = 22_050
MINUTES = (20, 60)
GROWTH_MB = 30
"""Forty minutes more of samples would take 210 MB."""

ANALYSE = """
import sys
from pathlib import Path
from indexer.ingest.pipeline import analyse_file

for path in sys.argv[1:]:
    found = analyse_file(Path(path), tagger=None)
    status = dict(line.split(":", 1) for line in open("/proc/self/status"))
    print(found.audio.duration_s / 60, int(status["VmHWM"].split()[0]) / 1000)
"""


@pytest.fixture(scope="module")
def peaks_mb(tmp_path_factory):
    """Highest memory of one process after a file of each length, in turn."""
    folder = tmp_path_factory.mktemp("long")
    noise = np.random.default_rng(1).normal(0, 0.05, RATE * 60)
    pulse = (np.arange(RATE * 60) % (RATE // 2) < 400) * noise * 8 + noise
    encode(folder / "a.mp3", pulse[None].astype(np.float32), sample_rate=RATE, bit_rate=32_000)
    paths = [folder / f"{minutes}.mp3" for minutes in MINUTES]
    for minutes, path in zip(MINUTES, paths, strict=True):
        write_repeated(folder / "a.mp3", path, times=minutes)
    command = [sys.executable, "-c", ANALYSE, *map(str, paths)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = [[float(word) for word in line.split()] for line in said.splitlines()]
    assert [round(row[0]) for row in found] == list(MINUTES)
    return [row[1] for row in found]


def test_memory_does_not_grow_with_the_length_of_a_file(peaks_mb):
    short, long = peaks_mb
    assert long - short < GROWTH_MB
    assert long < 500
