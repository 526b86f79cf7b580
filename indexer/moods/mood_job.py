"""The jobs of the mood model: train it, or score the library again after a crash in between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from indexer.moods.retraining import retrain
from store.jobs import job_queue
from store.jobs.job_order import BULK_PRIORITY
from store.people.mood_labels import RETRAIN
from store.rescoring import is_scored, rescore_library

RESCORE: Final = (RETRAIN[0], "rescore")


def queue_unfinished() -> None:
    """Queue the scoring of a library that the model which serves has not scored as a whole."""
    if not is_scored():
        job_queue.enqueue(*RESCORE, priority=BULK_PRIORITY + 100)


def run_mood_job(key: str, *, on_progress: Callable[[float, str], None]) -> Mapping[str, object]:
    """Run a job of the mood model; return what came of it."""
    if key == RESCORE[1]:
        return {"rescored": rescore_library()}
    done = retrain(on_step=on_progress)
    return {
        "version": done.version,
        "promoted": [one.mood for one in done.moods if one.promoted],
        "rescored": done.rescored,
        "reason": done.reason,
    }
