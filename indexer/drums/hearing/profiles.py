"""Ways to hear the drums of a recording, by name; `docs/drums.md` says what each is worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from indexer.drums.hearing import magenta
from indexer.drums.hearing.activation import Detector, detect_bands
from indexer.drums.hearing.network import Hearing, detect_network
from indexer.drums.types import DrumsError

SCALES: Final = ((15, 16), (16, 15))
"""A semitone faster and slower: mistakes change with the speed, strokes do not."""
METAL: Final = {"KD": 0.5, "HH": 0.65, "TT": 0.7, "CY": 0.8}
"""Under walls of guitars these are hardly ever wrong, but often missed."""
AVERAGED: Final = {"TT": 0.85, "CY": 0.85}
"""The mean of several speeds has lower peaks where they do not quite agree."""


@dataclass(frozen=True)
class Profile:
    """A way to hear.

    Attributes:
        about: What it is for, in a few words.
        detector: Makes the detector; gets the file of the imported E-GMD network.
    """

    about: str
    detector: Callable[[Path], Detector]


def _network(hearing: Hearing) -> Callable[[Path], Detector]:
    return lambda _: partial(detect_network, hearing=hearing)


def _ensemble(imported: Path) -> Detector:
    witness = magenta.detector(imported) if imported.is_file() else None
    hearing = Hearing(scales=SCALES, borders=AVERAGED, witness=witness)
    return partial(detect_network, hearing=hearing)


PROFILES: Final[dict[str, Profile]] = {
    "default": Profile("the network, adapted to the recording", _network(Hearing())),
    "fast": Profile("rises in bands alone: bass drum, snare and hi-hat", lambda _: detect_bands),
    "rock": Profile(
        "loud guitars, double bass, blasts, chinas",
        _network(Hearing(borders=METAL, chinas=True)),
    ),
    "ensemble": Profile("three speeds, with magenta where imported", _ensemble),
    "magenta": Profile("the imported E-GMD network", magenta.detector),
}
ALIASES: Final = {"metal": "rock", "few-shot": "default", "multi-scale": "ensemble"}
"""Every profile but `fast` and `magenta` learns from a recording's own sure strokes, as `few-shot`
says; several speeds alone (`multi-scale`) hear no better than one (`docs/drums.md`)."""


def detector_of(name: str, *, imported: Path) -> Detector:
    """The detector of a profile.

    Args:
        name: One of `PROFILES` or `ALIASES`.
        imported: Where the imported E-GMD network is, if it is.

    Raises:
        DrumsError: There is no such profile, or it needs what is not there.
    """
    profile = PROFILES.get(ALIASES.get(name, name))
    if profile is None:
        raise DrumsError(f"There is no profile {name}; there are {', '.join(PROFILES)}.")
    return profile.detector(imported)


def available(*, imported: Path) -> tuple[str, ...]:
    """The profiles that can be used."""
    return tuple(name for name in PROFILES if name != "magenta" or imported.is_file())
