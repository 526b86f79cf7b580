"""Thresholds: how sure the network must be of each family of drums.

Bass drum, snare and hi-hat are set on recordings annotated by people (`NAME.txt` beside
`NAME_drum.flac`, `NAME_remix.flac`, `NAME_mix.flac`; see `benchmarks/hearing/drums.py`), each kind
of recording counting the same. They hold few cymbals, side-sticks and no toms: those are set on the
held-out kits and, with the same weight, on what is falsely heard in the recordings. Among those as
good the held-out kits choose, and what plays beside them where nobody drums.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import soundfile

from indexer.arrays import Float32 as Float
from indexer.drums.corrections.clip_format import CLASSES, clip_folder
from indexer.drums.hearing.adaptation import adapt_curves
from indexer.drums.hearing.families import family_columns, family_curve, family_peaks
from indexer.drums.hearing.family_curves import combine_evidence, reduce_kick_leakage
from indexer.drums.hearing.mel import compressed, reference_power
from indexer.drums.hearing.network import Network
from indexer.drums.hearing.repetition import add_repetition_evidence
from training.drums.fitting.batches import Clip, load_clips
from training.drums.fitting.export import (
    CHUNK_FRAMES,
    DEFAULT_THRESHOLD,
    export,
    load_trained_model,
    write_card,
)
from training.drums.fitting.onset_matching import (
    THRESHOLDS,
    Recording,
    Times,
    best_threshold,
    f_measure,
    reweight_counts,
    sweep_thresholds,
)

KINDS: Final = ("drum", "remix", "mix")
_ANNOTATED_FAMILIES: Final = ("KD", "SD", "HH")
_UNREPORTED_FAMILY: Final = "OT"
_ADAPTATION_ROUNDS: Final = 2
"""Curves are adapted to a recording with the thresholds, which are set on adapted curves."""
_OVERREPRESENTATION: Final = {"TT": 5.0, "CY": 1.5, "OT": 2.0}
"""How much more often the rendered clips play these families than songs do (toms are 16 % of the
held-out strokes): as much rarer a hit is in a song, so much more a false one weighs."""


def read_annotated(folder: Path, network: Network) -> dict[str, list[Recording]]:
    """Recordings by kind, and what the network says of them."""
    heard: dict[str, list[Recording]] = {kind: [] for kind in KINDS}
    for path in sorted(folder.glob("*.txt")):
        truth: dict[str, list[float]] = defaultdict(list)
        for line in path.read_text(encoding="utf-8").splitlines():
            time_s, family = line.split("\t")
            truth[family.strip()].append(float(time_s))
        for kind in KINDS:
            audio = folder / f"{path.stem}_{kind}.flac"
            if audio.exists():
                samples, _ = soundfile.read(audio, dtype="float32", always_2d=True)
                mono = np.asarray(samples, np.float32).mean(axis=1)
                curves = combine_evidence(mono, network.probabilities(mono)[0], CLASSES)
                heard[kind].append(Recording(curves, truth, reference_power(mono)))
    return {kind: recordings for kind, recordings in heard.items() if recordings}


def _network_recording(network: Network, power: Float, truth: Times) -> Recording:
    """What is heard without the rises in bands, which need samples."""
    onsets = network.infer(compressed(power))[:, : len(CLASSES)]
    curves = {f: family_curve(onsets, among) for f, among in family_columns(CLASSES).items()}
    return Recording(reduce_kick_leakage(add_repetition_evidence(curves)), truth, power)


def held_out_recordings(network: Network, clips: Sequence[Clip]) -> list[Recording]:
    """The mixes of the kits that training never heard."""
    recordings = []
    for clip in clips:
        truth: dict[str, list[float]] = defaultdict(list)
        for time_s, number, _, audible in clip.hits:
            if audible:
                truth[CLASSES[int(number)].family].append(float(time_s))
        recordings.append(_network_recording(network, _power(clip.mix), truth))
    return recordings


def drumless_recordings(network: Network, clips: Sequence[Clip]) -> list[Recording]:
    """What plays beside the held-out kits, by itself."""
    stems = [clip.accompaniment for clip in clips if clip.accompaniment is not None]
    return [_network_recording(network, _power(stem), {}) for stem in stems]


def report_false_hits(heard: Sequence[Recording], thresholds: dict[str, float]) -> None:
    """Print what is heard a minute where nobody drums."""
    if not heard:
        return
    minutes = _count_frames(heard) / 6000
    words = []
    for family, threshold in thresholds.items():
        found = sum(len(family_peaks(r.curves[family], threshold)) for r in heard)
        words.append(f"{family} {found / minutes:.1f}")
    print("false hits a minute without drums: " + "  ".join(words))


def _power(stem: np.ndarray) -> Float:
    return np.power(10, stem.astype(np.float32))


def _adapt(recordings: Sequence[Recording], thresholds: dict[str, float]) -> list[Recording]:
    return [replace(r, curves=adapt_curves(r.curves, r.power, thresholds)) for r in recordings]


def _select_thresholds(
    synthetic: Sequence[Recording],
    without: Sequence[Recording],
    real: dict[str, list[Recording]],
) -> dict[str, float]:
    found: dict[str, float] = {}
    for family in family_columns(CLASSES):
        of_synthetic = sweep_thresholds(synthetic, family)
        of_real = [sweep_thresholds(recordings, family) for recordings in real.values()]
        counts = reweight_counts(of_synthetic, _OVERREPRESENTATION.get(family, 1.0))
        if real and family in _ANNOTATED_FAMILIES:
            counts = np.sum([1000 * c / max(1, int(c[0, 2])) for c in of_real], axis=0)
        elif real:
            every = [recording for recordings in real.values() for recording in recordings]
            longer = _count_frames(synthetic) / _count_frames(every)
            counts = counts + longer * np.sum(of_real, axis=0)
        found[family] = best_threshold(counts, of_synthetic + sweep_thresholds(without, family))
    return found


def _count_frames(recordings: Sequence[Recording]) -> int:
    return sum(next(iter(recording.curves.values())).size for recording in recordings)


def report_f_measures(real: dict[str, list[Recording]], thresholds: dict[str, float]) -> None:
    """Print F by kind and family at the thresholds."""
    for kind, recordings in real.items():
        total, words = np.zeros(3, int), []
        for family in family_columns(CLASSES):
            if family == _UNREPORTED_FAMILY:
                continue
            row = sweep_thresholds(recordings, family)[THRESHOLDS.index(thresholds[family])]
            total += row
            words.append(f"{family} {f_measure(row):.3f}")
        print(f"{kind:6} F {f_measure(total):.3f}  {'  '.join(words)}")


def calibrate(cache: Path, seeds: Sequence[int], dev: Path | None, out: Path) -> None:
    """Export the mean of some trainings, find the thresholds, write the card.

    Args:
        cache: Holds the trainings and the held-out clips.
        seeds: Which trainings.
        dev: Annotated recordings; without them all thresholds come from held-out kits.
        out: The `.tflite` file to write.
    """
    models = [load_trained_model(cache, seed, frames=CHUNK_FRAMES) for seed in seeds]
    difference = export(models, out)
    print(f"{out.name}: {out.stat().st_size / 1e6:.1f} MB, differs by {difference:.1e}")
    start = {drum.family: DEFAULT_THRESHOLD for drum in CLASSES}
    write_card(out, start, None)
    network = Network(out)
    real = read_annotated(dev, network) if dev else {}
    clips = load_clips(clip_folder(cache, "validation"))
    rendered, without = held_out_recordings(network, clips), drumless_recordings(network, clips)
    thresholds = _select_thresholds(rendered, without, real)
    for _ in range(_ADAPTATION_ROUNDS):
        thresholds = _select_thresholds(
            _adapt(rendered, thresholds),
            _adapt(without, thresholds),
            {kind: _adapt(among, thresholds) for kind, among in real.items()},
        )
    for family, threshold in thresholds.items():
        best = max(f_measure(row) for row in sweep_thresholds(_adapt(rendered, thresholds), family))
        print(f"{family}: threshold {threshold} (best F on held-out kits {best:.3f})")
    report_false_hits(_adapt(without, thresholds), thresholds)
    report_f_measures({kind: _adapt(among, thresholds) for kind, among in real.items()}, thresholds)
    write_card(out, thresholds, read_summaries(cache, seeds))


def read_summaries(cache: Path, seeds: Sequence[int]) -> list[object]:
    """What the trainings wrote about themselves."""
    import json

    from training.drums.fitting.fit import state_path

    found: list[object] = []
    for seed in seeds:
        path = state_path(cache, seed).with_suffix(".json")
        if path.exists():
            found.append({"seed": seed, **json.loads(path.read_text(encoding="utf-8"))})
    return found
