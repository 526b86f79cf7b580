import numpy as np
import pytest

from indexer.drums.formats.preview import PREVIEW_S, frame_features, representative_s
from indexer.drums.types import TempoChange, TempoMap

RATE = 44_100
TEMPO = TempoMap((TempoChange(0, 0, 120.0),), (), -2.0)


def part(hz, seconds, level):
    time_s = np.arange(int(seconds * RATE)) / RATE
    chord = np.sin(2 * np.pi * hz * time_s) + 0.5 * np.sin(2 * np.pi * 1.5 * hz * time_s)
    return (level * chord).astype(np.float32)


def preview_s(song):
    return representative_s(
        frame_features(song, sample_rate=RATE),
        sample_rate=RATE,
        duration_s=song.size / RATE,
        tempo=TEMPO,
    )


def test_the_loud_part_that_comes_again():
    verse, chorus = part(220, 20, 0.1), part(330, 24, 0.4)
    solo = part(523, 20, 0.2)
    song = np.concatenate([verse, chorus, verse, chorus, solo])
    start_s = preview_s(song)
    assert 20 <= start_s <= 24 or 64 <= start_s <= 68
    assert start_s % 2.0 == pytest.approx(0, abs=1e-6)  # bars of two seconds


def test_a_short_song_is_its_own_preview():
    assert preview_s(part(220, 5, 0.1)) == 0.0


def test_it_ends_inside_the_song():
    song = np.concatenate([part(220, 30, 0.05), part(330, 5, 0.5)])
    start_s = preview_s(song)
    assert 0 <= start_s <= 35 - PREVIEW_S
