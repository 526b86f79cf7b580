"""Formats beside the common ones: decoded by content, told by suffix, tags read where there are."""

from __future__ import annotations

import struct
from pathlib import Path

import av
import numpy as np
import pytest

from indexer.files.audio.audio_hash import payload_hash
from indexer.files.audio.decoding import decode
from indexer.files.tags.tag_reading import read_tags
from store.vocabulary import AUDIO_SUFFIXES, OTHER_AUDIO_SUFFIXES

RATE = 48_000
WRITTEN = {
    # suffix → container, encoder
    ".mp2": ("mp2", "mp2"), ".ac3": ("ac3", "ac3"), ".eac3": ("eac3", "eac3"),
    ".au": ("au", "pcm_s16be"), ".tta": ("tta", "tta"),
    ".mka": ("matroska", "libopus"), ".wv": ("wv", "wavpack"), ".caf": ("caf", "pcm_s16be"),
    ".w64": ("w64", "pcm_s16le"), ".voc": ("voc", "pcm_u8"),
    ".aifc": ("aiff", "pcm_s16be"), ".oga": ("ogg", "flac"),
}  # fmt: skip


def write(path: Path, container_name: str, encoder: str) -> None:
    """Two seconds of a tone, in stereo."""
    time_s = np.arange(2 * RATE) / RATE
    tone = np.tile(0.4 * np.sin(2 * np.pi * 440 * time_s), (2, 1)).astype(np.float32)
    with av.open(str(path), "w", format=container_name) as container:
        stream = container.add_stream(encoder, rate=RATE, layout="stereo", options={"strict": "-2"})
        assert isinstance(stream, av.AudioStream)
        context = stream.codec_context
        formats = context.codec.audio_formats
        context.format = formats[0] if formats else av.AudioFormat("s16")
        context.open()
        frame = av.AudioFrame.from_ndarray(tone, format="fltp", layout="stereo")
        frame.sample_rate = RATE
        resampler = av.AudioResampler(
            context.format, "stereo", RATE, frame_size=context.frame_size or None
        )
        written = 0
        for source in (frame, None):
            for ready in resampler.resample(source):
                ready.pts, written = written, written + ready.samples
                container.mux(stream.encode(ready))
        container.mux(stream.encode(None))


def one_bit(seconds: float) -> bytes:
    """A tone as one-bit samples, the first in the highest bit: a first-order modulator."""
    count = int(seconds * 2_822_400)
    wanted = 0.5 * np.sin(2 * np.pi * 440 * np.arange(count) / 2_822_400)
    level = np.floor(np.cumsum((wanted + 1) / 2))
    return np.packbits(np.diff(level, prepend=0).astype(np.uint8)).tobytes()


def write_dsf(path: Path) -> None:
    bits = np.packbits(np.unpackbits(np.frombuffer(one_bit(1.0), np.uint8)), bitorder="little")
    data = bits.tobytes() + b"\x69" * (-len(bits) % 4096)
    form = b"fmt " + struct.pack(
        "<QIIIIIIQII", 52, 1, 0, 1, 1, 2_822_400, 1, 8 * len(bits), 4096, 0
    )
    body = form + b"data" + struct.pack("<Q", 12 + len(data)) + data
    path.write_bytes(b"DSD " + struct.pack("<QQQ", 28, 28 + len(body), 0) + body)


def write_dff(path: Path) -> None:
    def chunk(name: bytes, content: bytes) -> bytes:
        return name + struct.pack(">Q", len(content)) + content + b"\0" * (len(content) % 2)

    properties = b"SND " + chunk(b"FS  ", struct.pack(">I", 2_822_400))
    properties += chunk(b"CHNL", struct.pack(">H", 1) + b"C   ")
    properties += chunk(b"CMPR", b"DSD \x0enot compressed\0")
    body = b"DSD " + chunk(b"FVER", b"\1\5\0\0") + chunk(b"PROP", properties)
    path.write_bytes(chunk(b"FRM8", body + chunk(b"DSD ", one_bit(1.0))))


@pytest.mark.parametrize("suffix", [*WRITTEN, ".dsf", ".dff"])
def test_a_rare_format_is_taken(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"song{suffix}"
    if suffix in WRITTEN:
        write(path, *WRITTEN[suffix])
    else:
        {".dsf": write_dsf, ".dff": write_dff}[suffix](path)
    assert suffix in AUDIO_SUFFIXES
    audio = decode(path)
    assert audio.duration_s == pytest.approx(2.0 if suffix in WRITTEN else 1.0, abs=0.1)
    samples = audio.samples[4410:-4410]
    strongest = np.argmax(np.abs(np.fft.rfft(samples))) * audio.sample_rate / len(samples)
    assert strongest == pytest.approx(440, abs=3) and np.abs(samples).max() > 0.2
    assert payload_hash(path) and read_tags(path).title == "song"


def test_no_suffix_is_both_taken_and_not_taken() -> None:
    assert not AUDIO_SUFFIXES & OTHER_AUDIO_SUFFIXES
    assert all(s == s.lower() and s.startswith(".") for s in AUDIO_SUFFIXES | OTHER_AUDIO_SUFFIXES)
