import errno

import numpy as np
import pytest

from indexer.charts import stereo_spool
from indexer.charts.recording import decoded_recording
from indexer.drums.types import DrumsError
from indexer.files.audio.audio_blocks import blocks_of
from indexer.files.audio.audio_file import open_audio

RATE = 44_100


def tones(channels: int, seconds: float = 1.0) -> np.ndarray:
    """A sine of 300 Hz on the first channel, of 400 Hz on the next, and so on."""
    ticks = np.arange(int(seconds * RATE)) / RATE
    return np.stack(
        [0.1 * np.sin(2 * np.pi * (300 + 100 * number) * ticks) for number in range(channels)]
    ).astype(np.float32)


def played(path, rate: int = RATE) -> np.ndarray:
    with decoded_recording(path, folder=path.parent) as decoded:
        first = np.concatenate(list(decoded.stereo.blocks(rate)), axis=1)
        again = np.concatenate(list(decoded.stereo.blocks(rate)), axis=1)
    np.testing.assert_array_equal(first, again)
    return first


def test_what_is_in_the_middle_and_behind_is_played_on_its_sides(tmp_path, encode_audio) -> None:
    channels = tones(6)  # FL FR FC LFE BL BR
    left, right = played(encode_audio(tmp_path / "six.flac", channels, RATE, "flac"))

    def levels(side: np.ndarray) -> np.ndarray:
        return np.abs(np.fft.rfft(side))[300:900:100] / (0.1 * RATE / 2)

    half, full = 0.5, 0.5**0.5
    assert levels(left) == pytest.approx([full, 0, half, 0, half, 0], abs=0.01)
    assert levels(right) == pytest.approx([0, full, half, 0, 0, half], abs=0.01)


def test_one_channel_is_played_on_both_sides_and_two_as_they_are(tmp_path, encode_audio) -> None:
    sides = tones(2)
    one = played(encode_audio(tmp_path / "one.flac", sides[:1], RATE, "flac"))
    two = played(encode_audio(tmp_path / "two.flac", sides, RATE, "flac"))
    np.testing.assert_allclose(one, sides[[0, 0]], atol=1e-3)
    np.testing.assert_allclose(two, sides, atol=1e-3)


@pytest.mark.parametrize("kind", ["wav", "flac", "m4a"])
@pytest.mark.parametrize("memory", [1 << 30, 1000])
def test_stored_blocks_are_those_decoded(tmp_path, encode_audio, monkeypatch, kind, memory):
    """In memory as in a file: the same samples in the same memory layout."""
    monkeypatch.setattr(stereo_spool, "MEMORY_BYTES", memory)
    path = encode_audio(tmp_path / f"x.{kind}", tones(2, 4.0), RATE, kind)
    with open_audio(path) as (container, stream):
        direct = [b.stereo() for b in blocks_of(container, stream) if b.samples.size]
    with decoded_recording(path, folder=tmp_path) as decoded:
        *stored, last = decoded.stereo.blocks(RATE)
    assert last.size == 0 and len(stored) == len(direct)
    for one, other in zip(stored, direct, strict=True):
        np.testing.assert_array_equal(one, other)
        assert one.flags.c_contiguous == other.flags.c_contiguous


@pytest.mark.parametrize(("own", "expected"), [(48_000, 48_000), (96_000, 44_100)])
def test_an_unsupported_sample_rate_is_converted(tmp_path, encode_audio, own, expected) -> None:
    path = encode_audio(tmp_path / "x.wav", tones(2, 4.0), own, "wav")
    with decoded_recording(path, folder=tmp_path) as decoded:
        rate = decoded.stereo.played_rate
        samples = np.concatenate(list(decoded.stereo.blocks(rate)), axis=1)
    assert rate == expected
    assert samples.shape[1] == pytest.approx(4 * RATE * rate / own, abs=2)


def test_nothing_is_left_behind_and_a_full_disk_is_reported(
    tmp_path, encode_audio, monkeypatch
) -> None:
    monkeypatch.setattr(stereo_spool, "MEMORY_BYTES", 1000)
    path = encode_audio(tmp_path / "x.wav", tones(2, 4.0), RATE, "wav")
    spool_folder = tmp_path / "spool"
    spool_folder.mkdir()
    with (
        pytest.raises(ValueError, match="a later stage"),
        decoded_recording(path, folder=spool_folder),
    ):
        raise ValueError("a later stage")
    assert list(spool_folder.iterdir()) == []
    with (
        pytest.raises(DrumsError, match="Make room") as caught,
        decoded_recording(path, folder=tmp_path / "missing"),
    ):
        pass
    assert caught.value.code == "not_written"
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == errno.ENOENT
