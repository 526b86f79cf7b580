import numpy as np

from indexer.drums.hearing.families import family_peaks
from indexer.drums.hearing.repetition import TIMEKEEPERS, add_repetition_evidence

BEAT = 50
"""Frames: 120 BPM."""


def curves(bars=12):
    """A beat whose strokes the network is sure of: bass drum, snare, hi-hats between them."""
    found = {family: np.full(4 * BEAT * bars, 0.01, np.float32) for family in (*TIMEKEEPERS, "TT")}
    for start in range(BEAT // 2, 4 * BEAT * bars - BEAT // 2, 2 * BEAT):
        found["KD"][start] = 0.9
        found["SD"][start + BEAT] = 0.9
    for start in range(BEAT // 2, 4 * BEAT * bars, BEAT // 2):
        found["HH"][start] = 0.9
    return found


def test_a_doubtful_stroke_is_likelier_where_it_repeats():
    heard = curves()
    frame = family_peaks(heard["SD"], 0.5)[6]
    heard["SD"][frame] = 0.25

    assert add_repetition_evidence(heard)["SD"][frame] > 0.5


def test_a_stroke_that_no_repetition_has_is_doubted():
    heard = curves()
    frame = family_peaks(heard["SD"], 0.5)[6] + BEAT // 4
    heard["SD"][frame] = 0.5

    assert add_repetition_evidence(heard)["SD"][frame] < 0.2


def test_sure_strokes_stay_and_nothing_is_heard_out_of_nothing():
    heard = curves()
    told = add_repetition_evidence(heard)

    for family in ("KD", "SD", "HH"):
        assert family_peaks(told[family], 0.5) == family_peaks(heard[family], 0.5)
    assert np.allclose(told["CY"], heard["CY"])


def test_families_that_do_not_keep_the_beat_are_left_alone():
    heard = curves()
    heard["TT"][333] = 0.4

    assert np.array_equal(add_repetition_evidence(heard)["TT"], heard["TT"])


def test_where_nothing_is_similar_nothing_changes():
    rng = np.random.default_rng(0)
    heard = {family: np.full(3000, 0.01, np.float32) for family in TIMEKEEPERS}
    for frame in np.sort(rng.choice(2900, 8, replace=False)):
        heard[TIMEKEEPERS[rng.integers(4)]][frame] = 0.4

    told = add_repetition_evidence(heard)
    assert all(np.allclose(told[family], heard[family]) for family in TIMEKEEPERS)


def test_long_recordings_are_compared_in_blocks():
    heard = curves(bars=40)
    frames = np.array(family_peaks(heard["SD"], 0.5))
    frames = np.random.default_rng(1).choice(frames, 11, replace=False)
    heard["SD"][frames] = 0.3

    assert (add_repetition_evidence(heard)["SD"][frames] > 0.4).all()


def test_too_little_to_compare():
    empty = {family: np.zeros(0, np.float32) for family in TIMEKEEPERS}
    assert all(curve.size == 0 for curve in add_repetition_evidence(empty).values())
    only = {"KD": np.full(10, 0.4, np.float32)}
    assert np.array_equal(add_repetition_evidence(only)["KD"], only["KD"])
