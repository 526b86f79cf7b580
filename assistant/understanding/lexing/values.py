"""Spoken numbers, decades and durations become one token each."""

from __future__ import annotations

import re

from assistant.understanding.lexing.grammar_patterns import Phrase
from assistant.understanding.lexing.lexicon import Language
from assistant.understanding.lexing.plain_text import Token
from assistant.understanding.lexing.tokens import Scan

_DECADE = re.compile(r"((?:19|20)?\d0)s")
_LONG_SONG_MIN = 20
_SECONDS = 60
_DECADE_SIGNS = frozenset({"-", "&", ","})


def _join(current: int, value: int, rules: frozenset[str]) -> int | None:
    """The number that `current` followed by `value` says, None if they are two numbers.

    Args:
        current: The number so far.
        value: The next number word.
        rules: `joins` of the language.
    """
    rest = current % 100
    if value in {100, 1000} and current < 10 and "hundreds" in rules:
        return current * value
    if "years" in rules and current == 19 and 10 <= value < 100:
        return 1900 + value
    if "years" in rules and current == 1019 and value == 100:
        return 1900
    if "scores" in rules and rest == 4 and value == 20:
        return current + 76
    added = (
        ("years", current == 1900 and value < 100),
        ("thousands", current >= 1000 and current % 1000 == 0 and value < 1000),
        ("hundreds", current >= 100 and rest == 0 and value < 100),
        ("tens", value < 10 and rest >= 20 and rest % 10 == 0),
        ("teens", rest in {60, 80} and 10 <= value < 20),
        ("teens", rest in {10, 70, 90} and value in {7, 8, 9}),
    )
    return current + value if any(fits and rule in rules for rule, fits in added) else None


def _spoken(tokens: list[Token], at: int, language: Language) -> tuple[int, int] | None:
    """(tokens, value) of a spoken number at a place."""
    norm, following = tokens[at].norm, tokens[at + 1].norm if at + 1 < len(tokens) else ""
    small = language.small
    if norm in small["unit"] and language.numbers.get(following) in {100, 1000}:
        value, size = language.numbers[following], 2
    elif norm in language.numbers:
        value, size = language.numbers[norm], 1
    else:
        return None
    while at + size < len(tokens):
        word = tokens[at + size].norm
        link = 0
        if word in small["number_links"] and at + size + 1 < len(tokens):
            after = tokens[at + size + 1].norm
            # "one hundred and | one hundred and ten"
            larger = tokens[at + size + 2].norm if at + size + 2 < len(tokens) else ""
            another = language.numbers.get(larger) in {100, 1000}
            if not another and (after in small["ones"] or (value >= 100 and value % 100 == 0)):
                word, link = after, 1
        number = language.numbers.get(word, 1 if word in small["ones"] and value >= 20 else None)
        joined = _join(value, number, small["joins"]) if number is not None else None
        if joined is None:
            break
        value, size = joined, size + 1 + link
    return size, value


def merge_numbers(tokens: list[Token], language: Language) -> list[Token]:
    """Tokens with spoken numbers as digits ("vingt-cinq" → "25")."""
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        found = _spoken(tokens, at, language)
        if found:
            size, value = found
            first, last = tokens[at], tokens[at + size - 1]
            out.append(Token(str(value), first.start, last.end, first.capital, first.raw))
            at += size
        else:
            out.append(tokens[at])
            at += 1
    return out


def _first_year(digits: str) -> int:
    number = int(digits)
    if number >= 1900:
        return number
    return 2000 + number if number < 30 else 1900 + number


def _decade_at(tokens: list[Token], at: int, language: Language) -> tuple[int, int] | None:
    """(tokens, first year) of a decade at a place."""
    norm = tokens[at].norm
    if match := _DECADE.fullmatch(norm):
        return 1, _first_year(match.group(1))
    following = tokens[at + 1].norm if at + 1 < len(tokens) else ""
    if norm in language.small["years"] and (match := re.fullmatch(r"((?:19|20)?\d0)s?", following)):
        return 2, _first_year(match.group(1))
    for size in (3, 2, 1):
        phrase: Phrase = tuple(token.norm for token in tokens[at : at + size])
        if len(phrase) == size and phrase in language.decades:
            return size, language.decades[phrase]
    return None


def _part(out: list[Token], language: Language) -> tuple[int, int, int]:
    """(words before that say which part, first and last offset inside the decade)."""
    words = [token.norm for token in out[-3:]]
    the = int(bool(words) and (words[-1],) in language.group("decade.words_before"))
    for name, first, last in (("early", 0, 4), ("mid", 3, 6), ("late", 5, 9)):
        for skip in range(the, -1, -1):
            body = tuple(words[: len(words) - skip])
            for phrase in sorted(language.group(f"decade.{name}"), key=len, reverse=True):
                if body[-len(phrase) :] == phrase:
                    return len(phrase) + skip, first, last
    return 0, 0, 9


def _second_decade(
    out: list[Token], tokens: list[Token], at: int, language: Language
) -> tuple[int, int] | None:
    """ "années 60 et 70": a bare number after a decade and a link; not "the 80s, 30 songs"."""
    links = language.small["decade_links"] | _DECADE_SIGNS
    linked = len(out) > 1 and out[-2].norm.startswith("@d") and out[-1].norm in links
    following = tokens[at + 1].norm if at + 1 < len(tokens) else ","
    if linked and out[-1].norm == "," and following not in links:
        return None
    if linked and re.fullmatch(r"[2-9]0|(?:19|20)\d0", tokens[at].norm):
        return 1, _first_year(tokens[at].norm)
    return None


def merge_decades(tokens: list[Token], language: Language) -> list[Token]:
    """Tokens with every decade as `@d1980-1989`."""
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        found = _decade_at(tokens, at, language) or _second_decade(out, tokens, at, language)
        if found is None:
            out.append(tokens[at])
            at += 1
            continue
        size, year = found
        if out and out[-1].norm == "19" and 1900 <= year < 2000:
            # "the nineteen sixties"
            out.pop()
        words, first, last = _part(out, language)
        start = out[-words] if words else tokens[at]
        if words:
            del out[-words:]
        norm = f"@d{year + first}-{year + last}"
        out.append(Token(norm, start.start, tokens[at + size - 1].end, False, start.raw))
        at += size
    return out


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _rounded(minutes: float) -> float:
    """Whole minutes; below the length of a long song with a fraction."""
    return round(minutes, 2) if minutes < _LONG_SONG_MIN else round(minutes)


def minutes_of(norm: str) -> float | int:
    """The minutes of a duration token: `@t90` → 90, `@t2.5` → 2.5."""
    minutes = float(norm[2:])
    return int(minutes) if minutes.is_integer() else minutes


def merge_durations(text: str, tokens: list[Token], language: Language) -> list[Token]:
    """Tokens with every duration as `@t90`, of a single song as `@t2.5` (minutes)."""
    scan = Scan(text, tokens, language)
    spans: list[tuple[int, int, float]] = []
    for name, match, first, last in scan.longest_first(language.rules["duration_patterns"]):
        n, m = _number(match["n"]), match.groupdict().get("m")
        if m and _number(m) >= _SECONDS and name == "minutes_seconds":
            continue  # "10 minutes 120 bpm"
        minutes = n if name.startswith("minutes") else n * 60
        minutes += {"minutes_half": 0.5, "hours_half": 30}.get(name, 0)
        minutes = n / _SECONDS if name == "seconds" else minutes
        minutes += _number(m) / (_SECONDS if name == "minutes_seconds" else 1) if m else 0
        scan.use(first, last, "duration")
        spans.append((first, last, _rounded(minutes)))
    for at in range(len(tokens)):
        if size := scan.phrase_at(at, language.durations):
            key = tuple(token.norm for token in tokens[at : at + size])
            spans.append((at, at + size, language.durations[key]))
            scan.use(at, at + size, "duration")
    for first, last, minutes in sorted(spans, reverse=True):
        start, end = tokens[first].start, tokens[last - 1].end
        tokens[first:last] = [Token(f"@t{minutes:g}", start, end, False, tokens[first].raw)]
    return _added_up(tokens, language.small["number_links"])


def _added_up(tokens: list[Token], links: frozenset[str]) -> list[Token]:
    """ "an hour and fifteen minutes": one duration."""
    out: list[Token] = []
    for token in tokens:
        if token.norm.startswith("@t"):
            linked = len(out) > 1 and out[-1].norm in links
            before = out[-2] if linked else out[-1] if out else None
            if before is not None and before.norm.startswith("@t"):
                total = float(before.norm[2:]) + float(token.norm[2:])
                del out[-2 if linked else -1 :]
                token = Token(f"@t{total:g}", before.start, token.end, False, before.raw)
        out.append(token)
    return out
