from __future__ import annotations

import numpy as np
import pytest

from indexer.mir.tags.embed import EMBEDDING_SIZE, track_embedding
from indexer.mir.types import AnalysisError


def test_mean_of_the_patches_at_unit_length():
    patches = np.zeros((2, EMBEDDING_SIZE), np.float32)
    patches[0, 0], patches[1, 1] = 6, 8
    embedding = track_embedding(patches)
    assert embedding.dtype == np.float32
    np.testing.assert_allclose(embedding[:3], [0.6, 0.8, 0], atol=1e-6)
    assert np.linalg.norm(embedding) == pytest.approx(1)


def test_level_of_the_patches_does_not_matter():
    patches = np.random.default_rng(0).normal(size=(4, EMBEDDING_SIZE)).astype(np.float32)
    np.testing.assert_allclose(track_embedding(patches), track_embedding(7 * patches), atol=1e-6)


@pytest.mark.parametrize(
    "patches",
    [
        np.zeros((0, EMBEDDING_SIZE), np.float32),
        np.zeros((3, 7), np.float32),
        np.zeros((3, EMBEDDING_SIZE), np.float32),
        np.full((3, EMBEDDING_SIZE), np.nan, np.float32),
    ],
    ids=["none", "shape", "no direction", "not a number"],
)
def test_what_has_no_direction_is_refused(patches):
    with pytest.raises(AnalysisError):
        track_embedding(patches)
