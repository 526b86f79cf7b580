import os
from pathlib import Path

import numpy as np
import pytest

from indexer.files.audio.audio_file import open_audio, probe
from indexer.files.audio.audio_hash import payload_hash
from indexer.files.audio.audio_types import AudioError
from indexer.files.audio.decoding import decode
from indexer.files.audio.opened_file import open_file
from indexer.files.tags.cover import read_cover
from indexer.files.tags.tag_reading import read_tags

KINDS = ("mp3", "flac", "ogg", "opus", "m4a", "alac", "wav", "aiff", "wma", "aac")


def noise(seed: int) -> np.ndarray:
    return 0.1 * np.random.default_rng(seed).standard_normal((2, 88_200)).astype(np.float32)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", [None, ".mp3", ".xyz"])
def test_a_handle_reads_the_same_as_a_path(
    tmp_path: Path, encode_audio, kind: str, suffix: str | None
) -> None:
    path = encode_audio(tmp_path / f"song.{kind}", noise(0), 48_000, kind=kind)
    if suffix:
        path = path.rename(path.with_suffix(suffix))
    with open_file(path) as file:
        # twice and in any order: no reader depends on where another left the handle
        for _ in range(2):
            assert probe(file) == probe(path)
            assert read_tags(file) == read_tags(path)
            assert payload_hash(file) == payload_hash(path)
            assert read_cover(file) == read_cover(path)
            assert np.array_equal(decode(file).samples, decode(path).samples)


def test_reading_at_a_position_does_not_disturb_a_decoder(tmp_path: Path, encode_audio) -> None:
    path = encode_audio(tmp_path / "song.mp3", noise(0), kind="mp3")
    with open_audio(path) as (container, stream):
        expected = [bytes(packet) for packet in container.demux(stream)]
    found = []
    with open_file(path) as file, open_audio(file) as (container, stream):
        for packet in container.demux(stream):
            found.append(bytes(packet))
            assert file.read_at(0, 3) == b"ID3"
    assert found == expected


def test_a_file_that_is_replaced_is_read_as_it_was(tmp_path: Path, encode_audio) -> None:
    path = encode_audio(tmp_path / "song.flac", noise(0), kind="flac")
    other = encode_audio(tmp_path / "other.flac", noise(1), kind="flac")
    old_hash, new_hash = payload_hash(path), payload_hash(other)
    old_samples = decode(path).samples
    old_size = path.stat().st_size
    with open_file(path) as file:
        other.replace(path)
        assert payload_hash(file) == old_hash != new_hash
        assert np.array_equal(decode(file).samples, old_samples)
        assert file.status.st_size == old_size
    assert payload_hash(path) == new_hash


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp3")
    for path, reason in (
        (tmp_path / "nowhere.mp3", "The file is no longer there."),
        (tmp_path, "This is not a file."),
        (tmp_path / "pipe.mp3", "This is not a file."),
    ):
        with pytest.raises(AudioError, match=reason) as caught, open_file(path):
            pass
        assert caught.value.code == "unreadable"
