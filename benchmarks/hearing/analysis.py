"""Accuracy and speed of the analysis on labelled audio, beside its peers in the same run.

Use: python -m benchmarks.hearing.analysis --data FOLDER --models FOLDER [--no-peers]
     [--python PATH]
FOLDER holds manifest.csv (file, dataset, genre, bpm, key, mode, valence, arousal; blank = unknown).
PATH is a Python that has the `essentia` wheel, if this one has not: Essentia is measured too.
"""

from __future__ import annotations

import argparse
import csv
import time
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

from benchmarks.hearing.key_report import report_keys
from benchmarks.peers import (
    essentia_python,
    essentia_readings,
    krumhansl_key,
    librosa_tempo,
)
from indexer.mir.analyse import analyse
from indexer.mir.signal import loudness
from indexer.mir.tags.tagger import Tagger
from indexer.mir.types import MirResult
from training.confidence import report_calibration
from training.mir.tagger_files import load_tagger

TEMPO_TOLERANCE = 0.04
OCTAVES = (1.0, 2.0, 3.0, 1 / 2, 1 / 3)
GENRE_NAMES = {"hiphop": "hip hop"}


def read_middle(path: Path, *, seconds: float | None) -> tuple[np.ndarray, int]:
    """float32 (n, channels) and the rate: the whole file, or `seconds` out of its middle."""
    with soundfile.SoundFile(path) as file:
        if seconds is not None:
            frames = int(seconds * file.samplerate)
            file.seek(max((file.frames - frames) // 2, 0))
            return file.read(frames, dtype="float32", always_2d=True), file.samplerate
        return file.read(dtype="float32", always_2d=True), file.samplerate


def analyse_file(
    path: Path, *, tagger: Tagger | None, seconds: float | None = None
) -> tuple[MirResult, np.ndarray, int]:
    audio, rate = read_middle(path, seconds=seconds)
    start = time.perf_counter()
    level = loudness.measure(audio.T, sample_rate=rate)
    loudness_s = time.perf_counter() - start
    mono = audio.mean(axis=1)
    start = time.perf_counter()
    heard = tagger.tag(soxr.resample(mono, rate, 16000)) if tagger else None
    tagger_s = time.perf_counter() - start
    result = analyse(mono, sample_rate=rate, loudness=level, tagger=heard)
    spent = {**result.seconds, "loudness": loudness_s, "tagger": tagger_s}
    fields = {name: getattr(result, name) for name in MirResult.__dataclass_fields__}
    return MirResult(**{**fields, "seconds": spent}), mono, rate


def tempo_right(estimate: float | None, truth: float, *, octaves: bool) -> bool:
    if estimate is None:
        return False
    ratios = OCTAVES if octaves else (1.0,)
    return any(abs(estimate / (truth * r) - 1) <= TEMPO_TOLERANCE for r in ratios)


def area_under_curve(high: list[float], low: list[float]) -> float:
    a, b = np.array(high)[:, None], np.array(low)[None, :]
    return float(((a > b) + 0.5 * (a == b)).mean())


def measure_folder(folder: Path, models: Path | None, *, peers: bool) -> list[dict[str, Any]]:
    tagger = load_tagger(models)
    rows = []
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        for label in csv.DictReader(lines):
            result, mono, rate = analyse_file(folder / label["file"], tagger=tagger)
            row: dict[str, Any] = {"label": label, "result": result, "s": len(mono) / rate}
            if peers and label["bpm"]:
                start = time.perf_counter()
                row["peer_bpm"] = librosa_tempo(mono, rate)
                row["peer_tempo_s"] = time.perf_counter() - start
            if peers and label["key"]:
                start = time.perf_counter()
                row["peer_key"] = krumhansl_key(mono, rate)
                row["peer_key_s"] = time.perf_counter() - start
            rows.append(row)
    return rows


def report_tempo(rows: list[dict[str, Any]]) -> None:
    known = [row for row in rows if row["label"]["bpm"]]
    for name, get in (
        ("backbeat", lambda row: row["result"].raw.tempo.bpm),
        ("librosa beat_track", lambda row: row.get("peer_bpm")),
        ("Essentia Rhythm2013", lambda row: row.get("essentia", {}).get("bpm")),
    ):
        if not known or get(known[0]) is None:
            continue
        hits = [
            [tempo_right(get(r), float(r["label"]["bpm"]), octaves=o) for o in (False, True)]
            for r in known
        ]
        acc1, acc2 = np.mean(hits, axis=0)
        print(f"tempo  {name:22s} Acc1 {acc1:.3f}  Acc2 {acc2:.3f}  ({len(known)} clips)")
    report_calibration(
        "tempo",
        [r["result"].raw.tempo.confidence for r in known],
        [
            tempo_right(r["result"].raw.tempo.bpm, float(r["label"]["bpm"]), octaves=False)
            for r in known
        ],
    )


def report_kinds(rows: list[dict[str, Any]]) -> None:
    """Print which recordings are taken for something else than music."""
    others = [(row["label"]["file"], row["result"].kind) for row in rows]
    others = [(name, kind) for name, kind in others if kind != "music"]
    print(f"kind   music {len(rows) - len(others)} of {len(rows)}  {others}")


def report_genre(rows: list[dict[str, Any]]) -> None:
    known = [row for row in rows if row["label"]["genre"]]
    if not known:
        return
    by_genre: dict[str, list[MirResult]] = {}
    for row in known:
        name = str(GENRE_NAMES.get(row["label"]["genre"], row["label"]["genre"]))
        by_genre.setdefault(name, []).append(row["result"])
    hits = {g: [r.normalized.genre_main == g for r in rs] for g, rs in by_genre.items()}
    total = np.mean([h for hs in hits.values() for h in hs])
    print(f"genre  genre_main right {total:.3f}  ({len(known)} clips)")
    said = [
        hit
        for name, hs in hits.items()
        for hit, result in zip(hs, by_genre[name], strict=True)
        if result.normalized.genre_main
    ]
    print(f"       of those said {np.mean(said):.3f}  ({len(said)} clips; the others are mixed)")
    for name, results in by_genre.items():
        energy = np.mean([r.scores.energy_score or 0 for r in results])
        force = np.mean([r.normalized.mood_aggressive or 0 for r in results])
        dance = np.mean([r.normalized.danceability or 0 for r in results])
        acoustic = np.mean([r.normalized.acoustic or 0 for r in results])
        mains = [r.normalized.genre_main for r in results]
        print(
            f"       {name:10s} {sum(hits[name])}/{len(results)}  energy {energy:.2f}  aggressive "
            f"{force:.2f}  dance {dance:.2f}  acoustic {acoustic:.2f}  {mains}"
        )


def report_moods(rows: list[dict[str, Any]]) -> None:
    for axis, get in (
        ("arousal", lambda r: r.scores.energy_score),
        ("valence", lambda r: r.scores.mood_valence),
    ):
        known = [row for row in rows if row["label"][axis]]
        high = [get(row["result"]) for row in known if float(row["label"][axis]) > 0]
        low = [get(row["result"]) for row in known if float(row["label"][axis]) <= 0]
        if high and low:
            print(f"mood   {axis} AUC {area_under_curve(high, low):.3f}  ({len(known)} clips)")
    for name in ("danceability", "mood_happy", "mood_aggressive", "mood_relaxed", "instrumental"):
        values = [getattr(row["result"].normalized, name) for row in rows]
        known_values = [v for v in values if v is not None]
        if known_values:
            cuts = np.quantile(known_values, (0.1, 0.5, 0.9))
            print(f"spread {name:16s} 10 % {cuts[0]:.2f}  median {cuts[1]:.2f}  90 % {cuts[2]:.2f}")


def report_speed(rows: list[dict[str, Any]]) -> None:
    audio_s = sum(row["s"] for row in rows)
    names = rows[0]["result"].seconds
    for name in names:
        spent = sum(row["result"].seconds[name] for row in rows)
        print(f"speed  {name:12s} {30 * spent / audio_s:.4f} s per 30 s of audio")
    for name in ("peer_tempo_s", "peer_key_s"):
        timed = [row for row in rows if name in row][1:]  # the first pays for compiling
        if timed:
            spent = 30 * sum(r[name] for r in timed) / sum(r["s"] for r in timed)
            print(f"speed  {name:12s} {spent:.4f} s per 30 s of audio")
    if "essentia" in rows[0]:
        report_essentia_speed(rows)


def report_essentia_speed(rows: list[dict[str, Any]]) -> None:
    """Tempo and key of both, with all that ours does for them."""
    names = ("spectrum", "tempo", "beats", "key")
    ours = sum(row["result"].seconds[name] for row in rows for name in names)
    theirs = [sum(row["essentia"][name] for row in rows) for name in ("tempo_s", "key_s")]
    minutes = sum(row["s"] for row in rows) / 30
    print(
        f"speed  Essentia tempo {theirs[0] / minutes:.4f}, key {theirs[1] / minutes:.4f} s per "
        f"30 s: {sum(theirs) / ours:.1f} times our spectrum, tempo, beats and key together"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--models", type=Path, help="folder of the converted tagger networks")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--python", type=Path, help="a Python that has the essentia wheel")
    options = parser.parse_args()
    rows = measure_folder(options.data, options.models, peers=not options.no_peers)
    python = None if options.no_peers else essentia_python(options.python)
    if python is not None:
        files = [options.data / row["label"]["file"] for row in rows]
        for row, reading in zip(rows, essentia_readings(python, files), strict=True):
            row["essentia"] = reading
    report_tempo(rows)
    report_keys(rows)
    report_kinds(rows)
    report_genre(rows)
    report_moods(rows)
    report_speed(rows)


if __name__ == "__main__":
    main()
