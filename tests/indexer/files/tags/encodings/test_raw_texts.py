"""Bytes that are no UTF-8 in tags that should be."""

import mutagen
import numpy as np
import pytest
from mutagen.apev2 import APEv2

from indexer.files.tags.tag_reading import read_tags
from indexer.files.tags.tag_writing import replace_values

TITLE = "Группа крови".encode("cp1251")


class Bytes(str):
    def encode(self, encoding="utf-8", errors="surrogateescape"):
        return super().encode(encoding, errors)


@pytest.mark.parametrize("kind", ["flac", "ogg", "opus", "mp3"])
def test_they_are_read_and_stay_the_same_when_tags_are_written(kind, tmp_path, encode_audio):
    noise = np.random.default_rng(0).normal(0, 0.1, 48_000).astype(np.float32)
    path = encode_audio(tmp_path / f"x.{kind}", noise, 48_000, kind)
    file = APEv2() if kind == "mp3" else mutagen.File(path)
    file["TITLE"] = [Bytes(TITLE.decode("utf-8", "surrogateescape"))]
    file.save(path)
    assert TITLE in path.read_bytes()
    tags = read_tags(path)
    assert tags.title == "Группа крови"
    assert [one.codec for one in tags.repaired] == ["cp1251"]
    replace_values(path, {"TBPM" if kind == "mp3" else "BPM": ("120",)})
    assert TITLE in path.read_bytes()
    assert read_tags(path).bpm == 120
