"""From a request to words: folded for comparison, with their place in what was typed."""

from __future__ import annotations

import re
import sys
import unicodedata
from dataclasses import dataclass, replace

from assistant.understanding.lexing.entities import Entity, EntityKind

# Longest request that is read; what is longer is prose, not a request.
MAX_CHARACTERS = 400

_ELISION = re.compile(
    r"(?:d|l|j|qu|m|s|n|c|t|jusqu|lorsqu|puisqu)['’](?=\w)"
    r"|y['’](?=a\b|en\b|aurait\b|avait\b)",
    re.IGNORECASE,
)
_PIECE = re.compile(
    r"(?P<quote>[\"“”«»„](?P<inner>[^\"“”«»„]{1,120})[\"“”«»„]|(?<!\w)['‘](?P<single>\w[^'‘’]{2,80}"
    r"(?:['’]\w+[^'‘’]*)*)['’](?!\w))"
    r"|(?P<number>\d+[.,]\d+(?!\w))"
    r"|(?P<slashed>(?<!\w)[A-Z]{1,4}/[A-Z]{1,4}(?!\w))"
    r"|(?P<word>n°|#(?=\d)|[\w&#♯♭~]+(?:['’´`.][\w#♯♭]+)*['’]?|\+|[<>]=?|[≤≥])"
    r"|(?P<mark>[,;:.!?()\-–—…/])"
)
_GLUED = re.compile(
    r"(\d+)(bpm|minutes?|mins?|mn|hours?|heures?|hrs?|h|songs?|tracks?|titres?|morceaux|ish)(\d*)",
    re.I,
)
# "B.B. King", "Dr. Dre": the full stop ends no sentence.
_SHORTENED = re.compile(r"(?:[A-Z]\.)*[A-Z]|Mr|Mrs|Ms|Dr|St|Jr|Sr|feat|ft|vs|[Nn]o")
_SIGNS = str.maketrans({"♯": "#", "♭": "b", "’": "'", "´": "'", "`": "'", "œ": "oe", "æ": "ae"})


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the request.

    Attributes:
        norm: Folded: lower case, no accents, no apostrophes. `@…` is a value that was read.
        start: Offset of its first character in the request.
        end: Offset after its last character.
        capital: Written with a capital or a digit first.
        raw: As typed; of a name of the library, as the library writes it.
        entities: What the library has under this name, the kind meant first.
    """

    norm: str
    start: int
    end: int
    capital: bool
    raw: str
    entities: tuple[Entity, ...] = ()

    @property
    def is_name(self) -> bool:
        """Whether it is one name: quoted, or one of the library."""
        return self.norm == "@q" or bool(self.entities)

    def entity(self, kind: EntityKind) -> Entity | None:
        """What the library has of a kind under this name."""
        return next((entity for entity in self.entities if entity.kind == kind), None)


def fold(word: str) -> str:
    """Lower case without accents; apostrophes are dropped ("Don't" → "dont")."""
    lowered = word.translate(_SIGNS).lower()
    if not lowered.isascii():
        split = unicodedata.normalize("NFKD", lowered)
        lowered = "".join(c for c in split if not unicodedata.combining(c))
    return sys.intern(lowered.replace("'", ""))  # words of the grammar repeat by the thousand


def fold_phrase(phrase: str) -> tuple[str, ...]:
    """The folded words of a phrase, split as requests are ("s'il" → "s", "il")."""
    return tuple(token.norm for token in tokenise(phrase) if token.norm != ",")


def _words(raw: str, start: int) -> list[Token]:
    """Tokens of one written word: elisions and glued units apart ("l'heure", "45min")."""
    tokens = []
    while match := _ELISION.match(raw):
        piece = match.group()
        tokens.append(Token(fold(piece), start, start + len(piece), piece[0].isupper(), piece))
        raw, start = raw[len(piece) :], start + len(piece)
    if glued := _GLUED.fullmatch(raw):
        for index in (1, 2, 3):
            if part := glued.group(index):
                at = start + glued.start(index)
                tokens.append(Token(fold(part), at, at + len(part), False, part))
        return tokens
    first = raw[0]
    norm = {"+": "plus", "n°": "numero"}.get(raw, fold(raw))
    if norm:
        capital = first.isupper() or first.isdigit()
        tokens.append(Token(norm, start, start + len(raw), capital, raw))
    return tokens


def _touching(tokens: list[Token], start: int) -> str:
    """The word that a mark touches, as typed; "" when there is a space between."""
    return tokens[-1].raw if tokens[-1].end == start else ""


def tokenise(text: str) -> list[Token]:
    """Words of a request; quoted text is one token `@q`, marks become ","."""
    tokens: list[Token] = []
    for match in _PIECE.finditer(text[:MAX_CHARACTERS]):
        start, end = match.span()
        if match.group("quote"):
            inner = (match.group("inner") or match.group("single")).strip(" .,!?")
            tokens.append(Token("@q", start, end, True, inner))
        elif mark := match.group("mark"):
            before, after = text[start - 1 : start], text[end : end + 1]
            if mark in "-–—":
                left = text[max(0, start - 2) : start].strip()[-1:]
                if left.isdigit() and text[end : end + 2].strip()[:1].isdigit():
                    tokens.append(Token("-", start, end, False, mark))
                elif before.isspace() and after.isspace():
                    tokens.append(Token(",", start, end, False, mark))
            elif mark == "." and tokens and _SHORTENED.fullmatch(_touching(tokens, start)):
                last = tokens[-1]
                tokens[-1] = replace(last, end=end, raw=last.raw + mark)
            else:
                tokens.append(Token(",", start, end, False, mark))
        else:
            tokens.extend(_words(match.group(), start))
    while tokens and tokens[-1].norm == ",":
        tokens.pop()
    while tokens and tokens[0].norm == ",":
        tokens.pop(0)
    return tokens
