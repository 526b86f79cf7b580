"""One slip in a keyword: "playlsit", "elecronic", "energtic"."""

from __future__ import annotations

import prompts
from assistant.understanding.lexing.lexicon import language
from assistant.understanding.lexing.plain_text import Token
from assistant.understanding.lexing.tokens import Scan

# Shorter words are one edit from too many others.
_MIN_LETTERS = 5
_KEYWORD_GROUPS = (
    "tracks", "minutes", "hours", "signals.find", "signals.make", "signals.playlist", "negator",
    "drum", "around", "over", "under", "between", "like.ask", "export.strong",
)  # fmt: skip


@prompts.cached
def keywords(name: str) -> frozenset[str]:
    """Single words that a misspelt word may be corrected to."""
    known = language(name)
    words = {word for phrase in known.meanings for word in phrase}
    for group in _KEYWORD_GROUPS:
        words |= {word for phrase in known.group(group) for word in phrase}
    words |= {word for phrase in known.decades for word in phrase}
    return frozenset(word for word in words if len(word) >= _MIN_LETTERS)


def _shortened(word: str) -> set[str]:
    return {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}


@prompts.cached
def _index(name: str) -> dict[str, tuple[str, ...]]:
    """Each keyword, whole and with one letter out, to the keywords: near words share one."""
    index: dict[str, list[str]] = {}
    for word in sorted(keywords(name)):
        for short in _shortened(word):
            index.setdefault(short, []).append(word)
    return {short: tuple(words) for short, words in index.items()}


@prompts.cached
def _protected(name: str) -> frozenset[str]:
    """Ordinary words that are one edit from a keyword and are no slip ("horse", "house")."""
    return frozenset(prompts.load("names")["not_typos"]) | language(name).common


def within_one_edit(left: str, right: str) -> bool:
    """Whether one insertion, deletion, change or swap of neighbours joins two words."""
    if abs(len(left) - len(right)) > 1 or left == right:
        return left == right
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    a, b = left[start:], right[start:]
    if len(a) == len(b):
        swapped = len(a) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:]
        return a[1:] == b[1:] or swapped
    return a[1:] == b if len(a) > len(b) else a == b[1:]


def near_keywords(word: str, name: str) -> bool:
    """Whether a word may be a misspelt keyword, though not clearly of which."""
    if len(word) < _MIN_LETTERS or word in _protected(name):
        return False
    index = _index(name)
    near = {known for short in _shortened(word) for known in index.get(short, ())}
    return any(within_one_edit(word, known) for known in near if known[0] == word[0])


def _mended(word: str, name: str) -> str | None:
    if len(word) < _MIN_LETTERS or word.startswith("@") or word in _protected(name):
        return None
    index = _index(name)
    candidates = {known for short in _shortened(word) for known in index.get(short, ())}
    near = sorted(known for known in candidates if within_one_edit(word, known))
    near = [known for known in near if known[0] == word[0]] or near
    return near[0] if len({_use(known, name) for known in near}) == 1 else None


def _use(word: str, name: str) -> tuple[str, ...]:
    """What a keyword does: its meaning, or the lists it stands in ("playlist", "playlists")."""
    known = language(name)
    lists = tuple(group for group in _KEYWORD_GROUPS if (word,) in known.group(group))
    return known.meanings.get((word,)) or lists or (word,)


def _is_name(scan: Scan, word: str) -> bool:
    """A word that the library has as an artist or a title is meant as it stands."""
    names = scan.names
    return names is not None and bool(names.artist(word) or names.tracks(word))


def correct(scan: Scan, tokens: list[Token]) -> list[Token] | None:
    """Return the tokens with misspelt words corrected; None when there are none.

    A capital inside the request is a name and is left alone; so is a request of which nothing
    else was understood.
    """
    left = {(scan.tokens[i].start, scan.tokens[i].norm) for i in scan.leftovers()}
    if all(label in {None, "fill"} for label in scan.used):
        return None
    out, changed = [], False
    for index, token in enumerate(tokens):
        word = None
        if (token.start, token.norm) in left and not (token.capital and index):
            word = _mended(token.norm, scan.language.name)
        if word and not _is_name(scan, token.raw):
            changed = True
            token = Token(word, token.start, token.end, token.capital, token.raw)
        out.append(token)
    return out if changed else None
