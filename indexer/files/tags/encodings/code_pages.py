"""Code pages in which tags are found, with the languages that are written in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

WESTERN: Final = (
    "en", "fr", "de", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "is", "ca", "id", "et",
)  # fmt: skip
CENTRAL: Final = ("pl", "cs", "sk", "hu", "sl", "sh", "ro", "de", "en")
BALTIC: Final = ("lt", "lv", "et", "en")
CYRILLIC: Final = ("ru", "uk", "bg", "mk", "en")
LATIN: Final = tuple(dict.fromkeys((*WESTERN, *CENTRAL, *BALTIC, "tr", "vi")))
"""Every language of Latin letters."""


@dataclass(frozen=True, slots=True)
class CodePage:
    """A code page.

    Attributes:
        codec: Name in Python.
        languages: Alphabetic languages of it.
        characters: Its language of thousands of characters, if it has one.
        rarity: Cost of it before anything was read, nats.
    """

    codec: str
    languages: tuple[str, ...]
    rarity: float
    characters: str | None = None


AS_IT_STANDS: Final = CodePage("cp1252", WESTERN, 0.0)
"""What frames that are called Latin-1 hold: programs on Windows write its letters there."""

CODE_PAGES: Final = (
    CodePage("utf-8", LATIN, 1.0, "any"),
    CodePage("cp1251", CYRILLIC, 2.0),
    CodePage("koi8_r", CYRILLIC, 4.0),
    CodePage("koi8_u", CYRILLIC, 5.0),
    CodePage("cp866", CYRILLIC, 5.0),
    CodePage("iso8859_5", CYRILLIC, 6.0),
    CodePage("cp1250", CENTRAL, 2.0),
    CodePage("iso8859_2", CENTRAL, 3.0),
    CodePage("cp1253", ("el", "en"), 3.0),
    CodePage("iso8859_7", ("el", "en"), 4.0),
    CodePage("cp1254", ("tr", "en"), 2.0),
    CodePage("cp1255", ("he", "en"), 3.0),
    CodePage("cp1256", ("ar", "fa", "en"), 3.0),
    CodePage("iso8859_6", ("ar", "en"), 6.0),
    CodePage("cp1257", BALTIC, 4.0),
    CodePage("cp1258", ("vi", "en"), 4.0),
    CodePage("cp874", ("th", "en"), 4.0),
    CodePage("gb18030", ("en",), 2.0, "zh"),
    CodePage("cp950", ("en",), 3.0, "zh-hant"),
    CodePage("cp932", ("en",), 2.0, "ja"),
    CodePage("euc_jp", ("en",), 4.0, "ja"),
    CodePage("cp949", ("en",), 3.0, "ko"),
    CodePage("cp850", WESTERN, 6.0),
    CodePage("mac_roman", WESTERN, 6.0),
)
BY_CODEC: Final = {page.codec: page for page in (AS_IT_STANDS, *CODE_PAGES)}


def as_bytes(text: str) -> bytes | None:
    """Return the bytes that were read as Latin-1 or cp1252; None for text of other letters."""
    found = bytearray()
    for letter in text:
        if ord(letter) < 256:
            found.append(ord(letter))
            continue
        try:
            found += letter.encode("cp1252")
        except UnicodeEncodeError:
            return None
    return bytes(found)


def as_western(raw: bytes) -> str:
    """Return bytes as cp1252, the five that it lacks as control characters of Latin-1."""
    return "".join(
        bytes((byte,)).decode("latin-1" if byte in _UNDEFINED else "cp1252") for byte in raw
    )


_UNDEFINED: Final = frozenset((0x81, 0x8D, 0x8F, 0x90, 0x9D))


def decoded(raw: bytes, codec: str, *, cut: bool = False) -> str | None:
    """Return bytes in a code page, None where they are not valid in it.

    Args:
        raw: The bytes.
        codec: Name of the code page in Python.
        cut: The end may be missing: the field had no room for more.
    """
    try:
        return raw.decode(codec)
    except UnicodeDecodeError as error:
        if not cut or error.start < len(raw) - 3 or error.start == 0:
            return None
        return decoded(raw[: error.start], codec)
