"""Values of tags, which are untrusted text, made clean and plausible."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from mutagen.id3 import TCON  # pyright: ignore[reportPrivateImportUsage]

TEXT_LIMIT: Final = 300
"""Characters kept of a value; the longest song titles stay below."""
COMMENT_LIMIT: Final = 1000
LIST_LIMIT: Final = 20
BPM_RANGE: Final = (30.0, 300.0)
EARLIEST_YEAR: Final = 1860
"""The first recording of a voice."""
GAIN_RANGE_DB: Final = (-60.0, 60.0)

_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NUMBER: Final = re.compile(r"[-+]?\d{1,12}(?:[.,]\d{1,12})?(?:[eE][-+]?\d{1,3})?")
_BIDI: Final = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Marks that turn the order of the text around them: a way to fake names."""


def clean_text(value: object, *, limit: int = TEXT_LIMIT) -> str:
    """One line without control characters, at most `limit` characters, NFC."""
    text = str(value)[: 4 * limit]
    text = unicodedata.normalize("NFC", text)
    kept = (
        " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c
        for c in text
        if c not in _BIDI and unicodedata.category(c) not in ("Cs", "Cn")
    )
    return " ".join("".join(kept).split())[:limit].rstrip()


def clean_list(values: Iterable[str], *, split: str = "") -> tuple[str, ...]:
    """Clean values in order, each once whatever its case, split at a pattern."""
    parts = (part for value in values for part in (re.split(split, value) if split else [value]))
    found: dict[str, str] = {}
    for part in parts:
        text = clean_text(part)
        if text:
            found.setdefault(text.casefold(), text)
    return tuple(found.values())[:LIST_LIMIT]


def parse_genres(values: Iterable[str]) -> tuple[str, ...]:
    """Genres of ID3 codes ("17", "(17)Rock") and of lists by ; / , | or NUL."""
    named: list[str] = []
    for part in clean_list(values, split=r"[;/,|\x00]"):
        codes = re.match(r"((?:\(\d{1,3}\))*)(.*)", part)
        numbers = re.findall(r"\d+", codes[1]) if codes else []
        rest = codes[2].strip() if codes else part
        if rest.isascii() and rest.isdigit() and len(rest) <= 3:
            numbers, rest = [*numbers, rest], ""
        named += [TCON.GENRES[int(n)] for n in numbers if int(n) < len(TCON.GENRES)]
        named.append(rest)
    return clean_list(named)


def parse_number(value: str) -> float | None:
    """The number at the start of a text ("-6.54 dB", "128,0"), None without one."""
    found = _NUMBER.match(value.strip())
    return float(found[0].replace(",", ".")) if found else None


def parse_within(value: str, low: float, high: float) -> float | None:
    """`parse_number`, None outside of low..high."""
    number = parse_number(value)
    return number if number is not None and low <= number <= high else None


def parse_index(value: str) -> int | None:
    """A track or disc number: 3 of "3/12", "03"."""
    found = re.match(r"\s*(\d{1,4})\s*(?:/|$|of)", value)
    return int(found[1]) or None if found else None


def parse_year(value: str) -> int | None:
    """Year of a date in any order, None when implausible."""
    latest = datetime.now(UTC).year + 1
    candidates = re.findall(r"^\s*(\d{4})|(?<!\d)(\d{4})(?!\d)", value[:TEXT_LIMIT])
    years = (int(a or b) for a, b in candidates)
    return next((year for year in years if EARLIEST_YEAR <= year <= latest), None)


def parse_uuid(value: str) -> str | None:
    """A MusicBrainz or AcoustID identifier in lower case."""
    found = _UUID.search(value[:TEXT_LIMIT].lower())
    return found[0] if found else None
