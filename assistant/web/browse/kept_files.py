"""Files that are made on first request and kept: how many there may be of a kind."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

KEPT: Final = 20_000
"""Files kept of a kind: small copies of covers of some 20 kB, waveforms of 2.4 kB."""


def make_room(folder: Path, *, kept: int = KEPT) -> None:
    """Delete the oldest tenth of a folder's files where there are `kept` of them."""
    files = list(folder.iterdir())
    if len(files) < kept:
        return
    written: list[tuple[int, Path]] = []
    for file in files:
        with suppress(FileNotFoundError):  # renamed or deleted since it was listed
            written.append((file.stat().st_mtime_ns, file))
    for _, file in sorted(written)[: kept // 10]:
        file.unlink(missing_ok=True)
