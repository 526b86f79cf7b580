"""Each ingest of a file opens it exactly once, counted by an audit hook in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

KINDS = ("mp3", "flac", "ogg", "m4a", "wav", "opus", "wma")

# the hook cannot be removed, so it lives in a process of its own
COUNT_OPENS = """
import json, os, shutil, sys
from pathlib import Path

opened = []

def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        opened.append(os.fsdecode(arguments[0]))

import mutagen
from indexer.ingest.intake import ingest_file
from indexer.ingest.pipeline import analyse_file
from store.paths import encode_path

sys.addaudithook(hook)

def count(step, path):
    opened.clear()
    outcome = step(path)
    return [outcome, opened.count(str(path))]

def ingest(path):
    return ingest_file(encode_path(path), tagger=None)

def analyse(path):
    return "analysed" if analyse_file(path, tagger=None).mir else ""

counts = {}
for name in sys.argv[1:]:
    path = Path(name)
    steps = counts[path.suffix] = [count(analyse, path), count(ingest, path)]
    file = mutagen.File(path)
    if file.tags is None:
        file.add_tags()
    file.save()
    steps.append(count(ingest, path))
    copy = path.with_stem("copy")
    shutil.copy(path, copy)
    steps.append(count(ingest, copy))
    moved = path.with_stem("moved")
    copy.rename(moved)
    steps.append(count(ingest, moved))
print(json.dumps(counts))
"""


@pytest.fixture
def songs(tmp_path: Path, encode_audio) -> list[Path]:
    rng = np.random.default_rng(0)
    return [
        encode_audio(
            tmp_path / f"song.{kind}",
            0.1 * rng.standard_normal((2, 3 * 48_000)).astype(np.float32),
            48_000,
            kind=kind,
        )
        for kind in KINDS
    ]


@pytest.mark.usefixtures("data_folder")
def test_each_ingest_opens_its_file_once(songs: list[Path]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", COUNT_OPENS, *map(str, songs)],
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ),
    )
    assert done.returncode == 0, done.stderr
    outcomes = ("analysed", "analysed", "retagged", "copied", "moved")
    expected = {f".{kind}": [[outcome, 1] for outcome in outcomes] for kind in KINDS}
    assert json.loads(done.stdout.splitlines()[-1]) == expected
