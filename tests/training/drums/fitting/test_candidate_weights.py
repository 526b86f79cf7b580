from dataclasses import replace
from pathlib import Path

import numpy as np

from indexer.drums.hearing.candidate_features import FEATURES
from indexer.drums.hearing.candidate_scores import read_trees
from indexer.drums.hearing.model_card import read_card
from indexer.drums.hearing.network import MODEL
from training.drums.clips.clip_rendering import RenderSources
from training.drums.fitting.candidate_weights import (
    FAMILIES,
    fit_candidates,
    fit_trees,
    read_candidates,
    render_candidates,
)


def test_from_clips_to_trees(sources: RenderSources, tmp_path: Path) -> None:
    kits = {"gogodze 0": sources.kits["synthesised 0"]}
    mine, thresholds = replace(sources, kits=kits), read_card(MODEL).thresholds
    render_candidates(mine, tmp_path, "train", range(3))

    read = read_candidates(tmp_path / "candidates" / "train", thresholds)
    fit_candidates(tmp_path, thresholds, tmp_path / "trees.npz")

    features, labels = read["HH"]
    assert features.shape == (len(labels), FEATURES)
    assert {*labels.tolist()} == {0, 1}
    trees = read_trees(tmp_path / "trees.npz")
    assert set(trees) == set(FAMILIES)


def test_written_trees_say_what_was_fitted(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(900, 4)).astype(np.float32)
    labels = ((features[:, 0] > 0.3) & (features[:, 2] < 0.5)).astype(int)
    arrays = {f"HH/{name}": array for name, array in fit_trees(features, labels).items()}
    np.savez(tmp_path / "trees.npz", allow_pickle=False, **arrays)

    scores = read_trees(tmp_path / "trees.npz")["HH"].scores(features)

    assert ((scores > 0) == (labels == 1)).mean() > 0.98
