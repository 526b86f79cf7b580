"""Musical keys in every notation: 8A, 1m, Am, A minor, la mineur, fa dièse mineur, do#m."""

from __future__ import annotations

import re

from assistant.understanding.lexing.plain_text import Token
from store.vocabulary import CAMELOT

_LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_SOLFEGE = {"do": 0, "ut": 0, "re": 2, "mi": 4, "fa": 5, "sol": 7, "la": 9, "si": 11}
_NOTES = _LETTERS | _SOLFEGE
_PITCHES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_ACCIDENTALS = {"sharp": 1, "flat": -1, "diese": 1, "bemol": -1, "#": 1, "b": -1}
_MODES = {
    "minor": "minor", "mineur": "minor", "min": "minor", "m": "minor", "mineure": "minor",
    "major": "major", "majeur": "major", "maj": "major", "majeure": "major",
}  # fmt: skip
_CAMELOT = re.compile(r"0?([1-9]|1[0-2])([ab])")
_OPEN_KEY = re.compile(r"0?([1-9]|1[0-2])([md])")
_COMPACT = re.compile(r"([a-g]|do|ut|re|mi|fa|sol|la|si)([#b]?)(m|min|maj|minor|major)?")
# Open Key counts from A minor / C major, which Camelot calls 8.
_OPEN_KEY_SHIFT = 7
# After "a minor …" these make it the English article: "a minor detail", "a minor key".
_NOT_A_MINOR = frozenset(
    [
        "key",
        "keys",
        "mode",
        "detail",
        "details",
        "problem",
        "issue",
        "point",
        "thing",
        "change",
        "hit",
        "label",
        "role",
        "one",
        "chord",
        "chords",
        "league",
        "miracle",
        "injury",
        "setback",
        "tonality",
    ]
)
_BEFORE_KEY = frozenset(["in", "en", "key", "of", "tonalite", "cle", "with", "avec", "to", "than"])
# Short forms that are also everyday words: only with a capital ("Am") or after "in"/"key".
_EVERYDAY = frozenset(
    ["am", "em", "cm", "dm", "fm", "gm", "bm", "la", "si", "do", "re", "mi", "fa", "sol"]
)


def _camelot(pitch: int, mode: str) -> str:
    return CAMELOT[_PITCHES[pitch % 12], mode].lower()


def _spelled(tokens: list[Token], at: int) -> tuple[int, str] | None:
    """ "F sharp minor", "fa dièse mineur", "f# minor", "si b majeur"."""
    norm = tokens[at].norm
    match = _COMPACT.fullmatch(norm)
    if not match or match.group(3):
        return None
    pitch, used = _NOTES[match.group(1)] + _ACCIDENTALS.get(match.group(2), 0), 1
    if not match.group(2) and at + 1 < len(tokens) and tokens[at + 1].norm in _ACCIDENTALS:
        pitch, used = pitch + _ACCIDENTALS[tokens[at + 1].norm], 2
    mode = tokens[at + used].norm if at + used < len(tokens) else ""
    if mode not in _MODES:
        return None
    if norm == "a" and used == 1 and not _really_a(tokens, at):
        return None
    return used + 1, _camelot(pitch, _MODES[mode])


def _really_a(tokens: list[Token], at: int) -> bool:
    following = tokens[at + 2].norm if at + 2 < len(tokens) else ""
    return following not in _NOT_A_MINOR


def _compact(tokens: list[Token], at: int) -> str | None:
    """ "8A", "1m", "Am", "F#m", "Bbmaj", "do#m"."""
    token = tokens[at]
    if match := _CAMELOT.fullmatch(token.norm):
        return f"{match.group(1)}{match.group(2)}"
    if match := _OPEN_KEY.fullmatch(token.norm):
        number = (int(match.group(1)) + _OPEN_KEY_SHIFT - 1) % 12 + 1
        return f"{number}{'a' if match.group(2) == 'm' else 'b'}"
    match = _COMPACT.fullmatch(token.norm)
    before = tokens[at - 1].norm if at else ""
    if not match or not (match.group(2) or match.group(3)):
        return None
    capital = token.capital and token.raw[1:].islower() and at > 0
    plain = not match.group(3) or (token.norm in _EVERYDAY and not capital)
    if plain and before not in _BEFORE_KEY:
        return None
    if token.norm in {"am", "em"} and before == "i":
        return None
    mode = _MODES[match.group(3)] if match.group(3) else "major"
    return _camelot(_NOTES[match.group(1)] + _ACCIDENTALS.get(match.group(2), 0), mode)


def _letter(tokens: list[Token], at: int) -> str | None:
    """ "the key of C": a bare letter is a key only right after "key (of)"."""
    before = [token.norm for token in tokens[max(0, at - 2) : at]]
    if tokens[at].norm in _LETTERS and (before[-1:] == ["key"] or before == ["key", "of"]):
        return _camelot(_LETTERS[tokens[at].norm], "major")
    return None


def merge_keys(tokens: list[Token]) -> list[Token]:
    """Tokens with every key as one `@k8a` token (Camelot, lower case)."""
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        token, size, key = tokens[at], 1, None
        if token.norm != "@q":
            if spelled := _spelled(tokens, at):
                size, key = spelled
            else:
                key = _compact(tokens, at) or _letter(tokens, at)
        if key:
            end = tokens[at + size - 1].end
            token = Token(f"@k{key}", token.start, end, False, token.raw)
        out.append(token)
        at += size
    return out
