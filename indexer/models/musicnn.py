"""The musicnn checkpoints, converted to LiteRT files.

Source: J. Pons and X. Serra, "musicnn: pre-trained convolutional neural networks for music audio
tagging" (2019). The Python package `musicnn` (ISC licence) carries two checkpoints of one network:
MSD (50 Last.fm tags) and MTT (50 MagnaTagATune tags). Its code is never imported.

Input of a converted file: float32 (1, 187, 96), log-compressed mel spectrogram of 3 s.
Outputs: float32 (1, 50) tag probabilities and float32 (1, 200) embedding.

TensorFlow is needed to read a checkpoint and to convert it. It costs seconds and 700 MB, so
`ensure_models` does that once, in a process of its own.

    python -m indexer.models.musicnn --out FOLDER
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import importlib.util
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np

from indexer.models.converting import MESSAGE_EXIT, ConversionError, run_converter
from indexer.models.musicnn_network import FRAMES, MELS, Weights, build_network

Vocabulary = Literal["MSD", "MTT"]

MODEL_VERSION: Final = 2
"""Raised when the converted network changes, so that old files are converted again."""


@dataclass(frozen=True, slots=True)
class TaggerModels:
    """Paths of the converted files."""

    msd: Path
    mtt: Path


def checkpoint_folder(model: Vocabulary) -> Path:
    """Return the folder of a checkpoint inside the installed `musicnn` package."""
    spec = importlib.util.find_spec("musicnn")
    if spec is None or not spec.submodule_search_locations:
        raise ConversionError("The package musicnn is not installed; run `make setup`.")
    folder = Path(next(iter(spec.submodule_search_locations))) / f"{model}_musicnn"
    if not (folder / ".index").is_file():
        raise ConversionError(f"The checkpoint {model} is missing from {folder}; run `make setup`.")
    return folder


def read_weights(model: Vocabulary) -> Weights:
    """Return the variables of a checkpoint by name, float32."""
    import tensorflow as tf

    reader = tf.compat.v1.train.NewCheckpointReader(f"{checkpoint_folder(model)}/")
    names = [n for n in reader.get_variable_to_shape_map() if "/" in n and "Adam" not in n]
    return {name: np.asarray(reader.get_tensor(name), dtype=np.float32) for name in names}


def convert(model: Vocabulary, out: Path) -> None:
    """Write one checkpoint as a `.tflite` file, whole or not at all.

    Args:
        model: Which vocabulary.
        out: File to write; its folder exists.
    """
    import tensorflow as tf

    network = build_network(read_weights(model))
    spec = tf.TensorSpec((1, FRAMES, MELS), tf.float32, name="mel")  # pyright: ignore
    concrete = tf.function(network).get_concrete_function(spec)
    converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete])
    content = converter.convert()
    part = out.with_name(f"{out.name}.{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(out)
    stamp = {"version": MODEL_VERSION, "sha256": hashlib.sha256(content).hexdigest()}
    stamp_part = out.with_name(f"{out.name}.{os.getpid()}.json.part")
    stamp_part.write_text(json.dumps(stamp), encoding="utf-8")
    stamp_part.replace(_stamp_path(out))


def is_current(path: Path) -> bool:
    """Whether a converted file is whole and of this version."""
    try:
        stamp = json.loads(_stamp_path(path).read_text(encoding="utf-8"))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, ValueError):
        return False
    return stamp == {"version": MODEL_VERSION, "sha256": digest}


def model_paths(folder: Path) -> TaggerModels:
    """Return the paths of the converted files of a folder, made or not."""
    return TaggerModels(msd=folder / "musicnn_msd.tflite", mtt=folder / "musicnn_mtt.tflite")


def ensure_models(
    folder: Path, *, on_progress: Callable[[str], None] | None = None
) -> TaggerModels:
    """Return the converted models of `folder`, converting them first when they are not there.

    Several processes may call this at once: one converts, the others wait.

    Args:
        folder: Created when missing.
        on_progress: Gets a sentence when a conversion starts and ends.

    Raises:
        ConversionError: The conversion failed or the folder cannot be written.
    """
    paths = model_paths(folder)
    if is_current(paths.msd) and is_current(paths.mtt):
        return paths
    report = on_progress or (lambda _: None)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder / "musicnn.lock"):
            if not (is_current(paths.msd) and is_current(paths.mtt)):
                report("Preparing the music tagger (once, about half a minute).")
                run_converter(
                    "indexer.models.musicnn",
                    "--out",
                    str(folder.absolute()),
                    what="the music tagger",
                )
                report("The music tagger is ready.")
    except OSError as error:
        raise ConversionError(f"Cannot write the music tagger to {folder}: {error}.") from error
    if not (is_current(paths.msd) and is_current(paths.mtt)):
        raise ConversionError(
            f"The music tagger in {folder} is damaged; delete the folder and retry."
        )
    return paths


def main(arguments: list[str] | None = None) -> int:
    """Convert both checkpoints into a folder."""
    parser = argparse.ArgumentParser(prog="indexer.models.musicnn", description=main.__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    folder: Path = parser.parse_args(arguments).out
    folder.mkdir(parents=True, exist_ok=True)
    paths = model_paths(folder)
    try:
        convert("MSD", paths.msd)
        convert("MTT", paths.mtt)
    except ConversionError as error:
        print(error, file=sys.stderr)
        return MESSAGE_EXIT
    return 0


def _stamp_path(path: Path) -> Path:
    return path.with_suffix(".json")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    raise SystemExit(main())
