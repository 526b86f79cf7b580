"""Detection by the Onsets and Frames network of E-GMD, from an imported checkpoint.

Source: L. Callender, C. Hawthorne, J. Engel, "Improving perceptual quality of drum transcription
with the expanded Groove MIDI dataset" (2020). Its input is librosa's mel spectrogram: 250 bands on
the HTK scale from 30 Hz, power in dB, clipped at 80 dB below the maximum. The published
configuration names a hop of 441 samples, but the code that made the checkpoint ignores that value
and uses 512.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.fft import rfft

from indexer.arrays import Float32
from indexer.drums.hearing.activation import FRAMES_PER_S, SAMPLE_RATE, Activations
from indexer.drums.types import Drum, DrumsError
from indexer.models.litert import open_network

if TYPE_CHECKING:
    from indexer.drums.hearing.activation import Detector


HOP_SAMPLES: Final = 512
FFT_SAMPLES: Final = 2048
BANDS: Final = 250
LOW_HZ: Final = 30.0
RANGE_DB: Final = 80.0
THRESHOLD: Final = 0.5
"""Probability of an onset, as in the published code."""
LOWEST_PITCH: Final = 21
"""MIDI pitch of the network's first output."""
PITCH_DRUMS: Final[dict[int, Drum]] = {
    36: Drum.KICK,
    38: Drum.SNARE,
    75: Drum.SIDE_STICK,
    42: Drum.HAT_CLOSED,
    48: Drum.TOM_LOW,
    49: Drum.CRASH,
    51: Drum.RIDE,
    53: Drum.RIDE,
}
"""The eight classes of the network by General MIDI pitch; open hi-hats count as closed, 53 is the
bell of the ride."""
_MIN_POWER: Final = 1e-10
_OVERLAP_FRAMES: Final = 128
"""Overlap of chunks on both sides: 1.5 s, the recurrent layer's warm-up."""
_BLOCK_FRAMES: Final = 1024
"""Frames transformed at once, to bound the memory."""
_SOFTEST_DB: Final = -30.0
"""Level of velocity 0.2, as `peaks.py` converts it back."""


def mel_db(samples: Float32) -> Float32:
    """Return the network's input: float32, (n_frames, BANDS), dB.

    Args:
        samples: float32, (n_samples,), mono, 44.1 kHz.
    """
    from librosa.filters import mel

    filters = mel(
        sr=SAMPLE_RATE, n_fft=FFT_SAMPLES, n_mels=BANDS, fmin=LOW_HZ, htk=True, dtype=np.float32
    ).T
    padded = np.pad(samples, FFT_SAMPLES // 2, mode="reflect" if samples.size > 1024 else "edge")
    frames = np.lib.stride_tricks.sliding_window_view(padded, FFT_SAMPLES)[::HOP_SAMPLES]
    window = np.hanning(FFT_SAMPLES + 1)[:-1].astype(np.float32)
    power = np.empty((len(frames), BANDS), np.float32)
    for i in range(0, len(frames), _BLOCK_FRAMES):
        spectrum = np.asarray(rfft(frames[i : i + _BLOCK_FRAMES] * window, axis=1))
        power[i : i + _BLOCK_FRAMES] = np.square(np.abs(spectrum)) @ filters
    decibels = 10 * np.log10(np.maximum(power, _MIN_POWER))
    return np.maximum(decibels, decibels.max() - RANGE_DB)


class OnsetsAndFrames:
    """An imported network.

    Args:
        path: The `.tflite` file written by `backbeat models import-egmd`.

    Raises:
        DrumsError: The file is missing or damaged.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise DrumsError(
                "The profile magenta needs the E-GMD checkpoint: "
                "backbeat models import-egmd e-gmd_checkpoint.zip"
            )
        try:
            self._interpreter = open_network(path)
        except (ValueError, RuntimeError) as error:
            raise DrumsError(
                "The imported E-GMD network is damaged; import the checkpoint again."
            ) from error
        self._input = self._interpreter.get_input_details()[0]
        self._output = self._interpreter.get_output_details()[0]["index"]

    def infer(self, mel: Float32) -> Float32:
        """Return onset probabilities, then velocities, of 88 pitches from 21 up.

        Args:
            mel: float32, (n_frames, BANDS), from `mel_db`.

        Returns:
            float32, (n_frames, 2 × 88), 0..1.
        """
        size = int(self._input["shape"][1])
        step = size - 2 * _OVERLAP_FRAMES
        rounds = -(-len(mel) // step)
        padded = np.full((rounds * step + 2 * _OVERLAP_FRAMES, BANDS), mel.min(), np.float32)
        padded[_OVERLAP_FRAMES : _OVERLAP_FRAMES + len(mel)] = mel
        outputs = []
        for start in range(0, rounds * step, step):
            self._interpreter.set_tensor(self._input["index"], padded[None, start : start + size])
            self._interpreter.invoke()
            whole = self._interpreter.get_tensor(self._output)[0]
            outputs.append(whole[_OVERLAP_FRAMES : _OVERLAP_FRAMES + step])
        return np.concatenate(outputs)[: len(mel)]

    def activations(self, samples: Float32, *, sample_rate: int = SAMPLE_RATE) -> Activations:
        """Return the activations of the eight classes; a `Detector`.

        Args:
            samples: float32, (n_samples,), mono.
            sample_rate: Hz, must be 44100.

        Raises:
            ValueError: Another sample rate.
        """
        if sample_rate != SAMPLE_RATE:
            raise ValueError(f"Expected samples at {SAMPLE_RATE} Hz, not {sample_rate}")
        drums = tuple(PITCH_DRUMS.values())
        count = -(-samples.size // (SAMPLE_RATE // FRAMES_PER_S))
        if samples.size == 0 or not samples.any():
            zeros = np.zeros((count, len(drums)), np.float32)
            return Activations(zeros, drums, zeros, zeros.sum(axis=1), _thresholds(drums))
        output = self.infer(mel_db(samples))
        columns = np.array(list(PITCH_DRUMS)) - LOWEST_PITCH
        half = output.shape[1] // 2
        onsets = _resample(output[:, columns], count)
        velocities = _resample(output[:, half + columns], count).clip(0, 1)
        level_db = (_SOFTEST_DB * (1 - velocities) / 0.8).astype(np.float32)
        return Activations(onsets, drums, level_db, onsets.sum(axis=1), _thresholds(drums))


def _thresholds(drums: tuple[Drum, ...]) -> tuple[float, ...]:
    return (THRESHOLD,) * len(drums)


def _resample(curves: Float32, count: int) -> Float32:
    """Interpolate curves from the network's frames (512 samples) to `count` frames of 10 ms."""
    target_s = np.arange(count) / FRAMES_PER_S
    source_s = np.arange(len(curves)) * (HOP_SAMPLES / SAMPLE_RATE)
    columns = [np.interp(target_s, source_s, column) for column in curves.T]
    return np.stack(columns, axis=1).astype(np.float32)


@cache
def _open(path: Path) -> OnsetsAndFrames:
    return OnsetsAndFrames(path)


def detector(path: Path) -> Detector:
    """Return the network at `path` as a `Detector`; it is loaded once a process.

    Raises:
        DrumsError: As `OnsetsAndFrames`.
    """
    return _open(path).activations
