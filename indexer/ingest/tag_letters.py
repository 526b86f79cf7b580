"""Code page of the texts in tags, as a person sets it for a folder or a file."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.files.audio.audio_types import AudioError
from indexer.files.tags.encodings.code_pages import AS_IT_STANDS
from indexer.ingest.intake import MissingFileError, ingest_file
from indexer.mir.types import AnalysisError
from store.paths import encode_path
from store.tracks.text_encodings import choose_encoding

AUTOMATIC: Final = "auto"
AS_IS: Final = "as-is"


class CodePageError(Exception):
    """There is no such code page; the message says so."""


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """How many files were read again, and which could not be, with the reason."""

    read: int
    failed: tuple[tuple[Path, str], ...]


def read_as(under: Path, name: str) -> ReadAgain:
    """Set the code page of the files of a folder, or of one, and read their tags again.

    Args:
        under: A folder or a file, absolute.
        name: A code page, "as-is" for what the tags say, "auto" for what is likeliest.

    Raises:
        CodePageError: The code page is not known.
    """
    failed: list[tuple[Path, str]] = []
    paths = choose_encoding(under, _codec(name))
    for path in paths:
        try:
            ingest_file(encode_path(path), tagger=None)
        except (MissingFileError, AudioError, AnalysisError) as error:
            failed.append((path, str(error) or "It is not there."))
    return ReadAgain(len(paths) - len(failed), tuple(failed))


def _codec(name: str) -> str | None:
    if name == AUTOMATIC:
        return None
    if name == AS_IS:
        return AS_IT_STANDS.codec
    try:
        codec = codecs.lookup(name).name
        "é".encode(codec, "replace").decode(codec, "replace")
    except (LookupError, UnicodeError, TypeError) as error:
        raise CodePageError(f"There is no code page {name}.") from error
    return codec
