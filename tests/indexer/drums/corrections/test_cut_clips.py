import numpy as np
import pytest

from indexer.drums.corrections.clip_format import CLASSES, TARGETS
from indexer.drums.corrections.cut_clips import clips_of, corrected_targets
from indexer.drums.hearing.mel import BANDS
from indexer.drums.hearing.network import Detection, Network
from indexer.drums.types import Drum, Onset

FRAMES = 1000
COUNT = len(CLASSES)
KICK, SNARE, HAT, CRASH = (
    CLASSES.index(d) for d in (Drum.KICK, Drum.SNARE, Drum.HAT_CLOSED, Drum.CRASH)
)


def detection_with(**peaks_s: float) -> Detection:
    """Return a detection with one low peak for each family given."""
    curves = {f: np.zeros(FRAMES, np.float32) for f in ("KD", "SD", "OT", "HH", "TT", "CY")}
    for family, time_s in peaks_s.items():
        frame = round(100 * time_s)
        curves[family][frame - 1 : frame + 2] = 0.2 * np.array([0.5, 1, 0.5])
    nothing = np.zeros((FRAMES, COUNT), np.float32)
    return Detection(np.ones((FRAMES, 88), np.float32), nothing, nothing, curves)


def notes(*played: tuple[float, Drum]) -> list[Onset]:
    return sorted(Onset(time_s, drum, 0.6) for time_s, drum in played)


def weights(targets: np.ndarray) -> np.ndarray:
    return targets[:, COUNT : 2 * COUNT]


def test_a_note_is_moved_to_its_activation_peak() -> None:
    targets = corrected_targets(notes((3.0, Drum.KICK_LEFT)), detection_with(KD=3.03))
    assert targets[:, KICK].argmax() == 303
    assert targets[303, 2 * COUNT + KICK] == pytest.approx(0.6, abs=1e-3)
    assert weights(targets)[260:340].all()


@pytest.mark.parametrize("peaks_s", [{}, {"KD": 3.06}, {"SD": 3.0}])
def test_a_note_without_a_peak_has_no_weight(peaks_s: dict[str, float]) -> None:
    targets = corrected_targets(
        notes((3.0, Drum.KICK), (5.0, Drum.KICK)), detection_with(**peaks_s)
    )
    assert not targets[:, :COUNT].any()
    assert not weights(targets)[298:303, KICK].any()
    assert weights(targets)[298:303, SNARE].all() and weights(targets)[310:480, KICK].all()


def test_frames_outside_the_chart_have_no_weight() -> None:
    targets = corrected_targets(notes((3.0, Drum.KICK), (5.0, Drum.KICK)), detection_with(KD=3.0))
    assert not weights(targets)[:240].any() and not weights(targets)[560:].any()


def test_beside_two_hands_other_voices_have_no_weight() -> None:
    both = notes((3.0, Drum.SNARE), (3.0, Drum.CRASH), (5.0, Drum.SNARE))
    targets = corrected_targets(both, detection_with(SD=3.0, CY=3.0))
    assert targets[300, SNARE] == targets[300, CRASH] == 1
    assert weights(targets)[300, SNARE] == weights(targets)[300, KICK] == 1
    assert not weights(targets)[298:303, HAT].any()
    assert weights(targets)[350, HAT] == 1


def test_a_recording_is_cut_into_clips_of_the_corrected_notes(rock) -> None:
    known = tuple(onset for onset in rock.onsets if onset.drum is not Drum.HAT_CLOSED)
    clips = clips_of(np.tile(rock.samples, 2), known, Network())
    assert [clip["mix"].shape for clip in clips] == [(2000, BANDS)] * 2
    targets = [clip["targets"] for clip in clips]
    assert all(one.shape == (2000, TARGETS) for one in targets)
    assert sum(int((one[:, KICK] >= 0.9).sum()) for one in targets) >= 24
    assert not any(one[:, HAT].any() for one in targets)


def test_a_chart_shorter_than_a_segment_gives_no_clips(rock) -> None:
    assert clips_of(rock.samples, rock.onsets[:8], Network()) == []
