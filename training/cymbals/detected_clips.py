"""Clips with known chinas as the network hears them, kept in a cache: `chinas/PART/NUMBER.npz`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from indexer.drums.hearing.china_cymbals import onset_spectra
from indexer.drums.hearing.families import family_peaks
from indexer.drums.hearing.family_curves import assign_voices
from indexer.drums.hearing.network import DetectionOptions, Network
from indexer.drums.hearing.profiles import METAL_THRESHOLD_FACTORS
from indexer.drums.types import Drum
from training.cymbals.china_clips import Part, load_china_sources, render_china_clip

SHARES: Final[dict[Part, int]] = {"fit": 5, "choose": 2, "report": 3}
"""Of ten clips."""
MATCH_WINDOW_S: Final = 0.04
DETECTION_OPTIONS: Final = DetectionOptions(threshold_factors=METAL_THRESHOLD_FACTORS)


@dataclass(frozen=True)
class ClipDetections:
    """A clip as it was heard.

    Attributes:
        power: log10, (n_frames, BANDS).
        frames: Of the crashes heard.
        china: Which of them are chinas.
        played: How many chinas there are.
    """

    power: np.ndarray
    frames: list[int]
    china: np.ndarray
    played: int

    @property
    def spectra(self) -> np.ndarray:
        return onset_spectra(self.linear, self.frames)

    @property
    def linear(self) -> np.ndarray:
        return np.power(np.float32(10), self.power.astype(np.float32))


def detect_crashes(network: Network, samples: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """Power, and frames of what is heard as a crash."""
    heard = network.detect(samples, DETECTION_OPTIONS)
    return heard.power, crash_frames(network, heard.onsets, heard.curves)


def crash_frames(network: Network, onsets: np.ndarray, curves: dict[str, np.ndarray]) -> list[int]:
    """Frames of what is heard as a crash."""
    values = assign_voices(onsets, curves, network.card)
    threshold = network.card.thresholds["CY"] * METAL_THRESHOLD_FACTORS["CY"]
    return family_peaks(values[:, network.card.drums.index(Drum.CRASH)], threshold)


def detect_clips(
    cache: Path, part: Part, *, sounds: Sequence[str], clips: int
) -> list[ClipDetections]:
    """Of `clips` clips those of a part; those that are missing in the cache are rendered."""
    folder = cache / "chinas" / part
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{n:04}.npz" for n in range(clips * SHARES[part] // 10)]
    if missing := [path for path in paths if not path.exists()]:
        network = Network()
        stage = load_china_sources([Path(p) for p in sounds], cache, part)
        for path in missing:
            samples, hits = render_china_clip(stage, part, int(path.stem))
            power, frames = detect_crashes(network, samples)
            chinas = [stroke.time_s for stroke in hits if stroke.voice == "china"]
            log = np.log10(power + 1e-7).astype(np.float16)
            np.savez(path, power=log, frames=frames, chinas=chinas)
    return [_read_detections(path) for path in paths]


def _read_detections(path: Path) -> ClipDetections:
    with np.load(path) as file:
        frames, chinas = file["frames"].astype(int), file["chinas"]
        apart = np.abs(np.subtract.outer(frames / 100, chinas)).min(axis=1, initial=np.inf)
        return ClipDetections(file["power"], frames.tolist(), apart < MATCH_WINDOW_S, len(chinas))
