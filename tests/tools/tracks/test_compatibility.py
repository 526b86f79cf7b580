import numpy as np
import pytest

from store.vocabulary import CAMELOT_CODES
from tools.tracks.compatibility import (
    ENERGY_WEIGHT,
    KEY_WEIGHT,
    OCTAVE_TIE_BREAK,
    TEMPO_WEIGHT,
    UNKNOWN,
    key_costs,
    key_similarity,
    mixing_tempos,
    tempo_costs,
    tempo_similarity,
    transition_costs,
)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (100, 100, 1.0),
        (100, 102.9, 1.0),
        (100, 103.1, 0.6),
        (100, 105.9, 0.6),
        (100, 106.1, 0.3),
        (100, 111.9, 0.3),
        (100, 113, 0.0),
        (70, 140, 1.0),
        (174, 87, 1.0),
        (75, 156, 0.6),
        (40, 160, 1.0),
    ],
)
def test_tempo_steps_after_folding(first, second, expected):
    assert tempo_similarity(first, second) == expected
    assert tempo_similarity(second, first) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("8A", "8A", 1.0),
        ("8A", "9A", 0.9),
        ("12B", "1B", 0.9),
        ("8A", "8B", 0.9),
        ("8A", "10A", 0.55),
        ("1A", "11A", 0.55),
        ("8A", "9B", 0.45),
        ("8B", "7A", 0.45),
        ("8A", "2A", 0.1),
        ("8A", "11B", 0.1),
    ],
)
def test_graded_keys(first, second, expected):
    assert key_similarity(first, second) == expected
    assert key_similarity(second, first) == expected


@pytest.mark.parametrize("wrong", ["", "13A", "0B", "8C", "8", "A8", "8AA"])
def test_what_is_no_key_is_refused(wrong):
    with pytest.raises(ValueError, match="Camelot"):
        key_similarity(wrong, "8A")


@pytest.mark.parametrize("wrong", [0, -3])
def test_what_is_no_tempo_is_refused(wrong):
    with pytest.raises(ValueError, match="BPM"):
        tempo_similarity(wrong, 100)


def test_matrices_agree_with_the_pairs():
    keys = [*CAMELOT_CODES, None]
    costs = key_costs(keys)
    for a, first in enumerate(CAMELOT_CODES):
        for b, second in enumerate(CAMELOT_CODES):
            assert costs[a, b] == pytest.approx(1 - key_similarity(first, second))
    assert (costs[-1] == 1 - UNKNOWN).all()
    tempos = np.array([60.0, 62.5, 90, 119, 124, 181])
    costs = tempo_costs(tempos)
    for a, first in enumerate(tempos):
        for b, second in enumerate(tempos):
            # the tie-breaks add at most 0.01 and 0.06 an octave (the widest here is 1.6)
            added = costs[a, b] - (1 - tempo_similarity(first, second))
            assert 0 <= added <= 0.0101 + 2 * OCTAVE_TIE_BREAK + 1e-9
            assert added < 0.0101 or max(first, second) / min(first, second) > 1.41


def test_among_jumps_the_smaller_is_cheaper():
    costs = tempo_costs(np.array([100.0, 115, 135]))
    assert costs[0, 1] < costs[0, 2]


def test_half_time_mixes_but_the_same_time_is_better():
    costs = tempo_costs(np.array([80.0, 80, 160, 113]))
    assert costs[0, 1] < costs[0, 2] < costs[0, 3]


def test_weights_and_symmetry():
    costs = transition_costs(
        tempos_bpm=np.array([100.0, 100, 140, np.nan]),
        keys=["8A", "2A", "8A", None],
        energies=np.array([0.2, 0.6, 0.2, np.nan]),
    )
    assert np.array_equal(costs, costs.T)
    assert costs[0, 1] == pytest.approx(KEY_WEIGHT * 0.9 + ENERGY_WEIGHT * 0.4)
    assert costs[0, 2] == pytest.approx(TEMPO_WEIGHT, abs=0.01)
    assert costs[0, 3] == pytest.approx(0.5)


def test_without_harmony_keys_cost_nothing():
    values = {"tempos_bpm": np.array([100.0, 100]), "energies": np.array([0.5, 0.5])}
    assert transition_costs(keys=["8A", "2A"], **values)[0, 1] > 0.2
    assert transition_costs(keys=["8A", "2A"], harmonic=False, **values)[0, 1] == 0


def test_tempos_that_mix_are_those_within_reach_of_a_fader():
    expected = [(100 / 1.06, 106), (50 / 1.06, 53), (200 / 1.06, 212)]
    assert np.array(mixing_tempos(100.0)) == pytest.approx(np.array(expected))
