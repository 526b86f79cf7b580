"""What is heard of kits, songs and drummers that no fit and no choice has seen.

    python -m benchmarks.hearing.held_out_kits --data GROOVE_ZIP --sounds DIR … --cache DIR
        [--models FILE …] [--split validation]

Clips of 15 s are rendered with each of the kits kept aside (`REPORT_KITS`): drums alone, beside
stems of real songs with voices kept aside, and beside instruments. Then what may not be heard:
hats a minute where nobody plays one (the snare bright, without and with stems), and all families
a minute in stems without drums. `--split validation` does the same with the sources that
thresholds are chosen on. `--models` compares networks, each with the card beside it; all are
measured without and with the second judgement (`indexer/drums/hearing/candidate_scores.py`).
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.hearing.drums import Times, count, f_measure, onset_times
from indexer.arrays import Float32
from indexer.drums.corrections.clip_format import CLASSES
from indexer.drums.hearing.mel import normalised
from indexer.drums.hearing.network import MODEL, DetectionOptions, Network
from indexer.drums.hearing.peaks import transcribe
from indexer.drums.types import FAMILIES
from training.drums.clips.clip_rendering import RenderSources, load_sources, mix_and_master
from training.drums.players.hits import CLASS_OF_VOICE, Hit
from training.drums.players.performances import perform
from training.drums.sounds.accompaniment import render_accompaniment
from training.drums.sounds.hit_rendering import brighten_snares, render_hits
from training.drums.sounds.kit_cache import SOUND_FOLDERS
from training.drums.sounds.kits import Kit
from training.drums.sounds.stems import mix_stems

CLIP_S = 15.0
SEED = 1717
WINDOW_S = 0.05
BORROWED = ("side_stick", "other")
"""Voices that a kit may lack: another's play them."""
WITHOUT = "without hats"


@dataclass(frozen=True)
class RenderedTruth:
    """What is struck when (s), and what so softly that it may be heard or not."""

    struck: Times = field(default_factory=dict[str, list[float]])
    soft: Times = field(default_factory=dict[str, list[float]])

    def count(self, heard: Times, family: str) -> np.ndarray:
        """(hits, heard, struck); what is heard of soft strokes alone counts as not heard."""
        found = count(self.struck, heard, family, WINDOW_S)
        both = {family: sorted(self.struck.get(family, []) + self.soft.get(family, []))}
        allowed = count(both, heard, family, WINDOW_S)[0] - found[0]
        return found - (0, max(0, allowed), 0)


Clip = tuple[str, Float32, RenderedTruth]
"""Name of its kind, samples, and what is struck."""


def strike(
    rng: np.random.Generator, hits: tuple[Hit, ...], kit: Kit
) -> tuple[Float32, RenderedTruth]:
    """Drums on one kit alone."""
    drums, played, _ = render_hits(rng, hits, {"sonor": kit}, duration_s=CLIP_S)
    struck: Times = defaultdict(list)
    soft: Times = defaultdict(list)
    for one in played:
        if one.hit.voice in CLASS_OF_VOICE:
            family = CLASSES[CLASS_OF_VOICE[one.hit.voice]].family
            (struck if one.audible else soft)[family].append(one.hit.time_s)
    return normalised(drums), RenderedTruth(struck, soft)


def rendered(sources: RenderSources, kit: str, number: int) -> Iterator[Clip]:
    """The clips of one performance on one kit."""
    rng = np.random.default_rng((SEED, number))
    played, start_s = perform(rng, sources.groove, duration_s=CLIP_S)
    sounds = dict(sources.kits[kit])
    for voice in BORROWED:
        lenders = [other[voice] for other in sources.kits.values() if voice in other]
        sounds.setdefault(voice, lenders[0])
    drums, truth = strike(rng, played.hits, sounds)
    yield f"{kit}, alone", drums, truth
    stems = mix_stems(rng, sources.stems, duration_s=CLIP_S)
    yield f"{kit}, with voices", mix_and_master(rng, drums, stems), truth
    others = render_accompaniment(rng, played, sources.fonts, start_s=start_s, duration_s=CLIP_S)
    yield f"{kit}, with instruments", mix_and_master(rng, drums, others), truth
    metal = ("hat_", "ride", "crash")
    skins = tuple(hit for hit in played.hits if not hit.voice.startswith(metal))
    drums, truth = strike(rng, skins, brighten_snares(sounds))
    yield f"{kit}, {WITHOUT}", drums, truth
    if stems is not None:
        yield f"{kit}, {WITHOUT}, with voices", mix_and_master(rng, drums, stems), truth
        yield f"voices, {WITHOUT}", stems, RenderedTruth()


def report(name: str, clips: list[Clip], network: Network, options: DetectionOptions) -> None:
    """Print F by kind and family, and false hits a minute of the kinds that hold no hats."""
    counts: dict[str, dict[str, np.ndarray]] = defaultdict(
        lambda: {family: np.zeros(3) for family in FAMILIES}
    )
    for kind, samples, truth in clips:
        detector = partial(network.activations, options=options)
        heard = onset_times(transcribe(samples, detector=detector))
        for family in FAMILIES:
            counts[kind][family] += truth.count(heard, family)
    worst = dict.fromkeys(FAMILIES, 1.0)
    for kind, of_kind in sorted(counts.items()):
        minutes = sum(which == kind for which, _, _ in clips) * CLIP_S / 60
        if WITHOUT in kind:
            false = {f: (c[1] - c[0]) / minutes for f, c in of_kind.items()}
            words = "  ".join(f"{family} {rate:5.1f}" for family, rate in false.items())
            print(f"{name:20} {kind:34} false a minute  {words}")
            continue
        scores = {f: f_measure(c) for f, c in of_kind.items()}
        worst = {f: min(worst[f], scores[f]) for f in FAMILIES}
        total = f_measure(np.sum(list(of_kind.values()), axis=0))
        words = "  ".join(f"{family} {score:.3f}" for family, score in scores.items())
        print(f"{name:20} {kind:34} F {total:.3f}  {words}")
    words = "  ".join(f"{family} {score:.3f}" for family, score in worst.items())
    print(f"{name:20} {'worst':34}          {words}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="the zipped Groove MIDI Dataset")
    parser.add_argument("--sounds", type=Path, nargs="+", default=[Path(p) for p in SOUND_FOLDERS])
    parser.add_argument("--cache", type=Path, required=True, help="folder for kits and stems")
    parser.add_argument("--models", type=Path, nargs="+", default=[MODEL])
    parser.add_argument("--split", choices=("validation", "report"), default="report")
    parser.add_argument("--clips", type=int, default=16, help="performances on each kit")
    options = parser.parse_args()
    sources = load_sources(options.data, options.sounds, options.cache, options.split)
    numbers = range(options.clips)
    clips = [clip for kit in sources.kits for n in numbers for clip in rendered(sources, kit, n)]
    for model in options.models:
        network = Network(model)
        report(f"{model.stem}, judged once", clips, network, DetectionOptions(judged=False))
        report(f"{model.stem}, judged twice", clips, network, DetectionOptions())


if __name__ == "__main__":
    main()
