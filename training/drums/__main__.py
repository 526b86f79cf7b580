"""Make the drum network: `python -m training.drums all --data GROOVE_ZIP --cache DIR`.

The steps are `render`, `listen` (which labels a folder of real songs, where `--music` names one),
`train`, `calibrate` (which also converts) and `export` (which puts the result where Backbeat looks
for it). Each reads what the one before left in the cache; the first three go on where they were
stopped. `candidates` comes after them: it fits the second judgement to what the installed network
hears. `docs/drums.md` tells what was trained, and on what.

Songs of a library whose charts a person corrected become training clips, too:
`backbeat chart corrections --clips DIR`, before the step `train`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path
from typing import Final

from indexer.drums.corrections.clip_format import Split
from indexer.drums.hearing.candidate_scores import CANDIDATES
from indexer.drums.hearing.model_card import read_card
from indexer.drums.hearing.network import MODEL
from indexer.drums.types import DrumsError
from training.drums.sounds.kit_cache import SOUND_FOLDERS
from training.drums.training_errors import TrainingError

STEPS: Final = ("render", "listen", "train", "calibrate", "export")


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="training.drums", description=__doc__)
    parser.add_argument("step", choices=(*STEPS, "candidates", "all"))
    parser.add_argument("--data", type=Path, help="the zipped Groove MIDI Dataset (render)")
    parser.add_argument("--sounds", type=Path, nargs="+", default=[Path(p) for p in SOUND_FOLDERS])
    parser.add_argument("--music", type=Path, help="songs that the present network labels (listen)")
    parser.add_argument("--cache", type=Path, required=True, help="folder for all that is made")
    parser.add_argument("--clips", type=int, default=1000, help="training clips of 20 s")
    parser.add_argument("--validation-clips", type=int, default=40)
    parser.add_argument("--part", default="1/1", help="render part I of N, for N processes")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop a step after")
    parser.add_argument("--steps", type=int, default=3000, help="training batches")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0], help="one network each")
    parser.add_argument("--size", choices=("small", "large"), default="large")
    parser.add_argument("--rendered-only", action="store_true", help="train on no songs")
    parser.add_argument("--on", type=Path, help="train a shipped network's weights on")
    parser.add_argument("--learning-rate", type=float, default=3e-3)
    parser.add_argument("--bfloat16", action="store_true", help="faster where the processor can")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--dev", type=Path, help="annotated recordings to calibrate on")
    parser.add_argument("--out", type=Path, default=MODEL, help="the file that export writes")
    return parser.parse_args(arguments)


def _render(options: argparse.Namespace) -> None:
    from training.drums.clips.clip_rendering import load_sources, render_split

    part, parts = (int(number) for number in options.part.split("/"))
    counts: dict[Split, int] = {
        "validation": options.validation_clips,
        "train": options.clips,
    }
    for split, count in counts.items():
        sources = load_sources(options.data, options.sounds, options.cache, split)
        numbers = range(part - 1, count, parts)
        made = render_split(sources, options.cache, split, numbers, seconds=options.seconds)
        print(f"{split}: {made} clips rendered", flush=True)


def _listen(options: argparse.Namespace) -> None:
    from training.drums.clips.self_training import label_songs

    made = label_songs(options.music, options.cache, seconds=options.seconds)
    print(f"{made} clips of songs", flush=True)


def _train(options: argparse.Namespace) -> None:
    os.environ["TF_NUM_INTRAOP_THREADS"] = str(options.threads)
    os.environ["TF_NUM_INTEROP_THREADS"] = "1"
    from training.drums.fitting.fit import TrainingPlan, fit

    for seed in options.seeds:
        plan = TrainingPlan(
            options.steps,
            seed,
            options.seconds,
            options.size,
            songs=not options.rendered_only,
            learning_rate=options.learning_rate,
            start=options.on,
            bfloat16=options.bfloat16,
        )
        fit(options.cache, plan)


def _calibrate(options: argparse.Namespace) -> None:
    from training.drums.fitting.calibrate import calibrate

    calibrate(options.cache, options.seeds, options.dev, options.cache / MODEL.name)


def _export(options: argparse.Namespace) -> None:
    options.out.parent.mkdir(parents=True, exist_ok=True)
    for suffix in (".tflite", ".json"):
        made = (options.cache / MODEL.name).with_suffix(suffix)
        shutil.copyfile(made, options.out.with_suffix(suffix))
    print(f"{options.out} written")


def _fit_candidates(options: argparse.Namespace) -> None:
    from training.drums.clips.clip_rendering import load_sources
    from training.drums.fitting.candidate_weights import fit_candidates, render_candidates

    sources = load_sources(options.data, options.sounds, options.cache, "train")
    render_candidates(sources, options.cache, "train", range(options.clips))
    fit_candidates(options.cache, read_card(MODEL).thresholds, CANDIDATES)
    print(f"{CANDIDATES} written")


def main(arguments: list[str] | None = None) -> int:
    """Run one step, or all of them."""
    options = _arguments(arguments)
    steps = {
        "render": _render,
        "listen": _listen,
        "train": _train,
        "calibrate": _calibrate,
        "export": _export,
        "candidates": _fit_candidates,
    }
    everything = [step for step in STEPS if step != "listen" or options.music is not None]
    wanted = everything if options.step == "all" else [options.step]
    if {"render", "candidates"} & {*wanted} and options.data is None:
        print("Rendering needs --data, the zipped Groove MIDI Dataset.", file=sys.stderr)
        return 2
    if "listen" in wanted and options.music is None:
        print("Listening needs --music, a folder of songs.", file=sys.stderr)
        return 2
    try:
        for name in wanted:
            steps[name](options)
    except (TrainingError, DrumsError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
