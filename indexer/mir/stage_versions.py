"""Versions of the analysis stages, by the names under which they are stored with a track.

Each stage keeps its `VERSION` in its own module, beside the code and data that it vouches for;
`tests/indexer/mir/test_golden_analysis.py` fails when a stage changes and its version does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Final

from indexer.mir import descriptors
from indexer.mir.rhythm import meter, tempo
from indexer.mir.signal import loudness
from indexer.mir.tags import genre, moods, normalize, score, sound_kind, synthetic_tags, tagger
from indexer.mir.tonality import key

STAGE_MODULES: Final[Mapping[str, ModuleType]] = {
    "tempo": tempo,
    "key": key,
    "meter": meter,
    "loudness": loudness,
    "descriptors": descriptors,
    "tagger": tagger,
    "kind": sound_kind,
    "normalize": normalize,
    "genre": genre,
    "scores": score,
    "synthetic_tags": synthetic_tags,
    "moods": moods,
}
"""Stage → the module that holds its `VERSION`."""

STAGE_VERSIONS: Final[Mapping[str, int]] = {
    stage: module.VERSION for stage, module in STAGE_MODULES.items()
}
"""Stage → version. Tracks that are stored with another one are computed again."""
