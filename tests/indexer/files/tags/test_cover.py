from __future__ import annotations

import base64
import hashlib
import io
from pathlib import Path

import mutagen
import numpy as np
import pytest
from mutagen._vorbis import VCommentDict
from mutagen.apev2 import APEv2
from mutagen.asf import ASFByteArrayAttribute
from mutagen.flac import Picture
from mutagen.id3 import APIC, ID3
from PIL import Image

from indexer.files.tags.cover import read_cover

FRONT, BACK = 3, 4


def picture(color: str = "red", *, kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), color).save(out, kind)
    return out.getvalue()


def flac_picture(data: bytes, *, kind: int = FRONT) -> Picture:
    block = Picture()
    block.data, block.type, block.mime = data, kind, "image/jpeg"
    return block


def sound(path: Path, encode_audio) -> Path:
    kind = path.suffix[1:]
    rate = 48_000 if kind == "opus" else 44_100
    return encode_audio(path, np.full(rate, 0.1, np.float32), rate, kind)


def embed(path: Path, data: bytes) -> None:
    file = mutagen.File(path)
    if path.suffix == ".flac":
        file.add_picture(flac_picture(picture("blue"), kind=BACK))
        file.add_picture(flac_picture(data))
    elif path.suffix in (".ogg", ".opus"):
        block = base64.b64encode(flac_picture(data).write()).decode()
        file["metadata_block_picture"] = [block]
    elif path.suffix == ".m4a":
        file["covr"] = [data]
    elif path.suffix == ".wma":
        head = bytes([FRONT]) + len(data).to_bytes(4, "little")
        names = "image/jpeg\0".encode("utf-16-le") + "\0".encode("utf-16-le")
        file["WM/Picture"] = [ASFByteArrayAttribute(head + names + data)]
    else:
        file.add_tags() if file.tags is None else None
        back = picture("blue")
        file.tags.add(APIC(encoding=3, mime="image/jpeg", type=BACK, desc="b", data=back))
        file.tags.add(APIC(encoding=3, mime="image/jpeg", type=FRONT, desc="f", data=data))
    file.save()


@pytest.mark.parametrize("suffix", ["mp3", "flac", "ogg", "opus", "m4a", "wma", "wav", "aiff"])
def test_front_cover_of_every_format(suffix, tmp_path, encode_audio):
    path = sound(tmp_path / f"a.{suffix}", encode_audio)
    assert read_cover(path) is None
    data = picture("red")
    embed(path, data)
    cover = read_cover(path)
    assert cover is not None
    assert cover.data == data
    assert (cover.mime, cover.width, cover.height) == ("image/jpeg", 40, 30)
    assert cover.sha256 == hashlib.sha256(data).hexdigest()


def test_apev2_cover(tmp_path, encode_audio):
    path = sound(tmp_path / "a.mp3", encode_audio)
    tags = APEv2()
    tags["Cover Art (Front)"] = b"cover.png\0" + picture(kind="PNG")
    tags.save(path)
    cover = read_cover(path)
    assert cover is not None
    assert cover.mime == "image/png"


@pytest.mark.parametrize(
    ("name", "kind", "mime"),
    [
        ("Folder.JPG", "JPEG", "image/jpeg"),
        ("cover.png", "PNG", "image/png"),
        ("front.webp", "WEBP", "image/webp"),
        ("cover.jpg", "PNG", "image/png"),  # the content decides
    ],
)
def test_picture_beside_the_file(name, kind, mime, tmp_path, encode_audio):
    path = sound(tmp_path / "a.mp3", encode_audio)
    (tmp_path / name).write_bytes(picture(kind=kind))
    (tmp_path / "holiday.jpg").write_bytes(picture("blue"))
    cover = read_cover(path)
    assert cover is not None
    assert cover.mime == mime


def png_header(width: int, height: int) -> bytes:
    import struct
    import zlib

    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    crc = struct.pack(">I", zlib.crc32(body))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + crc


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<script>alert(1)</script>",
        picture()[:100],
        picture(kind="GIF"),
        png_header(60_000, 60_000),
        b"\xff\xd8\xff" + bytes(11 * 1024 * 1024),
    ],
    ids=["empty", "script", "cut", "gif", "bomb", "huge"],
)
def test_what_is_no_picture_is_passed_over(data, tmp_path, encode_audio):
    path = sound(tmp_path / "a.mp3", encode_audio)
    tags = ID3()
    tags.add(APIC(encoding=3, mime="image/jpeg", type=FRONT, desc="", data=data))
    tags.save(path)
    assert read_cover(path) is None
    (tmp_path / "cover.jpg").write_bytes(picture())
    cover = read_cover(path)
    assert cover is not None
    assert cover.data == picture()


def test_many_names_are_not_looked_up_one_by_one(tmp_path, encode_audio, monkeypatch):
    path = sound(tmp_path / "a.ogg", encode_audio)
    file = mutagen.File(path)
    file.update({f"name{i}": ["x"] for i in range(200)})
    file["metadata_block_picture"] = [base64.b64encode(flac_picture(picture()).write()).decode()]
    file.save()
    looked_up = []
    look_up = VCommentDict.__getitem__

    def counted(tags, name):
        looked_up.append(name)
        return look_up(tags, name)

    monkeypatch.setattr(VCommentDict, "__getitem__", counted)
    assert read_cover(path) is not None
    assert len(looked_up) < 5


def test_a_large_picture_is_scaled_instead_of_dropped(tmp_path: Path, encode_audio) -> None:
    path = sound(tmp_path / "big.mp3", encode_audio)
    out = io.BytesIO()
    Image.new("RGB", (9000, 4500), "green").save(out, "JPEG")
    embed(path, out.getvalue())
    cover = read_cover(path)
    assert cover is not None and (cover.width, cover.height) == (2000, 1000)
    noise = np.random.default_rng(1).integers(0, 255, (2200, 2000, 3), np.uint8)
    beside = io.BytesIO()
    Image.fromarray(noise).save(beside, "PNG")  # more than 10 MB
    plain = sound(tmp_path / "plain.mp3", encode_audio)
    (tmp_path / "cover.png").write_bytes(beside.getvalue())
    cover = read_cover(plain)
    assert cover is not None and cover.mime == "image/jpeg" and cover.height == 2000
    assert len(beside.getvalue()) > 10 * 1024 * 1024 > len(cover.data)
