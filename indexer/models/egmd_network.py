"""The Onsets and Frames network for drums as TensorFlow operations.

Source: L. Callender, C. Hawthorne, J. Engel, "Improving Perceptual Quality of Drum Transcription
with the Expanded Groove MIDI Dataset" (2020). Two stacks of the same shape read a log-mel
spectrogram: three convolutions of 3×3 (16, 16, 32 filters), each batch normalisation → ReLU, the
second and third followed by a maximum over pairs of bands, then a dense layer of 256. One stack
goes through a bidirectional LSTM of 64 units to the onsets, the other straight to the velocities.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from indexer.arrays import Float32

Array = Float32
Weights = Mapping[str, Array]

MELS: Final = 250
PITCHES: Final = 88
FRAMES: Final = 1024
"""Frames of the converted network's input."""
UNITS: Final = 64
_FILTERS: Final = (1, 16, 16, 32)
_DENSE: Final = 256
_POOLED: Final = (1, 2)
"""Convolutions followed by max pooling: the published code pools by 1, 2, 2."""
_FLAT: Final = MELS // 2 // 2 * _FILTERS[-1]
_EPSILON: Final = 1e-3
_FORGET_BIAS: Final = 1.0
LSTM: Final = "onsets/lstm/stack_bidirectional_rnn/cell_0/bidirectional_rnn"


def variables() -> dict[str, tuple[int, ...]]:
    """Return name → shape of every variable of the network."""
    shapes: dict[str, tuple[int, ...]] = {}
    for scope in ("onsets", "velocity"):
        for i, (before, after) in enumerate(itertools.pairwise(_FILTERS)):
            shapes[f"{scope}/conv{i}/weights"] = (3, 3, before, after)
            for name in ("beta", "moving_mean", "moving_variance"):
                shapes[f"{scope}/conv{i}/BatchNorm/{name}"] = (after,)
        shapes |= {f"{scope}/fc_end/weights": (_FLAT, _DENSE), f"{scope}/fc_end/biases": (_DENSE,)}
    for direction in ("fw", "bw"):
        cell = f"{LSTM}/{direction}/basic_lstm_cell"
        shapes |= {f"{cell}/kernel": (_DENSE + UNITS, 4 * UNITS), f"{cell}/bias": (4 * UNITS,)}
    heads = {"onsets/onset_logits": 2 * UNITS, "velocity/onset_velocities": _DENSE}
    for head, width in heads.items():
        shapes |= {f"{head}/weights": (width, PITCHES), f"{head}/biases": (PITCHES,)}
    return shapes


def build_network(weights: Weights) -> Callable[[Any], Any]:
    """Return a function of TensorFlow tensors: (1, FRAMES, MELS) → (1, FRAMES, 2 × PITCHES).

    The first half of the result is the probability of an onset, the second its velocity.
    """
    import tensorflow as tf

    def network(mel: Any) -> Any:
        features = _stack(tf, weights, "onsets", mel)
        states = tf.concat(
            [
                _lstm(tf, weights, "fw", features),
                tf.reverse(_lstm(tf, weights, "bw", tf.reverse(features, [0])), [0]),
            ],
            axis=1,
        )
        onsets = tf.sigmoid(_dense(tf, weights, "onsets/onset_logits", states))
        velocity_features = _stack(tf, weights, "velocity", mel)
        velocities = _dense(tf, weights, "velocity/onset_velocities", velocity_features)
        return tf.concat([onsets, velocities], axis=1)[tf.newaxis]

    return network


def _stack(tf: Any, weights: Weights, scope: str, mel: Any) -> Any:
    """Convolutions and the dense layer: (1, FRAMES, MELS) → (FRAMES, 256)."""
    x = mel[..., tf.newaxis]
    for i in range(3):
        name = f"{scope}/conv{i}"
        scale = 1 / np.sqrt(weights[f"{name}/BatchNorm/moving_variance"] + _EPSILON)
        shift = weights[f"{name}/BatchNorm/beta"] - weights[f"{name}/BatchNorm/moving_mean"] * scale
        kernel = (weights[f"{name}/weights"] * scale).astype(np.float32)
        x = tf.nn.relu(tf.nn.conv2d(x, kernel, 1, "SAME") + shift.astype(np.float32))
        if i in _POOLED:
            x = tf.nn.max_pool2d(x, (1, 2), (1, 2), "VALID")
    return tf.nn.relu(_dense(tf, weights, f"{scope}/fc_end", tf.reshape(x, (FRAMES, _FLAT))))


def _dense(tf: Any, weights: Weights, name: str, x: Any) -> Any:
    return tf.linalg.matmul(x, weights[f"{name}/weights"]) + weights[f"{name}/biases"]


def _lstm(tf: Any, weights: Weights, direction: str, x: Any) -> Any:
    """One direction: (FRAMES, 256) → (FRAMES, 64). The order of the gates is i, j, f, o."""
    kernel = weights[f"{LSTM}/{direction}/basic_lstm_cell/kernel"]
    bias = weights[f"{LSTM}/{direction}/basic_lstm_cell/bias"]
    driven = tf.linalg.matmul(x, kernel[:_DENSE]) + bias
    recurrent = tf.constant(kernel[_DENSE:])
    states = tf.TensorArray(tf.float32, size=FRAMES, element_shape=(1, UNITS))

    def step(frame: Any, cell: Any, hidden: Any, states: Any) -> tuple[Any, Any, Any, Any]:
        gates = driven[frame][tf.newaxis] + tf.linalg.matmul(hidden, recurrent)
        i, j, f, o = tf.split(gates, 4, axis=1)
        cell = cell * tf.sigmoid(f + _FORGET_BIAS) + tf.sigmoid(i) * tf.tanh(j)
        hidden = tf.tanh(cell) * tf.sigmoid(o)
        return frame + 1, cell, hidden, states.write(frame, hidden)

    nothing = tf.zeros((1, UNITS))
    *_, states = tf.while_loop(
        lambda frame, *_: frame < FRAMES, step, (tf.constant(0), nothing, nothing, states)
    )
    return tf.reshape(states.stack(), (FRAMES, UNITS))
