"""A file opened once: hash, tags, cover and audio are read from one handle.

All reads see the same content, also when the path is replaced meanwhile.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from indexer.files.audio.audio_types import AudioError


class BoundedReader(io.BufferedReader):
    """A binary file that never allocates more than its size, whatever length a header claims."""

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(os.fspath(path)))
        self._size_bytes = os.fstat(self.fileno()).st_size

    def read(self, size: int | None = -1, /) -> bytes:
        """Read up to `size` bytes; all that is left with −1 or None."""
        return super().read(size if size is None else min(size, self._size_bytes))


@dataclass(frozen=True, slots=True, eq=False)
class OpenedFile:
    """A regular file, open for reading.

    Attributes:
        path: The path that was opened; its suffix and stem are read as hints.
        status: Size and times at opening.
    """

    path: Path
    status: os.stat_result
    _handle: BinaryIO

    @property
    def size_bytes(self) -> int:
        """Size now: a file may grow while it is read."""
        return os.fstat(self._handle.fileno()).st_size

    def rewound(self) -> BinaryIO:
        """Return the handle at position 0; a reader that was given it before loses its place."""
        self._handle.seek(0)
        return self._handle

    def read_at(self, offset: int, size: int) -> bytes:
        """Read up to `size` bytes at `offset` and leave the handle's position alone."""
        return os.pread(self._handle.fileno(), min(size, self.size_bytes), offset)


@contextmanager
def open_file(path: Path) -> Iterator[OpenedFile]:
    """Open a regular file; an empty one, too.

    Raises:
        AudioError: The file is missing, cannot be read or is not a file (code "unreadable").
    """
    with _open_handle(path) as handle:
        yield OpenedFile(path, os.fstat(handle.fileno()), handle)


@contextmanager
def opened(source: Path | OpenedFile) -> Iterator[OpenedFile]:
    """Yield an opened file as it is, or open a path.

    Raises:
        AudioError: As `open_file`.
    """
    if isinstance(source, OpenedFile):
        yield source
    else:
        with open_file(source) as file:
            yield file


def path_of(source: Path | OpenedFile) -> Path:
    """Return the path of an opened file, or the path itself."""
    return source.path if isinstance(source, OpenedFile) else source


def _open_handle(path: Path) -> BinaryIO:
    try:
        if path.exists() and not path.is_file():  # opening a pipe would block
            raise AudioError("This is not a file.", code="unreadable")
        return BoundedReader(path)
    except FileNotFoundError as error:
        raise AudioError("The file is no longer there.", code="unreadable") from error
    except PermissionError as error:
        raise AudioError(
            "The file may not be read; check its permissions.", code="unreadable"
        ) from error
    except (OSError, ValueError) as error:
        raise AudioError(f"The file cannot be read: {error}.", code="unreadable") from error
