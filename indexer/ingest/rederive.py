"""The stages after measuring, anew from stored raw features: a file's tags changed, not its audio.

stored raw features + new tags → tempo and key chosen again → genre, features, scores, tags
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from indexer.mir import analyse as stages
from indexer.mir.stage_versions import STAGE_VERSIONS
from indexer.mir.tags import normalize
from indexer.mir.types import MirResult, RawFeatures, TagHints

DERIVED: Final = ("normalize", "genre", "scores", "synthetic_tags", "moods")
"""Stages that follow from what the others left; every other one listens."""
MEASURED: Final = "librosa"
"""Source of a tempo or key that was measured and not read."""


def stage_versions(*, model: int) -> dict[str, int]:
    """Stage → version of an analysis made now.

    Args:
        model: Version of the tagger's networks; 0 without a tagger.
    """
    tagger = STAGE_VERSIONS["tagger"] if model else 0
    return {**STAGE_VERSIONS, "tagger": tagger, "model": model}


def is_measured(stored: Mapping[str, int], current: Mapping[str, int]) -> bool:
    """Whether everything that listens is of the current version."""
    return all(stored.get(stage) == current[stage] for stage in current.keys() - set(DERIVED))


def rederive(raw: RawFeatures, *, tags: TagHints) -> MirResult | None:
    """Everything that follows from stored raw features and the tags as they are now.

    Args:
        raw: As stored; its tempo and key are those that were chosen then.
        tags: What the file's tags say now.

    Returns:
        None where a tag was chosen over a measurement that is not known any more, and that tag
        has changed: the audio has to be heard again. The embedding is empty.
    """
    tempo, tempo_source = normalize.choose_tempo(raw.tempo, tagged_bpm=tags.bpm)
    key, key_source = normalize.choose_key(raw.key, tagged_key=tags.key)
    if raw.sources.get("bpm") != MEASURED and tempo.bpm != raw.tempo.bpm:
        return None
    if raw.sources.get("key") != MEASURED and key != raw.key:
        return None
    if raw.sources.get("bpm") != MEASURED and tags.bpm is None:
        return None
    if raw.sources.get("key") != MEASURED and tags.key is None:
        return None
    return stages.derive(raw, tempo=(tempo, tempo_source), key=(key, key_source), tags=tags)
