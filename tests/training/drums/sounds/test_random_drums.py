import numpy as np
import pytest

from training.drums.players.hits import CLASS_OF_VOICE
from training.drums.sounds.random_drums import has_recipe, random_drum


def centre_hz(sound: np.ndarray) -> float:
    power = np.square(np.abs(np.fft.rfft(sound, 1 << 17)))
    return float((power * np.fft.rfftfreq(1 << 17, 1 / 44100)).sum() / power.sum())


@pytest.mark.parametrize("voice", CLASS_OF_VOICE)
def test_every_voice_can_be_invented(voice: str) -> None:
    layers = random_drum(np.random.default_rng(3), voice)

    assert has_recipe(voice)
    assert len(layers) == 3
    for layer in layers:
        assert np.isfinite(layer).all()
        assert np.abs(layer).max() == pytest.approx(1, abs=1e-3)
        assert np.flatnonzero(np.abs(layer) > 0.1)[0] < 300


def test_other_sounds_are_left_to_kits() -> None:
    assert not has_recipe("other")


def test_soft_strokes_are_duller() -> None:
    soft, middle, hard = random_drum(np.random.default_rng(1), "snare")

    assert centre_hz(soft) < centre_hz(middle) < centre_hz(hard)


def test_voices_lie_where_theirs_do_and_no_two_are_alike() -> None:
    def mean_hz(voice: str) -> float:
        return float(
            np.mean([centre_hz(random_drum(np.random.default_rng(i), voice)[2]) for i in range(8)])
        )

    assert mean_hz("kick") < mean_hz("tom_high") < mean_hz("snare") < mean_hz("hat_closed")
    first, second = (random_drum(np.random.default_rng(i), "side_stick")[2] for i in (0, 1))
    size = min(first.size, second.size)
    assert abs(np.corrcoef(first[:size], second[:size])[0, 1]) < 0.8
