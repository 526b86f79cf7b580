"""Ways to hear the drums of a recording, by name; `docs/drums.md` says what each is worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from indexer.drums import magenta
from indexer.drums.activation import Detector, detect_bands
from indexer.drums.network import FASTER, Hearing, detect_network
from indexer.drums.types import DrumsError

SCALES: Final = (FASTER, (16, 15))
"""A semitone faster and slower."""
METAL: Final = {"KD": 0.5, "SD": 0.75, "CY": 0.7}
"""Under walls of guitars bass drum and snare are hardly ever wrong, but often missed."""


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
    return partial(detect_network, hearing=Hearing(scales=SCALES, rounds=2, witness=witness))


PROFILES: Final[dict[str, Profile]] = {
    "default": Profile("the network at two speeds, adapted to the recording", _network(Hearing())),
    "fast": Profile("rises in bands alone: bass drum, snare and hi-hat", lambda _: detect_bands),
    "rock": Profile(
        "loud guitars, double bass, blasts, chinas",
        _network(Hearing(scales=(), rounds=2, borders=METAL, chinas=True)),
    ),
    "multi-scale": Profile("the network at three speeds", _network(Hearing(scales=SCALES))),
    "ensemble": Profile("three speeds, adapted twice, with magenta where imported", _ensemble),
    "magenta": Profile("the imported E-GMD network", magenta.detector),
}
ALIASES: Final = {"metal": "rock", "few-shot": "default"}
"""Every profile but `fast` and `magenta` learns from a recording's own sure strokes; a second round
of that (`few-shot` once) made all recordings a little worse."""


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
