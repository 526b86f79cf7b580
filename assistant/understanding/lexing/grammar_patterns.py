"""Patterns of grammar.toml: words in order, lists and values, as regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from assistant.understanding.lexing.plain_text import fold_phrase

Phrase = tuple[str, ...]
_NUMBER = r"\d+(?:[.,]\d+)?"
_VALUES = {
    "{n}": rf"(?P<n>{_NUMBER}) ",
    "{m}": rf"(?P<m>{_NUMBER}) ",
    "{y}": r"(?P<y>(?:19|20)\d\d) ",
    "{z}": r"(?P<z>(?:19|20)\d\d) ",
    "{decade}": r"@d(?P<decade>\d{4}-\d{4}) ",
    "{decade2}": r"@d(?P<decade2>\d{4}-\d{4}) ",
    "{key}": r"@k(?P<key>\d+[ab]) ",
    "{key2}": r"@k(?P<key2>\d+[ab]) ",
    "{time}": r"@t(?P<time>\d+(?:\.\d+)?) ",
    "{d}": r"(?P<d>(?:19|20)?\d0)s? ",
}
_ELEMENT = re.compile(r"\{\w+\}\??|<\w+>\??|\S+")


class Rules:
    """Named patterns; only those whose words are in a request are tried on it."""

    def __init__(
        self, patterns: Mapping[str, Sequence[str]], groups: Mapping[str, frozenset[Phrase]]
    ) -> None:
        self._all: list[tuple[str, re.Pattern[str]]] = []
        self._by_word: dict[str, list[int]] = {}
        self._always: list[int] = []
        for name, texts in patterns.items():
            for text in texts:
                regex, needed = _compile(text, groups)
                for word in needed:
                    self._by_word.setdefault(word, []).append(len(self._all))
                if not needed:
                    self._always.append(len(self._all))
                self._all.append((name, regex))

    def among(self, words: Set[str]) -> Iterator[tuple[int, str, re.Pattern[str]]]:
        """(place, name, pattern) of those that may match a request of these words, in order."""
        places = set(self._always)
        for word in words:
            places.update(self._by_word.get(word, ()))
        for place in sorted(places):
            yield place, *self._all[place]


def alternation(phrases: Iterable[Phrase]) -> str:
    """A regular expression that matches any of the phrases, longest first."""
    ordered = sorted({" ".join(phrase) for phrase in phrases}, key=len, reverse=True)
    if not ordered:
        return "(?!)"  # matches nothing
    return "(?:" + "|".join(re.escape(text) + " " for text in ordered) + ")"


def _unit(groups: Mapping[str, frozenset[Phrase]]) -> str:
    parts = (
        f"(?P<{name}>{alternation(groups[name])})" for name in ("bpm", "minutes", "hours", "tracks")
    )
    return "(?:" + "|".join(parts) + ")?"


def _compile(
    pattern: str, groups: Mapping[str, frozenset[Phrase]]
) -> tuple[re.Pattern[str], frozenset[str]]:
    """A regular expression over "word word word ", and words of which the request has one."""
    out: list[str] = []
    needs: list[frozenset[str]] = []
    for element in _ELEMENT.findall(pattern):
        optional = element.endswith("?") and len(element) > 1
        bare = element[:-1] if optional else element
        phrases: Iterable[Phrase] = ()
        if bare == "{unit}":
            piece = _unit(groups)
        elif bare.startswith("{"):
            piece = _VALUES[bare]
        elif bare.startswith("<"):
            phrases = groups[bare[1:-1]]
            piece = alternation(phrases)
        elif bare in {",", "-"}:
            piece = re.escape(bare) + " "
        else:
            phrases = [_word(option) for option in bare.split("|")]
            piece = alternation(phrases)
        out.append(f"(?:{piece})?" if optional else piece)
        if phrases and not optional:
            needs.append(frozenset(phrase[0] for phrase in phrases))
    return re.compile(r"(?<!\S)" + "".join(out)), min(needs, key=len, default=frozenset())


def _word(option: str) -> Phrase:
    return (",",) if option == "," else fold_phrase(option.replace("_", " "))
