"""Musical keys in every notation: 8A, 1m, Am, A minor, la mineur, fa dièse mineur, do#m."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import prompts
from assistant.understanding.lexing.plain_text import Token, fold
from store.vocabulary import CAMELOT

_PITCHES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_SIGNS = {"#": 1, "b": -1}
_LISTS = (
    *("nouns", "noun_links", "before", "everyday", "pronouns", "articles", "not_after_article"),
    *("before_note", "after_note", "no_note_after"),
)
_CAMELOT = re.compile(r"0?([1-9]|1[0-2])([ab])")
_OPEN_KEY = re.compile(r"0?([1-9]|1[0-2])([md])")
# Open Key counts from A minor / C major, which Camelot calls 8.
_OPEN_KEY_SHIFT = 7


@dataclass(frozen=True, slots=True)
class _KeyWords:
    """The words for keys of all languages.

    Attributes:
        notes: Name → semitones above C.
        accidentals: Word or sign → semitones.
        modes: Word → "minor" or "major".
        compact: A note with its accidental and mode in one word: "f#m".
        lists: The lists of `[keys]` by name.
    """

    notes: Mapping[str, int]
    accidentals: Mapping[str, int]
    modes: Mapping[str, str]
    compact: re.Pattern[str]
    lists: Mapping[str, frozenset[str]]


@prompts.cached
def _words() -> _KeyWords:
    sections = [prompts.load("language", name)["keys"] for name in prompts.languages()]
    notes = {fold(word): int(at) for keys in sections for word, at in keys["notes"].items()}
    accidentals = {
        fold(word): int(by) for keys in sections for word, by in keys["accidentals"].items()
    }
    modes = {
        fold(word): mode
        for keys in sections
        for mode, words in keys["modes"].items()
        for word in words
    }
    by_length = [sorted(names, key=len, reverse=True) for names in (notes, modes)]
    note, mode = ("|".join(map(re.escape, names)) for names in by_length)
    return _KeyWords(
        notes,
        accidentals | _SIGNS,
        modes,
        re.compile(f"({note})([#b]?)({mode})?"),
        {name: frozenset(map(fold, prompts.every("keys", name))) for name in _LISTS},
    )


def _camelot(pitch: int, mode: str) -> str:
    return CAMELOT[_PITCHES[pitch % 12], mode].lower()


def _spelled(tokens: list[Token], at: int) -> tuple[int, str] | None:
    """ "F sharp minor", "fa dièse mineur", "f# minor", "si b majeur"."""
    norm, known = tokens[at].norm, _words()
    match = known.compact.fullmatch(norm)
    if not match or match.group(3):
        return None
    pitch, used = known.notes[match.group(1)] + _SIGNS.get(match.group(2), 0), 1
    if not match.group(2) and at + 1 < len(tokens) and tokens[at + 1].norm in known.accidentals:
        pitch, used = pitch + known.accidentals[tokens[at + 1].norm], 2
    mode = tokens[at + used].norm if at + used < len(tokens) else ""
    if mode not in known.modes:
        return None
    if norm in known.lists["articles"] and used == 1 and not _really_a(tokens, at):
        return None
    return used + 1, _camelot(pitch, known.modes[mode])


def _really_a(tokens: list[Token], at: int) -> bool:
    following = tokens[at + 2].norm if at + 2 < len(tokens) else ""
    return following not in _words().lists["not_after_article"]


def _compact(tokens: list[Token], at: int) -> str | None:
    """ "8A", "1m", "Am", "F#m", "Bbmaj", "do#m"."""
    token, known = tokens[at], _words()
    if match := _CAMELOT.fullmatch(token.norm):
        return f"{match.group(1)}{match.group(2)}"
    if match := _OPEN_KEY.fullmatch(token.norm):
        number = (int(match.group(1)) + _OPEN_KEY_SHIFT - 1) % 12 + 1
        return f"{number}{'a' if match.group(2) == 'm' else 'b'}"
    match = known.compact.fullmatch(token.norm)
    before = tokens[at - 1].norm if at else ""
    if not match or not (match.group(2) or match.group(3)):
        return None
    capital = token.capital and token.raw[1:].islower() and at > 0
    plain = not match.group(3) or (token.norm in known.lists["everyday"] and not capital)
    if plain and before not in known.lists["before"]:
        return None
    if token.norm in known.lists["everyday"] and before in known.lists["pronouns"]:
        return None
    mode = known.modes[match.group(3)] if match.group(3) else "major"
    return _camelot(known.notes[match.group(1)] + _SIGNS.get(match.group(2), 0), mode)


def _letter(tokens: list[Token], at: int) -> str | None:
    """ "the key of C": a bare letter is a key only right after "key (of)"."""
    lists, before = _words().lists, [token.norm for token in tokens[max(0, at - 2) : at]]
    if before[-1:] and before[-1] in lists["noun_links"]:
        before.pop()
    norm = tokens[at].norm
    if re.fullmatch("[a-g]", norm) and before and before[-1] in lists["nouns"]:
        return _camelot(_words().notes[norm], "major")
    there = at > 1 and tokens[at - 2].norm in lists["no_note_after"]  # "il y en a"
    if at and not there and norm in _words().notes and tokens[at - 1].norm in lists["before_note"]:
        following = tokens[at + 1].norm if at + 1 < len(tokens) else ","
        if following in lists["after_note"]:
            return _camelot(_words().notes[norm], "major")
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
