"""Parameters of DTX commands: decimals and objects of a bar, strictly or as players read them."""

from __future__ import annotations

import re
import unicodedata

from indexer.drums.formats.dtx import spec


class LineError(Exception):
    """What is wrong with the line being read."""


def number(what: str, text: str, *, strict: bool) -> float:
    """Read a decimal; raises `LineError`."""
    if not strict:
        text = _plain_number(text)
    if re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)", text) is None:
        raise LineError(f"{what} must be a number, not {text!r}")
    return float(text)


def _plain_number(text: str) -> str:
    """Return a number as players read it: the last point or comma is the decimal one, others and
    spaces group digits, and what follows the digits says nothing."""
    text = unicodedata.normalize("NFKC", text).lstrip(": ").strip()
    match = re.match(r"[+-]?[0-9.,' ]*[0-9][.,]?", text)
    if match is None:
        return text
    whole, point, part = re.sub("[' ]", "", match[0]).replace(",", ".").rpartition(".")
    return whole.replace(".", "") + point + part


def check_range(what: str, value: float, low: float, high: float) -> None:
    """Raise `LineError` where a value lies outside `low`..`high`."""
    if not low <= value <= high:
        raise LineError(f"{what} must lie between {low:g} and {high:g}, not {value:g}")


def pairs(text: str, *, base: int, strict: bool) -> list[tuple[int, int]]:
    """(tick, value) of the objects in a data string."""
    text = text.replace("_", "").upper()
    if not strict:
        text = "".join(unicodedata.normalize("NFKC", text).lstrip(":").split())
        text = text[: len(text) // 2 * 2]  # players pass over a last digit without its pair
    if any(char not in spec.DIGITS[:base] for char in text):
        raise LineError(f"{text[:40]!r} holds a character that is no base-{base} digit")
    if len(text) % 2 or not text:
        raise LineError("the objects must be pairs of digits")
    count = len(text) // 2
    if strict and spec.TICKS % count:
        raise LineError(f"{count} objects in a bar do not divide {spec.TICKS} ticks")
    values = [int(text[2 * i : 2 * i + 2], base) for i in range(count)]
    return [(i * spec.TICKS // count, value) for i, value in enumerate(values) if value]
