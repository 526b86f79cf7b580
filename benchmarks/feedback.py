"""What learning from feedback is worth: simulated listeners judge moods of tracks.

    python -m benchmarks.feedback [--tracks 900] [--seeds 3]

Three tastes are defined on qualities of the tracks that the model does not see: it sees a vector
and descriptors that mix them with noise. 15 % of a listener's labels are wrong. Printed are the
balanced accuracy of the analytic scores and of the model that serves after 20, 50 and 200 labels a
mood, on tracks that nobody judged; and how often a model was promoted by listeners who answer by
chance, who say the opposite, and who say yes to everything.

The descriptors have the medians and spreads of real recordings (indexer/mir/tags/reference.json).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import indexer.mir.tags as real_tags
from indexer.moods.comparing import compare
from indexer.moods.fitting import Space, fit_head, fit_model, fit_space, labelled
from store.moods.inputs import DESCRIPTORS, INPUTS, VECTOR_SIZE, MoodInputs
from store.moods.model import predict
from store.vocabulary import MOODS

QUALITIES: Final = 14
"""Independent qualities of a track that nobody measures."""
WRONG: Final = 0.15
SIZES: Final = (20, 50, 200)
TASTES: Final = ("relaxed", "happy", "dark")
MOODS_JUDGED: Final = ("relaxed", "happy", "dark", "energetic", "romantic", "focus")
HOSTILE: Final = ("by chance", "the opposite", "always yes")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Library:
    """Tracks as the model sees them, and their hidden qualities (n, QUALITIES)."""

    inputs: MoodInputs
    qualities: Floats
    reference: MoodInputs
    space: Space


def made_library(seed: int, tracks: int) -> Library:
    """Return a library; vector and descriptors are noisy mixtures of the qualities."""
    random = np.random.default_rng(seed)
    styles = random.normal(size=(9, QUALITIES)) * 1.2  # as genres cluster
    qualities = styles[random.integers(0, 9, tracks)] + random.normal(size=(tracks, QUALITIES))
    qualities /= qualities.std(axis=0)
    mixing = random.normal(size=(QUALITIES, VECTOR_SIZE)) / np.sqrt(QUALITIES)
    vectors = np.maximum(qualities @ mixing, 0) + random.normal(size=(tracks, VECTOR_SIZE)) * 0.6
    values = np.zeros((tracks, INPUTS), np.float32)
    values[:, :VECTOR_SIZE] = vectors
    for at, (median, spread) in enumerate(_real_spreads()):
        weights = random.normal(size=QUALITIES) / np.sqrt(QUALITIES)
        seen = qualities @ weights + random.normal(size=tracks) * 0.7
        values[:, VECTOR_SIZE + at] = median + spread * seen
    analytic = np.zeros((tracks, len(MOODS)), np.float32)
    for at in range(len(MOODS)):
        meant = _direction(random) * 0.75 + _direction(random) * 0.65
        seen = qualities @ meant + random.normal(size=tracks) * 0.5
        analytic[:, at] = 1 / (1 + np.exp(-2.2 * (seen - np.quantile(seen, 0.6))))
    ids = np.arange(1, tracks + 1, dtype=np.int64)
    inputs = MoodInputs(ids, values, analytic)
    reference = _part(inputs, np.arange(0, tracks, 2))
    return Library(inputs, qualities, reference, fit_space(reference))


def truth_of(library: Library, mood: str, taste: str, seed: int) -> NDArray[np.bool_]:
    """Return (n,) whether a mood fits each track for one listener.

    The taste agrees with the analytic score in part, and else has directions of its own.
    """
    random = np.random.default_rng([seed, MOODS.index(mood), TASTES.index(taste)])
    strength = library.inputs.analytic[:, MOODS.index(mood)].astype(float)
    common = (strength - strength.mean()) / strength.std()
    own = library.qualities @ _direction(random)
    meant = common * (0.35 + 0.15 * TASTES.index(taste)) + own
    return meant > np.quantile(meant, 0.6)


def _direction(random: np.random.Generator) -> Floats:
    found = random.normal(size=QUALITIES)
    return found / np.linalg.norm(found)


def _real_spreads() -> list[tuple[float, float]]:
    place = Path(str(real_tags.__file__)).with_name("reference.json")
    stored = json.loads(place.read_text())["descriptors"]
    pairs = [(float(pair[0]), float(pair[1])) for pair in stored.values()]
    return [pairs[at % len(pairs)] for at in range(len(DESCRIPTORS))]


def accuracy(strength: NDArray[Any], truth: NDArray[np.bool_]) -> float:
    """Return balanced accuracy of strengths at 0.5."""
    said = strength >= 0.5
    return float((said[truth].mean() + (~said[~truth]).mean()) / 2)


def judged_tracks(
    library: Library, mood: str, count: int, random: np.random.Generator
) -> NDArray[np.int64]:
    """Return places of tracks a listener judges: half of those that are said to have the mood."""
    strength = library.inputs.analytic[:, MOODS.index(mood)]
    has = np.flatnonzero(strength >= 0.5)
    others = np.flatnonzero(strength < 0.5)
    return np.concatenate(
        [random.choice(has, count // 2, False), random.choice(others, count - count // 2, False)]
    )


def served(
    library: Library, mood: str, places: NDArray[np.int64], fits: NDArray[np.bool_]
) -> tuple[NDArray[Any], bool]:
    """Return (strength of the mood for every track, whether a learned head serves)."""
    inputs, reference, space = library.inputs, library.reference, library.space
    said = _part(inputs, np.sort(places))
    labels = labelled([(int(inputs.ids[p]), bool(f)) for p, f in zip(places, fits, strict=True)])
    result = compare(
        mood, space=space, reference=reference, said=said, labels=labels, champion_labels=None
    )
    heads = {mood: fit_head(space, reference, said, labels, mood)} if result.promoted else {}
    model = fit_model(space, heads)
    return predict(model, inputs)[:, MOODS.index(mood)], result.promoted


def _part(inputs: MoodInputs, at: NDArray[np.int64]) -> MoodInputs:
    return MoodInputs(inputs.ids[at], inputs.values[at], inputs.analytic[at])


def learning(library: Library, seed: int) -> list[tuple[str, str, int, float, float, bool]]:
    """Return (taste, mood, labels, analytic, served, promoted) of honest listeners."""
    found = []
    for taste in TASTES:
        for mood in MOODS_JUDGED:
            truth = truth_of(library, mood, taste, seed)
            random = np.random.default_rng([seed, 7, MOODS.index(mood), TASTES.index(taste)])
            places = judged_tracks(library, mood, max(SIZES), random)
            random.shuffle(places)
            fits = truth[places] ^ (random.random(len(places)) < WRONG)
            unseen = np.setdiff1d(np.arange(len(truth)), places)
            before = accuracy(library.inputs.analytic[unseen, MOODS.index(mood)], truth[unseen])
            for size in SIZES:
                strength, promoted = served(library, mood, places[:size], fits[:size])
                after = accuracy(strength[unseen], truth[unseen])
                found.append((taste, mood, size, before, after, promoted))
    return found


def attacks(library: Library, seed: int) -> dict[str, list[bool]]:
    """Return kind of hostile listener → whether each of its trainings was promoted."""
    kinds: dict[str, Callable[[NDArray[Any], np.random.Generator], NDArray[np.bool_]]] = {
        "by chance": lambda s, random: random.random(len(s)) < 0.5,
        "the opposite": lambda s, random: (s < 0.5) ^ (random.random(len(s)) < WRONG),
        "always yes": lambda s, random: np.ones(len(s), np.bool_),
    }
    found: dict[str, list[bool]] = {kind: [] for kind in HOSTILE}
    for kind, answer in kinds.items():
        for mood in MOODS_JUDGED:
            for size in SIZES:
                random = np.random.default_rng([seed, 11, MOODS.index(mood), size])
                places = judged_tracks(library, mood, size, random)
                strength = library.inputs.analytic[places, MOODS.index(mood)]
                found[kind].append(served(library, mood, places, answer(strength, random))[1])
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tracks", type=int, default=900)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=100)
    given = parser.parse_args(arguments)
    rows: list[tuple[str, str, int, float, float, bool]] = []
    promoted: dict[str, list[bool]] = {kind: [] for kind in HOSTILE}
    for seed in range(given.first_seed, given.first_seed + given.seeds):
        library = made_library(seed, given.tracks)
        rows += learning(library, seed)
        for kind, found in attacks(library, seed).items():
            promoted[kind] += found
    print("balanced accuracy on tracks nobody judged, mean (worst taste and mood)")
    print("labels  analytic          served            gain    worse than analytic  promoted")
    for size in SIZES:
        mine = [row for row in rows if row[2] == size]
        before, after = [row[3] for row in mine], [row[4] for row in mine]
        gain = float(np.mean(after) - np.mean(before))
        worse = sum(a < b - 0.01 for b, a in zip(before, after, strict=True))
        print(
            f"{size:6d}  {np.mean(before):.3f} ({min(before):.3f})     {np.mean(after):.3f} "
            f"({min(after):.3f})     {100 * gain:+5.1f}   {worse:3d} of {len(mine):3d}           "
            f"{sum(row[5] for row in mine):3d}"
        )
    for kind, found in promoted.items():
        print(f"hostile, {kind}: {sum(found)} of {len(found)} trainings promoted")


if __name__ == "__main__":
    main()
