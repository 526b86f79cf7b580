import numpy as np
import pytest

from indexer.drums.formats.kit import DRUM_NAMES, render_hit
from indexer.drums.types import Drum


def centroid_hz(sound, rate=44100):
    spectrum = np.abs(np.fft.rfft(sound))
    return float((spectrum * np.fft.rfftfreq(sound.size, 1 / rate)).sum() / spectrum.sum())


@pytest.mark.parametrize("drum", DRUM_NAMES)
def test_each_sound_starts_at_once_and_ends_silent(drum):
    hit = render_hit(drum)
    assert hit.dtype == np.float32
    assert hit.ndim == 1
    assert 0.85 < np.abs(hit).max() <= 0.9
    assert int(np.abs(hit).argmax()) < 0.06 * 44100
    assert np.abs(hit[:441]).max() > 0.2
    assert np.abs(hit[-10:]).max() < 0.01


def test_every_drum_of_the_types_has_a_sound():
    assert set(Drum) <= set(DRUM_NAMES)


def test_harder_is_louder_and_brighter():
    for drum in ("snare", "crash", "tom_low"):
        soft, hard = render_hit(drum, velocity=0.3), render_hit(drum, velocity=1.0)
        assert soft.std() < 0.3 * hard.std()
        assert centroid_hz(soft) < centroid_hz(hard)


def test_silence_at_velocity_zero():
    assert not render_hit("kick", velocity=0.0).any()


def test_seed_and_rate():
    assert np.array_equal(render_hit("snare", seed=3), render_hit("snare", seed=3))
    assert not np.array_equal(render_hit("snare", seed=3), render_hit("snare", seed=4))
    low, high = render_hit("kick", sample_rate=22050), render_hit("kick", sample_rate=44100)
    assert abs(low.size * 2 - high.size) <= 2


def test_toms_are_ordered_by_pitch():
    peaks = []
    for drum in ("tom_floor", "tom_low", "tom_high"):
        spectrum = np.abs(np.fft.rfft(render_hit(drum), 1 << 17))
        peaks.append(int(spectrum.argmax()))
    assert peaks == sorted(peaks)


def test_unknown_drum():
    with pytest.raises(ValueError, match="Expected one of kick"):
        render_hit("cowbell")


def test_a_china_honks_where_a_crash_shines_and_is_sooner_gone():
    china, crash = render_hit("china").astype(float), render_hit("crash").astype(float)
    assert centroid_hz(china) < 0.7 * centroid_hz(crash)

    def heard_s(sound):
        energy = np.cumsum(np.square(sound))
        return np.searchsorted(energy, 0.95 * energy[-1]) / 44100

    assert heard_s(china) < 0.5 * heard_s(crash)
