"""The notes of a stored chart with their times, for lanes on the page: a file beside its bundle.

The file is made of the DTX files of the bundle. Its times are seconds of the recording, so bars
before the first sample have negative ones.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from indexer.drums.formats.bundle_music import BGM_FILE
from indexer.drums.formats.dtx import spec
from indexer.drums.formats.dtx.decode import decode
from indexer.drums.formats.dtx.dtx_types import DtxChart
from indexer.drums.types import LEVELS, DrumsError, TempoMap
from store.charts import drum_charts
from store.charts.lane_files import lanes_beside
from store.settings import StoreSettings
from store.tracks import track_details

log = logging.getLogger(__name__)

LANE_OF: Final[dict[int, str]] = {
    0x1A: "LC", 0x11: "HH", 0x18: "HH", 0x1B: "LP", 0x1C: "LP", 0x12: "SD", 0x14: "HT",
    0x13: "BD", 0x15: "LT", 0x17: "FT", 0x16: "CY", 0x19: "RD",
}  # fmt: skip
"""Channel → lane of the player's screen; a second bass drum shares the lane of the left pedal."""
_DIGITS: Final = 4
"""Decimals of times: 0.1 ms."""


@dataclass(frozen=True)
class _Timing:
    tempo: TempoMap
    duration_s: float


def write_lanes(folder: Path, *, start_s: float, duration_s: float) -> None:
    """Write the lanes beside the folder of a bundle, which holds what its zip holds.

    Args:
        folder: With the DTX files of its levels.
        start_s: Recording time of bar 0.
        duration_s: Of the recording.

    Raises:
        DrumsError: A DTX file cannot be read, or there is none.
    """
    lanes = read_lanes(folder, start_s=start_s, duration_s=duration_s)
    file = lanes_beside(folder)
    work = file.with_name(f".{file.name}.new")
    work.write_text(json.dumps(lanes, separators=(",", ":")), encoding="utf-8")
    work.replace(file)


def read_lanes(folder: Path, *, start_s: float, duration_s: float) -> dict[str, Any]:
    """Return the content of the file; arguments as of `write_lanes`.

    Returns:
        `bgm_s` (recording time of the first sample of the bundle's music, None without music),
        `duration_s`, `bars` and `beats` (times), `sounds` (names of the drum sounds), `levels`:
        level → `dlevel` and `notes`, each a list of time, lane, drum and volume (0..1).
    """
    charts = {
        level: decode(file.read_bytes(), strict=False)
        for level in LEVELS
        if (file := folder / f"{level.lower()}.dtx").is_file()
    }
    if not charts:
        raise DrumsError("This chart has no level any more. Ask for it again.")
    hardest = list(charts.values())[-1]
    timing = _Timing(replace(hardest.tempo, start_s=start_s), duration_s)
    bars, beats = _bars_and_beats(timing, hardest)
    return {
        "bgm_s": _bgm_s(timing, hardest) if (folder / BGM_FILE).is_file() else None,
        "duration_s": round(duration_s, _DIGITS),
        "bars": bars,
        "beats": beats,
        "sounds": sorted(
            {wav.file for chart in charts.values() for wav in chart.wavs} - {BGM_FILE}
        ),
        "levels": {
            level: {"dlevel": chart.dlevel, "notes": _notes(timing, chart)}
            for level, chart in charts.items()
        },
    }


def write_missing_lanes() -> int:
    """Write the lanes of the stored charts that have none; return how many were written."""
    written = 0
    for chart in drum_charts.all_charts():
        folder = StoreSettings().charts / chart.folder
        if not folder.is_dir() or lanes_beside(folder).exists():
            continue
        detail = track_details.track(chart.track_id)
        duration_s = detail.row.duration_s if detail else None
        try:
            start_s = _start_s(folder, duration_s or 0.0)
            write_lanes(folder, start_s=start_s, duration_s=duration_s or 0.0)
            written += 1
        except (DrumsError, OSError, RuntimeError) as error:
            log.warning("No lanes of the chart %s: %s", chart.folder, error)
    return written


def _start_s(folder: Path, duration_s: float) -> float:
    """Return the recording time of bar 0: the music of a bundle is as much longer as it waits."""
    import soundfile

    files = (folder / f"{level.lower()}.dtx" for level in reversed(LEVELS))
    file = next((one for one in files if one.is_file()), None)
    if file is None or not (folder / BGM_FILE).is_file():
        return 0.0
    chart = decode(file.read_bytes(), strict=False)
    bgm_s = _bgm_s(_Timing(chart.tempo, duration_s), chart)
    silence_s = max(0.0, soundfile.info(folder / BGM_FILE).duration - duration_s)
    return -(bgm_s + silence_s)


def _bgm_s(timing: _Timing, chart: DtxChart) -> float:
    chips = [chip for chip in chart.chips if chip.channel == spec.BGM]
    first = chips[0] if chips else None
    place = (first.bar, first.tick) if first else (0, 0)
    return round(timing.tempo.time_s(*place), _DIGITS)


def _notes(timing: _Timing, chart: DtxChart) -> list[list[Any]]:
    wavs = {wav.number: wav for wav in chart.wavs}
    notes: list[list[Any]] = []
    for chip in chart.chips:
        lane = LANE_OF.get(chip.channel)
        if lane is None:
            continue
        wav = wavs.get(chip.value)
        drum = spec.voice_of(chip.channel, wav.file if wav else "")
        time_s = round(timing.tempo.time_s(chip.bar, chip.tick), _DIGITS)
        notes.append([time_s, lane, drum.value, wav.volume / 100 if wav else 1.0])
    return sorted(notes, key=lambda note: (note[0], note[1]))


def _bars_and_beats(timing: _Timing, chart: DtxChart) -> tuple[list[float], list[float]]:
    """Return the times of all bar lines and of all quarters, to the end of the recording."""
    tempo = timing.tempo
    last = max((chip.bar for chip in chart.chips), default=0)
    while last < spec.LAST_BAR and tempo.time_s(last + 1) < timing.duration_s:
        last += 1
    bars = [round(tempo.time_s(bar), _DIGITS) for bar in range(last + 2)]
    beats = [
        round(tempo.time_s(bar, quarter * spec.TICKS / (4 * tempo.bar_length(bar))), _DIGITS)
        for bar in range(last + 1)
        for quarter in range(max(1, int(4 * tempo.bar_length(bar) + 0.25)))
    ]
    return bars, beats
