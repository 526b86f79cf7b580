"""Texts of files whose encoding nobody told."""

from __future__ import annotations

from typing import Final

_WESTERN: Final = "cp1252"
_MISTAKEN: Final = ("cp1254", "cp1257", "cp1258")
"""Differ from it in so few letters that a short text of it is taken for them."""
_WESTERN_SIGNS: Final = frozenset(
    "àáâãäåæçèéêëìíîïñòóôõöøùúûüßœÀÁÂÄÅÆÇÈÉÊËÍÎÏÑÓÔÖØÙÚÜŒ’‘“”„–—…«»•°©®€·¡¿"
)
_ACCENTS_AT_MOST: Final = 0.4
_CODE_PAGES: Final = (
    _WESTERN, "cp1250", "cp1251", "cp1253", "cp1255", "cp1256", "cp874", "cp932", "gb18030", "big5",
    "cp949", "koi8_r", *_MISTAKEN,
)  # fmt: skip


def decoded(content: bytes) -> str:
    """Return a text: UTF-8, UTF-16, or in the code page that its bytes are most like."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        western = content.decode(_WESTERN, "replace")
        if _is_plain_western(western):
            return western
        from charset_normalizer import from_bytes  # seldom needed

        best = from_bytes(content, cp_isolation=list(_CODE_PAGES)).best()
        if best is None or best.encoding in _MISTAKEN:
            return western
        return str(best)


def _is_plain_western(text: str) -> bool:
    """Whether a text has a few of the accents of western languages and no other signs.

    Other alphabets, read so, are accents throughout; central European ones have rare signs.
    """
    letters = [character for character in text if character.isalpha()]
    accents = [character for character in text if not character.isascii()]
    few = len(accents) <= _ACCENTS_AT_MOST * len(letters)
    return few and all(character in _WESTERN_SIGNS for character in accents)
