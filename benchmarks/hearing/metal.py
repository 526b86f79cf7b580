"""What the profiles hear in fast, loud rhythms: F-measure on rendered double bass and blast beats.

    python -m benchmarks.hearing.metal --data GROOVE_ZIP --cache DIR [--clips N] [--any]

Clips of 15 s are rendered as the training renders them (`training/drums`), with the kits and
the instruments that training never heard; DIR may be the training's cache. With `--any` all that
training plays is played, recorded performances of drummers whom it never heard among it.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np

from benchmarks.hearing.drums import Times, count, f_measure, onset_times
from indexer.drums.corrections.clip_format import CLASSES
from indexer.drums.hearing.peaks import transcribe
from indexer.drums.hearing.profiles import available, detector_of
from indexer.drums.types import FAMILIES
from training.drums.clips.clip_rendering import RenderSources, load_sources, mix_and_master
from training.drums.players.drum_patterns import STYLES, generate_pattern
from training.drums.players.hits import CLASS_OF_VOICE, Performance, clean_hits, shift_hits
from training.drums.players.performances import perform
from training.drums.sounds.accompaniment import render_accompaniment
from training.drums.sounds.hit_rendering import render_hits
from training.drums.sounds.kit_cache import SOUND_FOLDERS

METAL = ("double bass", "gallop", "blast", "hammer blast", "skank")
CLIP_S = 15.0
SEED = 77


def metal(rng: np.random.Generator) -> tuple[Performance, float]:
    """A generated passage, and where its first bar starts in it (s)."""
    styles = [style for style in STYLES if style.name in METAL]
    pattern = generate_pattern(rng, duration_s=CLIP_S, styles=styles)
    start_s = float(rng.uniform(0.05, 0.4))
    strokes = clean_hits(shift_hits(list(pattern.hits), start_s), duration_s=CLIP_S - 0.1)
    return Performance(strokes, pattern.bpm, pattern.beats_per_bar), start_s


def rendered(sources: RenderSources, number: int, *, any_music: bool) -> tuple[np.ndarray, Times]:
    """A mix, and the strokes in it that can be heard."""
    rng = np.random.default_rng((SEED, number))
    passage = perform(rng, sources.groove, duration_s=CLIP_S) if any_music else metal(rng)
    played, start_s = passage
    drums, played_hits, _ = render_hits(rng, played.hits, sources.kits, duration_s=CLIP_S)
    others = render_accompaniment(rng, played, sources.fonts, start_s=start_s, duration_s=CLIP_S)
    truth: Times = defaultdict(list)
    for one in played_hits:
        if one.audible and one.hit.voice in CLASS_OF_VOICE:
            truth[CLASSES[CLASS_OF_VOICE[one.hit.voice]].family].append(one.hit.time_s)
    return mix_and_master(rng, drums, others), {
        family: sorted(times) for family, times in truth.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="the zipped Groove MIDI Dataset")
    parser.add_argument("--cache", type=Path, required=True, help="folder for the kits")
    parser.add_argument("--clips", type=int, default=80)
    parser.add_argument("--first", type=int, default=80, help="settings were chosen on 0 to 79")
    parser.add_argument("--any", action="store_true", help="all kinds of music instead of metal")
    options = parser.parse_args()
    sources = load_sources(
        options.data, [Path(p) for p in SOUND_FOLDERS], options.cache, "validation"
    )
    numbers = range(options.first, options.first + options.clips)
    clips = [rendered(sources, number, any_music=options.any) for number in numbers]
    nothing = options.cache / "none"
    for name in available(imported=nothing):
        detector = detector_of(name, imported=nothing)
        counts = {family: np.zeros(3) for family in FAMILIES}
        for samples, truth in clips:
            heard = onset_times(transcribe(samples, detector=detector))
            for family in FAMILIES:
                counts[family] += count(truth, heard, family, 0.05)
        total = f_measure(np.sum(list(counts.values()), axis=0))
        classes = "  ".join(f"{family} {f_measure(c):.3f}" for family, c in counts.items())
        print(f"{name:12} F {total:.3f}  {classes}")


if __name__ == "__main__":
    main()
