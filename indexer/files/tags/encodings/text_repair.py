"""Texts of tags whose letters were written in another code page than the tag says.

All texts of a file are judged together: bytes have one meaning in each code page, and the one that
makes the likeliest words is taken, if it is clearly likelier than the text as it stands.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.files.tags.encodings.code_pages import (
    AS_IT_STANDS,
    BY_CODEC,
    CODE_PAGES,
    CYRILLIC,
    LATIN,
    CodePage,
    as_bytes,
    as_western,
    decoded,
)
from indexer.files.tags.encodings.plausibility import text_cost

CLEARLY: Final = 4.2
"""Nats by which another code page must be likelier than the text as it stands."""
IN_UNICODE: Final = 0.8
"""Nats more where the tag is in Unicode: its writer knew of code pages."""
FEW_LETTERS: Final = 10
"""Letters beyond ASCII from which on a file is judged without those beside it."""
LESS_LIKELY: Final = 3.0
"""Nats by which a text may be less likely in the code page that its neighbours suggest."""
ALONE: Final = 14.0
"""Nats by which one text must be likelier in another code page than the rest of its file."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text and the code page in which it was read; None: as it stands."""

    text: str
    codec: str | None = None


@dataclass(frozen=True, slots=True)
class StoredText:
    """A text as a tag holds it.

    Attributes:
        text: As the tag's own encoding gives it; Latin-1 for tags that name none.
        unicode: Whether the tag says that it is in Unicode.
        cut: Whether its end may be missing.
    """

    text: str
    unicode: bool = False
    cut: bool = False


def repair(
    texts: Sequence[StoredText],
    beside: Sequence[StoredText] = (),
    names: Sequence[str] = (),
) -> list[Repaired]:
    """Return the texts of one file, in order, each as it most likely was meant.

    Args:
        texts: Of the file.
        beside: Of other files of its folder, which help to judge.
        names: Title, artist and the like in plain ASCII, which tell the language.
    """
    suspects = [at for at, stored in enumerate(texts) if not stored.text.isascii()]
    found = [Repaired(stored.text) for stored in texts]
    for in_unicode in (False, True):
        group = [at for at in suspects if texts[at].unicode == in_unicode]
        others = [t for t in beside if t.unicode == in_unicode and not t.text.isascii()]
        if group:
            chosen = _judge([texts[at] for at in group], others, names)
            for at, one in zip(group, chosen, strict=True):
                found[at] = one
    return found


def is_unsure(texts: Sequence[StoredText]) -> bool:
    """Return whether texts have too few letters beyond ASCII to be judged by themselves."""
    letters = sum(not letter.isascii() for text in {t.text for t in texts} for letter in text)
    return 0 < letters < FEW_LETTERS


def read_as(stored: StoredText, codec: str) -> Repaired:
    """Return a text read in the code page that a person chose; as it stands where it cannot be."""
    raw = as_bytes(stored.text)
    text = None if raw is None or raw.isascii() else decoded(raw, codec, cut=stored.cut)
    return Repaired(stored.text) if text is None else Repaired(text, codec)


def _judge(
    texts: Sequence[StoredText], beside: Sequence[StoredText], names: Sequence[str]
) -> list[Repaired]:
    found: dict[int, Repaired] = {}
    judged = [_Suspect.of(stored) for stored in texts]
    own = list({one.stored.text: one for one in judged if one}.values())
    page = _likeliest(_as_one(own, names)) or _likeliest(own)
    if page is None and beside:
        helping = {one.stored.text: one for one in map(_Suspect.of, beside) if one}
        page = _likeliest([*own, *helping.values()])
        if any(one.is_less_likely(page) for one in own):
            page = None
    for at, one in enumerate(judged):
        if one:
            found[at] = one.read(page)
    return [found.get(at, Repaired(stored.text)) for at, stored in enumerate(texts)]


@dataclass(frozen=True, slots=True)
class _Suspect:
    """A text with letters beyond ASCII: what it costs as it stands and in each code page."""

    stored: StoredText
    shown: str
    cost: float
    readings: dict[str, tuple[str, float]]

    @classmethod
    def of(cls, stored: StoredText) -> _Suspect | None:
        raw = as_bytes(stored.text)
        if raw is None and stored.unicode:
            return cls._of_cyrillic(stored)
        if raw is None:
            return None
        shown = stored.text if stored.unicode else as_western(raw)
        cost = text_cost(shown, LATIN, None)
        return cls(stored, shown, cost, _readings(raw, stored))

    @classmethod
    def _of_cyrillic(cls, stored: StoredText) -> _Suspect | None:
        """Text that may have been read as cp1251 by the program that wrote it in Unicode."""
        try:
            raw = stored.text.encode("cp1251")
        except UnicodeEncodeError:
            return None
        readings = _readings(raw, stored)
        readings.pop("cp1251", None)
        return cls(stored, stored.text, text_cost(stored.text, CYRILLIC, None), readings)

    @property
    def margin(self) -> float:
        return CLEARLY + IN_UNICODE * self.stored.unicode

    def is_less_likely(self, page: str | None) -> bool:
        """Whether it is clearly less likely in a code page than as it stands."""
        return page in self.readings and self.readings[page][1] - self.cost > LESS_LIKELY

    def read(self, page: str | None) -> Repaired:
        """Return the text in the code page of its file, or in another that is far likelier."""
        own, (_, own_cost) = min(
            self.readings.items(), key=lambda item: item[1][1], default=("", ("", self.cost))
        )
        current = self.cost if page is None else self.readings.get(page, ("", self.cost))[1]
        if own and current - own_cost > ALONE and self.cost - own_cost > self.margin:
            page = own
        if page is None or page not in self.readings:
            changed = self.shown != self.stored.text
            return Repaired(self.shown, AS_IT_STANDS.codec if changed else None)
        return Repaired(self.readings[page][0], page)


_NO_LETTERS: Final = ("Cc", "Cn", "Co", "Cs")
"""Categories of characters that no text has: control, unassigned, private, surrogate."""


def _as_one(suspects: Sequence[_Suspect], names: Sequence[str]) -> list[_Suspect]:
    """All texts as one, which is in one language."""
    if not suspects:
        return []
    first = suspects[0].stored
    every = " / ".join((*(one.stored.text for one in suspects), *dict.fromkeys(names)))
    one = _Suspect.of(StoredText(every, first.unicode))
    return [one] if one else []


def _readings(raw: bytes, stored: StoredText) -> dict[str, tuple[str, float]]:
    found: dict[str, tuple[str, float]] = {}
    for page in CODE_PAGES:
        text = decoded(raw, page.codec, cut=stored.cut)
        if text is not None and not any(unicodedata.category(c) in _NO_LETTERS for c in text):
            text = unicodedata.normalize("NFC", text)
            cost = text_cost(text, _languages(page, text), page.characters)
            found[page.codec] = text, cost + page.rarity
    return found


def _languages(page: CodePage, text: str) -> tuple[str, ...]:
    """The languages of a code page; for UTF-8 those of the letters that are there."""
    if page.codec != "utf-8":
        return page.languages
    for other in _SCRIPTS:
        low, high, languages = other
        if any(low <= letter <= high for letter in text):
            return languages
    return page.languages


_SCRIPTS: Final = (
    ("\u0370", "\u03ff", BY_CODEC["cp1253"].languages),
    ("\u0400", "\u04ff", CYRILLIC),
    ("\u0590", "\u05ff", BY_CODEC["cp1255"].languages),
    ("\u0600", "\u06ff", BY_CODEC["cp1256"].languages),
    ("\u0e00", "\u0e7f", BY_CODEC["cp874"].languages),
)


def _likeliest(suspects: Sequence[_Suspect]) -> str | None:
    """Return the code page of all texts together; None: as they stand.

    A text that a code page cannot hold counts as it stands, with a penalty.
    """
    standing = sum(one.cost for one in suspects)
    margin = max((one.margin for one in suspects), default=0.0)
    best, least = None, standing - margin
    for page in CODE_PAGES:
        total = page.rarity
        for one in suspects:
            reading = one.readings.get(page.codec)
            total += one.cost + ALONE / 2 if reading is None else reading[1] - page.rarity
        if total < least:
            best, least = page.codec, total
    return best
