import numpy as np
import pytest

from indexer.drums.formats.background import reduce_drums
from indexer.drums.formats.kit import render_hit
from indexer.drums.types import Drum, Onset

RATE = 44_100


def pieces(samples, *cuts):
    return list(np.split(samples, cuts, axis=1))


def reduced(blocks, onsets):
    return np.concatenate(list(reduce_drums(blocks, onsets, sample_rate=RATE)), axis=1)


@pytest.mark.parametrize("seconds", [0.05, 3.0, 6.0, 15.0])
@pytest.mark.parametrize("channels", [1, 2])
def test_without_onsets_the_music_is_unchanged(seconds, channels):
    rng = np.random.default_rng(1)
    music = 0.1 * rng.standard_normal((channels, int(seconds * RATE))).astype(np.float32)
    out = reduced(pieces(music, 100, min(70_000, music.shape[1])), [])
    assert out.shape == music.shape
    assert np.abs(out - music).max() < 1e-5


@pytest.fixture(scope="module")
def beat():
    """Drums and a held chord, apart, with the onsets."""
    time_s = np.arange(16 * RATE) / RATE
    chord = sum(np.sin(2 * np.pi * hz * time_s) for hz in (110, 220.5, 277, 330, 1760))
    drums, onsets = np.zeros(time_s.size), []
    for eighth in range(60):
        at_s = 0.2 + 0.25 * eighth
        drum = (Drum.KICK, Drum.HAT_CLOSED, Drum.SNARE, Drum.HAT_CLOSED)[eighth % 4]
        hit = render_hit(drum)
        start = round(at_s * RATE)
        drums[start : start + hit.size] += 0.5 * hit[: time_s.size - start]
        onsets.append(Onset(at_s, drum, 1.0))
    return drums.astype(np.float32), (0.05 * chord).astype(np.float32), onsets


def test_hits_fall_and_sustained_notes_stay(beat):
    drums, chord, onsets = beat
    mix = np.stack([drums + chord, 0.5 * drums + chord])
    out = reduced([mix], onsets)
    left = out - chord
    assert np.sum(left[0] ** 2) < 0.2 * np.sum(drums**2)
    assert np.sum(left[1] ** 2) < 0.4 * np.sum((0.5 * drums) ** 2)
    quiet = slice(int(15.6 * RATE), int(15.9 * RATE))
    assert np.abs(left[0, quiet]).max() < 1e-3


def test_block_borders_are_inaudible(beat):
    drums, chord, onsets = beat
    mix = (drums + chord)[None]
    whole = reduced([mix], onsets)
    cut = reduced(pieces(mix, 1, 5_000, 262_144, 262_145, 400_000), onsets)
    assert np.abs(whole - cut).max() < 1e-5


def test_undetected_drums_are_left_alone(beat):
    drums, chord, onsets = beat
    mix = (drums + chord)[None]
    out = reduced([mix], onsets[30:])
    early = slice(0, int(6 * RATE))
    assert np.abs(out[:, early] - mix[:, early]).max() < 1e-4
