"""Weights → `.tflite`, the card beside it, and a check that both networks say the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from indexer.arrays import Float32 as Float
from indexer.drums.corrections.clip_format import CLASSES
from indexer.drums.hearing.mel import BANDS
from indexer.drums.hearing.network import MODEL
from training.drums.fitting.fit import (
    TrainingPlan,
    averaged_weights,
    compile_model,
    load_state,
    state_path,
)
from training.drums.fitting.model import REACH_FRAMES, build_model
from training.drums.training_errors import TrainingError

if TYPE_CHECKING:
    import keras

Weights = Literal["float32", "float16", "int8"]
CHUNK_FRAMES: Final = 1024
_TOLERANCE: Final[dict[Weights, float]] = {"float32": 1e-3, "float16": 1e-2, "int8": 0.1}
DEFAULT_THRESHOLD: Final = 0.4


class ExportError(TrainingError):
    """The exported network differs from the trained one."""


def load_trained_model(cache: Path, seed: int, *, frames: int | None = None) -> keras.Model:
    """The network of a training, with the average of its weights."""
    path = state_path(cache, seed)
    summary = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    size, start = summary["size"], MODEL if "start" in summary else None
    learned = compile_model(TrainingPlan(steps=1, seed=seed, size=size, start=start))
    load_state(path, learned)
    model = build_model(size=size, frames=frames, folded=start is not None)
    model.set_weights(averaged_weights(learned))
    return model


def export(models: list[keras.Model], out: Path, *, weights: Weights = "int8") -> float:
    """Write one file that holds the mean of some networks' answers, as probabilities.

    Args:
        models: Networks of `build_model(frames=CHUNK_FRAMES)`.
        out: The `.tflite` file.
        weights: How they are kept; int8 is smaller and faster, and hears as well
            (`benchmarks/hearing/drum_formats.py`).

    Returns:
        The largest difference between the file's and the networks' answers to noise.

    Raises:
        ExportError: They differ by more than the format explains.
    """
    import keras
    import tensorflow as tf

    inputs = keras.Input((CHUNK_FRAMES, BANDS), batch_size=1, name="mel")
    said = [keras.ops.sigmoid(model(inputs, training=False)) for model in models]
    whole = keras.Model(inputs, said[0] if len(said) == 1 else keras.layers.Average()(said))
    spec = tf.TensorSpec((1, CHUNK_FRAMES, BANDS), tf.float32, name="mel")  # pyright: ignore
    concrete = tf.function(lambda mel: whole(mel, training=False)).get_concrete_function(spec)
    converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete])
    if weights != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16] if weights == "float16" else []
    content = converter.convert()
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_suffix(".part")
    part.write_bytes(content)
    part.replace(out)
    noise = np.random.default_rng(0).normal(0.5, 1, (1, CHUNK_FRAMES, BANDS)).astype(np.float32)
    difference = float(np.abs(run_file(out, noise) - np.asarray(whole(noise))).max())
    if difference > _TOLERANCE[weights]:
        raise ExportError(f"The file's answers differ by {difference:.4f}")
    return difference


def run_file(path: Path, features: Float) -> Float:
    """The answers of an exported network."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(path), num_threads=1)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], features)
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])


def write_card(out: Path, thresholds: dict[str, float], training: object) -> None:
    """Write what `network.read_card` reads, and how the network was trained."""
    card = {
        "classes": [str(drum) for drum in CLASSES],
        "thresholds": thresholds,
        "reach_frames": REACH_FRAMES,
        "chunk_frames": CHUNK_FRAMES,
        "training": training,
    }
    out.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
