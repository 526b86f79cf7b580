"""The network: convolutions over frequency, then dilated convolutions over time.

Three 3×3 convolutions halve the number of bands each; a dense layer makes 96 or 128 features of a
frame; six residual blocks look ±1, 2, 4 … 32 frames around (E. Davies and S. Böck, "Temporal
convolutional networks for musical audio beat tracking", EUSIPCO 2019). A dilated
convolution is written as three shifted copies and a dense layer: one matrix product, fast on any
processor and with any backend.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from indexer.drums.corrections.clip_format import CLASSES
from indexer.drums.hearing.mel import BANDS

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Size:
    """Channels of the convolutions, and features of a frame."""

    channels: tuple[int, int, int]
    width: int


SIZES: Final = {"small": Size((16, 24, 32), 96), "large": Size((24, 32, 48), 128)}
DILATIONS: Final = (1, 2, 4, 8, 16, 32)
REACH_FRAMES: Final = 3 + sum(DILATIONS)
"""How far a frame's answer looks to both sides."""
_ONSET_BIAS: Final = -3.0
"""Start of the output bias: most frames hold no onset."""
_VELOCITY_WEIGHT: Final = 0.5


def build_model(
    *, size: str = "large", frames: int | None = None, seed: int = 0, folded: bool = False
) -> keras.Model:
    """A network with random weights.

    Args:
        size: One of `SIZES`.
        frames: Fixed length of the input; any length where None.
        seed: Of the weights.
        folded: Without batch normalisation, as the shipped network is (`warm_start.py`).

    Returns:
        (n, frames, BANDS) → logits (n, frames, 2 × classes): onsets, then velocities.
    """
    import keras

    keras.utils.set_random_seed(seed)
    layers = keras.layers
    inputs = keras.Input((frames, BANDS), name="mel")
    x: Any = keras.ops.expand_dims(inputs, -1)
    width = SIZES[size].width
    for channels in SIZES[size].channels:
        convolve = layers.Conv2D(channels, 3, strides=(1, 2), padding="same", use_bias=folded)
        x = layers.ReLU()(_normalised(convolve(x), folded=folded))
    x = layers.Reshape((-1 if frames is None else frames, x.shape[2] * x.shape[3]))(x)
    x = _normalised(layers.Dense(width, use_bias=folded)(x), folded=folded)
    x = layers.Dropout(0.15)(layers.ReLU()(x))
    for dilation in DILATIONS:
        x = _block(x, dilation, folded=folded)
    bias: Any = keras.initializers.Constant(_ONSET_BIAS)
    onsets = layers.Dense(len(CLASSES), bias_initializer=bias, name="onsets")(layers.ReLU()(x))
    velocities = layers.Dense(len(CLASSES), name="velocities")(layers.ReLU()(x))
    return keras.Model(inputs, layers.Concatenate()([onsets, velocities]))


def _normalised(x: Any, *, folded: bool) -> Any:
    import keras

    return x if folded else keras.layers.BatchNormalization()(x)


def _block(x: Any, dilation: int, *, folded: bool) -> Any:
    """A residual block that looks `dilation` frames to both sides."""
    import keras

    layers = keras.layers
    length, width = 2 * dilation, x.shape[-1]
    padded = layers.ZeroPadding1D(dilation)(x)
    near = [padded[:, :-length], x, padded[:, length:]]
    y = layers.Dense(width, use_bias=folded)(layers.Concatenate()(near))
    y = layers.ReLU()(_normalised(y, folded=folded))
    y = _normalised(layers.Dense(width, use_bias=folded)(y), folded=folded)
    return layers.Add()([x, layers.Dropout(0.1)(y)])


def onset_loss(targets: Any, logits: Any) -> Any:
    """Cross-entropy of the onsets, and squared error of the velocities where there are some.

    Args:
        targets: (n, frames, 3 × classes), see `batches.targets_of`.
        logits: (n, frames, 2 × classes).
    """
    import keras

    ops: Any = keras.ops
    count = len(CLASSES)
    onsets, weights = targets[..., :count], targets[..., count : 2 * count]
    velocities = targets[..., 2 * count :]
    logits = ops.cast(logits, "float32")
    said = logits[..., :count]
    near_zero = ops.log1p(ops.exp(-ops.abs(said)))
    entropy = ops.maximum(said, 0) - said * onsets + near_zero
    error = ops.square(ops.sigmoid(logits[..., count:]) - velocities) * onsets
    return ops.mean(entropy * weights) + _VELOCITY_WEIGHT * ops.mean(error)
