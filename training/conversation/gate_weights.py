"""Fit the gate against what is not about music (`assistant/understanding/gate/gate.npz`).

    python -m training.conversation.gate_weights --data DIR [--own FILE…] [--exclude FILE…]

DIR holds the public sets (`public_sets`), --own our own requests ({"text", "language", "tool"} a
line; those with a tool count), --exclude requests no training sentence may equal. What is in
`MEASURED_ONLY` is measured and never trained on. Prints, for every source left out in turn, how
many are found at a precision of 99 % both ways.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.gate.classifier import FILE, GateWeights
from assistant.understanding.gate.features import BUCKETS, vector, words
from training.conversation.gate_report import report, report_wrong
from training.conversation.public_sets import MEASURED_ONLY, names_of, read_public_sets
from training.conversation.sentences import LANGUAGES, Sentence, generate

REGULARISATION: Final = 30.0
"""Inverse strength (scikit-learn's C) for feature vectors of length 1; 10..100 differ little."""
DRAWS: Final = 60
"""Sentences drawn of a template; twice as many change nothing."""
WORTH: Final = {"snips": 0.5, "clinc": 0.5, "ovos": 0.5}
"""Weight of a sentence by source (1 else): sets of thousands with few patterns weigh less."""
MOST: Final = 3000
"""Sentences taken of a source and answer; more of the same patterns change nothing."""
FOLDS: Final = 5


def fit(sentences: Sequence[Sentence]) -> GateWeights:
    """Logistic regression; languages and answers weigh alike within a language."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    rows = [_vector(one.text, one.language) for one in sentences]
    starts = np.cumsum([0, *(places.size for places, _ in rows)])
    places = np.concatenate([places for places, _ in rows])
    values = np.concatenate([values for _, values in rows])
    matrix = csr_matrix((values, places, starts), shape=(len(rows), BUCKETS))
    model = LogisticRegression(C=REGULARISATION, max_iter=1000, tol=1e-5)
    model.fit(matrix, [one.act for one in sentences], sample_weight=balanced(sentences))
    bias = float(np.atleast_1d(model.intercept_)[0])
    return GateWeights(model.coef_[0].astype(np.float16), bias, frozenset(LANGUAGES))


@cache
def _vector(text: str, language: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    return vector(text, language)


def balanced(sentences: Sequence[Sentence]) -> NDArray[np.float64]:
    """Weight of each sentence; each language's two answers add up to the same."""
    worth = np.array([one.worth * WORTH.get(one.source, 1.0) for one in sentences])
    groups = [(one.language, one.act) for one in sentences]
    sums = Counter()
    for group, weight in zip(groups, worth, strict=True):
        sums[group] += weight
    mean = sum(sums.values()) / len(sums)
    return worth * np.array([mean / sums[group] for group in groups])


def own_requests(paths: Iterable[Path]) -> list[Sentence]:
    """Our own requests that a tool serves."""
    rows = [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()]
    return [
        Sentence(row["text"], row["language"], True, "own", row["tool"])
        for row in rows
        if row.get("tool") and row["language"] in LANGUAGES
    ]


def without(sentences: Iterable[Sentence], paths: Iterable[Path]) -> list[Sentence]:
    """Those whose words are no request of the files."""
    barred = {
        tuple(words(json.loads(line)["text"]))
        for path in paths
        for line in path.read_text("utf-8").splitlines()
    }
    return [one for one in sentences if tuple(words(one.text)) not in barred]


def gather(arguments: argparse.Namespace) -> list[Sentence]:
    """All sentences: of the sets, our own and drawn ones."""
    sentences = read_public_sets(arguments.data) + own_requests(arguments.own)
    names = names_of(arguments.data)
    for seed, language in enumerate(LANGUAGES):
        sentences += generate(language, names, per_template=DRAWS, seed=seed)
    return without(thinned(sentences), arguments.exclude)


def thinned(sentences: Sequence[Sentence]) -> list[Sentence]:
    """At most `MOST` of a public source and answer, evenly drawn."""
    groups: dict[tuple[str, str, bool], list[Sentence]] = {}
    for one in sentences:
        groups.setdefault((one.source, one.language, one.act), []).append(one)
    chance = random.Random(0)
    return [
        one
        for (source, _, _), group in groups.items()
        for one in (group if source == "templates" else chance.sample(group, min(MOST, len(group))))
    ]


def left_out(sentences: Sequence[Sentence]) -> list[tuple[str, list[Sentence], GateWeights]]:
    """(source, its sentences, weights that never saw it); templates by fifths of the templates."""
    trained = [one for one in sentences if one.source not in MEASURED_ONLY]
    result = []
    for source in sorted({one.source for one in trained} - {"templates"}):
        rest = [one for one in trained if one.source != source]
        result.append((source, [one for one in trained if one.source == source], fit(rest)))
    drawn = sorted({(one.language, one.kind) for one in trained if one.source == "templates"})
    chance = np.random.default_rng(0)
    fold = dict(zip(drawn, chance.integers(FOLDS, size=len(drawn)), strict=True))
    for number in range(FOLDS):
        out = {key for key in drawn if fold[key] == number}
        held = [
            one for one in trained if one.source == "templates" and (one.language, one.kind) in out
        ]
        known = set(held)
        rest = [one for one in trained if one not in known]
        result.append((f"templates {number + 1}", held, fit(rest)))
    weights = fit(trained)
    for source in sorted(MEASURED_ONLY):
        result.append((source, [one for one in sentences if one.source == source], weights))
    return result


def main() -> None:
    """Fit, report and store."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--own", type=Path, nargs="*", default=[], help="our own requests")
    parser.add_argument("--exclude", type=Path, nargs="*", default=[], help="never trained on")
    parser.add_argument("--out", type=Path, default=FILE)
    parser.add_argument("--report", action="store_true", help="leave each source out in turn")
    parser.add_argument("--wrong", type=int, default=0, help="wrong sentences shown a source")
    arguments = parser.parse_args()
    sentences = gather(arguments)
    if arguments.report:
        parts = left_out(sentences)
        report(parts)
        for source, held, weights in parts:
            report_wrong(source, held, weights, most=arguments.wrong)
    weights = fit([one for one in sentences if one.source not in MEASURED_ONLY])
    np.savez_compressed(
        arguments.out,
        weights=weights.weights,
        bias=np.float64(weights.bias),
        languages=np.array(sorted(weights.languages)),
    )
    print(f"{arguments.out}: {arguments.out.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
