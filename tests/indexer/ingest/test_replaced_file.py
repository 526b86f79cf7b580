"""A file in place of another one of the same recording keeps its track, another recording not."""

from pathlib import Path

import mutagen
import numpy as np
import pytest

from indexer.files.audio.decoding import decode
from indexer.ingest.intake import ingest_file
from indexer.ingest.replaced_file import hand_over
from indexer.mir.tags.tagger import Tagger
from indexer.models.musicnn import TaggerModels
from store.library import track_files
from store.paths import encode_path
from store.people import likes

pytestmark = pytest.mark.usefixtures("data_folder")
RATE = 44_100


@pytest.fixture(scope="module")
def tagger(musicnn_models: TaggerModels) -> Tagger:
    return Tagger(msd=musicnn_models.msd, mtt=musicnn_models.mtt)


def music(*, root_hz: float = 220.0, bpm: float = 120.0, noise: float = 0.0):
    """Six seconds of chords with a beat; the `noise` of another take."""
    time_s = np.arange(6 * RATE) / RATE
    chords = sum(np.sin(2 * np.pi * root_hz * step * time_s) for step in (1, 1.25, 1.5))
    beat = np.exp(-((time_s % (60 / bpm)) * 30)) * np.random.default_rng(1).normal(size=time_s.size)
    other = noise * np.random.default_rng(2).normal(size=time_s.size)
    return (0.1 * chords + 0.3 * beat + other).astype(np.float32)


def write(encode_audio, path: Path, samples, *, title="Café", artist="Zoë") -> Path:
    path.parent.mkdir(exist_ok=True)
    encode_audio(path, samples, kind=path.suffix[1:])
    file = mutagen.File(path, easy=True)  # pyright: ignore[reportPrivateImportUsage]
    assert file is not None
    if file.tags is None:
        file.add_tags()
    file.update({"title": [title], "artist": [artist]})
    file.save()
    return path


def take(path: Path, tagger: Tagger | None) -> int:
    ingest_file(encode_path(path), tagger=tagger)
    known = track_files.find_by_path(path)
    assert known is not None and not known.missing
    return known.track_id


@pytest.mark.parametrize("with_tagger", [True, False])
@pytest.mark.parametrize("new", ["song.flac", "lossless/01 Cafe.flac"])
def test_another_format_keeps_the_track(
    encode_audio, tmp_path: Path, tagger: Tagger, new: str, with_tagger: bool
) -> None:
    used = tagger if with_tagger else None
    old = write(encode_audio, tmp_path / "song.mp3", music())
    track_id = take(old, used)
    likes.set_like(1, track_id, 1)
    track = write(encode_audio, tmp_path / new, decode(old).samples)
    old.unlink()
    assert take(track, used) == track_id
    assert likes.likes_of(1) == {track_id: 1}
    assert track_files.find_by_path(old) is None


@pytest.mark.parametrize(
    ("samples", "names"),
    [
        (music(root_hz=311.0, bpm=97.0), {}),
        (music(noise=0.2), {}),
        (music(), {"artist": "Somebody Else"}),
        (music(), {"title": "Another"}),
    ],
)
def test_another_recording_or_name_is_another_track(
    encode_audio, tmp_path: Path, tagger: Tagger, samples, names
) -> None:
    old = write(encode_audio, tmp_path / "song.mp3", music())
    track_id = take(old, tagger)
    old.unlink()
    assert take(write(encode_audio, tmp_path / "other.flac", samples, **names), tagger) != track_id


def test_a_file_that_is_still_there_is_not_replaced(
    encode_audio, tmp_path: Path, tagger: Tagger
) -> None:
    old = write(encode_audio, tmp_path / "song.mp3", music())
    track_id = take(old, tagger)
    assert take(write(encode_audio, tmp_path / "song.flac", music()), tagger) != track_id


def test_the_new_file_may_come_first(encode_audio, tmp_path: Path, tagger: Tagger) -> None:
    old = write(encode_audio, tmp_path / "song.mp3", music())
    track_id = take(old, tagger)
    likes.set_like(1, track_id, 1)
    new = write(encode_audio, tmp_path / "song.flac", music())
    assert take(new, tagger) != track_id
    old.unlink()
    track_files.mark_missing([track_id])
    assert hand_over([track_id]) == 1
    assert take(new, tagger) == track_id
    assert likes.likes_of(1) == {track_id: 1}


def test_a_file_that_has_likes_of_its_own_keeps_them(
    encode_audio, tmp_path: Path, tagger: Tagger
) -> None:
    old = write(encode_audio, tmp_path / "song.mp3", music())
    new = write(encode_audio, tmp_path / "song.flac", music())
    ids = [take(path, tagger) for path in (old, new)]
    for track_id in ids:
        likes.set_like(1, track_id, 1)
    old.unlink()
    track_files.mark_missing(ids[:1])
    assert hand_over(ids[:1]) == 0
    assert take(new, tagger) == ids[1]
