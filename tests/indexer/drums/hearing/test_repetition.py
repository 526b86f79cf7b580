import numpy as np

from indexer.drums.hearing.families import family_peaks
from indexer.drums.hearing.repetition import TIMEKEEPERS, add_repetition_evidence

BEAT = 50
"""Frames: 120 BPM."""


def curves(bars=12):
    """A beat with likely onsets: bass drum, snare, hi-hats between them."""
    found = {family: np.full(4 * BEAT * bars, 0.01, np.float32) for family in (*TIMEKEEPERS, "TT")}
    for start in range(BEAT // 2, 4 * BEAT * bars - BEAT // 2, 2 * BEAT):
        found["KD"][start] = 0.9
        found["SD"][start + BEAT] = 0.9
    for start in range(BEAT // 2, 4 * BEAT * bars, BEAT // 2):
        found["HH"][start] = 0.9
    return found


def test_a_doubtful_onset_is_likelier_where_it_repeats():
    detected = curves()
    frame = family_peaks(detected["SD"], 0.5)[6]
    detected["SD"][frame] = 0.25

    assert add_repetition_evidence(detected)["SD"][frame] > 0.5


def test_an_onset_that_no_repetition_has_is_less_likely():
    detected = curves()
    frame = family_peaks(detected["SD"], 0.5)[6] + BEAT // 4
    detected["SD"][frame] = 0.5

    assert add_repetition_evidence(detected)["SD"][frame] < 0.2


def test_sure_onsets_stay_and_none_appear():
    detected = curves()
    result = add_repetition_evidence(detected)

    for family in ("KD", "SD", "HH"):
        assert family_peaks(result[family], 0.5) == family_peaks(detected[family], 0.5)
    assert np.allclose(result["CY"], detected["CY"])


def test_families_that_do_not_keep_the_beat_are_left_alone():
    detected = curves()
    detected["TT"][333] = 0.4

    assert np.array_equal(add_repetition_evidence(detected)["TT"], detected["TT"])


def test_where_nothing_is_similar_nothing_changes():
    rng = np.random.default_rng(0)
    detected = {family: np.full(3000, 0.01, np.float32) for family in TIMEKEEPERS}
    for frame in np.sort(rng.choice(2900, 8, replace=False)):
        detected[TIMEKEEPERS[rng.integers(4)]][frame] = 0.4

    result = add_repetition_evidence(detected)
    assert all(np.allclose(result[family], detected[family]) for family in TIMEKEEPERS)


def test_long_recordings_are_compared_in_blocks():
    detected = curves(bars=40)
    frames = np.array(family_peaks(detected["SD"], 0.5))
    frames = np.random.default_rng(1).choice(frames, 11, replace=False)
    detected["SD"][frames] = 0.3

    assert (add_repetition_evidence(detected)["SD"][frames] > 0.4).all()


def test_too_little_to_compare():
    empty = {family: np.zeros(0, np.float32) for family in TIMEKEEPERS}
    assert all(curve.size == 0 for curve in add_repetition_evidence(empty).values())
    only = {"KD": np.full(10, 0.4, np.float32)}
    assert np.array_equal(add_repetition_evidence(only)["KD"], only["KD"])
