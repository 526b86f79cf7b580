from pathlib import Path

import numpy as np
import pytest

from indexer.drums.hearing.candidate_features import FEATURE_FAMILIES, FEATURES, candidate_features
from indexer.drums.hearing.candidate_scores import (
    DEPTH,
    CandidateTrees,
    installed_trees,
    judge_candidates,
    read_trees,
)
from indexer.drums.hearing.mel import BANDS
from indexer.drums.types import DrumsError

COUNT = 1200
THRESHOLDS = dict.fromkeys(FEATURE_FAMILIES, 0.5)


def curve(frames, height=0.9):
    made = np.full(COUNT, 0.01, np.float32)
    made[np.asarray(frames, int)] = height
    return made


def recording(**struck):
    """(curves, power, onsets) of a recording whose families peak at frames."""
    rng = np.random.default_rng(0)
    curves = {family: curve(struck.get(family, [])) for family in FEATURE_FAMILIES}
    power = rng.uniform(0, 0.1, (COUNT, BANDS)).astype(np.float32)
    return curves, power, rng.uniform(0, 0.1, (COUNT, 10)).astype(np.float32)


def hats(curves):
    return np.flatnonzero(curves["HH"] > 0.5).tolist()


def test_every_feature_has_its_column():
    curves, power, onsets = recording(HH=range(50, 1100, 50), SD=range(100, 1100, 100))
    frames = np.array([100, 150])

    features = candidate_features(power, onsets, curves, THRESHOLDS, frames)

    assert features.shape == (2, FEATURES)
    assert np.isfinite(features).all()
    for family, trees in installed_trees().items():
        assert family in FEATURE_FAMILIES
        assert trees.features.max() < FEATURES
        assert np.isfinite(trees.scores(features)).all()


def test_a_tree_goes_where_its_limits_say():
    heap = np.array([[0, 1, 1, 2, 2, 2, 2]])
    trees = CandidateTrees(heap, np.full((1, 7), 0.5, np.float32), np.arange(8.0)[None], bias=100.0)
    corners = [[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)]

    assert DEPTH == 3
    assert trees.scores(np.array(corners, np.float32)).tolist() == [100.0 + i for i in range(8)]


def constant(logit):
    """CandidateTrees that say the same of every candidate."""
    return CandidateTrees(np.zeros((1, 7), int), np.zeros((1, 7)), np.zeros((1, 8)), bias=logit)


def test_candidates_are_raised_and_lowered():
    curves, power, onsets = recording(CY=[300, 700], HH=range(50, 1100, 50))
    curves["CY"][700] = 0.3

    raised = judge_candidates(curves, power, onsets, THRESHOLDS, {"CY": constant(4.0)})
    lowered = judge_candidates(curves, power, onsets, THRESHOLDS, {"CY": constant(-4.0)})

    assert np.flatnonzero(raised["CY"] > 0.5).tolist() == [300, 700]
    assert not np.flatnonzero(lowered["CY"] > 0.5).size
    assert np.array_equal(raised["HH"], curves["HH"])


@pytest.mark.parametrize(("extra", "kept"), [((), False), (range(125, 1100, 50), True)])
def test_hats_that_are_only_heard_with_snares_are_snares(extra, kept):
    snares = list(range(100, 1100, 100))
    curves, power, onsets = recording(SD=snares, HH=[*snares, *extra])

    judged = judge_candidates(curves, power, onsets, THRESHOLDS, {"HH": constant(4.0)})

    assert bool(set(snares) & set(hats(judged))) == kept


def test_silence_has_no_candidates():
    curves, power, onsets = recording()
    judged = judge_candidates(curves, power, onsets, THRESHOLDS, installed_trees())
    assert all(np.array_equal(judged[family], curves[family]) for family in curves)


def test_a_missing_file_is_told(tmp_path: Path):
    with pytest.raises(DrumsError, match="install"):
        read_trees(tmp_path / "candidates.npz")
