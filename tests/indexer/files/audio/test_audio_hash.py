from __future__ import annotations

import io
import shutil

import mutagen
import numpy as np
import pytest
from mutagen.apev2 import APEv2
from mutagen.flac import Picture
from mutagen.id3 import APIC, ID3, TIT2
from PIL import Image

from indexer.files.audio.audio_hash import payload_hash
from indexer.files.audio.audio_types import AudioError

RATE = 44_100
KINDS = ("mp3", "flac", "ogg", "opus", "m4a", "alac", "wav", "aiff", "wma")


def make(path, encode_audio, kind: str, *, seed: int = 0):
    rate = 48_000 if kind == "opus" else RATE
    samples = np.random.default_rng(seed).normal(0, 0.1, 2 * rate).astype(np.float32)
    return encode_audio(path, samples, rate, kind)


def suffix(kind: str) -> str:
    return "m4a" if kind == "alac" else kind


def jpeg(size: int = 300) -> bytes:
    out = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 255, (size, size, 3), np.uint8)
    Image.fromarray(noise).save(out, "JPEG")
    return out.getvalue()


def retag(path) -> None:
    file = mutagen.File(path)
    assert file is not None
    if file.tags is None:
        file.add_tags()
    assert file.tags is not None
    if isinstance(file.tags, ID3):
        file.tags.add(TIT2(encoding=3, text=["Another title " * 50]))
        file.tags.add(APIC(encoding=3, mime="image/jpeg", type=3, desc="", data=jpeg()))
    elif path.suffix == ".m4a":
        file.tags["\xa9nam"] = ["Another title " * 50]
        file.tags["covr"] = [jpeg()]
    else:
        file.tags["TITLE"] = ["Another title " * 50]
    if path.suffix == ".flac":
        picture = Picture()
        picture.data, picture.type, picture.mime = jpeg(), 3, "image/jpeg"
        file.add_picture(picture)
    file.save()


@pytest.mark.parametrize("kind", KINDS)
def test_tags_and_names_do_not_change_it(kind, tmp_path, encode_audio):
    path = make(tmp_path / f"a.{suffix(kind)}", encode_audio, kind)
    before, size = payload_hash(path), path.stat().st_size
    retag(path)
    assert path.stat().st_size != size
    moved = tmp_path / f"b.{suffix(kind)}"
    shutil.move(path, moved)
    assert payload_hash(moved) == before


def test_tags_at_the_end_of_an_mp3_do_not_change_it(tmp_path, encode_audio):
    path = make(tmp_path / "a.mp3", encode_audio, "mp3")
    before = payload_hash(path)
    tags = ID3()
    tags.add(TIT2(encoding=3, text=["Title"]))
    tags.save(path, v1=2)
    assert payload_hash(path) == before
    ape = APEv2()
    ape["Title"] = "Another"
    ape.save(path)
    assert payload_hash(path) == before
    ape.delete(path)
    ID3(path).delete(path)
    assert payload_hash(path) == before


@pytest.mark.parametrize("kind", KINDS)
def test_other_audio_has_another(kind, tmp_path, encode_audio):
    one = make(tmp_path / f"a.{suffix(kind)}", encode_audio, kind, seed=1)
    two = make(tmp_path / f"b.{suffix(kind)}", encode_audio, kind, seed=2)
    assert payload_hash(one) != payload_hash(two)
    assert len(payload_hash(one)) == 32


def test_what_is_no_audio_is_known_by_its_bytes(tmp_path):
    one, two = tmp_path / "a.mp3", tmp_path / "b.mp3"
    one.write_bytes(b"text")
    two.write_bytes(b"text")
    assert payload_hash(one) == payload_hash(two)
    two.write_bytes(b"other text")
    assert payload_hash(one) != payload_hash(two)
    one.write_bytes(b"")
    assert len(payload_hash(one)) == 32


def test_missing_file_is_unreadable(tmp_path):
    with pytest.raises(AudioError) as caught:
        payload_hash(tmp_path / "a.mp3")
    assert caught.value.code == "unreadable"
