"""Encoding of samples to an audio file through PyAV: mp3, flac, ogg (Vorbis), m4a, opus, wav."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import av
import numpy as np

from indexer.arrays import Float32

_ENCODERS: Final[dict[str, tuple[str, str, str, dict[str, str]]]] = {
    ".mp3": ("mp3", "libmp3lame", "fltp", {}),
    ".flac": ("flac", "flac", "s16", {}),
    ".ogg": ("ogg", "vorbis", "fltp", {"strict": "experimental"}),
    ".opus": ("opus", "libopus", "flt", {}),
    ".m4a": ("ipod", "aac", "fltp", {}),
    ".wav": ("wav", "pcm_s16le", "s16", {}),
}
"""Suffix → container, encoder, sample format, encoder options."""

_OPUS_RATE_HZ: Final = 48_000
_BLOCK_SAMPLES: Final = 1 << 15


def encode(path: Path, samples: Float32, *, sample_rate: int, bit_rate: int = 192_000) -> None:
    """Write an audio file; its suffix selects the codec.

    Args:
        path: Target; `.mp3 .flac .ogg .opus .m4a .wav`.
        samples: float32, (n_channels, n_samples), 1 or 2 channels, full scale ±1; clipped
            beyond. Mono becomes two equal channels in `.ogg`, whose encoder supports stereo only.
        sample_rate: Of `samples`, in hertz; opus is resampled to 48 kHz.
        bit_rate: Bits a second of the lossy codecs.

    Raises:
        ValueError: The suffix is not one of those.
        OSError: The file cannot be written.
    """
    if path.suffix.lower() not in _ENCODERS:
        raise ValueError(f"Expected one of {', '.join(_ENCODERS)}, not {path.name!r}")
    container_name, codec, sample_format, options = _ENCODERS[path.suffix.lower()]
    if codec == "vorbis" and samples.shape[0] == 1:
        samples = np.repeat(samples, 2, axis=0)
    layout = "mono" if samples.shape[0] == 1 else "stereo"
    rate = _OPUS_RATE_HZ if codec == "libopus" else sample_rate
    with path.open("wb") as file, av.open(file, "w", format=container_name) as container:
        stream = container.add_stream(codec, rate=rate, layout=layout, options=options)
        assert isinstance(stream, av.AudioStream)
        stream.codec_context.format = av.AudioFormat(sample_format)
        if codec not in {"flac", "pcm_s16le"}:
            stream.bit_rate = bit_rate
        resampler = av.AudioResampler(format=sample_format, layout=layout, rate=rate)
        for frame in _frames(samples, sample_rate=sample_rate, layout=layout):
            for ready in resampler.resample(frame):
                container.mux(stream.encode(ready))
        for ready in resampler.resample(None):
            container.mux(stream.encode(ready))
        container.mux(stream.encode(None))


def _frames(samples: Float32, *, sample_rate: int, layout: str) -> Iterator[av.AudioFrame]:
    clipped = np.clip(samples, -1.0, 1.0).astype(np.float32)
    for start in range(0, clipped.shape[1], _BLOCK_SAMPLES):
        block = np.ascontiguousarray(clipped[:, start : start + _BLOCK_SAMPLES])
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=layout)
        frame.sample_rate = sample_rate
        frame.pts = start
        yield frame
