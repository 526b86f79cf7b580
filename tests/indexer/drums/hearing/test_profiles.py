import numpy as np
import pytest

from indexer.drums.hearing import network
from indexer.drums.hearing.activation import Activations
from indexer.drums.hearing.network import DetectionOptions, detect_network
from indexer.drums.hearing.peaks import pick_onsets, transcribe
from indexer.drums.hearing.profiles import PROFILES, available, detector_of
from indexer.drums.types import Drum, DrumsError


def detected_families(samples, profile, imported):
    detector = detector_of(profile, imported=imported)
    return [onset.drum.family for onset in transcribe(samples, detector=detector)]


@pytest.mark.parametrize("profile", [name for name in PROFILES if name != "magenta"])
def test_every_profile_detects_a_plain_beat(rock, profile, tmp_path):
    detected = detected_families(rock.samples, profile, tmp_path / "none")
    for family in ("KD", "SD", "HH"):
        played = sum(onset.drum.family == family for onset in rock.onsets)
        assert abs(detected.count(family) - played) <= 0.15 * played


def test_profiles_that_need_the_import_say_so(tmp_path):
    assert "magenta" not in available(imported=tmp_path / "none")
    with pytest.raises(DrumsError, match="import-egmd"):
        detector_of("magenta", imported=tmp_path / "none")
    with pytest.raises(DrumsError, match="there are default, fast"):
        detector_of("loudest", imported=tmp_path / "none")
    assert detector_of("metal", imported=tmp_path) is not None


def test_a_second_detector_has_a_small_weight(rock):
    samples = rock.samples
    frames = -(-samples.size // 441)

    def second(samples):
        values = np.zeros((frames, 1), np.float32)
        return Activations(values, (Drum.KICK,), values, values[:, 0])

    plain = detect_network(samples)
    doubted = detect_network(samples, options=DetectionOptions(second_detector=second))
    kick = plain.drums.index(Drum.KICK)
    assert doubted.values[:, kick].max() < plain.values[:, kick].max()
    kicks = [[o for o in pick_onsets(found) if o.drum is Drum.KICK] for found in (plain, doubted)]
    assert len(kicks[0]) == len(kicks[1])


def test_threshold_factors_move_their_family_alone(rock):
    samples = rock.samples
    plain = detect_network(samples)
    moved = detect_network(samples, options=DetectionOptions(threshold_factors={"KD": 0.5}))
    kick = plain.drums.index(Drum.KICK)
    assert moved.thresholds[kick] == pytest.approx(plain.thresholds[kick] / 2)
    assert moved.thresholds[kick + 1 :] == plain.thresholds[kick + 1 :]


def test_time_scales_keep_the_onset_times(rock):
    samples = rock.samples
    scaled = network.Network()._at_scale(samples, 15, 16, 200)
    plain, _ = network.Network().probabilities(samples)
    kick = 0
    strokes = np.flatnonzero(plain[:200, kick] > 0.8)
    assert strokes.size
    assert all(scaled[max(0, s - 2) : s + 3, kick].max() > 0.5 for s in strokes)
