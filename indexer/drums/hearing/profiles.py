"""Detection profiles by name; `docs/drums.md` compares them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from indexer.drums.hearing import magenta
from indexer.drums.hearing.activation import Detector, detect_bands
from indexer.drums.hearing.network import DetectionOptions, detect_network
from indexer.drums.types import DrumsError

SCALES: Final = ((15, 16), (16, 15))
"""A semitone faster and slower: errors depend on the speed, onsets do not."""
METAL_THRESHOLD_FACTORS: Final = {"KD": 0.5, "HH": 0.65, "TT": 0.7, "CY": 0.8}
"""Factors of the thresholds: under loud guitars these have high precision and low recall."""
AVERAGED_THRESHOLD_FACTORS: Final = {"TT": 0.85, "CY": 0.85}
"""Factors of the thresholds: the mean over several speeds has lower peaks."""


@dataclass(frozen=True)
class Profile:
    """A detector by name.

    Attributes:
        about: Description in a few words, for people.
        detector: Returns the detector, given the path of the imported E-GMD network.
    """

    about: str
    detector: Callable[[Path], Detector]


def _network(options: DetectionOptions) -> Callable[[Path], Detector]:
    return lambda _: partial(detect_network, options=options)


def _ensemble(imported: Path) -> Detector:
    options = DetectionOptions(
        scales=SCALES,
        threshold_factors=AVERAGED_THRESHOLD_FACTORS,
        second_detector=magenta.detector(imported) if imported.is_file() else None,
    )
    return partial(detect_network, options=options)


PROFILES: Final[dict[str, Profile]] = {
    "default": Profile("the network, adapted to the recording", _network(DetectionOptions())),
    "fast": Profile("rises in bands alone: bass drum, snare and hi-hat", lambda _: detect_bands),
    "rock": Profile(
        "loud guitars, double bass, blasts, chinas",
        _network(DetectionOptions(threshold_factors=METAL_THRESHOLD_FACTORS, with_chinas=True)),
    ),
    "ensemble": Profile("three speeds, with magenta where imported", _ensemble),
    "magenta": Profile("the imported E-GMD network", magenta.detector),
}
ALIASES: Final = {"metal": "rock", "few-shot": "default", "multi-scale": "ensemble"}
"""Every profile but `fast` and `magenta` adapts to the recording (`few-shot`); several speeds alone
(`multi-scale`) are no better than one (`docs/drums.md`)."""


def detector_of(name: str, *, imported: Path) -> Detector:
    """Return the detector of a profile.

    Args:
        name: One of `PROFILES` or `ALIASES`.
        imported: Path of the imported E-GMD network, which may be missing.

    Raises:
        DrumsError: Unknown profile, or the network that it needs is missing.
    """
    profile = PROFILES.get(ALIASES.get(name, name))
    if profile is None:
        raise DrumsError(f"There is no profile {name}; there are {', '.join(PROFILES)}.")
    return profile.detector(imported)


def available(*, imported: Path) -> tuple[str, ...]:
    """Return the names of the profiles whose networks are present."""
    return tuple(name for name in PROFILES if name != "magenta" or imported.is_file())
