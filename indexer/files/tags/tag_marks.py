"""What Backbeat itself wrote into a file: remembered in the file, so that it is never taken for
knowledge of others.

The mark is one tag, BACKBEAT, with what each written name said: "bpm=128; initialkey=Am". A value
that still says the same is an estimate and is measured anew; one that a person changed counts.
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


def mark_of(written: Mapping[str, tuple[str, ...]]) -> str:
    """The mark of written values by plain name."""
    return "; ".join(f"{name}={_JOIN.join(values)}" for name, values in written.items())


def read_mark(values: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The written values by plain name, of the mark's text."""
    parts = (part.partition("=") for part in "; ".join(values).split("; ") if "=" in part)
    return {name: tuple(said.split(_JOIN)) for name, _, said in parts}


def same(values: Iterable[str], others: Iterable[str]) -> bool:
    """Whether two lists of values say the same, in whatever order and however joined."""
    return _parts(values) == _parts(others)


def without_own(block: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """A tag block without the mark and without what it says was written."""
    own = read_mark(block.get(PLAIN_MARK, []))
    return {
        name: values
        for name, values in block.items()
        if name != PLAIN_MARK and not (name in own and same(values, own[name]))
    }


def _parts(values: Iterable[str]) -> set[str]:
    return {part.strip() for value in values for part in re.split(_SPLIT, value)}
