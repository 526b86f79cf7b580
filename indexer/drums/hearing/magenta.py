"""Drums by the Onsets and Frames network of E-GMD, where its owner has imported the checkpoint.

Source: L. Callender, C. Hawthorne, J. Engel (2020). The network reads the mel spectrogram as
librosa makes it: 250 bands on the HTK scale from 30 Hz, power in decibels, no more than 80 below
the loudest. The published configuration names a hop of 441 samples, but the code that made the
checkpoint never looks at that value: it takes 512.
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
LOWEST_PITCH: Final = 21
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
"""The eight strokes that the network was trained to tell, by General MIDI pitch; open hi-hats are
among the closed ones, and 53 is the bell of the ride."""
_SMALLEST_POWER: Final = 1e-10
_OVERLAP_FRAMES: Final = 128
"""Chunks overlap by 1.5 s on both sides, which the recurrent layer needs to settle."""
_BLOCK_FRAMES: Final = 1024
_SOFTEST_DB: Final = -30.0


def mel_db(samples: Float32) -> Float32:
    """What the network reads: float32, (n_frames, BANDS), decibels.

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
    decibels = 10 * np.log10(np.maximum(power, _SMALLEST_POWER))
    return np.maximum(decibels, decibels.max() - RANGE_DB)


class OnsetsAndFrames:
    """An imported network.

    Args:
        path: The `.tflite` that `backbeat models import-egmd` wrote.

    Raises:
        DrumsError: There is none, or it is damaged.
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

    def answers(self, mel: Float32) -> Float32:
        """Onsets, then velocities, by pitch from 21 up: float32, (n_frames, 2 × 88).

        Args:
            mel: float32, (n_frames, BANDS), of `mel_db`.
        """
        size = int(self._input["shape"][1])
        step = size - 2 * _OVERLAP_FRAMES
        rounds = -(-len(mel) // step)
        padded = np.full((rounds * step + 2 * _OVERLAP_FRAMES, BANDS), mel.min(), np.float32)
        padded[_OVERLAP_FRAMES : _OVERLAP_FRAMES + len(mel)] = mel
        said = []
        for start in range(0, rounds * step, step):
            self._interpreter.set_tensor(self._input["index"], padded[None, start : start + size])
            self._interpreter.invoke()
            whole = self._interpreter.get_tensor(self._output)[0]
            said.append(whole[_OVERLAP_FRAMES : _OVERLAP_FRAMES + step])
        return np.concatenate(said)[: len(mel)]

    def activations(self, samples: Float32, *, sample_rate: int = SAMPLE_RATE) -> Activations:
        """What `Activations` asks for.

        Args:
            samples: float32, (n_samples,), mono.
            sample_rate: Must be 44100.

        Raises:
            ValueError: Another sample rate.
        """
        if sample_rate != SAMPLE_RATE:
            raise ValueError(f"Expected samples at {SAMPLE_RATE} Hz, not {sample_rate}")
        drums = tuple(PITCH_DRUMS.values())
        count = -(-samples.size // (SAMPLE_RATE // FRAMES_PER_S))
        if samples.size == 0 or not samples.any():
            nothing = np.zeros((count, len(drums)), np.float32)
            return Activations(nothing, drums, nothing, nothing.sum(axis=1), _thresholds(drums))
        said = self.answers(mel_db(samples))
        columns = np.array(list(PITCH_DRUMS)) - LOWEST_PITCH
        half = said.shape[1] // 2
        onsets = _resampled(said[:, columns], count)
        velocities = _resampled(said[:, half + columns], count).clip(0, 1)
        level_db = (_SOFTEST_DB * (1 - velocities) / 0.8).astype(np.float32)
        return Activations(onsets, drums, level_db, onsets.sum(axis=1), _thresholds(drums))


def _thresholds(drums: tuple[Drum, ...]) -> tuple[float, ...]:
    return (THRESHOLD,) * len(drums)


def _resampled(curves: Float32, count: int) -> Float32:
    """Curves at the network's frames → at `count` frames of 10 ms."""
    wanted_s = np.arange(count) / FRAMES_PER_S
    given_s = np.arange(len(curves)) * (HOP_SAMPLES / SAMPLE_RATE)
    columns = [np.interp(wanted_s, given_s, column) for column in curves.T]
    return np.stack(columns, axis=1).astype(np.float32)


@cache
def _opened(path: Path) -> OnsetsAndFrames:
    return OnsetsAndFrames(path)


def detector(path: Path) -> Detector:
    """The network at `path` as a `Detector`; it is loaded once a process.

    Raises:
        DrumsError: As `OnsetsAndFrames`.
    """
    return _opened(path).activations
