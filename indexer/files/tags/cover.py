"""The cover picture of a track: embedded in the file, or beside it."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from warnings import catch_warnings

import mutagen
from mutagen.apev2 import APEv2
from mutagen.flac import FLAC, Picture
from mutagen.id3 import ID3  # pyright: ignore[reportPrivateImportUsage]
from mutagen.mp4 import MP4Tags
from PIL import Image, UnidentifiedImageError

from indexer.files.audio.audio_types import AudioError
from indexer.files.audio.opened_file import OpenedFile, opened, path_of
from indexer.files.tags.blocks.stored_blocks import BROKEN
from indexer.files.tags.tag_limits import limited_tags

MIMES: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
MAX_BYTES: Final = 10 * 1024 * 1024
MAX_SIDE: Final = 8000
"""Pixels; more costs 200 MB to show. A larger picture, in bytes too, is stored scaled."""
LARGEST_BYTES: Final = 64 * 1024 * 1024
LARGEST_PIXELS: Final = 100_000_000
"""Of a picture that is decoded whole to be scaled, 400 MB; JPEG is decoded smaller at once."""
SCALED_SIDE: Final = 2000
SCALED_QUALITY: Final = 90
FRONT: Final = 3
"""Picture type "front cover" of ID3v2 and FLAC."""
_NAMES: Final = ("cover", "folder", "front", "album")
_PICTURE_NAMES: Final = ("metadata_block_picture", "coverart", "wm/picture", "cover art")
"""Of Vorbis comments, ASF and APEv2."""
_SUFFIXES: Final = (".jpg", ".jpeg", ".png", ".webp")


@dataclass(frozen=True, slots=True)
class EmbeddedCover:
    """A picture whose format was verified.

    Attributes:
        mime: "image/jpeg", "image/png" or "image/webp".
        sha256: Of `data`, hexadecimal: the same cover on every track of an album.
    """

    data: bytes
    mime: str
    width: int
    height: int
    sha256: str


def read_cover(source: Path | OpenedFile) -> EmbeddedCover | None:
    """Return the front cover in the file, else any picture in it, else cover.jpg etc. beside it."""
    pictures = sorted(_embedded(source), key=lambda item: item[0] != FRONT)
    for _, data in pictures:
        if cover := _verified(data):
            return cover
    for beside in _files_beside(path_of(source)):
        try:
            if beside.is_file() and beside.stat().st_size <= LARGEST_BYTES:
                cover = _verified(beside.read_bytes())
                if cover:
                    return cover
        except OSError:
            continue
    return None


def _verified(data: bytes) -> EmbeddedCover | None:
    if not 0 < len(data) <= LARGEST_BYTES:
        return None
    try:
        with (
            catch_warnings(action="ignore"),
            Image.open(io.BytesIO(data), formats=tuple(MIMES)) as image,
        ):
            width, height = image.size
            mime = MIMES[image.format or ""]
            if len(data) > MAX_BYTES or max(width, height) > MAX_SIDE:
                return _scaled(image)
            image.verify()
    except (
        UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError,
        LookupError, EOFError,
    ):  # fmt: skip
        return None
    return EmbeddedCover(data, mime, width, height, hashlib.sha256(data).hexdigest())


def _scaled(image: Image.Image) -> EmbeddedCover | None:
    """Return a large picture as a smaller JPEG; None where decoding it would take too much."""
    image.draft("RGB", (SCALED_SIDE, SCALED_SIDE))  # of JPEG alone
    if image.width * image.height > LARGEST_PIXELS:
        return None
    image.thumbnail((SCALED_SIDE, SCALED_SIDE))
    written = io.BytesIO()
    image.convert("RGB").save(written, "JPEG", quality=SCALED_QUALITY)
    data = written.getvalue()
    digest = hashlib.sha256(data).hexdigest()
    return EmbeddedCover(data, MIMES["JPEG"], image.width, image.height, digest)


def _embedded(source: Path | OpenedFile) -> list[tuple[int, bytes]]:
    """(picture type, bytes) of all pictures of a file; none of a file that cannot be read."""
    try:
        with opened(source) as opened_file:
            return _embedded_in(opened_file)
    except AudioError:
        return []


def _embedded_in(opened_file: OpenedFile) -> list[tuple[int, bytes]]:
    found: list[tuple[int, bytes]] = []
    # pictures before a damaged place are used
    with suppress(*BROKEN), limited_tags():
        file = mutagen.File(opened_file.rewound())  # pyright: ignore[reportPrivateImportUsage]
        tags = file.tags if file is not None else ID3(opened_file.rewound())
        if isinstance(file, FLAC):
            found += [(picture.type, picture.data) for picture in file.pictures]
        found.extend(_pictures(tags))
        if not found and (tags is None or isinstance(tags, ID3)):
            found.extend(_pictures(APEv2(opened_file.rewound())))
    return found


def _pictures(tags: Any) -> Iterator[tuple[int, bytes]]:
    if isinstance(tags, ID3):
        for frame in tags.getall("APIC"):
            yield int(frame.type), frame.data
    elif isinstance(tags, MP4Tags):
        for cover in tags.get("covr") or ():
            yield FRONT, bytes(cover)
    elif tags is not None and hasattr(tags, "keys"):
        for name in list(tags.keys()):
            if str(name).lower().startswith(_PICTURE_NAMES):  # each look-up goes through them all
                yield from _named_picture(str(name).lower(), tags[name])


def _named_picture(name: str, value: Any) -> Iterator[tuple[int, bytes]]:
    """Pictures of Vorbis comments, ASF and APEv2."""
    if name == "metadata_block_picture":
        for text in value:
            picture = Picture(base64.b64decode(text))
            yield picture.type, picture.data
    elif name == "coverart":
        for text in value:
            yield FRONT, base64.b64decode(text)
    elif name == "wm/picture":
        for attribute in value:
            yield _asf_picture(bytes(attribute.value))
    elif name.startswith("cover art"):
        _, _, data = bytes(value.value).partition(b"\0")
        yield FRONT if "front" in name else 0, data


def _asf_picture(block: bytes) -> tuple[int, bytes]:
    """Type, size, MIME type and description in UTF-16, then the picture."""
    size = int.from_bytes(block[1:5], "little")
    return block[0], block[-size:] if 0 < size < len(block) else b""


def _files_beside(path: Path) -> list[Path]:
    ranks = {name + suffix: i for i, name in enumerate(_NAMES) for suffix in _SUFFIXES}
    try:
        named = [(ranks.get(entry.name.lower()), entry) for entry in path.parent.iterdir()]
    except OSError:
        return []
    found = [(rank, entry.name, entry) for rank, entry in named if rank is not None]
    return [entry for _, _, entry in sorted(found)]
