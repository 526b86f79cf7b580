"""What a track is: music, speech, another sound, or silence.

What the file says of itself counts first (`TagHints.kind`); then a multinomial logistic regression
over tagger outputs and descriptors, whose weights `training.mir.sound_kinds` writes. Music is what
everything is that is not clearly something else: a song that is left out is worse than a talk that
is left in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from indexer.mir.tags.features import logit
from indexer.mir.types import RawFeatures, SoundKind, TagHints

VERSION: Final = 1
"""Raised with every change of the kind of a track; see `indexer.mir.stage_versions`."""

SURE: Final = 0.9
"""Probability from which a track is taken for speech."""
SURE_SOUND: Final = 0.97
"""Probability from which it is taken for another sound: noise and drones are music too."""
LIKELY: Final = 0.6
"""The same where its genre is one of speech as well, or where it is as long as few songs are."""
LONG_S: Final = 1200.0
_HEARD: Final = "spectral_centroid_hz"
SCORE_LIMIT: Final = 4.0
"""Standard scores are clipped to ± this."""


def kind_of(raw: RawFeatures, *, tags: TagHints) -> SoundKind:
    """Return what a track is, by its file first, then by its sound."""
    if tags.kind is not None:
        return tags.kind
    if is_silent(raw):
        return "silence"
    enough = LIKELY if tags.may_be_speech or raw.duration_s >= LONG_S else SURE
    found = probabilities(raw.tagger, raw.measured)
    if found.get("speech", 0.0) >= enough:
        return "speech"
    return "sound" if found.get("sound", 0.0) >= SURE_SOUND else "music"


def is_silent(raw: RawFeatures) -> bool:
    """Return whether nothing can be heard: silence has no descriptors but its loudness."""
    return raw.tempo.bpm is None and raw.key is None and _HEARD not in raw.measured


def probabilities(
    tagger: Mapping[str, float],
    measured: Mapping[str, float],
    *,
    model: Mapping[str, Any] | None = None,
) -> dict[SoundKind, float]:
    """Return the probability of music, speech and sound; empty without tagger outputs.

    Args:
        tagger: Output as `msd:rock` → probability 0..1.
        measured: Descriptor → value; a missing one counts as its mean.
        model: Other weights than those of `weights`.
    """
    if not tagger:
        return {}
    model = model or weights()
    scores = np.zeros(len(model["inputs"]))
    for at, (name, (middle, spread)) in enumerate(model["inputs"].items()):
        value = logit(tagger[name]) if name in tagger else measured.get(name)
        if value is not None:
            scores[at] = np.clip((value - middle) / spread, -SCORE_LIMIT, SCORE_LIMIT)
    kinds: list[SoundKind] = list(model["kinds"])
    sums = [part["bias"] + float(scores @ part["weights"]) for part in model["kinds"].values()]
    shares = np.exp(np.array(sums) - max(sums))
    return dict(zip(kinds, map(float, shares / shares.sum()), strict=True))


@cache
def weights() -> Mapping[str, Any]:
    """Load `sound_kind.json`: inputs with mean and spread, bias and weights of each kind."""
    path = Path(__file__).with_name("sound_kind.json")
    return json.loads(path.read_text(encoding="utf-8"))
