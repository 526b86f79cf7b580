"""Keys told of clips with and without pitch: drums, speech, noise, singing, instruments, songs.

    python -m benchmarks.hearing.unpitched_keys --clips FOLDER

`--clips` is what `training.mir.sound_clips` cut. Prints for each family of sources how many clips
have a key, how many with a confidence of .7 and .9, and the share of steady pitches.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np

from indexer.files.audio.decoding import decode
from indexer.mir.signal.spectrum import ANALYSIS_RATE_HZ
from indexer.mir.tonality.chroma import chroma
from indexer.mir.tonality.key import estimate_key


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.hearing.unpitched_keys", description=__doc__)
    parser.add_argument("--clips", type=Path, required=True)
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for path in sorted(parser.parse_args().clips.glob("*/*/*.flac")):
        profile = chroma(decode(path, sample_rate=ANALYSIS_RATE_HZ).samples)
        key = estimate_key(profile)
        kind, source = path.parent.parent.name, path.parent.name.split()[0]
        share = profile.pitch_share if profile else 0.0
        found[f"{kind} {source}"].append((key.confidence if key else 0.0, share))
    print(
        "family                        clips   key   .7+   .9+   share of steady pitches 10/50/90 %"
    )
    for family, rows in sorted(found.items()):
        sure = np.array([confidence for confidence, _ in rows])
        shares = np.quantile([share for _, share in rows], (0.1, 0.5, 0.9))
        counts = "".join(f"{int((sure >= limit).sum()):6d}" for limit in (0.01, 0.7, 0.9))
        print(f"{family:30s}{len(rows):5d}{counts}   {'/'.join(f'{s:.3f}' for s in shares)}")


if __name__ == "__main__":
    main()
