"""Training clips of corrected songs, cached until a song, its chart or the network changes."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.charts.corrected_clips import cut_songs
from indexer.drums.corrections.clip_format import CLASSES, clip_folder
from indexer.drums.corrections.correction import CorrectedSong
from indexer.drums.formats.kit import render_hit
from indexer.drums.types import Drum, Onset
from training.drums.fitting.batches import Batches, load_clips
from training.drums.training_errors import SoundError

RATE = 44_100
KICK, HAT = CLASSES.index(Drum.KICK), CLASSES.index(Drum.HAT_CLOSED)


@pytest.fixture
def song(tmp_path: Path, encode_audio) -> CorrectedSong:
    """Kick, snare and hi-hat for 24 s; the corrected chart has no hi-hats."""
    samples, chart = np.zeros(26 * RATE, np.float32), []
    for eighth in range(96):
        time_s = 0.4 + 0.25 * eighth
        drums = [Drum.HAT_CLOSED]
        if eighth % 2 == 0:
            drums.append(Drum.SNARE if eighth % 4 else Drum.KICK)
            chart.append(Onset(time_s, drums[-1], 1.0))
        for drum in drums:
            hit = render_hit(drum)
            start = round(time_s * RATE)
            part = samples[start : start + hit.size]
            part += 0.4 * hit[: part.size]
    path = encode_audio(tmp_path / "beat.flac", np.stack([samples, samples]))
    return CorrectedSong(3, "the sound", path, tuple(chart))


def test_songs_are_cut_once_and_stale_clips_are_removed(
    song: CorrectedSong, tmp_path: Path
) -> None:
    missing = CorrectedSong(4, "missing", tmp_path / "none.flac", song.onsets)
    folder = clip_folder(tmp_path, "train")
    report = cut_songs([song, missing], tmp_path)
    assert report[3] == 2 and "no longer there" in str(report[4])
    clips = load_clips(folder)
    assert [len(clip.mix) for clip in clips] == [2000, 2000]
    assert sum(int((clip.targets[:, KICK] >= 0.9).sum()) for clip in clips) >= 24
    assert not any(clip.targets[:, HAT].any() for clip in clips)
    assert np.isfinite(Batches(clips, seed=0).next()[0]).all()
    with pytest.raises(SoundError):
        load_clips(folder, songs=False)

    made = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
    assert cut_songs([song], tmp_path) == {}
    assert {file.name: file.stat().st_mtime_ns for file in folder.iterdir()} == made
    assert cut_songs([], tmp_path, missing=[3]) == {} and len(list(folder.iterdir())) == len(made)
    cut_songs([replace(song, onsets=song.onsets[:40])], tmp_path)
    assert not made.keys() & {file.name for file in folder.iterdir()}
    cut_songs([], tmp_path)
    assert not list(folder.iterdir())


def test_a_song_without_clips_is_reported_once(song: CorrectedSong, tmp_path: Path) -> None:
    short = replace(song, onsets=song.onsets[:4])
    assert cut_songs([short], tmp_path) == {3: "It is too long, or too short, to be cut."}
    assert cut_songs([short], tmp_path) == {}
