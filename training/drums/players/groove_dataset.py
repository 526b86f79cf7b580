"""The Groove MIDI Dataset (Gillick et al., ICML 2019; CC BY 4.0): performances of real drummers."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.drums.corrections.clip_format import Split
from indexer.drums.formats.midi_files import read_notes
from training.drums.players.hits import VOICE_OF_PITCH, Hit, Performance
from training.drums.training_errors import TrainingError

_SPLITS: Final[dict[Split, str]] = {"train": "train", "validation": "validation", "report": "test"}
"""Our splits → those of `info.csv`."""


class GrooveError(TrainingError):
    """The dataset is not where it was said to be."""


@dataclass(frozen=True)
class GrooveSplit:
    """The performances of one split."""

    beats: tuple[Performance, ...]
    fills: tuple[Performance, ...]


def read_groove(path: Path, split: Split) -> GrooveSplit:
    """Read a split of the zipped dataset.

    Args:
        path: `groove-v1.0.0-midionly.zip` or one laid out alike: `groove/info.csv` and the files
            that it names.
        split: Which performances.

    Raises:
        GrooveError: There is no such file, or it is another one.
    """
    beats: list[Performance] = []
    fills: list[Performance] = []
    try:
        with zipfile.ZipFile(path) as archive:
            rows = csv.DictReader(io.StringIO(archive.read("groove/info.csv").decode()))
            for row in rows:
                if row["split"] != _SPLITS[split]:
                    continue
                notes = read_notes(archive.read(f"groove/{row['midi_filename']}"))
                hits = tuple(
                    Hit(note.time_s, VOICE_OF_PITCH[note.pitch], note.velocity / 127)
                    for note in notes
                    if note.pitch in VOICE_OF_PITCH
                )
                numerator, _, denominator = row["time_signature"].partition("-")
                quarters = int(numerator) * 4 // int(denominator)
                made = Performance(hits, float(row["bpm"]), max(1, quarters))
                (beats if row["beat_type"] == "beat" else fills).append(made)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise GrooveError(f"Expected the Groove MIDI Dataset at {path}: {error}") from error
    return GrooveSplit(
        tuple(p for p in beats if len(p.hits) > 8), tuple(p for p in fills if p.hits)
    )
