"""File names as text that SQLite takes, and back, without loss.

On Linux a file name is bytes. Python shows bytes that are not UTF-8 as lone surrogates
(U+DC80..U+DCFF), which no database takes. Each one is stored as the six characters `\\udcXX`; a
backslash that happens to stand before such characters in a real name is stored as `\\udc5c`.
Every other name is stored as it is, so paths in the database read like paths.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

_SURROGATE = re.compile("[\udc80-\udcff]")
_ESCAPE = re.compile(r"\\udc([0-9a-f]{2})")


def encode_path(path: Path | str) -> str:
    """The text under which a path is stored."""
    text = _ESCAPE.sub(lambda found: f"\\udc5cudc{found[1]}", os.fspath(path))
    return _SURROGATE.sub(lambda found: f"\\udc{ord(found[0]) - 0xDC00:02x}", text)


def decode_path(text: str) -> Path:
    """The path that `encode_path` stored."""
    return Path(_ESCAPE.sub(lambda found: _unescaped(int(found[1], 16)), text))


def _unescaped(code: int) -> str:
    return chr(code) if code < 0x80 else chr(0xDC00 + code)


def shown_path(text: str) -> str:
    """A stored path for a person to read: what cannot be shown becomes U+FFFD."""
    return _SURROGATE.sub("\ufffd", os.fspath(decode_path(text)))
