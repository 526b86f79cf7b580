"""Train the mood model anew, let it serve where it is better, and score the library again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from indexer.moods.comparing import REFERENCE_MARGIN, Z_BETTER, Z_CHANCE, MoodComparison, compare
from indexer.moods.fitting import Labelled, Space, fit_head, fit_model, fit_space, labelled
from store.jobs import indexer_state
from store.moods import artefacts
from store.moods.inputs import MoodInputs, inputs_of, joined, library_inputs
from store.people.mood_labels import TRAINED_AT, MoodLabel, mood_labels
from store.rescoring import rescore_library
from store.stored_values import stamp
from store.vocabulary import MOODS

REFERENCE_TRACKS: Final = 3000
FEWEST_TRACKS: Final = 20
"""Without so many analysed tracks nothing can be learned."""
LabelRow = tuple[str, int, bool]
"""(mood, track, whether it fits)."""


@dataclass(frozen=True, slots=True)
class Retraining:
    """What came of a training.

    Attributes:
        version: The model that serves now; None: the analytic moods.
        promoted: Whether that changed.
        moods: How champion and challenger did.
        rescored: Tracks that were scored again.
        reason: Why nothing could be trained; "" where it could.
    """

    version: str | None
    promoted: bool
    moods: tuple[MoodComparison, ...]
    rescored: int = 0
    reason: str = ""


def retrain(
    labels: Sequence[MoodLabel] | None = None,
    *,
    fresh: bool = False,
    on_step: Callable[[float, str], None] = lambda fraction, step: None,
) -> Retraining:
    """Train on all labels, promote mood by mood, and score the library again where one was.

    The same labels and tracks give the same model. Labels that come meanwhile wait for the next
    training. A crash leaves the model that serves in place.

    Args:
        labels: What people said; everything in the library by default.
        fresh: Compare with the analytic moods, as if no model served.
        on_step: Gets a fraction 0..1 and the name of the step.
    """
    began = stamp()
    given = mood_labels() if labels is None else tuple(labels)
    rows: list[LabelRow] = sorted({(one.mood, one.track_id, one.fits) for one in given})
    on_step(0.0, "reading")
    reference, said = _read(sorted({track for _, track, _ in rows}))
    if len(reference.ids) < FEWEST_TRACKS:
        return Retraining(artefacts.current_version(), False, (), reason="few_tracks")
    rows = [row for row in rows if row[1] in set(map(int, said.ids))]
    former = None if fresh else artefacts.current_version()
    old_rows = [] if former is None else _label_rows(artefacts.read_labels(former))
    old_model = None if former is None else artefacts.read_model(former)
    space = fit_space(reference)
    found: list[MoodComparison] = []
    kept: dict[str, list[LabelRow]] = {}
    for at, mood in enumerate(MOODS):
        on_step(0.1 + 0.6 * at / len(MOODS), "training")
        mine = [row for row in rows if row[0] == mood]
        known = old_model is not None and mood in old_model.heads
        before = [row for row in old_rows if row[0] == mood and row in set(rows)] if known else []
        if mine:
            found.append(_compared(mood, space, reference, said, mine, before if known else None))
        if found and found[-1].mood == mood and found[-1].promoted:
            kept[mood] = mine
        elif known:
            kept[mood] = before
    promoted = any(one.promoted for one in found)
    done, version = 0, artefacts.current_version()
    if promoted:
        heads = {
            mood: fit_head(space, reference, said, _labelled(mine), mood)
            for mood, mine in kept.items()
        }
        trained = [row for mine in kept.values() for row in mine]
        manifest = _manifest(trained, reference, found, former)
        version = artefacts.save_model(fit_model(space, heads), manifest, trained)
        artefacts.serve_model(version)
        on_step(0.75, "scoring")
        done = rescore_library()
    indexer_state.put(TRAINED_AT, began)
    return Retraining(version, promoted, tuple(found), done)


def _compared(
    mood: str, space: Space, reference: MoodInputs, said: MoodInputs,
    mine: Sequence[LabelRow], before: Sequence[LabelRow] | None,
) -> MoodComparison:  # fmt: skip
    former = None if before is None else _labelled(before)
    return compare(
        mood, space=space, reference=reference, said=said, labels=_labelled(mine),
        champion_labels=former,
    )  # fmt: skip


def _labelled(rows: Iterable[LabelRow]) -> Labelled:
    return labelled([(track, fits) for _, track, fits in rows])


def _label_rows(stored: Iterable[Any]) -> list[LabelRow]:
    return [(str(mood), int(track), bool(fits)) for mood, track, fits in stored]


def _read(judged: Sequence[int]) -> tuple[MoodInputs, MoodInputs]:
    """Return (reference tracks, judged tracks), by id; the reference is spread over the library."""
    pieces, total = list[MoodInputs](), 0
    for piece in library_inputs():
        pieces.append(_spread(piece))
        total += len(pieces[-1].ids)
    everything = joined(pieces)
    order = np.argsort(_mixed(everything.ids), kind="stable")[:REFERENCE_TRACKS]
    at = np.sort(order)
    reference = MoodInputs(everything.ids[at], everything.values[at], everything.analytic[at])
    return reference, inputs_of(judged)


def _spread(piece: MoodInputs) -> MoodInputs:
    """Return at most as many tracks of a piece as a reference may have, mixed."""
    at = np.sort(np.argsort(_mixed(piece.ids), kind="stable")[:REFERENCE_TRACKS])
    return MoodInputs(piece.ids[at], piece.values[at], piece.analytic[at])


def _mixed(ids: np.ndarray[Any, np.dtype[np.int64]]) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """Return a number for each id by which they are in no order (Fibonacci hashing)."""
    return ids.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)


def _manifest(
    trained: Sequence[LabelRow],
    reference: MoodInputs,
    found: Sequence[MoodComparison],
    former: str | None,
) -> dict[str, Any]:
    import sklearn

    digest = hashlib.sha256(json.dumps(trained).encode())
    digest.update(reference.ids.tobytes())
    digest.update(np.nan_to_num(reference.values).tobytes())
    return {
        "made_at": stamp(),
        "former": former,
        "data": digest.hexdigest(),
        "labels": len(trained),
        "reference_tracks": len(reference.ids),
        "moods": {one.mood: asdict(one) for one in found},
        "rules": {
            "z_better": Z_BETTER,
            "z_chance": Z_CHANCE,
            "reference_margin": REFERENCE_MARGIN,
        },
        "versions": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
    }
