"""Lyrics: plain lines, or the LRC format with the time of each line."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

MOST_LINES: Final = 2000
LONGEST_LINE: Final = 300
"""Characters."""

_STAMP: Final = re.compile(r"\[(\d{1,3}):(\d{1,2})(?:[.:](\d{1,3}))?\]")
_HEADER: Final = re.compile(r"\[([a-z#]+):([^\]]*)\]\s*", re.IGNORECASE)
_WORD_STAMP: Final = re.compile(r"<\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?>\s?")


@dataclass(frozen=True, slots=True)
class LyricsLine:
    """A line; `time_s` is where it begins, None where that is not known."""

    text: str
    time_s: float | None = None


def parse_lyrics(text: str) -> tuple[LyricsLine, ...]:
    """Return the lines of `text`; where some have a time, those alone and in its order."""
    timed: list[LyricsLine] = []
    plain: list[LyricsLine] = []
    offset_s = 0.0
    for line in text.splitlines()[: 2 * MOST_LINES]:
        stripped = line.strip()
        if header := _HEADER.fullmatch(stripped):
            if header[1].lower() == "offset" and re.fullmatch(r"\s*[+-]?\d{1,6}\s*", header[2]):
                offset_s = int(header[2]) / 1000.0
            continue
        times_s, words = _stamps(stripped)
        shown = _shown(_WORD_STAMP.sub("", words))
        timed += [LyricsLine(shown, time_s) for time_s in times_s]
        plain.append(LyricsLine(shown))
    if timed:
        moved = (
            LyricsLine(line.text, round(max((line.time_s or 0.0) - offset_s, 0.0), 3))
            for line in timed
        )
        return tuple(sorted(moved, key=lambda line: line.time_s or 0.0))[:MOST_LINES]
    while plain and not plain[-1].text:
        plain.pop()
    return tuple(plain)[:MOST_LINES]


def _stamps(line: str) -> tuple[list[float], str]:
    times_s = []
    while found := _STAMP.match(line):
        fraction = float(f"0.{found[3]}") if found[3] else 0.0
        times_s.append(int(found[1]) * 60 + int(found[2]) + fraction)
        line = line[found.end() :].lstrip()
    return times_s, line


def _shown(text: str) -> str:
    kept = "".join(c for c in text if c == "\t" or unicodedata.category(c) not in ("Cc", "Cf"))
    return kept.strip()[:LONGEST_LINE]
