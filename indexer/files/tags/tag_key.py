"""Parser of musical keys as people and programs write them.

Camelot ("8A"), Open Key ("1m"), letters ("Am", "F#m", "B♭", "A minor", "Des-Dur", "H moll"),
solfège ("la mineur", "Si bémol majeur").
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

from store.vocabulary import CAMELOT, PITCH_CLASSES

Scale = Literal["major", "minor"]

_BY_CAMELOT: Final = {code: key for key, code in CAMELOT.items()}
_NATURALS: Final = {
    "c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11, "h": 11,
    "do": 0, "ut": 0, "re": 2, "mi": 4, "fa": 5, "sol": 7, "la": 9, "si": 11,
}  # fmt: skip
_ACCIDENTALS: Final = {
    "": 0, "#": 1, "sharp": 1, "diese": 1, "is": 1,
    "b": -1, "flat": -1, "bemol": -1, "es": -1, "s": -1,
}  # fmt: skip
_SCALES: Final[dict[str, Scale]] = {
    "": "major", "maj": "major", "major": "major", "majeur": "major", "dur": "major",
    "m": "minor", "min": "minor", "minor": "minor", "mineur": "minor", "moll": "minor",
}  # fmt: skip
_CODE: Final = re.compile(r"0?([1-9]|1[0-2])\s*([abdm])")
_CAMELOT_CODE: Final = re.compile(r"0?([1-9]|1[0-2])[ab]")
_KEY: Final = re.compile(
    r"(?P<note>do|ut|re|mi|fa|sol|la|si|[a-h])"
    r"[\s-]*(?P<accidental>#|sharp|diese|is|bemol|flat|(?<=[dgc])es|(?<=[ae])s|b|)"
    r"[\s:_-]*(?P<scale>major|majeur|maj|dur|minor|mineur|min|moll|m|)"
)
_LONGEST: Final = 24
_SEVERAL: Final = re.compile(r"[/,;|()\[\]]+|\s+-\s+")
"""Between two notations in one tag: "8A/Am", "Am (8A)", "8A - 124.0 - Energy 6"."""


_MIXING: Final = re.compile(
    r"(?P<key>[^\s-]{1,4}(?:\s*/\s*[^\s-]{1,4})?)?"
    r"(?:(?:^|\s+-\s+)(?P<bpm>\d{2,3}(?:[.,]\d{1,2})?))?"
    r"(?:(?:^|\s+-\s+)Energy\s+(?P<energy>10|[1-9]))?",
    re.IGNORECASE,
)


def parse_key(text: str) -> tuple[str, Scale] | None:
    """Return the tonic as a sharp name ("C" … "B") and the scale; None for any other text.

    "M" alone after the note is major, "m" is minor; a note alone is major. Of several notations
    in one text, those that can be read count if they agree.
    """
    whole = _parse_one(text)
    if whole is not None or len(text) > 2 * _LONGEST:
        return whole
    found = {key for part in _SEVERAL.split(text) if (key := _parse_one(part))}
    return found.pop() if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class MixingComment:
    """What a program for DJs wrote into the comment.

    Attributes:
        key: Tonic and scale, as `parse_key`.
        bpm: Tempo, BPM.
        energy: From 1 to 10.
    """

    key: tuple[str, Scale] | None = None
    bpm: float | None = None
    energy: int | None = None


def parse_mixing_comment(text: str) -> MixingComment | None:
    """Return what "8A - 124.0 - Energy 6" says; None for a comment that says anything else."""
    found = _MIXING.fullmatch(text.strip())
    if not found or not (found["energy"] or (found["key"] and found["bpm"])):
        code = text.strip().casefold()  # a word alone may be anything but a Camelot code
        return MixingComment(parse_key(code)) if _CAMELOT_CODE.fullmatch(code) else None
    key = parse_key(found["key"]) if found["key"] else None
    if found["key"] and key is None:
        return None
    bpm = float(found["bpm"].replace(",", ".")) if found["bpm"] else None
    return MixingComment(key, bpm, int(found["energy"]) if found["energy"] else None)


def _parse_one(text: str) -> tuple[str, Scale] | None:
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    plain = _plain(text)
    if code := _CODE.fullmatch(plain):
        number, letter = int(code[1]), code[2]
        if letter in "dm":
            number = (number - 5) % 12 or 12
        return _from_camelot(number, minor=letter in "am")
    found = _KEY.fullmatch(plain)
    if not found:
        return None
    scale = _SCALES[found["scale"]]
    if found["scale"] == "m" and text.endswith("M"):
        scale = "major"
    step = _NATURALS[found["note"]] + _ACCIDENTALS[found["accidental"]]
    return PITCH_CLASSES[step % 12], scale


def _plain(text: str) -> str:
    """Lower case, accents off, typographic accidentals as letters."""
    text = text.replace("♯", "#").replace("♭", "b")
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


def _from_camelot(number: int, *, minor: bool) -> tuple[str, Scale]:
    tonic, scale = _BY_CAMELOT[f"{number}{'A' if minor else 'B'}"]
    return tonic, "minor" if scale == "minor" else "major"
