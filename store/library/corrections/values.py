"""What can be corrected, and the form in which a corrected value is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, Literal, get_args

from store.folding import fold
from store.results import StoreError
from store.stored_values import clean
from store.vocabulary import CAMELOT, CAMELOT_CODES, GENRE_ALIASES, PITCH_CLASSES

TextField = Literal["title", "artist", "album", "year"]
SoundField = Literal["genre", "bpm", "key"]
CorrectedField = Literal[TextField, SoundField]

TEXT_FIELDS: Final[tuple[TextField, ...]] = get_args(TextField)
SOUND_FIELDS: Final[tuple[SoundField, ...]] = get_args(SoundField)
FIELDS: Final[tuple[CorrectedField, ...]] = (*TEXT_FIELDS, *SOUND_FIELDS)

LOWEST_BPM: Final = 20.0
HIGHEST_BPM: Final = 400.0
FIRST_YEAR: Final = 1000
LAST_YEAR: Final = 2999

_NOTE: Final = re.compile(
    r"(?P<note>[A-Ga-g])(?P<sign>[#♯b♭]?)\s*(?P<mode>(?i:m|min|minor|maj|major)?)"
)
KEY_OF: Final[Mapping[str, tuple[str, str]]] = {code: key for key, code in CAMELOT.items()}
"""Camelot code → (tonic as a sharp name, "major" or "minor")."""


def checked(field: str, value: object) -> str:
    """Return a value in the form in which it is kept: "87", "8A", "hip hop".

    Raises:
        StoreError: It is no value of the field; the message says what is expected.
    """
    text = clean(str(value))
    if text is None:
        raise StoreError(f"Expected a value for {field}, not an empty one.")
    if field in _CHECKS:
        return _CHECKS[field](text)
    if field not in FIELDS:
        raise StoreError(f"Expected one of {', '.join(FIELDS)}, not {field!r}.")
    return text


def _bpm(text: str) -> str:
    try:
        bpm = float(text.replace(",", "."))
    except ValueError:
        bpm = 0.0
    if not LOWEST_BPM <= bpm <= HIGHEST_BPM:
        raise StoreError(
            f"Expected a tempo of {LOWEST_BPM:g} to {HIGHEST_BPM:g} BPM, not {text!r}."
        )
    return f"{bpm:g}"


def _key(text: str) -> str:
    code = text.upper().lstrip("0")
    if code in CAMELOT_CODES:
        return code
    if found := _NOTE.fullmatch(text.strip()):
        step = {"#": 1, "♯": 1, "b": -1, "♭": -1}.get(found["sign"] or "", 0)
        tonic = PITCH_CLASSES[(PITCH_CLASSES.index(found["note"].upper()) + step) % 12]
        minor = (found["mode"] or "").casefold() in {"m", "min", "minor"}
        return CAMELOT[tonic, "minor" if minor else "major"]
    raise StoreError(f"Expected a key such as 8A or A minor, not {text!r}.")


def _year(text: str) -> str:
    if not text.isdecimal() or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise StoreError(f"Expected a year such as 1979, not {text!r}.")
    return str(int(text))


def _genre(text: str) -> str:
    return GENRE_ALIASES.get(fold(text), " ".join(text.lower().split()))


_CHECKS: Final[Mapping[str, Callable[[str], str]]] = {
    "bpm": _bpm, "key": _key, "year": _year, "genre": _genre,
}  # fmt: skip
