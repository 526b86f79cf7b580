"""Description of a drum network, stored beside it as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from indexer.drums.types import Drum, DrumsError


@dataclass(frozen=True)
class ModelCard:
    """Properties of a drum network.

    Attributes:
        drums: The voices, in the order of the network's outputs.
        thresholds: Family → least height of an activation peak, 0..1.
        reach_frames: Receptive field to both sides, in frames.
        chunk_frames: Length of the network's input, in frames.
    """

    drums: tuple[Drum, ...]
    thresholds: dict[str, float]
    reach_frames: int
    chunk_frames: int


def read_card(model: Path) -> ModelCard:
    """Read the card of the network at `model`.

    Raises:
        DrumsError: The card is missing or damaged.
    """
    try:
        card = json.loads(model.with_suffix(".json").read_text(encoding="utf-8"))
        return ModelCard(
            drums=tuple(Drum(name) for name in card["classes"]),
            thresholds={family: float(value) for family, value in card["thresholds"].items()},
            reach_frames=int(card["reach_frames"]),
            chunk_frames=int(card["chunk_frames"]),
        )
    except (OSError, ValueError, KeyError) as error:
        raise DrumsError(
            "The drum network is missing or damaged; install Backbeat anew."
        ) from error
