"""How well drums are heard: F-measure by class, for the transcription and for the chart.

    python -m benchmarks.hearing.drums --data DIR [--detectors bands network ensemble ...]

DIR holds annotated recordings: `NAME.txt` with lines `time_s<TAB>class` (classes KD SD HH CY TT,
others are ignored) beside `NAME_drum.flac` (drums alone), `NAME_remix.flac` (with the other
instruments) and `NAME_mix.flac` (the original mix); any of the three may be missing.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import mir_eval
import numpy as np
import soundfile

from indexer.drums.chart import make_chart_set
from indexer.drums.hearing.activation import Detector, detect_bands
from indexer.drums.hearing.network import detect_network
from indexer.drums.hearing.peaks import transcribe
from indexer.drums.hearing.profiles import PROFILES
from indexer.drums.types import FAMILIES, ChartSet, DrumsError, Onset

KINDS = ("drum", "remix", "mix")
WINDOWS_S = (0.05, 0.03)
DETECTORS: dict[str, Detector] = {"bands": detect_bands, "network": detect_network} | {
    name: PROFILES[name].detector(Path()) for name in ("rock", "ensemble")
}
Times = dict[str, list[float]]


def read_reference(path: Path) -> Times:
    times: Times = defaultdict(list)
    for line in path.read_text().splitlines():
        time_s, family = line.split("\t")
        times[family.strip()].append(float(time_s))
    return {family: sorted(values) for family, values in times.items()}


def onset_times(onsets: tuple[Onset, ...]) -> Times:
    times: Times = defaultdict(list)
    for onset in onsets:
        times[onset.drum.family].append(onset.time_s)
    return times


def chart_times(chart: ChartSet) -> Times:
    times: Times = defaultdict(list)
    for note in chart.levels[-1].notes:
        times[note.drum.family].append(chart.tempo.time_s(note.bar, note.tick))
    return times


def count(reference: Times, estimate: Times, family: str, window_s: float) -> np.ndarray:
    """(hits, estimated, annotated)."""
    truth = np.array(reference.get(family, []))
    heard = np.array(sorted(estimate.get(family, [])))
    hits = 0
    if truth.size and heard.size:
        hits = len(mir_eval.util.match_events(truth, heard, window_s))
    return np.array([hits, heard.size, truth.size])


def f_measure(counts: np.ndarray) -> float:
    return 2 * counts[0] / max(1, counts[1] + counts[2])


def print_table(name: str, estimates: dict[tuple[str, str], Times], data: Path) -> None:
    for window_s in WINDOWS_S:
        for kind in KINDS:
            counts = {family: np.zeros(3) for family in FAMILIES}
            for (song, its_kind), estimate in estimates.items():
                if its_kind == kind:
                    reference = read_reference(data / f"{song}.txt")
                    for family in FAMILIES:
                        counts[family] += count(reference, estimate, family, window_s)
            total = np.sum(list(counts.values()), axis=0)
            classes = "  ".join(
                f"{family} {f_measure(c):.3f}" if c[2] else f"{family}   –  "
                for family, c in counts.items()
            )
            window = f"±{window_s * 1000:.0f} ms"
            print(f"{name:21} {window}  {kind:5}  F {f_measure(total):.3f}  {classes}")


@dataclass
class Measured:
    """What one detector heard, and how long that took."""

    heard: dict[tuple[str, str], Times] = field(default_factory=dict)
    charted: dict[tuple[str, str], Times] = field(default_factory=dict)
    audio_s: float = 0.0
    hearing_s: float = 0.0
    charting_s: float = 0.0


def measure(name: str, path: Path, key: tuple[str, str], measured: Measured) -> None:
    stereo, rate = soundfile.read(path, dtype="float32", always_2d=True)
    samples = np.asarray(stereo, np.float32).mean(axis=1)
    detector = DETECTORS[name]
    started = time.process_time()
    measured.heard[key] = onset_times(transcribe(samples, sample_rate=rate, detector=detector))
    measured.hearing_s += time.process_time() - started
    measured.audio_s += samples.size / rate
    started = time.process_time()
    try:
        chart = make_chart_set(samples, title="", artist="", detector=detector)
    except DrumsError as error:
        print(f"{path.name}, {name}: {error}")
        return
    measured.charting_s += time.process_time() - started
    measured.charted[key] = chart_times(chart)
    tempos = [round(change.bpm, 1) for change in chart.tempo.changes]
    print(f"{path.name}, {name}: {tempos} BPM, {chart.beats_per_bar} beats a bar")


def main() -> None:
    parser = argparse.ArgumentParser(description="F-measure of the drum transcription")
    parser.add_argument("--data", type=Path, required=True, help="folder of annotated recordings")
    parser.add_argument("--detectors", nargs="+", choices=DETECTORS, default=["bands", "network"])
    options = parser.parse_args()
    data: Path = options.data
    results = {name: Measured() for name in options.detectors}
    for name, measured in results.items():
        transcribe(np.zeros(44100, np.float32), detector=DETECTORS[name])  # loads what it needs
        for reference in sorted(data.glob("*.txt")):
            for kind in KINDS:
                path = data / f"{reference.stem}_{kind}.flac"
                if path.exists():
                    measure(name, path, (reference.stem, kind), measured)
        if not measured.heard:
            parser.error(f"{data} holds no annotated recordings")
    for name, measured in results.items():
        print_table(f"{name} transcription", measured.heard, data)
    for name, measured in results.items():
        print_table(f"{name} MASTER chart", measured.charted, data)
    for name, measured in results.items():
        print(
            f"{name}: CPU seconds per second of audio: "
            f"transcription {measured.hearing_s / measured.audio_s:.4f}, "
            f"with charting {measured.charting_s / measured.audio_s:.4f}"
        )
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak_mb:.0f} MB")


if __name__ == "__main__":
    main()
