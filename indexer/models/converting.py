"""Conversion of a checkpoint in a process of its own: TensorFlow costs seconds and 700 MB."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

CONVERSION_LIMIT_S: Final = 900
"""A Raspberry Pi takes about a minute; much longer means that something hangs."""
SPOKEN_EXIT: Final = 3
"""Exit status of a converter whose last line is a sentence for the person."""


class ModelError(Exception):
    """A model file cannot be made or read; the message says what to do."""


def run_converter(arguments: list[str], *, what: str) -> None:
    """Run a module that needs TensorFlow in a process of its own.

    Args:
        arguments: The module's name and its arguments.
        what: What is prepared, in words.

    Raises:
        ModelError: It failed; the module's last line says why.
    """
    root = str(Path(__file__).resolve().parents[2])
    search = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    environment = os.environ | {
        "PYTHONPATH": search,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=CONVERSION_LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ModelError(f"Preparing {what} took too long; try again.") from error
    last = (done.stderr.strip().splitlines() or ["no message"])[-1]
    if done.returncode == SPOKEN_EXIT:
        raise ModelError(last)
    if done.returncode != 0:
        raise ModelError(
            f"Preparing {what} failed ({last}). "
            "TensorFlow needs about 1 GB of free memory; close other programs and try again."
        )
