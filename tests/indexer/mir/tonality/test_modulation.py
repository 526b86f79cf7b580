"""Keys of sections."""

import numpy as np
import pytest

from indexer.mir.signal.spectrum import ANALYSIS_RATE_HZ as RATE
from indexer.mir.tonality import chroma, modulation

CADENCE = ((0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7))


def cadences(*, tonic: int, seconds: int) -> np.ndarray:
    t = np.arange(RATE) / RATE
    sounds = []
    for number in range(seconds):
        chord = CADENCE[number % 4]
        notes = [261.63 * 2 ** ((tonic + step) / 12) for step in (*chord, chord[0] - 12)]
        partials = np.outer(notes, np.arange(1, 5))[:, :, None] * t
        sounds.append((np.sin(2 * np.pi * partials) / np.arange(1, 5)[:, None]).sum(axis=(0, 1)))
    return (0.05 * np.concatenate(sounds)).astype(np.float32)


def read(*parts: np.ndarray) -> tuple[modulation.KeySection, ...]:
    return modulation.key_sections(chroma.chroma(np.concatenate(parts)))


@pytest.mark.parametrize("rise", [1, 2, 3])
def test_a_rise_is_found_where_it_is(rise):
    found = read(cadences(tonic=0, seconds=40), cadences(tonic=rise, seconds=40))
    assert [part.key for part in found] == [0, rise]
    assert found[0].start_s == 0
    assert found[1].start_s == pytest.approx(40, abs=modulation.WINDOW_S)


def test_a_song_that_stays_has_one_section():
    found = read(cadences(tonic=4, seconds=60))
    assert [part.name for part in found] == ["E major"]


@pytest.mark.parametrize("away", [5, 7])
def test_a_middle_section_and_the_way_back_are_found(away):
    home = cadences(tonic=2, seconds=40)
    found = read(home, cadences(tonic=2 + away, seconds=40), home)
    assert [part.key for part in found] == [2, (2 + away) % 12, 2]


def test_an_excursion_is_no_section():
    found = read(
        cadences(tonic=0, seconds=40), cadences(tonic=1, seconds=8), cadences(tonic=0, seconds=40)
    )
    assert [part.key for part in found] == [0]


def test_silence_has_no_sections():
    assert modulation.key_sections(None) == ()
    assert modulation.key_sections(chroma.chroma(np.zeros(RATE, dtype=np.float32))) == ()
