"""What the tagger said of a track before: its networks are the slowest part of an analysis.

When another stage improves, the audio is heard again, but the networks need not be run again.
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
class TaggedBefore:
    """Stands for the tagger where its outputs are stored; the embedding stays where it is.

    Attributes:
        outputs: Probability of each output by its full name, `msd:rock`.
    """

    outputs: Mapping[str, float]

    def tag(self, samples: Float32, *, sample_rate: int) -> TaggerOutput:
        """The stored outputs, and an embedding of zeros."""
        return TaggerOutput(
            msd=self._of("msd:"),
            mtt=self._of("mtt:"),
            embedding=np.zeros(EMBEDDING_SIZE, dtype=np.float32),
        )

    def _of(self, model: str) -> dict[str, float]:
        return {
            name.removeprefix(model): value
            for name, value in self.outputs.items()
            if name.startswith(model)
        }


def tagged_before(
    stored: tuple[RawFeatures, Mapping[str, int]] | None, current: Mapping[str, int]
) -> TaggedBefore | None:
    """The stored outputs of the tagger, where it was the one of now.

    Args:
        stored: Raw features of a track and the versions of the stages that made them.
        current: Versions of the stages now.
    """
    if stored is None or not stored[0].tagger or not current["model"]:
        return None
    raw, versions = stored
    if any(versions.get(stage) != current[stage] for stage in _STAGES):
        return None
    return TaggedBefore(raw.tagger)
