"""Texts that programs write where they know nothing: "Unknown Artist", "Track 01", "0"."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("placeholders.json")
_KINDS: Final = {
    "title": ("any", "title"), "artist": ("any", "artist"), "artists": ("any", "artist"),
    "albumartist": ("any", "artist"), "composer": ("any", "artist"), "album": ("any", "album"),
    "genre": ("any", "genre"), "comment": ("any", "comment"), "date": ("any", "number"),
    "originaldate": ("any", "number"), "releasedate": ("any", "number"), "bpm": ("any", "number"),
    "initialkey": ("any", "number"), "tracknumber": ("any", "number"),
    "discnumber": ("any", "number"),
}  # fmt: skip
_LOST: Final = re.compile(r"[?\ufffd\s_.,()&!-]*(?:[?\ufffd]{2})[?\ufffd\s_.,()&!-]*")
"""Letters that a program could not write and put question marks for."""


def is_placeholder(name: str, text: str) -> bool:
    """Return whether a value of a plain name says nothing."""
    plain = " ".join(text.split()).casefold()
    if not plain:
        return True
    kinds = _KINDS.get(name)
    if kinds is None:
        return False
    if name == "title" and _numbered_title().fullmatch(plain):
        return True
    return _LOST.fullmatch(plain) is not None or plain in _listed(kinds)


@cache
def _stored() -> dict[str, list[str]]:
    return json.loads(_FILE.read_text(encoding="utf-8"))


@cache
def _listed(kinds: tuple[str, ...]) -> frozenset[str]:
    return frozenset(text for kind in kinds for text in _stored()[kind])


@cache
def _numbered_title() -> re.Pattern[str]:
    words = "|".join(map(re.escape, _stored()["numbered"]))
    return re.compile(rf"(?:{words})\s*#?\s*\d{{1,3}}")
