"""The DTX format as one table, which drives the writer, the reader and the checker.

Positions are counted in 384 ticks a bar; object data comes in pairs of base-36 digits; a bar
number is one base-36 digit and two decimal ones (000–Z99).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from indexer.drums.types import Drum

TICKS: Final = 384
LAST_BAR: Final = 35 * 100 + 99
LAST_ID: Final = 36 * 36 - 1
DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MS_PER_TICK_AT_1_BPM: Final = 625.0
"""Δms = 625 · Δtick · bar length / BPM."""
TIMING_TOLERANCE_MS: Final = 10.0
"""Largest difference between exact times and times summed in whole ms; the checker reports more."""
BAR_LENGTH_RANGE: Final = (1 / 1024, 1024.0)
BPM_RANGE: Final = (0.01, 100_000.0)
"""Players take any positive length and tempo; within these a chart can still be written."""
LEVEL_LABELS: Final = ("BASIC", "ADVANCED", "EXTREME", "MASTER")

Kind = Literal["text", "file", "decimal", "whole"]


@dataclass(frozen=True, slots=True)
class Header:
    """A `#COMMAND: value` line; `indexed` ones carry a two-digit id (`#WAV01`)."""

    command: str
    field: str
    kind: Kind
    low: float = 0.0
    high: float = 0.0
    indexed: bool = False


HEADERS: Final = (
    Header("TITLE", "title", "text"),
    Header("ARTIST", "artist", "text"),
    Header("COMMENT", "comment", "text"),
    Header("GENRE", "genre", "text"),
    Header("PREVIEW", "preview", "file"),
    Header("PREIMAGE", "preimage", "file"),
    Header("DLEVEL", "dlevel", "whole", 0, 999),
    Header("BPM", "bpm", "decimal", *BPM_RANGE),
    Header("WAV", "wav", "file", indexed=True),
    Header("VOLUME", "volume", "whole", 0, 100, indexed=True),
    Header("PAN", "pan", "whole", -100, 100, indexed=True),
    Header("BPM", "bpm", "decimal", *BPM_RANGE, indexed=True),
)
IGNORED_HEADERS: Final = frozenset(
    {
        "PANEL", "STAGEFILE", "BACKGROUND", "PATH_WAV", "BGMWAV", "PREMOVIE",
        "RESULTIMAGE", "HIDDENLEVEL", "GLEVEL", "BLEVEL", "SIZE", "BMP", "AVI", "BGA",
    }
)  # fmt: skip
"""Headers of the format without meaning for a chart's notes."""

BGM: Final = 0x01
BAR_LENGTH: Final = 0x02
TEMPO_HEX: Final = 0x03
"""Tempo of 1 to 255 BPM as two hexadecimal digits."""
TEMPO: Final = 0x08
"""Tempo by the id of an indexed `#BPM`."""
FILL_IN: Final = 0x1F
FILL_SWITCH: Final = 0x53
"""Channels of fill-ins."""

CHANNEL_OF: Final[dict[Drum, int]] = {
    Drum.HAT_CLOSED: 0x11,
    Drum.SNARE: 0x12,
    Drum.SIDE_STICK: 0x12,
    Drum.KICK: 0x13,
    Drum.TOM_HIGH: 0x14,
    Drum.TOM_LOW: 0x15,
    Drum.CRASH: 0x16,
    Drum.CHINA: 0x16,
    Drum.TOM_FLOOR: 0x17,
    Drum.HAT_OPEN: 0x18,
    Drum.RIDE: 0x19,
    Drum.CRASH_LEFT: 0x1A,
    Drum.HAT_PEDAL: 0x1B,
    Drum.KICK_LEFT: 0x1C,
}
"""Voice → channel of its lane; a voice that is missing has no lane."""

_SHARED_LANE_VOICES: Final = frozenset({Drum.SIDE_STICK, Drum.CHINA})
"""Voices on the lane of another voice: only the sound of a chip identifies them."""
DRUM_OF: Final[dict[int, Drum]] = {
    channel: drum for drum, channel in CHANNEL_OF.items() if drum not in _SHARED_LANE_VOICES
}
FOOT_CHANNELS: Final = frozenset({0x13, 0x1B, 0x1C})
LANE_CHANNELS: Final = frozenset(DRUM_OF)
HAND_CHANNELS: Final = LANE_CHANNELS - FOOT_CHANNELS
SE_CHANNELS: Final = frozenset(
    c for c in range(0x61, 0x93) if c & 0x0F < 10
)  # written as two decimal digits
CHIP_CHANNELS: Final = LANE_CHANNELS | SE_CHANNELS | {BGM, FILL_IN, FILL_SWITCH}
"""Channels whose objects this project writes and reads as chips."""
SOUND_CHANNELS: Final = LANE_CHANNELS | SE_CHANNELS | {BGM}
"""Channels whose objects name a `#WAV`."""
EDITOR_CHANNELS: Final = frozenset(
    {0x04, 0x07, 0x50, 0x51, 0x54, 0xC1, 0xC2, *range(0x55, 0x5B), 0x60, *range(0xB1, 0xBF)}
)
"""Pictures, bar lines, and the sounds of pads that are hit without a note."""
UNKNOWN_CHANNEL: Final = -1
_GUITAR_CHANNELS: Final = frozenset(
    {*range(0x20, 0x30), *range(0x93, 0xB0), *range(0xC5, 0xD4), *range(0xDA, 0xF0)}
)
HIDDEN_CHANNELS: Final = frozenset(range(0x31, 0x3D))
LETTER_CHANNELS: Final[dict[str, int]] = {
    "TC": TEMPO_HEX, "BL": BAR_LENGTH, "FI": FILL_SWITCH, "HH": 0x11, "SD": 0x12, "BD": 0x13,
    "HT": 0x14, "LT": 0x15, "CY": 0x16, "GW": 0x28, "BW": 0xA8,
    **{f"G{n}": 0x20 + n for n in range(8)}, **{f"B{n}": 0xA0 + n for n in range(8)},
    **{f"{n:02X}": int(f"{n + 60}", 16) for n in range(1, 33)},
}  # fmt: skip
"""Channels as `.gda` and `.g2d` files name them."""


def passed_over(channel: int) -> str:
    """Return what the objects of a channel are that no drum chart takes."""
    if channel in _GUITAR_CHANNELS:
        return "lines of guitar and bass"
    if channel in HIDDEN_CHANNELS:
        return "lines of hidden drum notes, which nobody sees"
    return "lines on channels that are not drums"


def voice_of(channel: int, sound: str) -> Drum:
    """Return the voice of a chip on a lane.

    Args:
        channel: One of `LANE_CHANNELS`.
        sound: Name of its sound; "" where it has none.
    """
    named = (drum for drum in _SHARED_LANE_VOICES if sound.lower().startswith(drum.value))
    return next((drum for drum in named if CHANNEL_OF[drum] == channel), DRUM_OF[channel])
