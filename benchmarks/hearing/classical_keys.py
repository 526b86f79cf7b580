"""Keys of classical works: ours beside Krumhansl's profiles on librosa's constant-Q chroma.

Use: python -m benchmarks.hearing.classical_keys --folder FOLDER [--fonts FILE ...] [--no-peers]
FOLDER holds recordings and `labels.csv` (file, key, composer, part). Where it holds none, scores of
the corpus of `music21` (PyPI) are played into it through the fonts (.sf2, .sf3), in halls, tuned to
415 to 443 Hz and coded as MP3. Part "measured" are composers to whose scores nothing was fitted.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import mir_eval
import numpy as np
import soundfile

from benchmarks.peers import krumhansl_key
from indexer.mir.signal.spectrum import to_analysis_rate
from indexer.mir.tonality import key as keys
from indexer.mir.tonality.chroma import chroma
from training.confidence import report_calibration
from training.songs.played_scores import LABELS, corpus_folder, render_corpus

PEER_HOP_SAMPLES = 4096
"""A mean over minutes needs no more frames."""
KINDS = {1.0: "right", 0.5: "fifth", 0.3: "relative", 0.2: "parallel", 0.0: "other"}


def measure(folder: Path, *, peers: bool) -> list[dict[str, str | float]]:
    """One row a work: its label, what was read, points."""
    rows: list[dict[str, str | float]] = []
    with (folder / LABELS).open(encoding="utf-8", newline="") as lines:
        for label in csv.DictReader(lines):
            audio, rate = soundfile.read(folder / label["file"], dtype="float32", always_2d=True)
            mono = audio.mean(axis=1)
            key = keys.estimate_key(chroma(to_analysis_rate(mono, sample_rate=rate)))
            name = "X" if key is None else f"{key.tonic} {key.scale}"
            row: dict[str, str | float] = {**label, "read": name}
            row["points"] = mir_eval.key.weighted_score(label["key"], name)
            row["confidence"] = 0.0 if key is None else key.confidence
            if peers:
                peer = krumhansl_key(mono, rate, hop_samples=PEER_HOP_SAMPLES)
                row["peer"] = mir_eval.key.weighted_score(label["key"], peer)
            rows.append(row)
            if row["points"] != 1:
                print(f"{label['file']}: {name} for {label['key']} ({row['confidence']:.2f})")
    return rows


def report(rows: Sequence[dict[str, str | float]]) -> None:
    for part in dict.fromkeys(str(row.get("part", "")) for row in rows):
        mine = [row for row in rows if row.get("part", "") == part]
        for name, column in (("backbeat", "points"), ("chroma + Krumhansl", "peer")):
            points = [float(row[column]) for row in mine if column in row]
            if points:
                kinds = Counter(KINDS[p] for p in points)
                print(
                    f"{part:9s} {name:18s} weighted {np.mean(points):.3f}  exact "
                    f"{np.mean(np.array(points) == 1):.3f}  {dict(kinds)}"
                )
        sure = [float(row["confidence"]) for row in mine]
        report_calibration(part, sure, [row["points"] == 1 for row in mine])
        for scale in ("major", "minor"):
            of_scale = [float(r["points"]) for r in mine if str(r["key"]).endswith(scale)]
            if of_scale:
                print(f"{part:9s} {scale} {np.mean(of_scale):.3f} of {len(of_scale)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--fonts", type=Path, nargs="+")
    parser.add_argument(
        "--corpus", type=Path, help="music21's corpus, if it is installed elsewhere"
    )
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args()
    if not (options.folder / LABELS).exists():
        corpus = options.corpus or corpus_folder()
        if not options.fonts:
            raise SystemExit("Name SoundFonts that play the scores: --fonts FILE ...")
        render_corpus(options.folder, corpus, options.fonts)
    report(measure(options.folder, peers=not options.no_peers))


if __name__ == "__main__":
    main()
