"""Texts that are not the UTF-8 they should be: kept byte by byte where they are read and written.

mutagen replaces such bytes in Vorbis comments by a sign that stands for nothing, and gives up an
APEv2 block that has one. Here they become surrogates (PEP 383), which are the same bytes again when
the tags are saved.
"""

from __future__ import annotations

import codecs
from typing import Any, Final

from mutagen import _vorbis, apev2

from indexer.files.tags.encodings.text_repair import StoredText

_HANDLER: Final = "backbeat-raw"


def stored_text(text: str) -> StoredText:
    """Return a text of a tag that should be UTF-8; as Latin-1 where it is not."""
    if text.isascii() or not _is_raw(text):
        return StoredText(text, unicode=True)
    return StoredText(text.encode("utf-8", "surrogateescape").decode("latin-1"))


def _is_raw(text: str) -> bool:
    return any("\udc80" <= letter <= "\udcff" for letter in text)


class _RawText(str):
    """A text that is written as the bytes that it was read from."""

    def encode(self, encoding: str = "utf-8", errors: str = "surrogateescape") -> bytes:
        return super().encode(encoding, errors)


class _KeepBytes(str):
    """The name of the error handler, which mutagen takes for "replace"."""

    def __eq__(self, other: object) -> bool:
        return other == "replace"

    __hash__ = str.__hash__


def _keep_bytes(error: UnicodeError) -> Any:
    decoding = isinstance(error, UnicodeDecodeError)
    return codecs.lookup_error("surrogateescape" if decoding else "replace")(error)


_load: Final = _vorbis.VComment.load


def _load_raw(self: Any, fileobj: Any, errors: str = "replace", framing: bool = True) -> None:
    _load(self, fileobj, _KeepBytes(_HANDLER) if errors == "replace" else errors, framing)
    for at, (name, value) in enumerate(self):
        if _is_raw(value):
            list.__setitem__(self, at, (name, _RawText(value)))
    if _is_raw(self.vendor):
        self.vendor = _RawText(self.vendor)


def _parse_raw(self: Any, data: bytes) -> None:
    self.value = data.decode("utf-8", "surrogateescape")


def _write_raw(self: Any) -> bytes:
    return self.value.encode("utf-8", "surrogateescape")


def _install() -> None:
    """Put the reading and writing of bytes into mutagen, whose own names these are."""
    codecs.register_error(_HANDLER, _keep_bytes)
    comments: Any = _vorbis.VComment
    comments.load = _load_raw
    value: Any = apev2._APEUtf8Value
    value._parse = _parse_raw
    value._write = _write_raw


_install()
