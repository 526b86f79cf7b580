"""Conversion of a checkpoint in a process of its own: TensorFlow costs seconds and 700 MB."""

from __future__ import annotations

import os
import subprocess
from importlib.util import find_spec
from typing import Final

from store import processes

CONVERSION_LIMIT_S: Final = 900
"""A Raspberry Pi takes about a minute; much longer means that something hangs."""
MESSAGE_EXIT: Final = 3
"""Exit status of a converter whose last line on standard error is a message for the user."""


class ConversionError(Exception):
    """A checkpoint cannot be read or converted; the message gives the fix."""


def run_converter(name: str, *arguments: str, what: str) -> None:
    """Run a module that needs TensorFlow in a process of its own.

    Args:
        name: Name of the module.
        arguments: Command-line arguments; paths must be absolute.
        what: Name of the network in messages.

    Raises:
        ConversionError: It failed; the message is the module's last line.
    """
    if find_spec("tensorflow") is None:
        raise ConversionError(
            f"Preparing {what} needs TensorFlow, which container images leave out. Give the "
            "checkpoint to the build of the image (docs/deploy.md), or convert it after `make "
            "setup` on a machine, and copy the .tflite files of the models folder there to here."
        )
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
        raise ConversionError(f"Preparing {what} took too long; try again.") from error
    last = (done.stderr.strip().splitlines() or ["no message"])[-1]
    if done.returncode == MESSAGE_EXIT:
        raise ConversionError(last)
    if done.returncode != 0:
        raise ConversionError(
            f"Preparing {what} failed ({last}). "
            "TensorFlow needs about 1 GB of free memory; close other programs and try again."
        )
