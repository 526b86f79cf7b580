"""Lyrics in files beside a track and in its tags."""

from __future__ import annotations

from pathlib import Path

import httpx
import numpy as np
import pytest
import soundfile
from mutagen.flac import FLAC
from mutagen.id3 import ID3, USLT  # pyright: ignore[reportPrivateImportUsage]

from assistant.settings import Settings
from assistant.web.player.lyrics_files import LARGEST_FILE, lyrics_of
from assistant.web.server import create_app
from store.tracks import track_details


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    file = tmp_path / "song.flac"
    soundfile.write(file, np.zeros(2205, "float32"), 22050)
    return file


def test_a_file_beside_it_comes_first(sound: Path) -> None:
    assert lyrics_of(sound) is None
    tags = FLAC(sound)
    tags["LYRICS"] = "from the tags"
    tags.save()
    assert lyrics_of(sound) == "from the tags"
    sound.with_suffix(".lrc").write_bytes("[00:01]été".encode("cp1252"))
    assert lyrics_of(sound) == "[00:01]été"
    sound.with_suffix(".lrc").write_text("x" * (LARGEST_FILE + 1))
    assert lyrics_of(sound) == "from the tags"


def test_id3(tmp_path: Path) -> None:
    file = tmp_path / "song.mp3"
    soundfile.write(file, np.zeros(22050, "float32"), 22050)
    tags = ID3()
    tags.add(USLT(encoding=3, lang="eng", desc="", text="Sung"))
    tags.save(file)
    assert lyrics_of(file) == "Sung"


def test_no_audio(tmp_path: Path) -> None:
    file = tmp_path / "broken.mp3"
    file.write_bytes(b"ID3" + b"\xff" * 40)
    assert lyrics_of(file) is None
    assert lyrics_of(tmp_path / "gone.flac") is None


async def test_address(library: Path) -> None:
    app = create_app(Settings(use_model=False), chat=False)
    transport = httpx.ASGITransport(app=app)
    beside = track_details.track_file(1).with_suffix(".lrc")
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as api:
        assert (await api.get("/api/tracks/1/lyrics")).json() == {"lines": []}
        beside.write_text("[00:01.5]Drive")
        try:
            found = (await api.get("/api/tracks/1/lyrics")).json()
        finally:
            beside.unlink()
        assert found == {"lines": [{"time_s": 1.5, "text": "Drive"}]}
        assert (await api.get("/api/tracks/999/lyrics")).status_code == 404
