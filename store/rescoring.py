"""The moods of the whole library, as the model that serves sees them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from store.database.db import write
from store.jobs import indexer_state
from store.library.track_texts import delete_text_vectors
from store.moods.artefacts import current_model, current_version
from store.moods.inputs import library_inputs
from store.moods.scoring import write_strengths

_SCORED_BY: Final = "moods_scored_by"
_ANALYTIC: Final = "-"


def is_scored() -> bool:
    """Return whether the whole library has the moods of the model that serves."""
    return (indexer_state.get(_SCORED_BY) or _ANALYTIC) == (current_version() or _ANALYTIC)


def rescore_library(on_progress: Callable[[int], None] = lambda done: None) -> int:
    """Give every track the moods of the model that serves; return how many tracks.

    It may end at any time: the next call scores what is left.
    """
    version, model = current_version(), current_model()
    done = 0
    for piece in library_inputs():
        with write() as session:
            write_strengths(session, model, piece)
            delete_text_vectors(session, [int(number) for number in piece.ids])
        done += len(piece.ids)
        on_progress(done)
    indexer_state.put(_SCORED_BY, version or _ANALYTIC)
    return done
