"""A small music folder of real files, and the command as a person runs it."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from indexer.demo.demo_library import song_path, write_song
from indexer.demo.demo_songs import SONGS

TITLES = {
    "Copper Sky", "Warehouse Rain", "Island Ledger", "Tidal Memory", "Rubber Sidewalk",
    "Blue Umbrella",
}  # fmt: skip


@pytest.fixture(scope="session")
def music(tmp_path_factory):
    """Six songs in five formats, 20 s each, and three files that cannot be music."""
    folder = tmp_path_factory.mktemp("music")
    for song in SONGS:
        if song.title in TITLES:
            short = replace(song, duration_s=20.0)
            write_song(short, song_path(folder, short))
    (folder / "broken.mp3").write_bytes(b"\xff\xfb\x90\x00" + bytes(range(256)) * 40)
    (folder / "empty.flac").write_bytes(b"")
    (folder / "letter.ogg").write_text("Dear diary, this is no music.", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def backbeat(tmp_path_factory):
    """Run `backbeat …` on a data folder of its own; returns the finished process."""
    data = tmp_path_factory.mktemp("data")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("BACKBEAT_")},
        "BACKBEAT_DATA": str(data),
        "BACKBEAT_OLLAMA_HOST": "http://127.0.0.1:9",
        "COLUMNS": "160",
    }

    def run(*arguments, text_in=None, check=True, **extra):
        done = subprocess.run(
            [sys.executable, "-m", "backbeat", *map(str, arguments)],
            input=text_in, capture_output=True, text=True, encoding="utf-8", timeout=280,
            cwd=data, env={**environment, **extra}, check=False,
        )  # fmt: skip
        if check:
            assert done.returncode == 0, done.stdout + done.stderr
        return done

    run.data, run.environment = data, environment
    return run


@pytest.fixture(scope="session")
def indexed(music, backbeat):
    """The folder, analysed; returns what `backbeat index` printed."""
    return backbeat("index", music)


@pytest.fixture
def ask(indexed, backbeat):
    """One request through `chat --once --json`."""

    def one(text):
        return json.loads(backbeat("chat", "--once", text, "--json").stdout)

    return one
