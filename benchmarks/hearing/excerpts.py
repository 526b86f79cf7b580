"""How many patches of 3 s the tagger has to hear of a whole track.

    python -m benchmarks.hearing.excerpts --music FOLDER --models FOLDER [--limit 12]

Whole songs are heard patch by patch, one after the other. What a few patches say, spread evenly as
the indexer takes them, is compared with what all of them say: correlation of each tag over the
songs, genre, moods and scores (mean absolute difference), cosine of the embeddings.
"""

from __future__ import annotations

import argparse
import dataclasses
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.files.audio.decoding import decode
from indexer.mir import analyse
from indexer.mir.signal.loudness import measure
from indexer.mir.signal.spectrum import ANALYSIS_RATE_HZ
from indexer.mir.tags import features
from indexer.mir.tags.tagger import PatchOutputs, Tagger
from indexer.mir.types import MirResult, RawFeatures, TagHints, ValueSource
from store.vocabulary import AUDIO_SUFFIXES
from training.mir.tagger_files import load_tagger

ALL_PATCHES = 1000
BACKBEAT = ValueSource.BACKBEAT
SHORTEST_S = 110.0
COUNTS = ((3, 3), (5, 5), (7, 7), (10, 5), (10, 10), (15, 15), (20, 20))
"""Patches that the MSD and the MTT network hear."""


@dataclass(frozen=True)
class Heard:
    """A whole song: every patch, and what was measured of it."""

    patches: PatchOutputs
    raw: RawFeatures


def hear(path: Path, tagger: Tagger) -> Heard | None:
    """A song of at least `SHORTEST_S`; None for shorter ones."""
    blocks: list[np.ndarray] = []
    audio = decode(path, sample_rate=ANALYSIS_RATE_HZ, on_block=blocks.append)
    if audio.duration_s < SHORTEST_S:
        return None
    level = measure(np.concatenate(blocks, axis=1), sample_rate=audio.source_sample_rate)
    patches = tagger.tag_patches(audio.samples, sample_rate=ANALYSIS_RATE_HZ, patches=ALL_PATCHES)
    result = analyse.analyse(
        audio.samples, sample_rate=ANALYSIS_RATE_HZ, loudness=level, tagger=patches.mean()
    )
    return Heard(patches, result.raw)


def spread(values: np.ndarray, count: int) -> np.ndarray:
    """`count` of the patches, each in the middle of one of as many equal sections."""
    if count >= len(values):
        return values
    return values[((np.arange(count) + 0.5) * len(values) / count).astype(int)]


def result_of(heard: Heard, msd: int, mtt: int) -> MirResult:
    """Genre, moods and scores as they would be with so many patches."""
    every = heard.patches
    few = PatchOutputs(
        spread(every.msd, msd), spread(every.mtt, mtt), spread(every.embeddings, msd)
    )
    output = few.mean()
    raw = dataclasses.replace(heard.raw, tagger=output.by_model)
    result = analyse.derive(
        raw, tempo=(raw.tempo, BACKBEAT), key=(raw.key, BACKBEAT), tags=TagHints()
    )
    return dataclasses.replace(result, embedding=tuple(output.embedding.tolist()))


def correlation(few: list[MirResult], whole: list[MirResult], prefix: str) -> float:
    """Mean over the tags of one network of the correlation over songs, as log-odds."""
    names = [name for name in whole[0].raw.tagger if name.startswith(prefix)]
    a, b = (
        np.array([[features.logit(r.raw.tagger[name]) for name in names] for r in results])
        for results in (few, whole)
    )
    return float(np.mean([np.corrcoef(a[:, i], b[:, i])[0, 1] for i in range(len(names))]))


def report(songs: list[Heard]) -> None:
    """One row for each number of patches."""
    whole = [result_of(song, ALL_PATCHES, ALL_PATCHES) for song in songs]
    print(f"{len(songs)} songs, {sum(len(s.patches.msd) for s in songs)} patches")
    for msd, mtt in COUNTS:
        few = [result_of(song, msd, mtt) for song in songs]
        pairs = list(zip(few, whole, strict=True))
        genre = np.mean([a.normalized.genre_main == b.normalized.genre_main for a, b in pairs])
        moods = np.array([[abs(a.moods[m] - b.moods[m]) for m in b.moods] for a, b in pairs])
        has = np.mean(
            [[(a.moods[m] >= 0.5) == (b.moods[m] >= 0.5) for m in b.moods] for a, b in pairs]
        )
        energy, valence = (
            np.mean(
                [abs((getattr(a.scores, n) or 0) - (getattr(b.scores, n) or 0)) for a, b in pairs]
            )
            for n in ("energy_score", "mood_valence")
        )
        cosine = np.mean([np.dot(a.embedding, b.embedding) for a, b in pairs])
        print(
            f"MSD {msd:2d} MTT {mtt:2d}  tags {correlation(few, whole, 'msd'):.3f} "
            f"{correlation(few, whole, 'mtt'):.3f}  genre {genre:.2f}  moods differ "
            f"{moods.mean():.3f}, same yes or no {has:.3f}  energy {energy:.3f}  "
            f"valence {valence:.3f}  embedding {cosine:.4f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.hearing.excerpts", description=__doc__)
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=12)
    given = parser.parse_args()
    tagger = load_tagger(given.models)
    assert tagger is not None
    files = sorted(p for p in given.music.rglob("*") if p.suffix.lower() in AUDIO_SUFFIXES)
    songs: list[Heard] = []
    step = max(len(files) // (2 * given.limit), 1)
    for path in files[::step]:
        heard = hear(path, tagger)
        songs += [] if heard is None else [heard]
        if len(songs) == given.limit:
            break
    if len(songs) < 2:
        parser.error(f"Expected songs of {SHORTEST_S:.0f} s and more in {given.music}")
    report(songs)


if __name__ == "__main__":
    main()
