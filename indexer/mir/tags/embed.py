"""Audio embedding of a track.

The 200 values of the tagger's penultimate layer (after batch normalisation, so that each has
about the same variance over music), mean over the patches, scaled to unit length. Two tracks are
compared by cosine similarity.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from indexer.arrays import Float32
from indexer.mir.types import AnalysisError

EMBEDDING_NAME: Final = "musicnn-msd"
EMBEDDING_SIZE: Final = 200
EMBEDDING_VERSION: Final = 1
"""Raised with every change of values; embeddings of different versions are never compared."""


def track_embedding(patches: Float32) -> Float32:
    """Embedding of a track from those of its patches.

    Args:
        patches: float32, (n_patches, 200), n_patches ≥ 1.

    Returns:
        float32, (200,), unit length.

    Raises:
        AnalysisError: The shape is wrong, a value is not finite, or the mean is zero.
    """
    if patches.ndim != 2 or patches.shape[1] != EMBEDDING_SIZE or not len(patches):
        raise AnalysisError(f"Expected embeddings (n, {EMBEDDING_SIZE}), not {patches.shape}.")
    mean = patches.mean(axis=0, dtype=np.float64)
    length = float(np.linalg.norm(mean))
    if not np.isfinite(length) or length == 0:
        raise AnalysisError("The embedding of this track has no direction.")
    return (mean / length).astype(np.float32)
