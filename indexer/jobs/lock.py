"""Lock of a data folder: one indexer at a time. The system releases it with the process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

LOCK_NAME: Final = "indexer.lock"
"""File in the data folder; holds the process id of the indexer."""


class IndexerError(Exception):
    """The indexer cannot run; the message gives the reason and a remedy."""


class BusyError(IndexerError):
    """Another indexer runs on the same data."""


@contextmanager
def indexer_lock(data_folder: Path) -> Iterator[None]:
    """Hold the lock of a data folder.

    Raises:
        BusyError: Another indexer runs there.
        IndexerError: The data folder is not writable.
    """
    try:
        file = (data_folder / LOCK_NAME).open("a+", encoding="ascii")
    except OSError as error:
        raise IndexerError(
            f"Nothing can be written to the data folder {data_folder} ({error.strerror}). "
            "Give yourself the right to write there, or choose another one with BACKBEAT_DATA."
        ) from error
    with file as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.seek(0)
            process = handle.read().strip()
            raise BusyError(
                f"Another Backbeat indexer{f' (process {process})' if process else ''} is at work "
                f"on {data_folder}. Stop it, or choose another data folder with BACKBEAT_DATA."
            ) from error
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield
