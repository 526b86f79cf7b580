"""How loud the music under a chart is."""

import numpy as np
import pytest
import soundfile

from indexer.charts.playback_level import measure_level
from indexer.drums.formats.ogg import write_ogg
from indexer.mir.signal.loudness import measure

RATE = 44_100


def music(peak, *, seconds=6.0, seed=0):
    """Decaying noise twice a second: float32, (2, n)."""
    time_s = np.arange(int(seconds * RATE)) / RATE
    noise = np.random.default_rng(seed).standard_normal((2, time_s.size))
    sound = noise * np.exp(-6 * (time_s % 0.5))
    return (peak * sound / np.abs(sound).max()).astype(np.float32)


def levelled(samples):
    halves = [samples[:, :30_001], samples[:, 30_001:]]
    level = measure_level(halves, sample_rate=RATE)
    return np.concatenate(list(level.applied(halves)), axis=1)


@pytest.mark.parametrize("peak", [0.3, 0.5, 0.9])
def test_a_normal_master_is_left_alone(peak):
    samples = music(peak)
    assert np.abs(levelled(samples) - samples).max() < 1e-3


@pytest.mark.parametrize("peak", [0.001, 0.01, 0.05])
def test_what_is_far_too_quiet_is_raised(peak):
    raised = levelled(music(peak))
    loudness = measure(raised, sample_rate=RATE).integrated_lufs
    assert loudness is not None and -24 < loudness < -17
    assert np.abs(raised).max() < 0.9


def test_quiet_music_with_a_loud_moment_does_not_clip():
    samples = music(0.01)
    samples[:, 50_000] = 0.5
    assert 0.85 < np.abs(levelled(samples)).max() < 0.9


def test_a_full_master_does_not_overshoot_in_vorbis(tmp_path):
    samples = np.clip(2 * music(1.0), -1, 1)
    write_ogg(tmp_path / "as it is.ogg", samples, RATE)
    write_ogg(tmp_path / "levelled.ogg", levelled(samples), RATE)
    before, _ = soundfile.read(tmp_path / "as it is.ogg")
    after, _ = soundfile.read(tmp_path / "levelled.ogg")
    assert np.abs(before).max() > 1
    assert np.abs(after).max() < np.abs(before).max() - 0.08


def test_one_wild_sample_does_not_turn_the_music_down():
    samples = music(0.9)
    samples[:, 50_000] = 20.0
    assert measure_level([samples], sample_rate=RATE).gain == pytest.approx(0.7)


def test_a_constant_part_goes():
    samples = music(0.5) + np.array([[0.1], [-0.05]], np.float32)
    assert np.abs(levelled(samples).mean(axis=1)).max() < 1e-5


def test_silence_stays():
    assert not levelled(np.zeros((2, 2 * RATE), np.float32)).any()
    assert measure_level([], sample_rate=RATE).gain == 1
