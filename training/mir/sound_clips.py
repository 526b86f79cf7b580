"""Cuts clips of speech, of other sounds and of music, to fit and to measure `kind.json` with.

    python -m training.mir.sound_clips --sources FOLDER --out FOLDER

`--sources` holds Debian packages and repositories, each unpacked into a folder of its name as
`sound_clips.toml` has them. Programs that speak (espeak-ng, flite) and FluidSynth add voices of
many languages and single instruments. A clip is `OUT/KIND/SOURCE/NUMBER.flac`: about 24 s at
22 050 Hz; a part of the clips is heard through a telephone, in a room, or with noise.
"""

from __future__ import annotations

import argparse
import re
import tomllib
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import soundfile

from indexer.arrays import Float32
from training.mir import made_sounds
from training.mir.made_sounds import RATE_HZ, samples

CLIP_S: Final = 24.0
QUIET: Final = 1e-3
"""Root mean square of a clip below which there is nothing to hear in it."""
PAUSE_S: Final = (0.15, 0.6)
CHANGES: Final = ("none", "none", "telephone", "room", "noise")


def main() -> None:
    parser = argparse.ArgumentParser(prog="training.mir.sound_clips", description=__doc__)
    parser.add_argument("--sources", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    listed = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    for source in listed["source"]:
        for name, files in grouped(options.sources, source).items():
            cut = joined if source.get("join") else excerpts
            write(options.out / source["kind"] / name, cut(files, source["clips"]))
    for kind, name, clips in made_sounds.every(options.sources):
        write(options.out / kind / name, clips)


def grouped(sources: Path, source: dict) -> dict[str, list[Path]]:
    """Return the files of each voice, game or song."""
    found: dict[str, list[Path]] = {}
    for pattern in source["files"]:
        for path in sorted(sources.glob(pattern)):
            relative = path.relative_to(sources).as_posix()
            if not path.is_file() or re.search(source.get("except", "$^"), relative):
                continue
            match = re.search(source["group"], relative) if "group" in source else None
            if "group" in source and match is None:
                continue
            part = re.sub(r"[^\w.-]+", "_", match.group(1)) if match else ""
            found.setdefault(source["name"].format(part), []).append(path)
    return found


def write(folder: Path, clips: Iterator[Float32]) -> None:
    random = np.random.default_rng(zlib.crc32(folder.name.encode()))
    for number, clip in enumerate(clips):
        if not clip.size or np.sqrt(np.mean(clip**2)) < QUIET:
            continue
        change = CHANGES[random.integers(len(CHANGES))]
        changed = made_sounds.changed(clip, change, random)
        folder.mkdir(parents=True, exist_ok=True)
        peak = float(np.abs(changed).max())
        level = random.uniform(0.2, 0.98) / max(peak, 1e-6)
        soundfile.write(folder / f"{number:02d}_{change}.flac", changed * level, RATE_HZ)


def joined(files: list[Path], clips: int) -> Iterator[Float32]:
    """Yield clips of short files in random order, with pauses between them."""
    random = np.random.default_rng(len(files))
    order = iter(random.permutation(len(files)).tolist())
    for _ in range(clips):
        parts: list[Float32] = []
        while sum(map(len, parts)) < CLIP_S * RATE_HZ:
            at = next(order, None)
            if at is None:
                break
            parts.append(samples(files[at]))
            parts.append(np.zeros(int(random.uniform(*PAUSE_S) * RATE_HZ), np.float32))
        if parts:
            yield np.concatenate(parts)[: int(CLIP_S * 1.5 * RATE_HZ)]


def excerpts(files: list[Path], clips: int) -> Iterator[Float32]:
    """Yield clips out of files in turn, each the loudest of three places."""
    random = np.random.default_rng(len(files))
    for at in np.resize(random.permutation(len(files)), clips).tolist():
        audio = samples(files[at])
        size = int(CLIP_S * RATE_HZ)
        starts = [int(random.uniform(0, max(audio.size - size, 1))) for _ in range(3)]
        yield max((audio[s : s + size] for s in starts), key=lambda clip: float(np.mean(clip**2)))


if __name__ == "__main__":
    main()
