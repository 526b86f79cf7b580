"""Detection by the trained network (`models/drums.tflite`), run by LiteRT.

The network gives onset probabilities and velocities of ten voices. `family_curves.py` and
`adaptation.py` combine them with other evidence. `docs/drums.md` describes the training.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from scipy.signal import resample_poly

from indexer.arrays import Float32
from indexer.drums.hearing.activation import Activations, Detector
from indexer.drums.hearing.adaptation import adapt_curves
from indexer.drums.hearing.candidate_scores import installed_trees, judge_candidates
from indexer.drums.hearing.china_cymbals import split_chinas
from indexer.drums.hearing.family_curves import (
    add_second_detector,
    assign_voices,
    combine_evidence,
)
from indexer.drums.hearing.mel import BANDS, SAMPLE_RATE, compressed, reference_power
from indexer.drums.hearing.model_card import read_card
from indexer.drums.types import DrumsError
from indexer.models.litert import open_network

MODEL: Final = Path(__file__).parent / "models" / "drums.tflite"
_SOFTEST_DB: Final = -30.0
"""Level of velocity 0.2, as `peaks.py` converts it back; velocity 1 is 0 dB."""


@dataclass(frozen=True)
class DetectionOptions:
    """How a recording is analysed.

    Attributes:
        scales: Time-stretch factors (up, down) of additional passes that are averaged.
        rounds: How often the curves are adapted to the recording's own sounds.
        threshold_factors: Family → factor of its threshold.
        second_detector: Another detector with activations 0..1, as further evidence.
        with_chinas: Whether chinas are separated from crashes.
        judged: Whether onsets are judged once more (`candidate_scores.py`).
    """

    scales: tuple[tuple[int, int], ...] = ()
    rounds: int = 1
    threshold_factors: Mapping[str, float] = field(default_factory=dict)
    second_detector: Detector | None = None
    with_chinas: bool = False
    judged: bool = True


@dataclass(frozen=True, eq=False)
class Detection:
    """Analysis of a recording before peaks are picked, one row every 10 ms.

    Attributes:
        power: float32, (n_frames, BANDS), from `mel.reference_power`.
        onsets: float32, (n_frames, n_drums), 0..1: output of the network.
        velocities: float32, (n_frames, n_drums), 0..1.
        curves: Family → float32, (n_frames,), 0..1, with all evidence.
    """

    power: Float32
    onsets: Float32
    velocities: Float32
    curves: dict[str, Float32]


class Network:
    """A drum network in memory; one thread, about 20 MB."""

    def __init__(self, model: Path = MODEL) -> None:
        self.card = read_card(model)
        try:
            self._interpreter = open_network(model)
        except (ValueError, RuntimeError) as error:
            raise DrumsError(
                "The drum network is missing or damaged; install Backbeat anew."
            ) from error
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._output = self._interpreter.get_output_details()[0]["index"]

    def probabilities(self, samples: Float32) -> tuple[Float32, Float32]:
        """Return (onsets, velocities): float32, (n_frames, n_drums), 0..1.

        Args:
            samples: float32, (n_samples,), mono, 44.1 kHz.
        """
        return self._probabilities(reference_power(samples))

    def _probabilities(self, power: Float32) -> tuple[Float32, Float32]:
        count = len(self.card.drums)
        features = compressed(power)
        if not np.any(features > features.min(initial=0.0)):
            silent = np.zeros((len(features), count), np.float32)
            return silent, silent
        output = self.infer(features)
        return output[:, :count], output[:, count:]

    def infer(self, features: Float32) -> Float32:
        """Return onsets, then velocities: float32, (n_frames, 2 × n_drums), 0..1.

        Chunks overlap by the receptive field, so that the result does not depend on their borders.

        Args:
            features: float32, (n_frames, BANDS), from `mel.compressed`.
        """
        reach, size = self.card.reach_frames, self.card.chunk_frames
        step = size - 2 * reach
        rounds = -(-len(features) // step)
        silence = float(compressed(np.zeros(1, np.float32))[0])
        padded = np.full((rounds * step + 2 * reach, BANDS), silence, np.float32)
        padded[reach : reach + len(features)] = features
        outputs = []
        for start in range(0, rounds * step, step):
            self._interpreter.set_tensor(self._input, padded[None, start : start + size])
            self._interpreter.invoke()
            outputs.append(self._interpreter.get_tensor(self._output)[0, reach : reach + step])
        return np.concatenate(outputs)[: len(features)]

    def activations(
        self,
        samples: Float32,
        *,
        sample_rate: int = SAMPLE_RATE,
        options: DetectionOptions = DetectionOptions(),
    ) -> Activations:
        """Return the activations of all voices, only peaks; a `Detector`.

        Args:
            samples: float32, (n_samples,), mono.
            sample_rate: Hz, must be 44100.
            options: How the recording is analysed.

        Raises:
            ValueError: Another sample rate.
        """
        if sample_rate != SAMPLE_RATE:
            raise ValueError(f"Expected samples at {SAMPLE_RATE} Hz, not {sample_rate}")
        detection = self.detect(samples, options)
        factors = options.threshold_factors
        thresholds = {f: t * factors.get(f, 1.0) for f, t in self.card.thresholds.items()}
        card = replace(self.card, thresholds=thresholds)
        level_db = _SOFTEST_DB * (1 - detection.velocities) / 0.8
        found = Activations(
            values=assign_voices(detection.onsets, detection.curves, card),
            drums=card.drums,
            level_db=level_db.astype(np.float32),
            strength=detection.onsets.sum(axis=1),
            thresholds=tuple(card.thresholds[drum.family] for drum in card.drums),
        )
        return split_chinas(found, detection.power) if options.with_chinas else found

    def detect(self, samples: Float32, options: DetectionOptions = DetectionOptions()) -> Detection:
        """Return the analysis of mono samples at 44.1 kHz before peaks are picked."""
        power = reference_power(samples)
        onsets, velocities = self._probabilities(power)
        if options.scales:
            others = [self._at_scale(samples, *scale, len(onsets)) for scale in options.scales]
            onsets = np.stack([onsets, *others]).mean(axis=0)
        curves = combine_evidence(samples, onsets, self.card.drums)
        if options.second_detector is not None:
            curves = add_second_detector(curves, options.second_detector(samples))
        for _ in range(options.rounds):
            curves = adapt_curves(curves, power, self.card.thresholds)
        if options.judged:
            curves = judge_candidates(
                curves, power, onsets, self.card.thresholds, installed_trees()
            )
        return Detection(power, onsets, velocities, curves)

    def _at_scale(self, samples: Float32, up: int, down: int, count: int) -> Float32:
        """Return onsets of the recording resampled by up / down, at `count` original frames."""
        resampled = resample_poly(samples, up, down).astype(np.float32)
        onsets, _ = self.probabilities(resampled)
        frames = np.arange(count) * (up / down)
        columns = [np.interp(frames, np.arange(len(onsets)), column) for column in onsets.T]
        return np.stack(columns, axis=1).astype(np.float32)


@cache
def _installed() -> Network:
    return Network()


def detect_network(
    samples: Float32,
    *,
    sample_rate: int = SAMPLE_RATE,
    options: DetectionOptions = DetectionOptions(),
) -> Activations:
    """Run the installed network, a `Detector`; it is loaded once a process."""
    return _installed().activations(samples, sample_rate=sample_rate, options=options)
