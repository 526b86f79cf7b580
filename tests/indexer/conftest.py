"""Real audio files of every format, and the converted tagger, for the tests of the indexer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import platformdirs
import pytest
import soundfile
from numpy.typing import NDArray

from indexer.models.musicnn import MODEL_VERSION, TaggerModels, ensure_models

ENCODERS = {
    "mp3": ("mp3", "libmp3lame", "s16p"),
    "flac": ("flac", "flac", "s16"),
    "opus": ("ogg", "libopus", "flt"),
    "m4a": ("ipod", "aac", "fltp"),
    "alac": ("ipod", "alac", "s16p"),
    "wav": ("wav", "pcm_s16le", "s16"),
    "aiff": ("aiff", "pcm_s16be", "s16"),
    "wma": ("asf", "wmav2", "fltp"),
    "aac": ("adts", "aac", "fltp"),
}
"""Kind → container, encoder, sample format."""
SUFFIXES = {"alac": "m4a"}
KINDS = ("mp3", "flac", "ogg", "opus", "m4a", "alac", "wav", "aiff", "wma", "aac")

EncodeAudio = Callable[..., Path]


def tone(
    *, frequency_hz: float = 440.0, duration_s: float = 2.0, rate: int = 44_100, peak: float = 0.5
) -> NDArray[np.float32]:
    time_s = np.arange(int(duration_s * rate)) / rate
    return (peak * np.sin(2 * np.pi * frequency_hz * time_s)).astype(np.float32)


@pytest.fixture(scope="session")
def encode_audio() -> EncodeAudio:
    """Write samples, float32 (n,) or (channels, n), to a file of a kind; returns its path."""
    return encode


def encode(
    path: Path,
    samples: NDArray[np.float32],
    rate: int = 44_100,
    kind: str = "wav",
    *,
    encoder: str | None = None,
    sample_format: str | None = None,
) -> Path:
    channels = np.atleast_2d(samples)
    if kind == "ogg":
        with (
            path.open("wb") as handle,
            soundfile.SoundFile(handle, "w", rate, len(channels), "VORBIS", format="OGG") as file,
        ):
            for start in range(0, channels.shape[1], rate):  # libsndfile dies of long blocks
                file.write(channels.T[start : start + rate])
        return path
    container_format, default_encoder, default_format = ENCODERS[kind]
    with path.open("wb") as handle, av.open(handle, "w", format=container_format) as container:
        layout = {1: "mono", 2: "stereo", 6: "5.1"}[len(channels)]
        stream = container.add_stream(encoder or default_encoder, rate=rate, layout=layout)
        stream.codec_context.bit_rate = 128_000
        stream.codec_context.format = sample_format or default_format
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(channels), format="fltp", layout=layout
        )
        frame.rate = rate
        resampler = av.AudioResampler(
            format=stream.codec_context.format, layout=layout, rate=rate, frame_size=4096
        )
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="session")
def musicnn_models() -> TaggerModels:
    """The converted tagger; converted once a version and kept in the user's cache folder."""
    folder = Path(platformdirs.user_cache_dir("backbeat-tests")) / f"musicnn-{MODEL_VERSION}"
    return ensure_models(folder)
