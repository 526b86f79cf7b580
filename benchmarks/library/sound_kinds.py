"""Speech told from music, by sound alone: each source, and each family of sources, left out.

    python -m benchmarks.library.sound_kinds --measured FILE

`--measured` is written by `training.mir.sound_kinds`. The weights are fitted again without the
voices, singers, games or instruments that are asked about, with the limits of the product. Prints
the worst sources first.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from indexer.mir.tags.sound_kind import LIKELY, SURE, SURE_SOUND, probabilities
from training.mir.sound_kinds import Clip, fit, read_clips

Read = dict[str, dict[str, float]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.library.sound_kinds", description=__doc__)
    parser.add_argument("--measured", type=Path, required=True)
    clips = read_clips(parser.parse_args().measured)
    for what, part in (("source", _source), ("family", _family)):
        print(f"== every {what} left out of the fit in turn ==")
        report(clips, left_out(clips, part))


def _source(clip: Clip) -> str:
    return clip.source


def _family(clip: Clip) -> str:
    return clip.family


def left_out(clips: Sequence[Clip], part: Callable[[Clip], str]) -> Read:
    """Return clip → probability of each kind, by weights that know nothing of its part."""
    found: Read = {}
    for name in sorted({part(clip) for clip in clips}):
        model = fit([clip for clip in clips if part(clip) != name])
        for clip in clips:
            if part(clip) == name:
                read = probabilities(clip.tagger, clip.measured, model=model)
                found[clip.name] = {str(kind): value for kind, value in read.items()}
    return found


def report(clips: Sequence[Clip], read: Read) -> None:
    """Print how many clips are taken for each kind, by family, the worst first."""
    for limit, when in ((SURE, "by sound alone"), (LIKELY, "long, or with a genre of speech too")):
        print(f"from {limit} ({when}):")
        lines: dict[str, list[tuple[float, str]]] = defaultdict(list)
        total: dict[tuple[str, str], int] = defaultdict(int)
        for family in sorted({(clip.kind, clip.family) for clip in clips}):
            taken = [
                _taken(read[clip.name], limit)
                for clip in clips
                if (clip.kind, clip.family) == family
            ]
            kind, name = family
            right = sum(one == kind for one in taken)
            for one in taken:
                total[kind, one] += 1
            lines[kind].append((right / len(taken), f"{name} {right} of {len(taken)}"))
        for kind, parts in lines.items():
            count = sum(number for (of, _), number in total.items() if of == kind)
            others = ", ".join(
                f"{one} {number}" for (of, one), number in sorted(total.items()) if of == kind
            )
            print(f"  {kind} ({count} clips): taken for {others}")
            print(f"    {', '.join(text for _, text in sorted(parts))}")


def _taken(read: dict[str, float], limit: float) -> str:
    if read["speech"] >= limit:
        return "speech"
    return "sound" if read["sound"] >= SURE_SOUND else "music"


if __name__ == "__main__":
    main()
