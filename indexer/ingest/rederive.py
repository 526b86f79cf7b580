"""The stages after `raw`, computed again from stored raw features when only file tags changed.

stored raw features + new tags → tempo and key selected again → genre, features, scores, tags
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from indexer.mir.analyse import derive
from indexer.mir.stage_versions import STAGE_VERSIONS
from indexer.mir.tags import normalize
from indexer.mir.types import MirResult, RawFeatures, TagHints, ValueSource

DERIVED: Final = ("kind", "normalize", "genre", "scores", "synthetic_tags", "moods")
"""Stages that need only the output of other stages; all others need the audio."""


def stage_versions(*, model: int) -> dict[str, int]:
    """Return stage → version of an analysis made now.

    Args:
        model: Version of the tagger's networks; 0 without a tagger.
    """
    tagger = STAGE_VERSIONS["tagger"] if model else 0
    return {**STAGE_VERSIONS, "tagger": tagger, "model": model}


def is_measured(stored: Mapping[str, int], current: Mapping[str, int]) -> bool:
    """Return whether every stage that needs the audio has the current version."""
    return all(stored.get(stage) == current[stage] for stage in current.keys() - set(DERIVED))


def rederive(raw: RawFeatures, *, tags: TagHints) -> MirResult | None:
    """Compute everything that follows from stored raw features and the file tags as they are now.

    Args:
        raw: As stored; tempo and key are those that were selected then.
        tags: Values tagged in the file now.

    Returns:
        The result with an empty embedding. None where a tag replaced a measurement that was not
        stored, and that tag has changed: the audio has to be analysed again.
    """
    tempo, tempo_source = normalize.choose_tempo(raw.tempo, tagged_bpm=tags.bpm)
    key, key_source = normalize.choose_key(raw.key, tagged_key=tags.key)
    if raw.sources.get("bpm") != ValueSource.BACKBEAT and (
        tags.bpm is None or tempo.bpm != raw.tempo.bpm
    ):
        return None
    if raw.sources.get("key") != ValueSource.BACKBEAT and (tags.key is None or key != raw.key):
        return None
    return derive(raw, tempo=(tempo, tempo_source), key=(key, key_source), tags=tags)
