"""`song.ini`: what Clone Hero and YARG show of a song, and how its drums are played."""

from __future__ import annotations

import re
from collections.abc import Mapping

from indexer.drums.formats.dtx.commands import any_text
from indexer.drums.formats.dtx.dtx_types import clean_text
from indexer.drums.types import ChartSet

_LINE = re.compile(r"^\s*([^=\[;#]+?)\s*=\s*(.*?)\s*$", re.MULTILINE)


def read_song_ini(data: bytes) -> dict[str, str]:
    """Return the values of all sections, keys in lower case."""
    return {key.lower(): value for key, value in _LINE.findall(any_text(data))}


def is_pro(ini: Mapping[str, str]) -> bool:
    """Return whether the drums are said to tell toms from cymbals."""
    return ini.get("pro_drums", "").lower() in ("true", "1")


def write_song_ini(
    chart_set: ChartSet, *, charter: str = "", genre: str = "", preview_s: float = 0.0
) -> bytes:
    """Write the file; `preview_s` counts from the start of the recording."""
    tempo = chart_set.tempo
    lead_s = -tempo.time_s(chart_set.bgm_bar)
    hardest = chart_set.levels[-1]
    values = {
        "name": chart_set.title,
        "artist": chart_set.artist,
        "genre": genre,
        "charter": charter,
        "song_length": str(round(1000 * (chart_set.duration_s + lead_s))),
        "preview_start_time": str(round(1000 * (preview_s + lead_s))),
        "diff_drums": str(min(6, hardest.dlevel // 15)),
        "diff_drums_real": str(min(6, hardest.dlevel // 15)),
        "pro_drums": "True",
        "delay": "0",
    }
    lines = ["[song]", *(f"{key} = {clean_text(value)}" for key, value in values.items() if value)]
    return "\r\n".join([*lines, ""]).encode("utf-8")
