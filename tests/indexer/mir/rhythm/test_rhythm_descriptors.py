import numpy as np
import pytest

from indexer.mir.rhythm import rhythm_descriptors
from indexer.mir.signal import spectrum

BEATS_S = np.arange(0, 20, 0.5)


def novelty(low: list[float], high: list[float]) -> np.ndarray:
    """Strength of low and high bands on the four sixteenths of every beat."""
    curves = np.zeros((9, int(21 * spectrum.FRAME_RATE_HZ)))
    for i, beat in enumerate(BEATS_S):
        for tick in range(4):
            frame = round((beat + tick / 8) * spectrum.FRAME_RATE_HZ)
            curves[0:2, frame] = low[(4 * i + tick) % len(low)]
            curves[5:7, frame] = high[(4 * i + tick) % len(high)]
    return curves


def test_four_on_the_floor_with_hats_between():
    found = rhythm_descriptors.describe(novelty([2, 0, 0, 0], [0.5, 0, 2, 0]), tuple(BEATS_S))
    assert found["kick_unevenness"] == pytest.approx(0, abs=1e-6)
    assert found["hat_offbeat"] == pytest.approx(np.log2(2.05 / 0.55))
    assert found["kick_between"] < -4


def test_a_kick_on_every_other_beat_is_uneven():
    found = rhythm_descriptors.describe(
        novelty([2, 0, 0, 0, 0, 0, 0, 0], [1, 0, 1, 0]), tuple(BEATS_S)
    )
    assert found["kick_unevenness"] == pytest.approx(1, abs=0.1)
    assert found["hat_offbeat"] == pytest.approx(0, abs=1e-6)


def test_sixteenths_of_the_kick_lie_between_the_beats():
    found = rhythm_descriptors.describe(novelty([1, 1, 1, 1], [1, 0, 0, 0]), tuple(BEATS_S))
    assert found["kick_between"] == pytest.approx(0, abs=0.05)


def test_few_beats_tell_nothing():
    assert rhythm_descriptors.describe(novelty([1, 0, 0, 0], [1, 0, 0, 0]), (0.0, 0.5, 1.0)) == {}


def test_silence_is_finite():
    found = rhythm_descriptors.describe(np.zeros((9, 3000)), tuple(BEATS_S))
    assert len(found) == 4
    assert all(np.isfinite(v) for v in found.values())
