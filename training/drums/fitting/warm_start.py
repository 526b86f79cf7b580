"""The shipped network's weights, as the start of another training.

In `models/drums.tflite` batch normalisation is folded into the layers before it, so a training that
starts here has none (`build_model(folded=True)`); the int8 weights lose some 0.3 % of their range.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from training.drums.fitting.model import DILATIONS, SIZES
from training.drums.training_errors import TrainingError

_WEIGHTED_OPS: Final = ("CONV_2D", "FULLY_CONNECTED")
_LAYERS: Final = 3 + 1 + 2 * len(DILATIONS) + 2
"""Convolutions, features, two layers a block, onsets and velocities."""


def shipped_weights(path: Path, size: str) -> list[np.ndarray]:
    """Return one network's weights as `build_model(folded=True).set_weights` takes them.

    Args:
        path: A `.tflite` file written by `export`, of any number of networks.
        size: One of `SIZES`; the first network of this size is taken.

    Raises:
        TrainingError: The file holds no network of this size.
    """
    layers = _weighted_layers(path)
    for first in range(0, len(layers), _LAYERS):
        network = layers[first : first + _LAYERS]
        if network[0][1].size == SIZES[size].channels[0]:
            return [array for layer in network for array in layer]
    raise TrainingError(f"There is no {size} network in {path}.")


def _weighted_layers(path: Path) -> list[tuple[np.ndarray, np.ndarray]]:
    """(kernel, bias) of every layer, in the order in which they are computed."""
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    plain = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    interpreter: Any = Interpreter(str(path), experimental_op_resolver_type=plain)
    interpreter.allocate_tensors()
    details = {tensor["index"]: tensor for tensor in interpreter.get_tensor_details()}
    found: list[tuple[np.ndarray, np.ndarray]] = []
    for op in interpreter._get_ops_details():  # the only way to the order of the layers
        if op["op_name"] in _WEIGHTED_OPS:
            kernel = _dequantised(interpreter, details[op["inputs"][1]])
            order = (1, 2, 3, 0) if kernel.ndim == 4 else (1, 0)
            found.append((kernel.transpose(order), interpreter.get_tensor(op["inputs"][2])))
    return found


def _dequantised(interpreter: Any, tensor: Any) -> np.ndarray:
    kernel = interpreter.get_tensor(tensor["index"])
    scales = tensor["quantization_parameters"]["scales"]
    if not len(scales):
        return np.asarray(kernel, np.float32)
    return kernel * scales.reshape(-1, *[1] * (kernel.ndim - 1)).astype(np.float32)
