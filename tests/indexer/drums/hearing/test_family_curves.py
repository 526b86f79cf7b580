import numpy as np
import pytest

from indexer.drums.hearing.families import family_columns, family_curve
from indexer.drums.hearing.family_curves import assign_voices, combine_evidence, reduce_kick_leakage
from indexer.drums.hearing.model_card import ModelCard
from indexer.drums.types import Drum

CARD = ModelCard(
    drums=(Drum.KICK, Drum.HAT_CLOSED, Drum.HAT_OPEN),
    thresholds={"KD": 0.5, "HH": 0.5},
    reach_frames=3,
    chunk_frames=64,
)


def curves(onsets):
    return {f: family_curve(onsets, among) for f, among in family_columns(CARD.drums).items()}


def test_an_onset_of_a_family_is_detected_once():
    onsets = np.zeros((40, 3), np.float32)
    onsets[9:12] = [(0, 0.2, 0.3), (0, 0.35, 0.4), (0, 0.3, 0.2)]
    values = assign_voices(onsets, curves(onsets), CARD)
    assert np.flatnonzero(values.sum(axis=0)).tolist() == [2]
    assert int(np.argmax(values[:, 2])) == 10
    assert values[10, 2] == pytest.approx(1 - 0.65 * 0.6)


def test_families_do_not_hide_each_other():
    onsets = np.zeros((40, 3), np.float32)
    onsets[10, [0, 1]] = 0.9
    values = assign_voices(onsets, curves(onsets), CARD)
    assert values[10, 0] == pytest.approx(0.9)
    assert values[10, 1] == pytest.approx(0.9)


def test_band_rises_add_evidence(rock):
    voices = (Drum.KICK, Drum.SNARE, Drum.HAT_CLOSED, Drum.TOM_LOW)
    frames = -(-rock.samples.size // 441)
    unsure = np.full((frames, 4), 0.3, np.float32)
    detected = combine_evidence(rock.samples, unsure, voices)
    kicks = [round(o.time_s * 100) for o in rock.onsets if o.drum is Drum.KICK]
    assert all(detected["KD"][frame] > 0.35 for frame in kicks)
    assert np.median(detected["KD"]) < 0.25
    assert np.allclose(detected["TT"], 0.3)


def test_rises_of_a_side_stick_are_no_evidence_of_hi_hats(rock):
    voices = (Drum.KICK, Drum.SNARE, Drum.HAT_CLOSED, Drum.SIDE_STICK)
    unsure = np.full((-(-rock.samples.size // 441), 4), 0.3, np.float32)
    unsure[:, 3] = 0.95
    detected = combine_evidence(rock.samples, unsure, voices)
    hats = [round(o.time_s * 100) for o in rock.onsets if o.drum is Drum.HAT_CLOSED]
    kicks = [round(o.time_s * 100) for o in rock.onsets if o.drum is Drum.KICK]
    assert all(detected["HH"][frame] < 0.35 for frame in hats)
    assert all(detected["KD"][frame] > 0.35 for frame in kicks)


def test_kick_leakage_is_removed_from_doubtful_toms_only():
    curves = {family: np.zeros(60, np.float32) for family in ("KD", "TT")}
    curves["KD"][[10, 50]] = 0.95
    curves["TT"][[10, 30]] = 0.55
    curves["TT"][50] = 0.9

    result = reduce_kick_leakage(curves)

    assert result["TT"][10] < 0.45
    assert result["TT"][30] == pytest.approx(0.55, abs=1e-3)
    assert result["TT"][50] > 0.8
    assert np.array_equal(result["KD"], curves["KD"])
