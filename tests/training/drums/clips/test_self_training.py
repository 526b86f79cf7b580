from pathlib import Path

import numpy as np
import pytest
import soundfile

from indexer.drums.corrections.clip_format import CLASSES, SEGMENT_FRAMES, clip_folder
from indexer.drums.hearing.network import Detection, Network
from indexer.drums.types import Drum
from training.drums.__main__ import main
from training.drums.clips.self_training import label_songs
from training.drums.clips.self_training import make_targets as labelled
from training.drums.fitting.batches import Batches, load_clips
from training.drums.training_errors import SoundError

FRAMES = 400
SNARE, HAT = CLASSES.index(Drum.SNARE), CLASSES.index(Drum.HAT_CLOSED)
OPEN = CLASSES.index(Drum.HAT_OPEN)
KICK, FLOOR = CLASSES.index(Drum.KICK), CLASSES.index(Drum.TOM_FLOOR)
WEIGHT, VELOCITY = len(CLASSES), 2 * len(CLASSES)


def heard_of(**peaks: tuple[int, float]) -> Detection:
    """Family → frame and height of its only peak."""
    curves = {f: np.zeros(FRAMES, np.float32) for f in ("KD", "SD", "OT", "HH", "TT", "CY")}
    onsets = np.zeros((FRAMES, len(CLASSES)), np.float32)
    for family, (frame, height) in peaks.items():
        curves[family][frame - 1 : frame + 2] = height * np.array([0.5, 1, 0.5])
    onsets[:, HAT] = curves["HH"]
    onsets[:, SNARE] = curves["SD"]
    velocities = np.full_like(onsets, 0.7)
    return Detection(np.ones((FRAMES, 88), np.float32), onsets, velocities, curves)


def test_what_is_sure_is_a_stroke() -> None:
    said = labelled(heard_of(HH=(100, 0.9)), Network().card)

    assert said[100, HAT] == 1
    assert said[100, WEIGHT + HAT] == 1
    assert said[100, VELOCITY + HAT] == pytest.approx(0.7, abs=1e-3)
    assert not said[:90, : len(CLASSES)].any() and not said[110:, : len(CLASSES)].any()


def test_what_is_doubted_counts_neither_way() -> None:
    said = labelled(heard_of(SD=(200, 0.3)), Network().card)

    assert not said[:, : len(CLASSES)].any()
    assert not said[198:203, WEIGHT + SNARE].any()
    assert said[:190, WEIGHT + SNARE].all() and said[210:, WEIGHT + SNARE].all()
    assert said[198:203, WEIGHT + HAT].all()


def test_which_voice_of_a_family_it_was_is_left_open_for_the_others() -> None:
    said = labelled(heard_of(HH=(100, 0.9)), Network().card)

    assert said[100, OPEN] == 0
    assert said[100, WEIGHT + OPEN] == 0


def heard_at(**frames: range) -> Detection:
    """Family → the frames of its sure strokes; toms are floor toms."""
    heard = heard_of()
    columns = {"KD": KICK, "HH": HAT, "TT": FLOOR}
    for family, at in frames.items():
        for frame in at:
            heard.curves[family][frame - 1 : frame + 2] = (0.5, 0.95, 0.5)
        heard.onsets[:, columns[family]] = heard.curves[family]
    return heard


def test_a_floor_tom_with_a_bass_drum_is_doubted() -> None:
    heard = heard_at(KD=range(20, 400, 20), HH=range(10, 400, 10), TT=range(100, 200, 50))

    said = labelled(heard, Network().card)

    assert said[150, FLOOR] == 1 and said[150, WEIGHT + FLOOR] == 1
    assert said[100, KICK] == 1 and said[100, FLOOR] == 0 and said[100, WEIGHT + FLOOR] == 0


def test_more_toms_than_anybody_plays_are_all_doubted() -> None:
    heard = heard_at(KD=range(20, 400, 20), HH=range(10, 400, 10), TT=range(15, 400, 20))

    said = labelled(heard, Network().card)

    assert not said[:, FLOOR].any()
    assert not said[range(15, 400, 20), WEIGHT + FLOOR].any()
    assert said[20, KICK] == 1


@pytest.fixture
def songs(tmp_path: Path, rock) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    soundfile.write(folder / "beat.flac", np.tile(rock.samples, 2), 44_100)
    (folder / "broken.mp3").write_bytes(b"no music")
    return folder


def test_a_folder_of_songs_becomes_clips(
    songs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["listen", "--music", str(songs), "--cache", str(tmp_path)]) == 0

    clips = load_clips(clip_folder(tmp_path, "train"))
    assert [len(clip.mix) for clip in clips] == [2000, 2000]
    assert all((clip.targets[:, 0] >= 0.9).any() for clip in clips)
    assert "broken.mp3" in capsys.readouterr().out
    features, targets = Batches(clips, seed=0).next()
    assert features.shape[1] == targets.shape[1] == SEGMENT_FRAMES
    assert np.isfinite(features).all()
    assert label_songs(songs, tmp_path) == 0
    with pytest.raises(SoundError, match="no rendered clips"):
        load_clips(clip_folder(tmp_path, "train"), songs=False)


def test_a_folder_without_music_is_told(tmp_path: Path) -> None:
    with pytest.raises(SoundError, match="no music"):
        label_songs(tmp_path, tmp_path / "cache")
