"""Scores of classical works, played: recordings whose key is known.

Use: python -m training.songs.played_scores --folder FOLDER --fonts FILE ... [--corpus FOLDER]
Scores of the corpus of `music21` (PyPI) are played through the fonts (.sf2, .sf3), in halls, tuned
to 415 to 443 Hz and coded as MP3. FOLDER gets them and `labels.csv` (file, key, composer, part);
the part "fitted" is for `training.mir.key_profiles`.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import itertools
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile

from indexer.mir.tonality import key as keys
from training.songs import band_songs, corpus_scores

LABELS = "labels.csv"


def corpus_folder() -> Path:
    """Where music21's scores lie; the package is found, not imported."""
    found = importlib.util.find_spec("music21")
    if found is None or found.submodule_search_locations is None:
        raise SystemExit(
            "There are no recordings in the folder, and music21, whose scores could be played, is "
            "not installed: pip install music21, or name a folder of recordings with labels.csv."
        )
    return Path(found.submodule_search_locations[0], "corpus")


def render_corpus(folder: Path, corpus: Path, fonts: Sequence[Path]) -> None:
    """Plays the scores; the same ones give the same sound every time."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for part, composers in (
        ("fitted", corpus_scores.FITTED_COMPOSERS),
        ("measured", corpus_scores.MEASURED_COMPOSERS),
    ):
        for score, font in zip(
            corpus_scores.read_scores(corpus, composers), itertools.cycle(fonts), strict=False
        ):
            samples, key = render_score(score, font)
            name = score.name.replace("/", "_") + ".mp3"
            soundfile.write(folder / name, samples, corpus_scores.SAMPLE_RATE)
            rows.append((name, key, score.composer, part))
    with (folder / LABELS).open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([("file", "key", "composer", "part"), *rows])


def render_score(score: corpus_scores.Score, font: Path) -> tuple[np.ndarray, str]:
    """Samples and the key that sounds: with A at 415 Hz a semitone under the written one."""
    rng = np.random.default_rng(zlib.crc32(score.name.encode()))
    with tempfile.TemporaryDirectory() as place:
        midi, sound = Path(place, "a.mid"), Path(place, "a.wav")
        midi.write_bytes(corpus_scores.score_to_midi(score, rng))
        band_songs.play_midi(midi, sound, str(font))
        dry = soundfile.read(sound, dtype="float32", always_2d=True)[0].mean(axis=1)
    samples, shift = corpus_scores.add_room_and_tuning(rng, dry)
    tonic, scale = score.key.split()
    place = (keys.PITCH_CLASSES.index(tonic) + shift) % 12
    return samples, f"{keys.PITCH_CLASSES[place]} {scale}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--fonts", type=Path, nargs="+", required=True)
    parser.add_argument(
        "--corpus", type=Path, help="music21's corpus, if it is installed elsewhere"
    )
    options = parser.parse_args()
    render_corpus(options.folder, options.corpus or corpus_folder(), options.fonts)


if __name__ == "__main__":
    main()
