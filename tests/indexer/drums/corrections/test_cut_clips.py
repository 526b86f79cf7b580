from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from indexer.drums.corrections.clip_format import CLASSES, clip_folder
from indexer.drums.corrections.correction import CorrectedSong
from indexer.drums.corrections.cut_clips import corrected_targets, cut
from indexer.drums.hearing.network import Detection
from indexer.drums.types import Drum, Onset
from training.drums.fitting.batches import Batches, load_clips
from training.drums.training_errors import SoundError

FRAMES = 1000
COUNT = len(CLASSES)
KICK, SNARE, HAT, CRASH = (
    CLASSES.index(d) for d in (Drum.KICK, Drum.SNARE, Drum.HAT_CLOSED, Drum.CRASH)
)


def heard_at(**peaks_s: float) -> Detection:
    """Family → time of its only peak, not a high one."""
    curves = {f: np.zeros(FRAMES, np.float32) for f in ("KD", "SD", "OT", "HH", "TT", "CY")}
    for family, time_s in peaks_s.items():
        frame = round(100 * time_s)
        curves[family][frame - 1 : frame + 2] = 0.2 * np.array([0.5, 1, 0.5])
    nothing = np.zeros((FRAMES, COUNT), np.float32)
    return Detection(np.ones((FRAMES, 88), np.float32), nothing, nothing, curves)


def strokes(*played: tuple[float, Drum]) -> list[Onset]:
    return sorted(Onset(time_s, drum, 0.6) for time_s, drum in played)


def weights(targets: np.ndarray) -> np.ndarray:
    return targets[:, COUNT : 2 * COUNT]


def test_a_stroke_is_laid_where_it_is_heard() -> None:
    said = corrected_targets(strokes((3.0, Drum.KICK_LEFT)), heard_at(KD=3.03))
    assert said[:, KICK].argmax() == 303
    assert said[303, 2 * COUNT + KICK] == pytest.approx(0.6, abs=1e-3)
    assert weights(said)[260:340].all()


@pytest.mark.parametrize("heard", [{}, {"KD": 3.06}, {"SD": 3.0}])
def test_what_nobody_hears_counts_neither_way(heard: dict[str, float]) -> None:
    said = corrected_targets(strokes((3.0, Drum.KICK), (5.0, Drum.KICK)), heard_at(**heard))
    assert not said[:, :COUNT].any()
    assert not weights(said)[298:303, KICK].any()
    assert weights(said)[298:303, SNARE].all() and weights(said)[310:480, KICK].all()


def test_what_the_person_does_not_speak_of_counts_neither_way() -> None:
    said = corrected_targets(strokes((3.0, Drum.KICK), (5.0, Drum.KICK)), heard_at(KD=3.0))
    assert not weights(said)[:240].any() and not weights(said)[560:].any()


def test_beside_two_hands_a_third_one_is_left_open() -> None:
    both = strokes((3.0, Drum.SNARE), (3.0, Drum.CRASH), (5.0, Drum.SNARE))
    said = corrected_targets(both, heard_at(SD=3.0, CY=3.0))
    assert said[300, SNARE] == said[300, CRASH] == 1
    assert weights(said)[300, SNARE] == weights(said)[300, KICK] == 1
    assert not weights(said)[298:303, HAT].any()
    assert weights(said)[350, HAT] == 1


@pytest.fixture
def song(tmp_path: Path, rock) -> CorrectedSong:
    path = tmp_path / "beat.flac"
    soundfile.write(path, np.tile(rock.samples, 2), 44_100)
    known = tuple(o for o in rock.onsets if o.drum is not Drum.HAT_CLOSED)
    return CorrectedSong(3, "the sound", path, known)


def test_corrected_songs_are_cut_once_and_stale_clips_go(
    song: CorrectedSong, tmp_path: Path
) -> None:
    gone = CorrectedSong(4, "away", tmp_path / "none.flac", song.strokes)
    folder = clip_folder(tmp_path, "train")
    told = cut([song, gone], tmp_path)
    assert told[3] == 2 and "no longer there" in str(told[4])
    clips = load_clips(folder)
    assert [len(clip.mix) for clip in clips] == [2000, 2000]
    kicks = sum(int((clip.targets[:, KICK] >= 0.9).sum()) for clip in clips)
    assert kicks >= 24
    assert not any(clip.targets[:, HAT].any() for clip in clips)
    assert np.isfinite(Batches(clips, seed=0).next()[0]).all()
    with pytest.raises(SoundError):
        load_clips(folder, songs=False)

    made = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
    assert cut([song], tmp_path) == {}
    assert {file.name: file.stat().st_mtime_ns for file in folder.iterdir()} == made
    assert cut([], tmp_path, away=[3]) == {} and len(list(folder.iterdir())) == len(made)
    cut([replace(song, strokes=song.strokes[:40])], tmp_path)
    assert not made.keys() & {file.name for file in folder.iterdir()}
    cut([], tmp_path)
    assert not list(folder.iterdir())
