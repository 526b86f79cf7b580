"""The E-GMD checkpoint of Magenta's Onsets and Frames, converted to a LiteRT file.

The checkpoint (`e-gmd_checkpoint.zip`, Apache-2.0) is not shipped; users import it.
Magenta's own package is not needed, TensorFlow is; it runs in a process of its own.

    python -m indexer.models.egmd CHECKPOINT_FOLDER --out FILE
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

import numpy as np

from indexer.models.converting import MESSAGE_EXIT, ConversionError, run_converter
from indexer.models.egmd_network import FRAMES, MELS, Weights, build_network, variables

SHA256: Final = "09765ae0ff19c7d769a3c20e158eba3b9cd279429b02e498b1e911d16f82e2c0"
"""SHA-256 of the published archive."""
CHECKPOINT: Final = "model.ckpt-569400"
"""Name of its files without suffix."""
NAME: Final = "egmd.tflite"
_LARGEST_MEMBER: Final = 100 * 2**20
"""The published checkpoint holds 28 MB in all."""


def egmd_path(models: Path) -> Path:
    """Return the path of the converted network, imported or not."""
    return models / NAME


class Check(StrEnum):
    """Evidence that a checkpoint is the published one.

    Its variables are checked in any case: presence, checksum, shape and finite values.
    """

    ARCHIVE = "archive"
    """The archive has the published checksum."""
    NAMES = "names"
    """A folder, whose checksum was not published, has the published file names."""
    NONE = "none"
    """There is none but the variables."""


def import_checkpoint(source: Path, models: Path, *, unverified: bool = False) -> Check:
    """Convert a checkpoint into the folder of models.

    Args:
        source: The published zip, or a folder with `model.ckpt-*.index` and its data.
        models: Folder of converted networks.
        unverified: Accept a checkpoint that is not the published one.

    Raises:
        ConversionError: It is another checkpoint, none at all, or it cannot be converted.
    """
    out = egmd_path(models)
    check = _checked(source)
    if check is Check.NONE and not unverified:
        raise ConversionError(
            f"{source.name} is not the published e-gmd_checkpoint.zip, nor what that unpacks to: "
            f"its {'name' if source.is_dir() else 'checksum'} differs. "
            "Fetch it again, or add --unverified if you trust it."
        )
    with tempfile.TemporaryDirectory() as unpacked:
        folder = source
        if not source.is_dir():
            folder = Path(unpacked)
            _unpack(source, folder)
        _prefix(folder)
        run_converter(
            "indexer.models.egmd",
            str(folder.absolute()),
            "--out",
            str(out.absolute()),
            what="the E-GMD network",
        )
    return check


def _checked(source: Path) -> Check:
    if source.is_dir():
        return Check.NAMES if _prefix(source).name == CHECKPOINT else Check.NONE
    try:
        return Check.ARCHIVE if _digest(source) == SHA256 else Check.NONE
    except OSError as error:
        raise ConversionError(f"{source} cannot be read: {error}") from error


def convert(folder: Path, out: Path) -> None:
    """Write the checkpoint in a folder as a `.tflite` file, whole or not at all.

    Raises:
        ConversionError: The folder holds another network.
    """
    import tensorflow as tf

    network = build_network(read_weights(folder))
    spec = tf.TensorSpec((1, FRAMES, MELS), tf.float32, name="mel")  # pyright: ignore
    concrete = tf.function(network).get_concrete_function(spec)
    content = tf.lite.TFLiteConverter.from_concrete_functions([concrete]).convert()
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f"{out.name}.part")
    part.write_bytes(content)
    part.replace(out)


def read_weights(folder: Path) -> Weights:
    """Return the variables of `egmd_network.variables`, float32.

    TensorFlow compares each with the checksum that the checkpoint's index holds.

    Raises:
        ConversionError: The files are damaged, or a variable is missing, has another shape or holds
            values that no training leaves.
    """
    import tensorflow as tf

    try:
        reader = tf.compat.v1.train.NewCheckpointReader(str(_prefix(folder)))
        check_shapes(reader.get_variable_to_shape_map())
        found = {name: np.asarray(reader.get_tensor(name), np.float32) for name in variables()}
    except (tf.errors.OpError, RuntimeError, ValueError) as error:
        raise ConversionError(f"The checkpoint in {folder} is damaged: {error}") from error
    check_values(found)
    return found


def check_shapes(shapes: Mapping[str, Sequence[int]]) -> None:
    """Raise ConversionError where a variable is missing or has another shape."""
    for name, shape in variables().items():
        if name not in shapes:
            raise ConversionError(f"This is no E-GMD checkpoint: it has no variable {name}.")
        if tuple(shapes[name]) != shape:
            raise ConversionError(
                f"This is another network: {name} is {tuple(shapes[name])}, expected {shape}."
            )


def check_values(weights: Weights) -> None:
    """Raise ConversionError where a value is not finite, or a variance is negative."""
    for name, values in weights.items():
        if not np.isfinite(values).all() or ("variance" in name and (values < 0).any()):
            raise ConversionError(
                f"The checkpoint is damaged: {name} holds numbers that no training leaves. "
                "Unpack it again."
            )


def _prefix(folder: Path) -> Path:
    """Return the path of the newest checkpoint without suffix."""
    found = sorted(folder.rglob("model.ckpt-*.index"), key=lambda path: (len(path.name), path.name))
    if not found:
        raise ConversionError(
            f"There is no checkpoint in {folder}: expected model.ckpt-….index and its data."
        )
    return found[-1].with_suffix("")


def _unpack(archive: Path, folder: Path) -> None:
    """Extract the checkpoint's files from the zip, and nothing else."""
    try:
        with zipfile.ZipFile(archive) as file:
            for member in file.infolist():
                name = Path(member.filename).name
                if not name.startswith("model.ckpt-") or member.file_size > _LARGEST_MEMBER:
                    continue
                (folder / name).write_bytes(file.read(member))
    except (OSError, zipfile.BadZipFile) as error:
        raise ConversionError(f"{archive} cannot be read: {error}") from error


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main(arguments: list[str] | None = None) -> int:
    """Convert a checkpoint."""
    parser = argparse.ArgumentParser(prog="indexer.models.egmd", description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    try:
        convert(options.folder, options.out)
    except (ConversionError, OSError) as error:
        print(error, file=sys.stderr)
        return MESSAGE_EXIT
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
