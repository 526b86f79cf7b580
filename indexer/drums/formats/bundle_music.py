"""The music of a bundle: the recording under the chart, and the preview of song menus."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

import numpy as np

from indexer.arrays import Float32
from indexer.drums.formats.background import reduce_drums
from indexer.drums.formats.ogg import OggWriter, write_ogg
from indexer.drums.formats.preview import PREVIEW_S
from indexer.drums.types import ChartSet

Progress = Callable[[float, str], None]
Bgm = Literal["full", "reduced", "none"]
"""The music of a chart: unchanged, with its drums turned down, or none."""
BGMS: Final[tuple[Bgm, ...]] = get_args(Bgm)

BGM_FILE, PREVIEW_FILE = "bgm.ogg", "preview.ogg"
_FADE_S: Final = 1.0
_SHARE: Final = 0.7
"""Share of encoding in the work on a bundle, 0..1."""


@dataclass(frozen=True)
class Music:
    """A recording, block by block.

    Attributes:
        blocks: float32, (n_channels, n), 1 or 2 channels, in order.
        sample_rate: Hz.
        preview_s: Where the preview starts.
        bgm: Which music plays with the chart.
    """

    blocks: Iterable[Float32]
    sample_rate: int
    preview_s: float = 0.0
    bgm: Bgm = "reduced"


def write_music(folder: Path, chart_set: ChartSet, music: Music, progress: Progress) -> None:
    """Write the music, which starts on its bar line, and the preview, in one pass."""
    rate = music.sample_rate
    preview = _PreviewCut(music, chart_set.duration_s, progress)
    blocks: Iterable[Float32] = preview.passed()
    if music.bgm == "none":
        for _ in blocks:
            pass
    else:
        if music.bgm == "reduced":
            blocks = reduce_drums(blocks, chart_set.onsets, sample_rate=rate)
        silence = max(0, round(-chart_set.tempo.time_s(chart_set.bgm_bar) * rate))
        with OggWriter(folder / BGM_FILE, rate) as writer:
            for number, block in enumerate(blocks):
                if number == 0:
                    writer.write(np.zeros((len(block), silence), np.float32))
                writer.write(block)
    write_ogg(folder / PREVIEW_FILE, preview.faded(), rate)


class _PreviewCut:
    """Cuts the preview out of the blocks that pass through it."""

    def __init__(self, music: Music, duration_s: float, progress: Progress) -> None:
        self._music = music
        self._progress = progress
        self._duration = max(1.0, duration_s * music.sample_rate)
        self._parts: list[Float32] = []

    def passed(self) -> Iterator[Float32]:
        """Yield the blocks of the music, at most two channels."""
        rate = self._music.sample_rate
        first = round(self._music.preview_s * rate)
        last, at = first + int(PREVIEW_S * rate), 0
        for block in self._music.blocks:
            block = block[:2]
            part = block[:, max(0, first - at) : max(0, last - at)]
            if part.size:
                self._parts.append(part.copy())
            at += block.shape[1]
            self._progress(_SHARE * min(1.0, at / self._duration), "encoding the music")
            yield block

    def faded(self) -> Float32:
        """Return the preview with fades: float32, (n_channels, n)."""
        passage = np.concatenate(self._parts or [np.zeros((1, 1), np.float32)], axis=1)
        fade = min(int(_FADE_S * self._music.sample_rate), passage.shape[1] // 2)
        if fade:
            ramp = np.linspace(0, 1, fade, dtype=np.float32)
            passage[:, :fade] *= ramp
            passage[:, -fade:] *= ramp[::-1]
        return passage
