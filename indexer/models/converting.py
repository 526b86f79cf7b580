"""Conversion of a checkpoint in a process of its own: TensorFlow costs seconds and 700 MB."""

from __future__ import annotations

import os
import subprocess
from typing import Final

from store import processes

CONVERSION_LIMIT_S: Final = 900
"""A Raspberry Pi takes about a minute; much longer means that something hangs."""
SPOKEN_EXIT: Final = 3
"""Exit status of a converter whose last line is a sentence for the person."""


class ModelError(Exception):
    """A model file cannot be made or read; the message says what to do."""


def run_converter(name: str, *arguments: str, what: str) -> None:
    """Run a module that needs TensorFlow in a process of its own.

    Args:
        name: Of the module.
        arguments: Of its command line; paths must be absolute.
        what: What is prepared, in words.

    Raises:
        ModelError: It failed; the module's last line says why.
    """
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    try:
        done = subprocess.run(
            **processes.module(name, *arguments, environment=environment),
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
