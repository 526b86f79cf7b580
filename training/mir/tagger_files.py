"""The tagger out of a folder of its converted networks."""

from __future__ import annotations

from pathlib import Path

from indexer.mir.tags.tagger import Tagger


def load_tagger(folder: Path | None) -> Tagger | None:
    if folder is None:
        return None
    msd, mtt = (next(folder.glob(f"*{name}*.tflite")) for name in ("msd", "mtt"))
    return Tagger(msd=msd, mtt=mtt)
