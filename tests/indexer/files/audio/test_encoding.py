"""Samples → files of every kind that Backbeat writes."""

import numpy as np
import pytest

from indexer.files.audio.decoding import decode
from indexer.files.audio.encoding import encode

RATE = 44_100


def tone(channels=2, seconds=2.0):
    t = np.arange(int(seconds * RATE)) / RATE
    return np.tile(0.4 * np.sin(2 * np.pi * 440 * t), (channels, 1)).astype(np.float32)


@pytest.mark.parametrize("suffix", [".mp3", ".flac", ".ogg", ".opus", ".m4a", ".wav"])
@pytest.mark.parametrize("channels", [1, 2])
def test_what_was_written_is_heard_again(suffix, channels, tmp_path):
    path = tmp_path / f"tone{suffix}"
    encode(path, tone(channels), sample_rate=RATE)
    audio = decode(path)
    assert audio.channels == (2 if suffix == ".ogg" else channels)
    assert audio.duration_s == pytest.approx(2.0, abs=0.1)
    middle = audio.samples[RATE // 2 : RATE]
    peak_hz = np.argmax(np.abs(np.fft.rfft(middle))) * RATE / middle.size
    assert peak_hz == pytest.approx(440, abs=3)
    assert np.abs(middle).max() == pytest.approx(0.4, abs=0.05)


def test_full_scale_is_clipped_not_wrapped(tmp_path):
    path = tmp_path / "loud.wav"
    encode(path, 3 * tone(), sample_rate=RATE)
    assert decode(path).samples.max() == pytest.approx(1.0, abs=1e-3)


def test_an_unknown_suffix_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"tone\.xyz"):
        encode(tmp_path / "tone.xyz", tone(), sample_rate=RATE)
