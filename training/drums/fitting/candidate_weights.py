"""Fits the trees that judge onsets once more (`indexer/drums/hearing/candidate_scores.py`).

Clips are rendered with sampled kits that the network was not trained on, a fifth of them with
bright snares, and heard by the installed network. Kept is what `candidate_features` needs:

* `power`: float16, (n_frames, BANDS), log10; `onsets`: float16, (n_frames, n_drums);
* `curves`: float16, (n_families, n_frames), in the order of `FEATURE_FAMILIES`;
* `strokes`: float32, (n_hits, 3): time (s), family, 1 where the hit is audible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from indexer.arrays import Float32
from indexer.drums.corrections.clip_format import CLASSES, Split, log_power, save_clip
from indexer.drums.hearing.candidate_features import FEATURE_FAMILIES, candidate_features
from indexer.drums.hearing.candidate_scores import DEPTH, MIN_PROBABILITY
from indexer.drums.hearing.families import family_peaks
from indexer.drums.hearing.mel import normalised
from indexer.drums.hearing.network import DetectionOptions, Network
from training.drums.clips.clip_rendering import RenderSources, mix_and_master
from training.drums.fitting.onset_matching import WINDOW_S
from training.drums.players.hits import CLASS_OF_VOICE
from training.drums.players.performances import perform
from training.drums.sounds.accompaniment import render_accompaniment
from training.drums.sounds.hit_rendering import brighten_snares, render_hits
from training.drums.sounds.sampled_kits import SAMPLED_KITS
from training.drums.sounds.stems import mix_stems

Random = np.random.Generator

FAMILIES: Final = ("HH", "TT", "CY")
"""Bass drums gain nothing; snares gain on rendered kits and lose in recordings."""
CLIP_S: Final = 20.0
_SEED: Final = 4
_TREES: Final = 60
_METAL: Final = ("hat_", "ride", "crash")


def render_candidates(
    sources: RenderSources, cache: Path, split: Split, numbers: Sequence[int]
) -> None:
    """Render and hear the clips that are not there yet."""
    names = tuple(kit.name for kit in SAMPLED_KITS)
    kits = {n: k for n, k in sources.kits.items() if split != "train" or n.startswith(names)}
    sources = replace(sources, kits=kits)
    folder = cache / "candidates" / split
    folder.mkdir(parents=True, exist_ok=True)
    network = Network()
    for number in numbers:
        path = folder / f"{number:05}.npz"
        if not path.exists():
            samples, strokes = _render(sources, np.random.default_rng((_SEED, number)), number)
            heard = network.detect(samples, DetectionOptions(judged=False))
            curves = np.stack([heard.curves[family] for family in FEATURE_FAMILIES])
            arrays = {"power": log_power(heard.power), "onsets": heard.onsets.astype(np.float16)}
            arrays |= {"curves": curves.astype(np.float16), "strokes": strokes}
            save_clip(path, arrays)


def _render(sources: RenderSources, rng: Random, number: int) -> tuple[Float32, np.ndarray]:
    played, start_s = perform(rng, sources.groove, duration_s=CLIP_S)
    hits, kits, luck = played.hits, sources.kits, rng.random()
    if luck < 0.12:
        hits = tuple(hit for hit in hits if not hit.voice.startswith(_METAL))
    if luck < 0.2 and (number % 2 or luck >= 0.12):
        kits = {name: brighten_snares(kit) for name, kit in kits.items()}
    drums, struck, _ = render_hits(rng, hits, kits, duration_s=CLIP_S)
    drums, beside = normalised(drums), rng.random()
    if beside >= 0.95:
        drums, struck = np.zeros_like(drums), []
    if beside < 0.3:
        samples = drums
    elif 0.65 <= beside < 0.95:
        others = render_accompaniment(
            rng, played, sources.fonts, start_s=start_s, duration_s=CLIP_S
        )
        samples = mix_and_master(rng, drums, others)
    else:
        samples = mix_and_master(rng, drums, mix_stems(rng, sources.stems, duration_s=CLIP_S))
    rows = [
        (
            one.hit.time_s,
            FEATURE_FAMILIES.index(CLASSES[CLASS_OF_VOICE[one.hit.voice]].family),
            one.audible,
        )
        for one in struck
        if one.hit.voice in CLASS_OF_VOICE
    ]
    return samples, np.array(rows, np.float32).reshape(-1, 3)


def _labels(times: np.ndarray, frames: np.ndarray, heights: np.ndarray) -> np.ndarray:
    """1 for the highest candidate near each stroke."""
    labels, free = np.zeros(len(frames), int), np.ones(len(times), bool)
    for row in np.argsort(-heights):
        distance = np.where(free, np.abs(times - frames[row] / 100), 1.0)
        if distance.size and distance.min() <= WINDOW_S:
            free[distance.argmin()], labels[row] = False, 1
    return labels


def read_candidates(
    folder: Path, thresholds: dict[str, float]
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Family → (features, labels) of the candidates of the clips in a folder but soft ones."""
    found: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {family: [] for family in FAMILIES}
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as arrays:
            power = np.power(10, arrays["power"].astype(np.float32))
            onsets, rows = arrays["onsets"].astype(np.float32), arrays["strokes"]
            stacked = arrays["curves"].astype(np.float32)
        curves = {family: stacked[row] for row, family in enumerate(FEATURE_FAMILIES)}
        for family in FAMILIES:
            frames = np.array(family_peaks(curves[family], MIN_PROBABILITY), np.intp)
            mine = rows[rows[:, 1] == FEATURE_FAMILIES.index(family)]
            heights = curves[family][frames]
            labels = _labels(mine[mine[:, 2] > 0, 0], frames, heights)
            soft = _labels(mine[mine[:, 2] == 0, 0], frames, heights)
            asked = (labels > 0) | (soft == 0)
            features = candidate_features(power, onsets, curves, thresholds, frames)
            found[family].append((features[asked], labels[asked]))
    return {
        family: (np.concatenate([f for f, _ in parts]), np.concatenate([y for _, y in parts]))
        for family, parts in found.items()
    }


def fit_trees(features: np.ndarray, labels: np.ndarray) -> dict[str, np.ndarray]:
    """The arrays of `candidate_scores.CandidateTrees`."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    build: Any = HistGradientBoostingClassifier
    model = build(
        max_iter=_TREES,
        learning_rate=0.12,
        max_depth=DEPTH,
        l2_regularization=10.0,
        min_samples_leaf=40,
        early_stopping=False,
    )
    model.fit(features, labels)
    inner, leaves = 2**DEPTH - 1, 2**DEPTH
    trees = [predictors[0].nodes for predictors in model._predictors]
    arrays = {
        "features": np.zeros((len(trees), inner), np.int16),
        "limits": np.zeros((len(trees), inner), np.float32),
        "values": np.zeros((len(trees), leaves), np.float32),
        "bias": np.array(model._baseline_prediction.item(), np.float32),
    }
    for tree, nodes in enumerate(trees):
        _copy_node(nodes, 0, 0, {name: array[tree] for name, array in arrays.items() if array.ndim})
    return arrays


def _copy_node(nodes: Any, at: int, to: int, tree: dict[str, np.ndarray]) -> None:
    """Copy a node and what is below it; a leaf above the last level gets two equal branches."""
    inner = tree["features"].size
    node = nodes[at]
    if to >= inner:
        tree["values"][to - inner] = node["value"]
        return
    low, high = at, at
    if not node["is_leaf"]:
        tree["features"][to], tree["limits"][to] = node["feature_idx"], node["num_threshold"]
        low, high = int(node["left"]), int(node["right"])
    _copy_node(nodes, low, 2 * to + 1, tree)
    _copy_node(nodes, high, 2 * to + 2, tree)


def fit_candidates(cache: Path, thresholds: dict[str, float], out: Path) -> None:
    """Fit the trees of all families and write them."""
    read = read_candidates(cache / "candidates" / "train", thresholds)
    arrays = {
        f"{family}/{name}": array
        for family, (features, labels) in read.items()
        for name, array in fit_trees(features, labels).items()
    }
    np.savez_compressed(out, allow_pickle=False, **arrays)
