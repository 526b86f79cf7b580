import numpy as np
import pytest

from indexer.drums.hearing.adaptation import PATCH_BANDS, Adaptation, adapt_curves, onset_patches
from indexer.drums.hearing.mel import BANDS

THRESHOLDS = {"SD": 0.5, "HH": 0.5}
EVERY_FRAMES = 25


def recording(sounds, rng):
    """Onsets 250 ms apart, each of noise in its own range of bands."""
    power = np.full((EVERY_FRAMES * (len(sounds) + 1), BANDS), 1e-4, np.float32)
    for number, (low, high) in enumerate(sounds, 1):
        for age in range(8):
            level = rng.uniform(0.5, 2, high - low) * 0.8**age
            power[number * EVERY_FRAMES + age, low:high] += level
    return power


def curve(values):
    made = np.full(EVERY_FRAMES * (len(values) + 1), 0.001, np.float32)
    made[EVERY_FRAMES * np.arange(1, len(values) + 1)] = values
    return made


@pytest.fixture
def detected():
    """Forty onsets, snares and hi-hats in turn; the last two snares and hi-hats are doubtful."""
    rng = np.random.default_rng(0)
    sounds = [(20, 60) if number % 2 == 0 else (60, 88) for number in range(40)]
    snare = [0.95 if number % 2 == 0 else 0.02 for number in range(36)]
    hat = [0.02 if number % 2 == 0 else 0.95 for number in range(36)]
    curves = {"SD": curve([*snare, *[0.45] * 4]), "HH": curve([*hat, *[0.45] * 4])}
    return recording(sounds, rng), curves


def test_doubtful_onsets_are_classified_by_their_sound(detected):
    power, curves = detected
    after = adapt_curves(curves, power, THRESHOLDS)
    for number in range(36, 40):
        frame = EVERY_FRAMES * (number + 1)
        mine, other = ("SD", "HH") if number % 2 == 0 else ("HH", "SD")
        assert after[mine][frame] > 0.5 > 0.4 > after[other][frame]


def test_a_weight_of_zero_changes_nothing(detected):
    power, curves = detected
    assert np.allclose(adapt_curves(curves, power, THRESHOLDS, Adaptation(weight=0))["SD"],
                       curves["SD"], atol=1e-3)  # fmt: skip


def test_few_examples_change_nothing():
    rng = np.random.default_rng(1)
    sounds = [(20, 60) if number < 4 else (60, 88) for number in range(40)]
    curves = {
        "SD": curve([0.9 if number < 4 else 0.02 for number in range(40)]),
        "HH": curve([0.02 if number < 4 else 0.9 for number in range(40)]),
    }
    after = adapt_curves(curves, recording(sounds, rng), THRESHOLDS)
    assert np.allclose(after["SD"], curves["SD"], atol=1e-4)


def test_silence_changes_nothing():
    curves = {family: np.zeros(500, np.float32) for family in THRESHOLDS}
    after = adapt_curves(curves, np.zeros((500, BANDS), np.float32), THRESHOLDS)
    assert all(values.max(initial=0) < 1e-3 for values in after.values())


def test_a_patch_holds_attack_and_decay():
    power = np.full((100, BANDS), 1e-3, np.float32)
    power[50:53, :4] = 1.0
    patch = onset_patches(power)[50]
    assert patch[0] == pytest.approx(np.log10(1.001 / 0.002), abs=1e-3)
    assert patch[PATCH_BANDS] == pytest.approx(0, abs=1e-6)  # gone after 30 ms
    assert not patch[1:PATCH_BANDS].any()
