"""Rendered clips → training batches; what is mixed and recorded differently every time.

Power adds where sounds do, so drums of one clip and accompaniment of another are mixed in mel power
for every batch. Equalisation and low-pass filters are gains of bands.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from scipy.ndimage import maximum_filter1d, uniform_filter1d
from scipy.signal import lfilter

from indexer.arrays import Float32 as Float
from indexer.drums.corrections.clip_format import CLASSES, SEGMENT_FRAMES, SONG, targets_of
from indexer.drums.hearing.mel import BANDS, compressed
from training.drums.training_errors import SoundError

Random = np.random.Generator

BATCH: Final = 16
_MIX, _REMIX, _DRUMS = 0.5, 0.82, 0.91
"""Cumulated shares: rendered mixes, drums with other accompaniment, drums alone; the rest is
accompaniment alone, where nothing must be heard."""
_UNMIXED_SHARE: Final = 0.6
"""Share of the segments of real recordings that get no other accompaniment on top."""
_MIN_CUTOFF_BAND: Final = 66
"""Low-pass filters start at this band (about 8 kHz)."""


@dataclass(frozen=True, eq=False)
class Clip:
    """float16 log10 power (n_frames, BANDS) of a clip's stems, and its targets.

    A clip of a real recording (`clips/self_training.py`) has a mix alone, and no strokes.
    """

    drums: np.ndarray | None
    mix: np.ndarray
    accompaniment: np.ndarray | None
    targets: np.ndarray
    hits: np.ndarray


def _load_clip(path: Path) -> Clip:
    with np.load(path) as arrays:
        if "targets" in arrays.files:
            return Clip(None, arrays["mix"], None, arrays["targets"], np.zeros((0, 4), np.float32))
        drums, hits = arrays["drums"], arrays["strokes"]
        accompaniment = arrays["accompaniment"] if "accompaniment" in arrays.files else None
        targets = targets_of(hits, len(drums))
        return Clip(drums, arrays["mix"], accompaniment, targets, hits)


def load_new_clips(folder: Path, known: set[str], *, songs: bool = True) -> list[Clip]:
    """Clips whose files are not among the known ones; they are from then on."""
    paths = [path for path in sorted(folder.glob("*.npz")) if path.name not in known]
    paths = [path for path in paths if songs or not path.name.startswith(SONG)]
    known.update(path.name for path in paths)
    return [_load_clip(path) for path in paths]


def load_clips(folder: Path, known: set[str] | None = None, *, songs: bool = True) -> list[Clip]:
    """All rendered clips of a split.

    Args:
        folder: Where they are.
        known: Gets the names of the files.
        songs: Whether those of real songs are wanted, too.

    Raises:
        SoundError: There are none.
    """
    clips = load_new_clips(folder, set() if known is None else known, songs=songs)
    if not clips:
        raise SoundError(f"There are no rendered clips in {folder}; run the step render first.")
    return clips


def _power(stem: np.ndarray, start: int) -> Float:
    return np.power(10, stem[start : start + SEGMENT_FRAMES].astype(np.float32))


def _random_eq(rng: Random, strength_db: float) -> Float:
    """A smooth random gain over the bands, in power."""
    points = rng.normal(0, strength_db, 6)
    return (10 ** (np.interp(np.linspace(0, 5, BANDS), np.arange(6), points) / 10)).astype(
        np.float32
    )


def _random_tilt(rng: Random) -> Float:
    """Gains above 1 kHz: instruments on records are brighter than those of SoundFonts."""
    rising = np.linspace(-0.5, 1, BANDS).clip(0)
    return (10 ** (rising * rng.normal(4, 6) / 10)).astype(np.float32)


def _compressor_gains(rng: Random, power: np.ndarray) -> Float:
    """Gains of a compressor: what follows something loud is turned down, (n_frames, 1)."""
    keep = np.exp(-1 / rng.uniform(3, 30))
    peaks = maximum_filter1d(power.sum(axis=1), 3)
    level = np.asarray(lfilter([1 - keep], [1, -keep], peaks)) + 1e-3
    return ((level / level.mean()) ** -rng.uniform(0.1, 0.6))[:, None].astype(np.float32)


class Batches:
    """An endless source of batches; the clips and the seed decide everything.

    Attributes:
        clips: Where batches are cut from.
    """

    def __init__(self, clips: list[Clip], seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self.clips: list[Clip] = []
        self._stems: list[np.ndarray] = []
        self.add(clips)

    def add(self, clips: list[Clip]) -> None:
        """Cut from these clips, too."""
        self.clips += clips
        self._stems += [c.accompaniment for c in clips if c.accompaniment is not None]

    def next(self) -> tuple[Float, Float]:
        """(features (BATCH, SEGMENT_FRAMES, BANDS), targets (BATCH, SEGMENT_FRAMES, TARGETS))."""
        pairs = [self._segment() for _ in range(BATCH)]
        power = np.stack([pair[0] for pair in pairs])
        return compressed(power), np.stack([pair[1] for pair in pairs])

    def _segment(self) -> tuple[Float, Float]:
        rng = self._rng
        clip = self.clips[rng.integers(len(self.clips))]
        start = int(rng.integers(0, len(clip.mix) - SEGMENT_FRAMES + 1))
        targets = clip.targets[start : start + SEGMENT_FRAMES].astype(np.float32)
        luck = rng.random()
        if clip.drums is None:
            power = _power(clip.mix, start)
            if luck > _UNMIXED_SHARE and self._stems:
                power += np.float32(10 ** (rng.uniform(-12, 0) / 10)) * self._accompaniment()
        elif luck < _MIX or not self._stems:
            power = _power(clip.mix, start)
        elif luck < _REMIX:
            power = _power(clip.drums, start)
            gain = 10 ** (rng.uniform(-3, 9) / 10)
            power = power + np.float32(gain) * self._accompaniment()
            if rng.random() < 0.3:
                power = power + np.float32(gain / 2) * self._accompaniment()
            power *= np.float32(1 / (1 + gain))
        elif luck < _DRUMS:
            power = _power(clip.drums, start)
        else:
            power = self._accompaniment()
            targets[:, : len(CLASSES)] = 0
            targets[:, len(CLASSES) : 2 * len(CLASSES)] = 1
        return self._recorded(power), targets

    def _accompaniment(self) -> Float:
        stem = self._stems[self._rng.integers(len(self._stems))]
        start = int(self._rng.integers(0, len(stem) - SEGMENT_FRAMES + 1))
        return _power(stem, start) * _random_eq(self._rng, 4) * _random_tilt(self._rng)

    def _recorded(self, power: np.ndarray) -> Float:
        """Another gain, compressor, equaliser, tuning, a gap, a codec, an upper limit and noise."""
        rng = self._rng
        if rng.random() < 0.25:
            power = power * _compressor_gains(rng, power)
        power = power * _random_eq(rng, 3) * np.float32(10 ** (rng.uniform(-6, 6) / 10))
        if rng.random() < 0.35:
            power = np.roll(power, int(rng.integers(-3, 4)), axis=1)
        if rng.random() < 0.25:
            low = int(rng.integers(0, BANDS - 6))
            gap = slice(low, low + int(rng.integers(4, 20)))
            power[:, gap] *= np.float32(10 ** -rng.uniform(0.3, 2))
        if rng.random() < 0.2:
            smeared = slice(int(rng.integers(30, 66)), BANDS)
            power[:, smeared] = uniform_filter1d(power[:, smeared], 3, axis=0)
        if rng.random() < 0.5:
            cut = int(rng.integers(_MIN_CUTOFF_BAND, BANDS))
            power[:, cut:] *= np.float32(10 ** -rng.uniform(2, 6))
            if rng.random() < 0.4:
                power[:, cut:] += np.float32(10 ** rng.uniform(-5, -2))
        if rng.random() < 0.2:
            power = power + np.float32(10 ** rng.uniform(-4, -1.5))
        return power
