"""The mark in a file of the values that Backbeat wrote, so that they are not read as user values.

The mark is one tag, BACKBEAT, with the value of each written name: "bpm=128; initialkey=Am". A
value that is unchanged is an estimate and is measured anew; one that a person changed counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

MARK: Final = "BACKBEAT"
PLAIN_MARK: Final = "backbeat"
_JOIN: Final = "|"
_SPLIT: Final = r"[|/;,]"
"""ID3v2.3 joins several values by a slash."""


def format_mark(written: Mapping[str, tuple[str, ...]]) -> str:
    """Return the text of the mark for written values by plain name."""
    return "; ".join(f"{name}={_JOIN.join(values)}" for name, values in written.items())


def parse_mark(values: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the written values by plain name, from the text of the mark."""
    parts = (part.partition("=") for part in "; ".join(values).split("; ") if "=" in part)
    return {name: tuple(text.split(_JOIN)) for name, _, text in parts}


def same_values(values: Iterable[str], others: Iterable[str]) -> bool:
    """Whether two lists hold the same values, in any order and however joined."""
    return _parts(values) == _parts(others)


def without_written(block: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return a tag block without the mark and the unchanged values that Backbeat wrote."""
    written = parse_mark(block.get(PLAIN_MARK, []))
    return {
        name: values
        for name, values in block.items()
        if name != PLAIN_MARK and not (name in written and same_values(values, written[name]))
    }


def _parts(values: Iterable[str]) -> set[str]:
    return {part.strip() for value in values for part in re.split(_SPLIT, value)}
