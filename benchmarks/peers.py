"""Tempo and key by librosa, Krumhansl's profiles and Essentia: what ours are measured beside."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np


def krumhansl_key(mono: np.ndarray, rate: int, *, hop_samples: int = 512) -> str:
    """Key by Krumhansl's profiles on the mean of librosa's constant-Q chroma."""
    import librosa

    from indexer.mir.tonality.key import PITCH_CLASSES

    profile = librosa.feature.chroma_cqt(y=mono, sr=rate, hop_length=hop_samples).mean(axis=1)
    major = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88]
    minor = [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17]
    scores = {
        f"{PITCH_CLASSES[k]} {name}": np.corrcoef(profile, np.roll(template, k))[0, 1]
        for name, template in (("major", major), ("minor", minor))
        for k in range(12)
    }
    return max(scores, key=lambda name: scores[name])


def librosa_tempo(mono: np.ndarray, rate: int) -> float:
    import librosa

    return float(np.atleast_1d(librosa.beat.beat_track(y=mono, sr=rate)[0])[0])


def essentia_python(given: Path | None) -> str | None:
    """The Python that has Essentia; None where there is none, which is told."""
    if given is not None:
        return str(given)
    if importlib.util.find_spec("essentia") is not None:
        return sys.executable
    print("Essentia is not measured: it is not installed (pip install --pre essentia; --python).")
    return None


def essentia_readings(python: str, files: list[Path]) -> list[dict[str, Any]]:
    """Tempo, key and seconds by Essentia, on one core as ours."""
    command = [python, str(Path(__file__).with_name("essentia_peer.py")), *map(str, files)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    found = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return [json.loads(line) for line in found.stdout.splitlines()]
