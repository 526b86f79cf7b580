"""Analysis results that can be written into tags: fields, their names in each format, values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from indexer.files.tags.tag_marks import MARK

Field = Literal["bpm", "key", "mood", "gain", "peak"]
FIELDS: Final[tuple[Field, ...]] = ("bpm", "key", "mood", "gain", "peak")
Kind = Literal["id3", "vorbis", "ape", "mp4", "asf"]
Values = tuple[str, ...]

REPLAYGAIN_LUFS: Final = -18.0
"""Reference loudness of ReplayGain 2.0."""
_ITUNES: Final = "----:com.apple.iTunes:"
TAG_NAMES: Final[dict[Kind, dict[str, tuple[str, ...]]]] = {
    "id3": {
        "bpm": ("TBPM",), "key": ("TKEY",), "mood": ("TMOO",),
        "gain": ("TXXX:REPLAYGAIN_TRACK_GAIN",), "peak": ("TXXX:REPLAYGAIN_TRACK_PEAK",),
        MARK: (f"TXXX:{MARK}",),
    },
    "vorbis": {
        "bpm": ("BPM",), "key": ("INITIALKEY", "KEY"), "mood": ("MOOD",),
        "gain": ("REPLAYGAIN_TRACK_GAIN",), "peak": ("REPLAYGAIN_TRACK_PEAK",), MARK: (MARK,),
    },
    "ape": {
        "bpm": ("BPM",), "key": ("KEY",), "mood": ("Mood",),
        "gain": ("REPLAYGAIN_TRACK_GAIN",), "peak": ("REPLAYGAIN_TRACK_PEAK",), MARK: (MARK,),
    },
    "mp4": {
        "bpm": ("tmpo",), "key": (f"{_ITUNES}initialkey",), "mood": (f"{_ITUNES}MOOD",),
        "gain": (f"{_ITUNES}REPLAYGAIN_TRACK_GAIN",),
        "peak": (f"{_ITUNES}REPLAYGAIN_TRACK_PEAK",), MARK: (f"{_ITUNES}{MARK}",),
    },
    "asf": {
        "bpm": ("WM/BeatsPerMinute",), "key": ("WM/InitialKey",), "mood": ("WM/Mood",),
        "gain": ("REPLAYGAIN_TRACK_GAIN",), "peak": ("REPLAYGAIN_TRACK_PEAK",), MARK: (MARK,),
    },
}  # fmt: skip
"""Tag format → field → the names it is stored under."""
PLAIN_NAMES: Final[dict[str, str]] = {
    "bpm": "bpm", "key": "initialkey", "mood": "mood",
    "gain": "replaygaintrackgain", "peak": "replaygaintrackpeak",
}  # fmt: skip
"""Field → its plain name in `tag_blocks`."""
_WHOLE_NUMBERS: Final = ("id3", "mp4")
"""ID3v2 and MP4 hold the tempo as a whole number."""


@dataclass(frozen=True, slots=True)
class MeasuredTags:
    """Results of the analysis of a track; None or empty where not estimated."""

    bpm: float | None = None
    key: str | None = None
    scale: str | None = None
    moods: tuple[str, ...] = ()
    loudness_lufs: float | None = None
    true_peak_dbtp: float | None = None


def field_values(result: MeasuredTags, kind: Kind) -> dict[Field, Values]:
    """Return the text of each field that was estimated, as a tag format holds it."""
    values: dict[Field, Values] = {}
    if result.bpm:
        digits = 0 if kind in _WHOLE_NUMBERS else 2
        values["bpm"] = (f"{round(result.bpm, digits):g}",)
    if result.key:
        values["key"] = (result.key + ("m" if result.scale == "minor" else ""),)
    if result.moods:
        values["mood"] = result.moods
    if result.loudness_lufs is not None:
        values["gain"] = (f"{REPLAYGAIN_LUFS - result.loudness_lufs:.2f} dB",)
    if result.true_peak_dbtp is not None:
        values["peak"] = (f"{10 ** (result.true_peak_dbtp / 20):.6f}",)
    return values
