"""Tag probabilities and embedding of a track by the musicnn networks on LiteRT.

The input of a network is a patch of 3 s. The output of a track is the mean over patches that are
spread evenly: the networks were trained on random patches with the tags of the whole track.
Source: Pons & Serra, "musicnn: pre-trained convolutional neural networks for music audio tagging"
(2019).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import gcd
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
import soxr
from numpy.typing import NDArray

from indexer.arrays import Float32
from indexer.mir.signal.melspectrogram import HOP_SAMPLES, SAMPLE_RATE, log_mel
from indexer.mir.tags.embed import EMBEDDING_SIZE, track_embedding
from indexer.mir.tags.tagger_vocabulary import MSD_TAGS, MTT_TAGS
from indexer.mir.types import AnalysisError
from indexer.models.litert import open_network

VERSION: Final = 1
"""Raised with every change of the network input; see `indexer.mir.stage_versions`."""

PATCH_FRAMES: Final = 187
PATCH_SAMPLES: Final = (PATCH_FRAMES - 1) * HOP_SAMPLES
"""2.98 s at 16 kHz."""
PATCHES: Final = 10
"""On whole songs ten patches give the moods of all patches to .016 and energy to .009, five to .022
and .013, with twice the error of valence (`python -m benchmarks.hearing.excerpts`); 0.4 s on one
x86 core.
"""

MARGIN_SAMPLES: Final = 1600
"""0.1 s at 16 kHz, resampled before and after a patch to keep edge effects out of it."""


@dataclass(frozen=True, slots=True)
class TaggerOutput:
    """Output of both networks for a track.

    Attributes:
        msd: Last.fm tag → probability 0..1.
        mtt: MagnaTagATune tag → probability 0..1.
        embedding: float32, (200,), unit length; see `indexer.mir.tags.embed`.
    """

    msd: Mapping[str, float]
    mtt: Mapping[str, float]
    embedding: Float32

    @property
    def probabilities(self) -> dict[str, float]:
        """Both vocabularies in one mapping.

        A tag of both keeps its MSD value: that network was trained on ten times as much music, and
        a mean of probabilities with different base rates has no meaning.
        """
        return {**self.mtt, **self.msd}

    @property
    def by_model(self) -> dict[str, float]:
        """Every output by network: `msd:rock`, `mtt:rock`, …."""
        return {
            **{f"msd:{tag}": value for tag, value in self.msd.items()},
            **{f"mtt:{tag}": value for tag, value in self.mtt.items()},
        }


@dataclass(frozen=True, slots=True)
class PatchOutputs:
    """Output of both networks for each patch.

    Attributes:
        msd: float32, (n_patches, 50), 0..1.
        mtt: float32, (n_patches, 50), 0..1.
        embeddings: float32, (n_patches, 200).
    """

    msd: Float32
    mtt: Float32
    embeddings: Float32

    def mean(self) -> TaggerOutput:
        """Average over the patches."""
        return TaggerOutput(
            msd=_named(MSD_TAGS, self.msd.mean(axis=0)),
            mtt=_named(MTT_TAGS, self.mtt.mean(axis=0)),
            embedding=track_embedding(self.embeddings),
        )


class Tagger:
    """Both networks, loaded; not safe to share between threads."""

    def __init__(self, *, msd: Path, mtt: Path) -> None:
        """Load the networks.

        Args:
            msd: Converted MSD network.
            mtt: Converted MTT network.

        Raises:
            AnalysisError: A file cannot be loaded.
        """
        self._msd = _Network(msd)
        self._mtt = _Network(mtt)

    def tag(
        self,
        samples: Float32,
        *,
        sample_rate: int = SAMPLE_RATE,
        patches: int = PATCHES,
    ) -> TaggerOutput:
        """Tag a track.

        Args:
            samples: float32, (n_samples,), mono; less than 3 s are repeated.
            sample_rate: Hz; only the patches are resampled.
            patches: Maximal number of patches.

        Raises:
            AnalysisError: There are no samples.
        """
        return self.tag_patches(samples, sample_rate=sample_rate, patches=patches).mean()

    def tag_patches(
        self,
        samples: Float32,
        *,
        sample_rate: int = SAMPLE_RATE,
        patches: int = PATCHES,
    ) -> PatchOutputs:
        """Return the output for each patch; arguments and errors are those of `tag`."""
        parts = cut_patches(samples, sample_rate=sample_rate, patches=patches)
        mels = [log_mel(part) for part in parts]
        msd, embeddings = self._msd.run(mels)
        mtt, _ = self._mtt.run(mels)
        return PatchOutputs(msd, mtt, embeddings)


def cut_patches(
    samples: Float32, *, sample_rate: int = SAMPLE_RATE, patches: int = PATCHES
) -> list[Float32]:
    """Parts of a track that are `PATCH_SAMPLES` long, at 16 kHz, spread evenly from start to end.

    Patches avoid the ends of a track (silence, fade) and do not overlap in tracks of 3 s and more.
    """
    if samples.ndim != 1 or samples.size == 0:
        raise AnalysisError("There is no audio to tag.")
    size = round(samples.size * SAMPLE_RATE / sample_rate)
    if size < PATCH_SAMPLES:
        return [np.resize(_resample(samples, sample_rate), PATCH_SAMPLES)]
    count = max(1, min(patches, size // PATCH_SAMPLES))
    centres = (np.arange(count) + 0.5) * size / count
    starts = np.clip(centres - PATCH_SAMPLES / 2, 0, size - PATCH_SAMPLES).astype(int)
    return [_part(samples, sample_rate, start) for start in starts.tolist()]


def _part(samples: Float32, sample_rate: int, start: int) -> Float32:
    """`PATCH_SAMPLES` at 16 kHz from `start`; the resampler hears what lies around them."""
    if sample_rate == SAMPLE_RATE:
        return samples[start : start + PATCH_SAMPLES]
    common = gcd(sample_rate, SAMPLE_RATE)
    # samples of both rates coincide at multiples of these
    grid, grid_16k = sample_rate // common, SAMPLE_RATE // common
    first = max((start - MARGIN_SAMPLES) // grid_16k, 0)
    last = -(-(start + PATCH_SAMPLES + MARGIN_SAMPLES) // grid_16k)
    around = _resample(samples[first * grid : last * grid], sample_rate)
    begin = start - first * grid_16k
    return around[begin : begin + PATCH_SAMPLES]


def _resample(samples: Float32, sample_rate: int) -> Float32:
    if sample_rate == SAMPLE_RATE:
        return samples
    return soxr.resample(samples, sample_rate, SAMPLE_RATE, quality="HQ")


class _Network:
    """One converted network."""

    def __init__(self, path: Path) -> None:
        try:
            self._interpreter = open_network(path)
        except (ValueError, RuntimeError) as error:
            raise AnalysisError(
                f"The music tagger cannot be loaded from {path}; delete that file, "
                "it is made again on the next start."
            ) from error
        self._input = self._interpreter.get_input_details()[0]["index"]
        outputs = self._interpreter.get_output_details()
        by_size = {int(detail["shape"][-1]): int(detail["index"]) for detail in outputs}
        self._embedding = by_size.pop(EMBEDDING_SIZE)
        (self._probabilities,) = by_size.values()

    def run(self, mels: list[Float32]) -> tuple[NDArray, NDArray]:
        """Probabilities (n_patches, 50) and embeddings (n_patches, 200)."""
        probabilities, embeddings = [], []
        for mel in mels:
            self._interpreter.set_tensor(self._input, mel[np.newaxis])
            self._interpreter.invoke()
            probabilities.append(self._interpreter.get_tensor(self._probabilities)[0])
            embeddings.append(self._interpreter.get_tensor(self._embedding)[0])
        return np.stack(probabilities), np.stack(embeddings)


def _named(tags: tuple[str, ...], values: NDArray) -> Mapping[str, float]:
    return MappingProxyType(dict(zip(tags, map(float, values), strict=True)))
