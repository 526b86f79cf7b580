"""Scores of classical music with their key, as MIDI files: music21's corpus.

Use: PATH benchmarks/corpus_scores.py FOLDER, where PATH is a Python that has the `music21` wheel.
Imports nothing of this project, so that an environment of its own can run it. The key is told by
the signature at the end and the last bass note; pieces where the two disagree (modes, open ends)
are left out. FOLDER gets files and `labels.csv` (file, key, composer).
"""

import csv
import random
import sys
from pathlib import Path

# pyright: reportMissingImports=false
from music21 import converter, corpus, instrument, key
from music21.exceptions21 import Music21Exception

COMPOSERS = ("bach", "beethoven", "chopin", "corelli", "cpebach", "handel", "haydn", "joplin",
             "liliuokalani", "mozart", "schubert", "schumann_robert", "schumann_clara", "verdi",
             "weber")  # fmt: skip
PIECES = 16
ENSEMBLES = (
    (0,), (0,), (6,), (19,), (24,), (40, 40, 41, 42), (48,), (52,), (71, 71, 70, 70),
    (56, 56, 60, 58), (73, 68, 71, 70), (46,), (21,),
)  # fmt: skip
"""General MIDI programs from the highest part down: piano, harpsichord, organ, guitar, strings,
choir, winds, brass, harp, accordion."""
SHARPS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def key_of(score) -> str | None:
    """Key by signature and last bass note."""
    signatures = list(score.parts[-1].recurse().getElementsByClass(key.KeySignature))
    notes = list(score.parts[-1].recurse().notes)
    if not signatures or not notes:
        return None
    last = min(p.midi for p in notes[-1].pitches) % 12
    tonic = (7 * signatures[-1].sharps) % 12
    if last == tonic:
        return f"{SHARPS[tonic]} major"
    return f"{SHARPS[last]} minor" if last == (tonic + 9) % 12 else None


def write(score, out: Path, programs: tuple[int, ...]) -> None:
    for number, part in enumerate(score.parts):
        for old in list(part.recurse().getElementsByClass(instrument.Instrument)):
            part.remove(old, recurse=True)
        voice = instrument.Instrument()
        voice.midiProgram = programs[number % len(programs)]
        part.insert(0, voice)
    score.write("midi", fp=str(out))


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(3)
    rows = []
    for composer in COMPOSERS:
        paths = sorted(str(p) for p in corpus.getComposer(composer))
        for path in rng.sample(paths, min(PIECES, len(paths))):
            try:
                score = converter.parse(path)
                if not score.parts:  # a collection
                    continue
                name = key_of(score)
                if name is None or score.duration.quarterLength < 24:
                    continue
                out = folder / f"{len(rows):03d}.mid"
                write(score, out, rng.choice(ENSEMBLES))
            except Music21Exception as error:
                print(f"left out {path}: {error}", flush=True)
                continue
            rows.append((out.name, name, composer))
            print(*rows[-1], flush=True)
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([("file", "key", "composer"), *rows])


if __name__ == "__main__":
    main()
