"""What was heard in a recording, kept so that it can be charted again without hearing it again."""

from __future__ import annotations

import json
import logging
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from indexer.charts.detection import RecordingAnalysis
from indexer.drums.types import Drum, Onset

log = logging.getLogger(__name__)

_FORMAT: Final = 1
"""Raise when the content of the files changes."""


def heard(file: Path | None, key: str, hear: Callable[[], RecordingAnalysis]) -> RecordingAnalysis:
    """Return what `file` keeps under `key`, else what is heard now, which is kept.

    Args:
        file: One for each recording; None keeps nothing.
        key: Everything that decides what is heard.
        hear: Analyses the recording.
    """
    if file is None:
        return hear()
    kept = _read(file, key)
    if kept is not None:
        return kept
    analysis = hear()
    try:
        _write(file, key, analysis)
    except OSError as error:
        log.warning("What was heard could not be kept: %s", error)
    return analysis


def _read(file: Path, key: str) -> RecordingAnalysis | None:
    try:
        with np.load(file, allow_pickle=False) as content:
            values: dict[str, Any] = json.loads(str(content["values"]))
            frames = content["frames"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    if (values.get("format"), values.get("key")) != (_FORMAT, key):
        return None
    onsets = tuple(
        Onset(time_s, Drum(drum), velocity, confidence)
        for time_s, drum, velocity, confidence in values["onsets"]
    )
    return RecordingAnalysis(onsets, values["duration_s"], frames, values["tempo_bpm"])


def _write(file: Path, key: str, analysis: RecordingAnalysis) -> None:
    onsets = [
        [float(one.time_s), one.drum.value, float(one.velocity), float(one.confidence)]
        for one in analysis.onsets
    ]
    tempo = analysis.tempo_bpm
    values = {
        "format": _FORMAT,
        "key": key,
        "duration_s": float(analysis.duration_s),
        "tempo_bpm": None if tempo is None else float(tempo),
        "onsets": onsets,
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    work = file.with_suffix(".new.npz")
    np.savez_compressed(work, values=np.array(json.dumps(values)), frames=analysis.frames)
    work.replace(file)
