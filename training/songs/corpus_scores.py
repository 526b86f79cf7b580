"""Scores of classical music with known keys, played: MusicXML of the corpus of `music21`.

`music21` (PyPI) is not imported: its corpus is a folder of files. The key follows from the key
signature and the last bass note; movements in which they disagree (modes, open ends, a trio without
its da capo) are left out. Quartets whose movements share one file have the key of their title.
Nothing is fitted to scores of the composers in `MEASURED_COMPOSERS`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import soxr
from scipy import signal

from indexer.drums.formats.midi_files import MidiNote, write_notes
from indexer.mir.tonality.key import PITCH_CLASSES
from training.songs.tempo_songs import Random

FITTED_COMPOSERS = {"bach": 24, "corelli": 1, "cpebach": 1, "haydn": 9, "joplin": 1, "schubert": 1,
          "schumann_robert": 7, "weber": 1}  # fmt: skip
MEASURED_COMPOSERS = {"beach": 1, "beethoven": 22, "handel": 1, "johnson_j_r": 1, "leadSheet": 2,
            "liliuokalani": 1, "monteverdi": 10, "mozart": 16, "schumann_clara": 5,
            "verdi": 1}  # fmt: skip
"""Composers as the corpus spells them, and of how many pieces of each the key is looked for."""
KEY_OF_TITLE = {"opus132": "A minor", "opus133": "A# major", "opus18no3": "D major",
          "opus18no4": "C minor", "opus18no5": "A major", "opus74": "D# major"}  # fmt: skip
ENSEMBLES = ((0,), (0,), (6,), (19,), (24,), (40, 40, 41, 42), (48,), (52,), (71, 71, 70, 70),
             (56, 56, 60, 58), (73, 68, 71, 70), (46,), (21,))  # fmt: skip
"""General MIDI programs from the highest part down: piano, harpsichord, organ, guitar, strings,
choir, winds, brass, harp, accordion."""
TUNINGS_HZ = (415, 430, 435, 440, 440, 440, 442, 443)
"""What A is tuned to: baroque and classical pitch, modern orchestras."""
SAMPLE_RATE = 22050
MAX_DURATION_S = 180.0
CUT_S = 176.0
"""Long movements are cut in the middle of a sound, as excerpts are."""
MIN_NOTES = 60
SEMITONES_OF_STEP = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


@dataclass(frozen=True)
class Score:
    """A movement: (start, length) in quarters, pitch and part of each note; key as "C# minor"."""

    name: str
    composer: str
    key: str
    notes: tuple[tuple[float, float, int, int], ...]


def read_scores(corpus: Path, composers: dict[str, int]) -> Iterator[Score]:
    """Movements of some composers whose key is plain, in the order of their names."""
    for composer, count in composers.items():
        files = sorted(
            file
            for file in corpus.glob(f"{composer}/**/*")
            if file.suffix in (".mxl", ".xml", ".musicxml") and "_old" not in file.name
        )
        chosen = np.random.default_rng(3).permutation(len(files))[:count]
        for number in sorted(int(i) for i in chosen):
            found = read_score(files[number], composer, str(files[number].relative_to(corpus)))
            if found is not None:
                yield found


def read_score(file: Path, composer: str, name: str) -> Score | None:
    """A score whose key can be told, or None."""
    if file.suffix == ".mxl":
        with zipfile.ZipFile(file) as packed:
            inside = [n for n in packed.namelist() if n.endswith("xml") and "META-INF" not in n]
            root = ElementTree.fromstring(packed.read(inside[0]))
    else:
        root = ElementTree.parse(file).getroot()
    if root.tag != "score-partwise":
        return None
    notes = [
        note
        for number, part in enumerate(root.iter("part"))
        for note in _notes_of_part(part, number)
    ]
    if len(notes) < MIN_NOTES:
        return None
    signature = root.find(".//key/fifths")
    key = KEY_OF_TITLE.get(file.stem) or _key_of(
        notes, 0 if signature is None else int(signature.text or 0)
    )
    return None if key is None else Score(name, composer, key, tuple(notes))


def _key_of(notes: Sequence[tuple[float, float, int, int]], fifths: int) -> str | None:
    end = max(start + length for start, length, _, _ in notes)
    last = min(pitch for start, length, pitch, _ in notes if start + length > end - 0.01) % 12
    tonic = 7 * fifths % 12
    if last == tonic:
        return f"{PITCH_CLASSES[tonic]} major"
    return f"{PITCH_CLASSES[last]} minor" if last == (tonic + 9) % 12 else None


def _notes_of_part(part: ElementTree.Element, number: int) -> list[tuple[float, float, int, int]]:
    """Sounding notes of a part; tied notes are one."""
    notes: list[tuple[float, float, int, int]] = []
    held: dict[int, int] = {}
    now, start, divisions, transposed = 0.0, 0.0, 1.0, 0
    for event in part.iter():
        if event.tag == "divisions":
            divisions = float(event.text or 1)
        elif event.tag == "transpose":
            transposed = int(event.findtext("chromatic", "0"))
        elif event.tag in ("backup", "forward"):
            step = float(event.findtext("duration", "0")) / divisions
            now += step if event.tag == "forward" else -step
        elif event.tag == "note" and event.find("grace") is None:
            length = float(event.findtext("duration", "0")) / divisions
            if event.find("chord") is None:
                start, now = now, now + length
            pitch = _pitch_of(event.find("pitch"), transposed)
            if pitch is None:
                continue
            ties = {tie.get("type") for tie in event.findall("tie")}
            if "stop" in ties and pitch in held:
                first = notes[held[pitch]]
                notes[held[pitch]] = (first[0], start + length - first[0], pitch, number)
            else:
                held[pitch] = len(notes)
                notes.append((start, length, pitch, number))
            if "start" not in ties:
                held.pop(pitch, None)
    return notes


def _pitch_of(pitch: ElementTree.Element | None, transposed: int) -> int | None:
    if pitch is None:
        return None
    altered = SEMITONES_OF_STEP[pitch.findtext("step", "C")] + int(
        float(pitch.findtext("alter", "0"))
    )
    return 12 * (int(pitch.findtext("octave", "4")) + 1) + altered + transposed


def score_to_midi(score: Score, rng: Random) -> bytes:
    """The score for some ensemble, in a moderate tempo, at most `MAX_DURATION_S` of it."""
    programs = ENSEMBLES[int(rng.integers(len(ENSEMBLES)))]
    quarter_s = 60 / rng.uniform(80, 130)
    notes = [
        MidiNote(start * quarter_s, pitch, int(rng.integers(55, 100)), length * quarter_s, part % 8)
        for start, length, pitch, part in score.notes
        if (start + length) * quarter_s < MAX_DURATION_S and 20 < pitch < 110
    ]
    parts = sorted({part for *_, part in score.notes})
    return write_notes(notes, {p % 8: programs[p % len(programs)] for p in parts})


def add_room_and_tuning(rng: Random, samples: np.ndarray) -> tuple[np.ndarray, int]:
    """The samples in a hall, tuned to some A, with hiss; and how many semitones higher that is."""
    cut = samples[: int(CUT_S * SAMPLE_RATE)]
    a_hz = float(rng.choice(TUNINGS_HZ))
    decay_s = rng.uniform(0.3, 2.5)
    t = np.arange(int(decay_s * SAMPLE_RATE)) / SAMPLE_RATE
    hall = rng.normal(0, 1, len(t)) * 10 ** (-3 * t / decay_s)
    hall *= rng.uniform(0.1, 0.5) / np.linalg.norm(hall)
    wet = signal.fftconvolve(cut, hall)[: len(cut)].astype(np.float32)
    tuned = soxr.resample(cut + wet, SAMPLE_RATE * a_hz / 440, SAMPLE_RATE)
    tuned *= rng.uniform(0.3, 0.9) / max(float(np.abs(tuned).max()), 1e-6)
    tuned += rng.normal(0, 10 ** rng.uniform(-4.5, -3), len(tuned)).astype(np.float32)
    return tuned, round(12 * np.log2(a_hz / 440))
