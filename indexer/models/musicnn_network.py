"""The musicnn network as TensorFlow operations, without the filters whose output is constant.

Five front-end convolutions look at timbre (7×38, 7×67) and at time (128×1, 64×1, 32×1), three
mid-end convolutions with residuals follow, then max and mean over time and two dense layers.
Every convolution goes ReLU → batch normalisation → maximum over frequency.

Weight decay has driven most front-end filters of the checkpoints to zero: 65 of 561 channels are
alive in MSD, 379 in MTT. A dead channel is a constant; it is left out of the convolution
and its constant is folded into the biases that follow. The outputs are those of the whole network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import Float32

Array = Float32
Weights = Mapping[str, Array]

FRAMES: Final = 187
"""Frames of a patch: 3 s at 16 kHz with a hop of 256 samples."""
MELS: Final = 96
BATCH_NORM_EPSILON: Final = 1e-3
DEAD_WEIGHT_SUM: Final = 1e-6
"""A filter with a smaller sum of |weights| moves its output by less than 1e-4 before scaling."""
MID_PAD: Final = 3
"""Zero frames put on both sides before each filter of 7 frames."""


def scale_and_shift(weights: Weights, index: int) -> tuple[Array, Array]:
    """Batch normalisation `index` as x · scale + shift, each float32 (channels,)."""
    name = f"batch_normalization_{index}" if index else "batch_normalization"
    variance = weights[f"{name}/moving_variance"]
    scale = weights[f"{name}/gamma"] / np.sqrt(variance + BATCH_NORM_EPSILON)
    shift = weights[f"{name}/beta"] - weights[f"{name}/moving_mean"] * scale
    return scale.astype(np.float32), shift.astype(np.float32)


def convolution(weights: Weights, index: int) -> tuple[Array, Array]:
    """Kernel (height, width, in, out) and bias (out,) of convolution `index`."""
    name = f"conv2d_{index}" if index else "conv2d"
    return weights[f"{name}/kernel"], weights[f"{name}/bias"]


def alive_channels(kernel: Array) -> NDArray[np.bool_]:
    """Return which output channels of a kernel depend on the input: bool, (channels,)."""
    return np.abs(kernel).sum(axis=(0, 1, 2)) >= DEAD_WEIGHT_SUM


def build_network(weights: Weights) -> Callable[[Any], tuple[Any, Any]]:
    """Return a function of TensorFlow tensors: mel (1, 187, 96) → (probabilities, embedding)."""
    import tensorflow as tf

    front_alive, front_constants = _front_channels(weights)

    def network(mel: Any) -> tuple[Any, Any]:
        front = _front_end(tf, weights, mel[..., tf.newaxis])
        first, second, third = _mid_end(tf, weights, front, front_alive, front_constants)
        features = tf.concat([front, first, second, third], axis=2)
        return _back_end(tf, weights, features, front_alive, front_constants)

    return network


def _front_channels(weights: Weights) -> tuple[NDArray[np.bool_], Array]:
    """Return which of the 561 front-end channels are alive, and the value of each that is not."""
    alive, constants = [], []
    for index in range(5):
        kernel, bias = convolution(weights, index)
        scale, shift = scale_and_shift(weights, index + 1)
        alive.append(alive_channels(kernel))
        constants.append(np.maximum(bias, 0) * scale + shift)
    return np.concatenate(alive), np.concatenate(constants).astype(np.float32)


def _front_end(tf: Any, weights: Weights, mel: Any) -> Any:
    """Channels of the five filter shapes, (1, frames, alive channels).

    The windows under a filter are laid out before each convolution. LiteRT would keep a pointer
    for every weight of every position otherwise: 50 MB more a network, at the same speed.
    """
    scale, shift = scale_and_shift(weights, 0)
    mel = (mel * scale + shift)[0, :, :, 0]
    branches = []
    for index in range(5):
        kernel, bias = convolution(weights, index)
        alive = alive_channels(kernel)
        scale, shift = scale_and_shift(weights, index + 1)
        branch = _timbral if kernel.shape[1] > 1 else _temporal
        x = branch(tf, mel, kernel[:, :, 0, :][..., alive])
        x = tf.nn.relu(x + bias[alive]) * scale[alive] + shift[alive]
        branches.append(tf.reduce_max(x, axis=0))
    return tf.concat(branches, axis=1)[tf.newaxis]


def _timbral(tf: Any, mel: Any, kernel: Array) -> Any:
    """Filters (7, width, out) over padded frames: (positions in frequency, frames, out)."""
    width = kernel.shape[1]
    windows = np.arange(MELS - width + 1)[:, None] + np.arange(width)
    padded = tf.pad(mel, [[MID_PAD, MID_PAD], [0, 0]])
    x = tf.transpose(tf.gather(padded, windows, axis=1), [1, 0, 2])
    return tf.nn.conv2d(x[:, :, tf.newaxis, :], kernel[:, np.newaxis], 1, "VALID")[:, :, 0, :]


def _temporal(tf: Any, mel: Any, kernel: Array) -> Any:
    """Filters (length, 1, out) on each band alone: (bands, frames, out)."""
    length = kernel.shape[0]
    windows = np.arange(FRAMES)[:, None] + np.arange(length)
    padded = tf.pad(tf.transpose(mel), [[0, 0], [(length - 1) // 2, length // 2]])
    x = tf.reshape(tf.gather(padded, windows, axis=1), [MELS * FRAMES, length])
    return tf.reshape(tf.linalg.matmul(x, kernel[:, 0, :]), [MELS, FRAMES, kernel.shape[2]])


def _mid_end(
    tf: Any, weights: Weights, front: Any, alive: NDArray[np.bool_], constants: Array
) -> tuple[Any, Any, Any]:
    """Three convolutions over time; each returns (1, frames, 64)."""
    kernel, bias = convolution(weights, 5)
    kernel = kernel[:, :, 0, :]
    first = _time_convolution(
        tf, weights, 5, front, kernel[:, alive], _edge_bias(kernel, bias, alive, constants)
    )
    kernel, bias = convolution(weights, 6)
    second = _time_convolution(tf, weights, 6, first, kernel[:, :, 0, :], bias) + first
    kernel, bias = convolution(weights, 7)
    third = _time_convolution(tf, weights, 7, second, kernel[:, :, 0, :], bias) + second
    return first, second, third


def _time_convolution(
    tf: Any, weights: Weights, index: int, x: Any, kernel: Array, bias: Array
) -> Any:
    scale, shift = scale_and_shift(weights, index + 1)
    x = tf.pad(x, [[0, 0], [MID_PAD, MID_PAD], [0, 0]])
    x = tf.nn.conv2d(x[:, :, tf.newaxis, :], kernel[:, np.newaxis], 1, "VALID")[:, :, 0, :]
    return tf.nn.relu(x + bias) * scale + shift


def _edge_bias(kernel: Array, bias: Array, alive: NDArray[np.bool_], constants: Array) -> Array:
    """Bias (frames, 64) with the constant channels in it.

    It differs at both ends, where zero padding replaces the constants.
    """
    constant = np.where(alive, 0, constants)
    per_tap = np.einsum("tio,i->to", kernel, constant)
    taps = np.arange(kernel.shape[0])[None, :] + np.arange(FRAMES)[:, None] - MID_PAD
    inside = ((taps >= 0) & (taps < FRAMES)).astype(np.float32)
    return (bias + inside @ per_tap).astype(np.float32)


def _back_end(
    tf: Any, weights: Weights, features: Any, alive: NDArray[np.bool_], constants: Array
) -> tuple[Any, Any]:
    """Max and mean over time, two dense layers. The checkpoint interleaves max and mean."""
    used = np.concatenate([alive, np.ones(len(weights["dense/kernel"]) // 2 - len(alive), bool)])
    dead_values = np.zeros(len(used), np.float32)
    dead_values[: len(alive)] = np.where(alive, 0, constants)
    scale, shift = scale_and_shift(weights, 9)
    kernel = weights["dense/kernel"] * scale[:, None]
    bias = weights["dense/bias"] + shift @ weights["dense/kernel"]
    bias = bias + np.repeat(dead_values, 2) @ kernel
    peak = tf.linalg.matmul(tf.reduce_max(features, axis=1), kernel[0::2][used])
    mean = tf.linalg.matmul(tf.reduce_mean(features, axis=1), kernel[1::2][used])
    hidden = tf.nn.relu(peak + mean + bias.astype(np.float32))
    scale, shift = scale_and_shift(weights, 10)
    embedding = hidden * scale + shift
    logits = tf.linalg.matmul(embedding, weights["dense_1/kernel"]) + weights["dense_1/bias"]
    return tf.nn.sigmoid(logits), embedding
