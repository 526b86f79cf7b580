"""Samples → activations by the trained network (`models/drums.tflite`), run by LiteRT.

The network hears ten voices. What is decided first is whether a family (hi-hat, toms, cymbals) was
struck, from the voices of the family together; then which of its voices it was. So a stroke that
might be an open or a closed hi-hat is heard once, not twice and not at all.

The network learned from rendered music and from records that it labelled itself. The rises in bands
(`activation.py`) know nothing of sounds but are the same in any recording: for bass drum and hi-hat
they add to what the network says or take from it, as evidence adds up, in logits; a rise that a
side-stick explains tells nothing of hi-hats. Then what the same passage has elsewhere adds to both
(`repeats.py`), and what the recording's own sure strokes sound like (`adapt.py`).

How the network was made: `train/`, `docs/drums.md`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from scipy.ndimage import maximum_filter1d, uniform_filter1d
from scipy.signal import resample_poly

from indexer.arrays import Float32
from indexer.drums.hearing.activation import (
    BAND_THRESHOLDS,
    Activations,
    Detector,
    band_power,
    rising_bands,
)
from indexer.drums.hearing.adaptation import adapted
from indexer.drums.hearing.china_cymbals import with_chinas
from indexer.drums.hearing.families import (
    PEAK_FRAMES,
    families,
    family_curve,
    family_peaks,
    logits,
    moved,
)
from indexer.drums.hearing.mel import BANDS, SAMPLE_RATE, compressed, reference_power
from indexer.drums.hearing.repetition import with_repeats
from indexer.drums.types import Drum, DrumsError
from indexer.models.litert import open_network

MODEL: Final = Path(__file__).parent / "models" / "drums.tflite"
_NEAR_FRAMES: Final = 2
"""What is left of the activation around a peak, so that its time can be read between frames."""
_BAND_WEIGHTS: Final = {"KD": 0.5, "HH": 1.0}
"""Logits for a rise of twice its threshold, taken off where nothing rises. Snares are heard better
without (`docs/drums.md`)."""
_MOST_EVIDENCE: Final = 1.0
_BOOM_WEIGHT: Final = 0.2
_MOST_EXPLAINED: Final = 3.0
"""Logits taken off a tom for each of a bass drum at the same time: on recordings without toms four
in ten false ones go, on held-out kits toms are heard as well."""
_SOFTEST_DB: Final = -30.0
"""Velocity is handed on as a level, as `peaks.py` reads it: 1 is 0 dB, 0.2 this."""
_WITNESS_WEIGHT: Final = 0.4
"""Another network's logits beside our own: less than half, as it heard drums alone in training."""
_MOST_WITNESSED: Final = 3.0


@dataclass(frozen=True)
class Card:
    """What stands beside the network in `models/drums.json`.

    Attributes:
        drums: The voices, in the order of the network's outputs.
        thresholds: How sure it must be of a family.
        reach_frames: How far an answer looks to both sides.
        chunk_frames: How many frames the network takes at once.
    """

    drums: tuple[Drum, ...]
    thresholds: dict[str, float]
    reach_frames: int
    chunk_frames: int


def read_card(model: Path) -> Card:
    """The card of a network.

    Raises:
        DrumsError: There is none, or it is damaged.
    """
    try:
        card = json.loads(model.with_suffix(".json").read_text(encoding="utf-8"))
        return Card(
            drums=tuple(Drum(name) for name in card["classes"]),
            thresholds={family: float(value) for family, value in card["thresholds"].items()},
            reach_frames=int(card["reach_frames"]),
            chunk_frames=int(card["chunk_frames"]),
        )
    except (OSError, ValueError, KeyError) as error:
        raise DrumsError(
            "The drum network is missing or damaged; install Backbeat anew."
        ) from error


@dataclass(frozen=True)
class Hearing:
    """How a recording is heard.

    Attributes:
        scales: Speeds, as ratios of lengths, at which it is heard besides its own.
        rounds: How often the answers are adapted to the recording's own sounds.
        borders: Family → factor of its threshold.
        witness: Another detector of strokes (0..1) that is asked, too.
        chinas: Whether chinas are told from crashes.
    """

    scales: tuple[tuple[int, int], ...] = ()
    rounds: int = 1
    borders: Mapping[str, float] = field(default_factory=dict)
    witness: Detector | None = None
    chinas: bool = False


@dataclass(frozen=True, eq=False)
class Heard:
    """What is heard of a recording, every 10 ms.

    Attributes:
        power: float32, (n_frames, BANDS), of `mel.reference_power`.
        onsets: float32, (n_frames, n_drums), 0..1, as the network says.
        velocities: float32, (n_frames, n_drums), 0..1.
        curves: Family → float32, (n_frames,), 0..1, with all other evidence.
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
        """(onsets, velocities) of mono samples at 44.1 kHz: float32, (n_frames, n_drums), 0..1."""
        return self._probabilities(reference_power(samples))

    def _probabilities(self, power: Float32) -> tuple[Float32, Float32]:
        count = len(self.card.drums)
        features = compressed(power)
        if not np.any(features > features.min(initial=0.0)):
            silent = np.zeros((len(features), count), np.float32)
            return silent, silent
        said = self.answers(features)
        return said[:, :count], said[:, count:]

    def answers(self, features: Float32) -> Float32:
        """Onsets, then velocities: float32, (n_frames, 2 × n_drums).

        Chunks overlap by the network's reach, so that their borders cannot be seen.

        Args:
            features: float32, (n_frames, BANDS), of `mel.compressed`.
        """
        reach, size = self.card.reach_frames, self.card.chunk_frames
        step = size - 2 * reach
        rounds = -(-len(features) // step)
        silence = float(compressed(np.zeros(1, np.float32))[0])
        padded = np.full((rounds * step + 2 * reach, BANDS), silence, np.float32)
        padded[reach : reach + len(features)] = features
        answers = []
        for start in range(0, rounds * step, step):
            self._interpreter.set_tensor(self._input, padded[None, start : start + size])
            self._interpreter.invoke()
            answers.append(self._interpreter.get_tensor(self._output)[0, reach : reach + step])
        return np.concatenate(answers)[: len(features)]

    def activations(
        self, samples: Float32, *, sample_rate: int = SAMPLE_RATE, hearing: Hearing = Hearing()
    ) -> Activations:
        """What `Activations` asks for; strokes are told apart as the module says.

        Args:
            samples: float32, (n_samples,), mono.
            sample_rate: Must be 44100.
            hearing: How carefully, and for what.

        Raises:
            ValueError: Another sample rate.
        """
        if sample_rate != SAMPLE_RATE:
            raise ValueError(f"Expected samples at {SAMPLE_RATE} Hz, not {sample_rate}")
        heard = self.heard(samples, hearing)
        card = replace(
            self.card,
            thresholds={
                family: value * hearing.borders.get(family, 1.0)
                for family, value in self.card.thresholds.items()
            },
        )
        level_db = _SOFTEST_DB * (1 - heard.velocities) / 0.8
        said = Activations(
            values=decided(heard.onsets, heard.curves, card),
            drums=card.drums,
            level_db=level_db.astype(np.float32),
            strength=heard.onsets.sum(axis=1),
            thresholds=tuple(card.thresholds[drum.family] for drum in card.drums),
        )
        return with_chinas(said, heard.power) if hearing.chinas else said

    def heard(self, samples: Float32, hearing: Hearing = Hearing()) -> Heard:
        """What is heard in mono samples at 44.1 kHz before anything is decided."""
        power = reference_power(samples)
        onsets, velocities = self._probabilities(power)
        if hearing.scales:
            others = [self._at_scale(samples, *scale, len(onsets)) for scale in hearing.scales]
            onsets = np.stack([onsets, *others]).mean(axis=0)
        curves = heard_curves(samples, onsets, self.card.drums)
        if hearing.witness is not None:
            curves = _witnessed(curves, hearing.witness(samples))
        for _ in range(hearing.rounds):
            curves = adapted(curves, power, self.card.thresholds)
        return Heard(power, onsets, velocities, curves)

    def _at_scale(self, samples: Float32, longer: int, shorter: int, count: int) -> Float32:
        """Onsets of the recording played at another speed, at `count` frames of its own time."""
        played = resample_poly(samples, longer, shorter).astype(np.float32)
        onsets, _ = self.probabilities(played)
        frames = np.arange(count) * (longer / shorter)
        columns = [np.interp(frames, np.arange(len(onsets)), column) for column in onsets.T]
        return np.stack(columns, axis=1).astype(np.float32)


def heard_curves(samples: Float32, onsets: Float32, drums: tuple[Drum, ...]) -> dict[str, Float32]:
    """Each family's curve by the network, the rises in bands and the passage's repetitions.

    Args:
        samples: float32, (n_samples,), mono, 44.1 kHz.
        onsets: What the network says of them: float32, (n_frames, n_drums), 0..1.
        drums: The voices of its columns.

    Returns:
        float32, (n_frames,), 0..1, by family; 0 throughout where nothing rises.
    """
    bands = rising_bands(band_power(samples))
    columns = families(drums)
    if not bands.values.any():
        return dict.fromkeys(columns, np.zeros(len(onsets), np.float32))
    curves = {family: family_curve(onsets, among) for family, among in columns.items()}
    return without_booms(with_repeats(with_bands(curves, bands)))


def with_bands(curves: Mapping[str, Float32], bands: Activations) -> dict[str, Float32]:
    """The curves with what rises in bands say for or against bass drum and hi-hat.

    Args:
        curves: float32, (n_frames,), 0..1, by family, as the network says.
        bands: What `rising_bands` says of the same recording.
    """
    told = dict(curves)
    frames = len(next(iter(told.values())))
    side_stick = maximum_filter1d(curves.get("OT", np.zeros(frames)), PEAK_FRAMES)
    for column, drum in enumerate(bands.drums):
        weight = _BAND_WEIGHTS.get(drum.family)
        if weight is None:
            continue
        near = maximum_filter1d(bands.values[:, column], PEAK_FRAMES) / BAND_THRESHOLDS[drum]
        evidence = np.minimum(near - 1, _MOST_EVIDENCE)[:frames]
        evidence = np.pad(evidence, (0, frames - evidence.size))
        if drum is not Drum.KICK:
            evidence = np.where(evidence > 0, evidence * (1 - side_stick), evidence)
        told[drum.family] = moved(told[drum.family], weight * evidence)
    return told


def without_booms(curves: Mapping[str, Float32]) -> dict[str, Float32]:
    """The curves, where a bass drum explains part of what sounds like a tom with it.

    Args:
        curves: float32, (n_frames,), 0..1, by family.
    """
    if not {"KD", "TT"} <= curves.keys():
        return dict(curves)
    kick = maximum_filter1d(curves["KD"], PEAK_FRAMES)
    explained = logits(np.asarray(kick, np.float32)).clip(0, _MOST_EXPLAINED)
    return {**curves, "TT": moved(curves["TT"], -_BOOM_WEIGHT * explained)}


def _witnessed(curves: dict[str, Float32], said: Activations) -> dict[str, Float32]:
    """The curves with what another detector says of the same families."""
    together = dict(curves)
    for family, columns in families(said.drums).items():
        if family in together:
            near = maximum_filter1d(family_curve(said.values, columns), PEAK_FRAMES)
            evidence = logits(np.asarray(near, np.float32)).clip(-_MOST_WITNESSED, _MOST_WITNESSED)
            together[family] = moved(together[family], _WITNESS_WEIGHT * evidence)
    return together


def decided(onsets: Float32, curves: dict[str, Float32], card: Card) -> Float32:
    """Each family's curve around its peaks, in the column of the voice that is likeliest there.

    Args:
        onsets: float32, (n_frames, n_drums), 0..1.
        curves: float32, (n_frames,), by family.
        card: Voices and thresholds.

    Returns:
        float32, (n_frames, n_drums); 0 away from peaks.
    """
    values = np.zeros_like(onsets)
    nearby = uniform_filter1d(onsets, 2 * _NEAR_FRAMES + 1, axis=0)
    for family, columns in families(card.drums).items():
        curve = curves[family]
        for frame in family_peaks(curve, card.thresholds[family]):
            voice = columns[int(np.argmax(nearby[frame, columns]))]
            near = slice(max(0, frame - _NEAR_FRAMES), frame + _NEAR_FRAMES + 1)
            values[near, voice] = np.minimum(curve[near], curve[frame])
    return values


@cache
def _installed() -> Network:
    return Network()


def detect_network(
    samples: Float32, *, sample_rate: int = SAMPLE_RATE, hearing: Hearing = Hearing()
) -> Activations:
    """The network that comes with Backbeat, as a `Detector`; it is loaded once a process."""
    return _installed().activations(samples, sample_rate=sample_rate, hearing=hearing)
