"""Tags written and taken back in every format: whether the file is the same, byte by byte.

    python -m benchmarks.library.tag_undo

Each file is 20 s of noise. The bytes are those of the journal, which holds what differs.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import av
import mutagen
import numpy as np
from av.error import FFmpegError
from mutagen.apev2 import APEv2
from mutagen.flac import Picture
from mutagen.id3 import (
    APIC,  # pyright: ignore[reportPrivateImportUsage]
    ID3,  # pyright: ignore[reportPrivateImportUsage]
    TIT2,  # pyright: ignore[reportPrivateImportUsage]
    TMOO,  # pyright: ignore[reportPrivateImportUsage]
)

from indexer.files.tags import tag_journal
from indexer.files.tags.tag_access import TagError
from indexer.files.tags.tag_fields import MeasuredTags
from indexer.files.tags.tag_journal import TagJournal
from indexer.files.tags.tag_writing import plan_changes, write_changes

RESULT: Final = MeasuredTags(
    bpm=127.96, key="F#", scale="minor", moods=("chill", "dark"), loudness_lufs=-9.5,
    true_peak_dbtp=-1.0,
)  # fmt: skip
_COVER: Final = np.random.default_rng(5).bytes(200_000)
_RATE: Final = 48_000
_CODECS: Final = {
    "mp3": ("mp3", "libmp3lame", "fltp"), "flac": ("flac", "flac", "s16"),
    "ogg": ("ogg", "vorbis", "fltp"), "opus": ("ogg", "libopus", "flt"),
    "m4a": ("ipod", "aac", "fltp"), "wav": ("wav", "pcm_s16le", "s16"),
    "aiff": ("aiff", "pcm_s16be", "s16"), "wv": ("wv", "wavpack", "fltp"),
    "wma": ("asf", "wmav2", "fltp"),
}  # fmt: skip
"""Suffix → container, codec and sample format."""


def _id3(path: Path, *, version: int, cover: bool = False) -> None:
    tags = ID3()
    tags.add(TIT2(encoding=1, text=["Élan"]))
    tags.add(TMOO(encoding=1, text=["calm", "slow"]))
    if cover:
        tags.add(APIC(encoding=0, mime="image/png", type=3, desc="", data=_COVER))
    tags.save(path, v1=0, v2_version=version)


def _id3v1(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"TAG" + b"Title".ljust(30, b" ") + b"Artist".ljust(90, b" ") + b"1999\x07")


def _ape(path: Path) -> None:
    tags = APEv2()
    tags["Title"] = "Élan"
    tags.save(path)


def _titled(path: Path) -> None:
    file: Any = mutagen.File(path, easy=True)  # pyright: ignore[reportPrivateImportUsage]
    file["title"] = ["Élan"]
    file.save()


def _chunk(path: Path) -> None:
    file: Any = mutagen.File(path)  # pyright: ignore[reportPrivateImportUsage]
    file.add_tags()
    file.tags.add(TIT2(encoding=1, text=["Élan"]))
    file.save()


def _flac_cover(path: Path) -> None:
    file: Any = mutagen.File(path)  # pyright: ignore[reportPrivateImportUsage]
    picture = Picture()
    picture.data, picture.mime = _COVER, "image/png"
    file.add_picture(picture)
    file.save()


def _both_ends(path: Path) -> None:
    _ape(path)
    _id3v1(path)


CASES: Final[dict[str, tuple[str, Callable[[Path], object] | None]]] = {
    "mp3 without tags": ("mp3", None),
    "mp3 ID3v2.3": ("mp3", partial(_id3, version=3)),
    "mp3 ID3v2.4": ("mp3", partial(_id3, version=4)),
    "mp3 ID3v2.3 cover": ("mp3", partial(_id3, version=3, cover=True)),
    "mp3 ID3v1": ("mp3", _id3v1),
    "mp3 APEv2": ("mp3", _ape),
    "mp3 APEv2 ID3v1": ("mp3", _both_ends),
    "flac": ("flac", None), "flac title": ("flac", _titled), "flac cover": ("flac", _flac_cover),
    "ogg": ("ogg", None), "ogg title": ("ogg", _titled),
    "opus": ("opus", None), "opus title": ("opus", _titled),
    "m4a": ("m4a", None), "m4a title": ("m4a", _titled),
    "wav": ("wav", None), "wav ID3": ("wav", _chunk),
    "aiff": ("aiff", None), "aiff ID3": ("aiff", _chunk),
    "wv": ("wv", None), "wv title": ("wv", _ape),
    "wma": ("wma", None),
}  # fmt: skip
"""Name → suffix, and what tags the file first."""


def made(folder: Path, name: str, *, seconds: float = 20) -> Path:
    """Return a new file of one of the cases."""
    suffix, tag = CASES[name]
    path = folder / f"{name.replace(' ', '_')}.{suffix}"
    container_name, codec, sample_format = _CODECS[suffix]
    count = int(seconds * _RATE)
    noise = 0.1 * np.random.default_rng(3).standard_normal((2, count)).astype(np.float32)
    with path.open("wb") as file, av.open(file, "w", format=container_name) as container:
        stream = container.add_stream(
            codec, rate=_RATE, layout="stereo", options={"strict": "experimental"}
        )
        assert isinstance(stream, av.AudioStream)
        stream.bit_rate = 128_000
        source = av.AudioFrame.from_ndarray(noise, format="fltp", layout="stereo")
        source.sample_rate = _RATE
        size = stream.codec_context.frame_size or 4096
        resampler = av.AudioResampler(sample_format, "stereo", _RATE, frame_size=size)
        for frame in [*resampler.resample(source), *resampler.resample(None)]:
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    if suffix == "mp3":
        ID3(path).delete(path)
    if tag:
        tag(path)
    return path


def written_and_undone(path: Path) -> tuple[bool, int]:
    """Write tags into a file and take them back; return whether, and the size of the journal."""
    before = path.read_bytes()
    with tempfile.TemporaryDirectory() as runs, TagJournal(Path(runs)) as journal:
        write_changes(path, plan_changes(path, RESULT, overwrite=True), partial(journal.add, path))
        assert path.read_bytes() != before
        [entry] = tag_journal.entries(journal.path)
        return tag_journal.undo(entry), journal.path.stat().st_size


def main() -> None:
    """Print a line a case, and which are not the same."""
    different: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for name in CASES:
            try:
                path = made(Path(folder), name)
                before = path.read_bytes()
                done, kept = written_and_undone(path)
            except (FFmpegError, ValueError, TagError) as error:
                print(f"{name:18} not tried: {error}")
                continue
            same = done and path.read_bytes() == before
            if not same:
                different.append(name)
            print(f"{name:18} {'same' if same else 'DIFFERENT':10} journal {kept:>7,} bytes")
    print(f"Not the same: {', '.join(different) or 'none'}.")


if __name__ == "__main__":
    main()
