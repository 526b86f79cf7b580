"""Tagger output stored with a track, used in place of the tagger.

The tagger's networks are the slowest stage of an analysis: when only another stage has a new
version, the audio is decoded again, but the networks are not run again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.arrays import Float32
from indexer.mir.tags.embed import EMBEDDING_SIZE
from indexer.mir.tags.tagger import TaggerOutput
from indexer.mir.types import RawFeatures

_STAGES: Final = ("tagger", "model")


@dataclass(frozen=True, slots=True)
class StoredTagger:
    """Returns stored tagger output for any audio; the stored embedding is not replaced.

    Attributes:
        outputs: Probability of each output by its full name, `msd:rock`.
    """

    outputs: Mapping[str, float]

    def tag(self, samples: Float32, *, sample_rate: int) -> TaggerOutput:
        """Return the stored outputs, and an embedding of zeros."""
        return TaggerOutput(
            msd=self._outputs_of("msd:"),
            mtt=self._outputs_of("mtt:"),
            embedding=np.zeros(EMBEDDING_SIZE, dtype=np.float32),
        )

    def _outputs_of(self, model: str) -> dict[str, float]:
        return {
            name.removeprefix(model): value
            for name, value in self.outputs.items()
            if name.startswith(model)
        }


def stored_tagger(
    stored: tuple[RawFeatures, Mapping[str, int]] | None, current: Mapping[str, int]
) -> StoredTagger | None:
    """Return the stored tagger output, None where it is missing or of another version.

    Args:
        stored: Raw features of a track and the versions of the stages that made them.
        current: Versions of the stages now.
    """
    if stored is None or not stored[0].tagger or not current["model"]:
        return None
    raw, versions = stored
    if any(versions.get(stage) != current[stage] for stage in _STAGES):
        return None
    return StoredTagger(raw.tagger)
