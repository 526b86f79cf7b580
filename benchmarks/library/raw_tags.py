"""Files whose tags hold given bytes, whatever the format says about their encoding."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import numpy as np
from mutagen.apev2 import APEv2
from mutagen.flac import FLAC
from mutagen.id3 import ID3, TALB, TIT2, TPE1  # pyright: ignore[reportPrivateImportUsage]

from indexer.files.audio.encoding import encode
from indexer.files.tags.encodings.code_pages import as_western

Texts = Mapping[str, bytes]
"""Name ("title", "artist", "album") → bytes."""
FRAMES: Final = {"title": TIT2, "artist": TPE1, "album": TALB}
V1_BYTES: Final = 30


class TemplateFiles:
    """Short files of silence without tags, one a format, that are copied and tagged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        silence = np.zeros((1, 4410), np.float32)
        encode(folder / "plain.mp3", silence, sample_rate=44_100, bit_rate=64_000)
        ID3(folder / "plain.mp3").delete(folder / "plain.mp3")
        for kind in ("flac", "wav"):
            encode(folder / f"plain.{kind}", silence, sample_rate=44_100)
        self._count = 0

    def copy(self, kind: str) -> Path:
        """Return a fresh copy whose name says nothing."""
        self._count += 1
        path = self.folder / f"{self._count}.{kind}"
        shutil.copy(self.folder / f"plain.{kind}", path)
        return path


def _id3v1(files: TemplateFiles, texts: Texts) -> Path:
    path = files.copy("mp3")
    fields = (texts.get(name, b"")[:V1_BYTES].ljust(V1_BYTES, b"\0") for name in FRAMES)
    with path.open("ab") as file:
        file.write(b"TAG" + b"".join(fields) + bytes(4 + 30) + b"\xff")
    return path


def _id3(version: int, encoding: int) -> Callable[[TemplateFiles, Texts], Path]:
    def write(files: TemplateFiles, texts: Texts) -> Path:
        path = files.copy("mp3")
        tags = ID3()
        for name, raw in texts.items():
            text = as_western(raw) if encoding else raw.decode("latin-1")
            tags.add(FRAMES[name](encoding=encoding, text=[text]))
        tags.save(path, v1=0, v2_version=version)
        return path

    return write


def _ape(files: TemplateFiles, texts: Texts) -> Path:
    path = files.copy("mp3")
    tags = APEv2()
    for name, raw in texts.items():
        tags[name.title()] = raw.decode("utf-8", "surrogateescape")
    tags.save(path)
    return path


class _RawText(str):
    """A text that mutagen writes as the bytes it was made of."""

    def encode(self, encoding: str = "utf-8", errors: str = "surrogateescape") -> bytes:
        return super().encode(encoding, errors)


def _vorbis(*, misread: bool) -> Callable[[TemplateFiles, Texts], Path]:
    def write(files: TemplateFiles, texts: Texts) -> Path:
        path = files.copy("flac")
        file = FLAC(path)
        for name, raw in texts.items():
            text = as_western(raw) if misread else raw.decode("utf-8", "surrogateescape")
            file[name] = [_RawText(text)]
        file.save()
        return path

    return write


def _riff(files: TemplateFiles, texts: Texts) -> Path:
    path = files.copy("wav")
    info = b"INFO"
    for name, identifier in (("title", b"INAM"), ("artist", b"IART"), ("album", b"IPRD")):
        if raw := texts.get(name):
            field = raw + b"\0" * (2 - len(raw) % 2)
            info += identifier + len(field).to_bytes(4, "little") + field
    whole = path.read_bytes() + b"LIST" + len(info).to_bytes(4, "little") + info
    path.write_bytes(whole[:4] + (len(whole) - 8).to_bytes(4, "little") + whole[8:])
    return path


WRITERS: Final[dict[str, Callable[[TemplateFiles, Texts], Path]]] = {
    "ID3v1": _id3v1,
    "ID3v2.3 Latin-1": _id3(3, 0),
    "ID3v2.4 Latin-1": _id3(4, 0),
    "ID3v2.3 UTF-16, misread": _id3(3, 1),
    "ID3v2.4 UTF-8, misread": _id3(4, 3),
    "APEv2": _ape,
    "RIFF INFO": _riff,
    "Vorbis": _vorbis(misread=False),
    "Vorbis, misread": _vorbis(misread=True),
}
"""Format → writer. "Misread": the bytes were read as cp1252 and stored as Unicode."""
