"""One level of a chart as the value that the DTX writer encodes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from indexer.drums.formats.bundle_music import BGM_FILE, PREVIEW_FILE
from indexer.drums.formats.dtx import spec
from indexer.drums.formats.dtx.dtx_types import Chip, DtxChart, DtxError, Wav
from indexer.drums.formats.dtx.encode import chips_sorted
from indexer.drums.types import ChartSet, LevelChart

_BGM_ID: Final = 1
_VOLUME_STEPS: Final = (100, 82, 64, 46)
"""Volumes that velocities are rounded to: four steps are audible in the game."""


@dataclass(frozen=True)
class Details:
    """Texts and cover that a user may add to a chart.

    Attributes:
        author: Of the chart.
        cover: A picture as found in the file's tags; one that cannot be read is left out.
    """

    author: str = ""
    genre: str = ""
    comment: str = ""
    cover: bytes | None = None

    @property
    def credit(self) -> str:
        """The author's credit as it is printed."""
        return f"Chart by {self.author}" if self.author else "Transcribed by Backbeat"


NO_DETAILS: Final = Details()


def to_dtx(
    chart_set: ChartSet,
    level: LevelChart,
    *,
    details: Details = NO_DETAILS,
    with_bgm: bool = True,
    preimage: str = "",
) -> DtxChart:
    """Convert one level.

    Raises:
        DtxError: It has more bars than a DTX chart holds.
    """
    wavs = {(BGM_FILE, 100): _BGM_ID} if with_bgm else {}
    chips = [Chip(chart_set.bgm_bar, 0, spec.BGM, _BGM_ID)] if with_bgm else []
    for note in level.notes:
        if note.drum not in spec.CHANNEL_OF:
            continue
        sound = (f"{note.drum}.ogg", _volume(note.velocity))
        number = wavs.setdefault(sound, len(wavs) + 1)
        chips.append(Chip(note.bar, note.tick, spec.CHANNEL_OF[note.drum], number))
    if max((chip.bar for chip in chips), default=0) > spec.LAST_BAR:
        raise DtxError(
            f"A chart holds {spec.LAST_BAR + 1} bars; this recording has more.", code="too_long"
        )
    return DtxChart(
        title=chart_set.title,
        artist=chart_set.artist,
        dlevel=level.dlevel,
        tempo=replace(chart_set.tempo, start_s=0.0),
        wavs=tuple(Wav(number, file, volume) for (file, volume), number in wavs.items()),
        chips=chips_sorted(chips),
        comment=details.comment or f"{level.level}. {details.credit}",
        genre=details.genre,
        preview=PREVIEW_FILE,
        preimage=preimage,
    )


def _volume(velocity: float) -> int:
    """Return the step nearest to a velocity, 0..1; no chip is inaudible."""
    return min(_VOLUME_STEPS, key=lambda step: abs(step - (30 + 70 * velocity)))
