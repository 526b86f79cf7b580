"""The kits of all sound folders, kept in the cache: read once, loaded in a second."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from training.drums.sounds.kits import Kit, read_kits
from training.drums.training_errors import SoundError

SOUND_FOLDERS: Final = (
    "/usr/share/hydrogen/data/drumkits",
    "/usr/share/sounds/sf2",
    "/usr/share/sounds/sf3",
    "/usr/share/sonic-pi/samples",
)
"""Where Debian puts hydrogen-drumkits, avldrums.lv2, fluid-soundfont-gm, timgm6mb-soundfont,
musescore-general-soundfont and sonic-pi-samples."""
VALIDATION_KITS: Final = ("Millo_MultiLayered3", "ColomboAcousticDrumkit")
"""Whole kits that training never hears; thresholds are chosen on them."""
REPORT_KITS: Final = ("sonor", "machine LM-2")
"""Whole kits that neither training nor any choice hears: `benchmarks/hearing/held_out_kits.py`."""
_MIN_VOICES: Final = 4
ELECTRONIC_KITS: Final = (
    "Audiophob",
    "ElectricEmpireKit",
    "HardElectro1",
    "VariBreaks",
    "rumpf_kit_z01_h2",
    "samples",
    " 24",
    " 25",
    "808-mini",
    "Casio-RZ1",
    "Casio-SK1",
    "MFB-512",
    "Micro-Rhythmer-12",
    "Roland-CR-8000",
    "Sequential-Circuits-Drumtraks",
    "TR-808",
    "Yamaha-MR10",
)
"""Ends of the names of kits that sound like machines or orchestras: they are chosen less often."""


def save_kit(path: Path, kit: Kit) -> None:
    """Write a kit as one compressed file, whole or not at all."""
    arrays = {
        f"{voice}/{number}/{layer}": sound.astype(np.float16)
        for voice, instruments in kit.items()
        for number, layers in enumerate(instruments)
        for layer, sound in enumerate(layers)
    }
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    part.replace(path)


def load_kit(path: Path) -> Kit:
    """Read what `save_kit` wrote."""
    found: dict[str, dict[int, dict[int, np.ndarray]]] = {}
    with np.load(path) as arrays:
        for key in arrays.files:
            voice, number, layer = key.split("/")
            sounds = found.setdefault(voice, {}).setdefault(int(number), {})
            sounds[int(layer)] = arrays[key].astype(np.float32)
    return {
        voice: [tuple(layers[i] for i in sorted(layers)) for _, layers in sorted(numbers.items())]
        for voice, numbers in found.items()
    }


def load_kits(folders: Sequence[Path], cache: Path) -> dict[str, Kit]:
    """All kits by name; the first call reads the folders, later ones the cache.

    Raises:
        SoundError: No kits were found.
    """
    kept = cache / "kits"
    if not (kept / "complete").exists():
        kept.mkdir(parents=True, exist_ok=True)
        for name, kit in read_kits(folders):
            print(f"kit {name}: " + ", ".join(f"{v} {len(i)}" for v, i in sorted(kit.items())))
            if len(kit) >= _MIN_VOICES:
                save_kit(kept / f"{name}.npz", kit)
        (kept / "complete").touch()
    kits = {path.stem: load_kit(path) for path in sorted(kept.glob("*.npz"))}
    if not kits:
        raise SoundError("There are no drum kits in the folders given with --sounds.")
    return kits
