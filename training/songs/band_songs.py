"""Bands of many styles whose tempo, metre and key are exact: MMA's grooves through SoundFonts.

MMA (Musical MIDI Accompaniment, GPL-2, Debian: apt install mma) writes drums, bass and chords of a
groove over a progression; a random melody goes on top; FluidSynth plays it. The patterns, written
by arrangers, and the sounds are others than those of the demo library.
"""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import soundfile

from indexer.mir.tonality.key import PITCH_CLASSES
from training.songs.tempo_songs import Excerpt, Random

SAMPLE_RATE = 22050
EXCERPT_S = 24.0
GROOVES: dict[str, tuple[float, int]] = {
    "50sRock": (150, 4), "60sRock": (138, 4), "8Beat": (115, 4), "Ballad": (72, 4),
    "BasicRock": (125, 4), "Beguine": (112, 4), "BigBand": (150, 4), "Blues": (110, 4),
    "BoneyM": (120, 4), "BossaNova": (132, 4), "Broadway": (135, 4), "BubbleRock": (130, 4),
    "BVFunk": (100, 4), "ChaCha": (118, 4), "CountryBlues": (108, 4), "CountrySwing": (140, 4),
    "CountryWaltz": (110, 3), "CubanGuitar": (118, 4), "DescendingJazz": (130, 4),
    "Dixie": (180, 4), "DSoul": (105, 4), "EasySwing": (118, 4), "FastBlues": (150, 4),
    "FastJazzWaltz": (185, 3), "FastSwing": (210, 4), "FastWaltz": (180, 3), "Folk": (112, 4),
    "FolkBallad": (84, 4), "FolkRock": (120, 4), "FolkyJazzGuitar": (120, 4), "Foxtrot": (120, 4),
    "FrenchWaltz": (160, 3), "GuitarBallad": (80, 4), "GypsyJazz": (190, 4),
    "HillCountry": (118, 4), "JazzCombo": (140, 4), "JazzGuitar": (130, 4), "JazzRhumba": (116, 4),
    "JazzRock": (118, 4), "JazzWaltz": (140, 3), "Jive": (165, 4), "LatinWaltz": (138, 3),
    "LFusion": (115, 4), "LightTango": (118, 4), "Lullaby": (80, 4), "MellowJazz": (100, 4),
    "ModernJazz": (135, 4), "ModernJazzWaltz": (140, 3), "NiteJazz": (108, 4),
    "PianoBallad": (74, 4), "PopBallad": (74, 4), "PopSpiritual": (95, 4), "R&B-Ballad": (70, 4),
    "R&B": (95, 4), "Rhumba": (110, 4), "RockBallad": (74, 4), "RockWaltz": (108, 3),
    "ShowTune": (125, 4), "ShuffleBoggie": (130, 4), "Ska": (140, 4), "SlowBlues": (66, 4),
    "SlowBroadway": (80, 4), "SlowCountry": (82, 4), "SlowJazz": (76, 4), "SlowSpiritual": (70, 4),
    "SoftRock": (105, 4), "SoftShoe": (108, 4), "Spiritual": (95, 4), "StringBallad": (74, 4),
    "Strut": (110, 4), "Swing": (150, 4), "Tango": (120, 4), "Trance": (138, 4), "Twist": (160, 4),
    "VieneseWaltz": (180, 3), "Waltz": (108, 3), "WesternSwing": (150, 4), "Zydeco": (150, 4),
}  # fmt: skip
"""Usual tempo of each and quarters in a bar. Grooves that people count in two are left out."""
MAX_TEMPO_SHIFT_OCTAVES = 0.3
MAX_DETUNE_OCTAVES = 0.02
MAJOR_STEPS, MINOR_STEPS = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
PROGRESSIONS = {
    "major": (
        "0 5m9 7m 7", "0 9m 5 7", "0 7 9m 5", "2m7 7 0M7 9m7", "0 0 5 7", "0 4m 5 7",
        "0M7 2m7 4m7 5M7",
        "07 57 07 07 57 57 07 07 77 57 07 77", "06 97 2m7 77", "0 10 5 0", "0 5 10 5", "0 27 57 7",
        "9m 5 0 7", "0 0aug 5 5m", "0 2m 5 0",
    ),
    "minor": (
        "0m 8 3 10", "0m 5m 7 0m", "0m 10 8 7", "0m7 57 0m7 57", "0m 5m 10 3", "0m 3 10 5",
        "2dim7 77 0m 0m", "0m 0m 5m 7", "0m7 5m7 0m7 0m7 5m7 5m7 0m7 0m7 87 77 0m7 77",
        "0m 10 5m 0m", "0m 8 10 0m", "8 10 0m 0m", "0m7 3M7 8M7 77",
    ),
}  # fmt: skip
"""Semitones above the tonic, then the chord; blues, modes and sevenths among them."""


@dataclasses.dataclass(frozen=True)
class Band:
    """One song to render: MMA groove, quarters in a bar, tempo, tonic 0..11 from C, scale."""

    groove: str
    beats: int
    bpm: float
    tonic: int
    scale: str


def choose_chords(rng: Random, band: Band) -> list[str]:
    """Names of a progression's chords in MMA's spelling, one a bar."""
    choices = PROGRESSIONS[band.scale]
    names = []
    for step in choices[int(rng.integers(len(choices)))].split():
        digits = 2 if step[:2] in ("10", "11") else 1
        root = PITCH_CLASSES[(band.tonic + int(step[:digits])) % 12]
        names.append(root + step[digits:])
    return names


def random_melody(rng: Random, band: Band) -> str:
    """One bar of a random walk on the scale, in MMA's notation."""
    steps = MAJOR_STEPS if band.scale == "major" else MINOR_STEPS
    cells = (("4",), ("8", "8"), ("8", "16", "16"), ("4",))
    notes, place = [], int(rng.integers(0, 7))
    for _ in range(band.beats):
        for length in cells[int(rng.integers(len(cells)))]:
            place = int(np.clip(place + rng.integers(-2, 3), 0, 10))
            semitone = band.tonic + steps[place % 7] + 12 * (place // 7)
            name = PITCH_CLASSES[semitone % 12].lower() + "+" * min(semitone // 12, 1)
            notes.append(length + ("r" if rng.random() < 0.25 else name))
    return ";".join(notes) + ";"


def write_song(rng: Random, band: Band) -> str:
    """The song as MMA reads it."""
    lines = [f"Tempo {band.bpm:.3f}", f"Groove {band.groove}"]
    tune = rng.random() < 0.7
    if tune:
        voice = int(rng.choice([0, 4, 11, 16, 24, 27, 29, 40, 52, 56, 65, 73, 80, 81]))
        lines += [f"Begin Solo\nVoice {voice}\nOctave 5\nVolume mf\nEnd"]
    names, bars = choose_chords(rng, band), [random_melody(rng, band) for _ in range(8)]
    for bar in range(int(EXCERPT_S * band.bpm / 60 / band.beats) + 3):
        end = f" {{{bars[bar % 8]}}}" if tune and bar % 16 < 12 else ""
        lines.append(f"{bar + 1} {names[bar % len(names)]}{end}")
    return "\n".join(lines) + "\n"


def render_band(rng: Random, band: Band, fonts: Sequence[Path]) -> np.ndarray:
    """Mono float32 audio at `SAMPLE_RATE`, `EXCERPT_S` from the second bar on."""
    with tempfile.TemporaryDirectory() as folder:
        song, midi, sound = (Path(folder, name) for name in ("a.mma", "a.mid", "a.wav"))
        song.write_text(write_song(rng, band), encoding="ascii")
        run_program("mma", "-f", str(midi), str(song))
        font = str(fonts[int(rng.integers(len(fonts)))])
        play_midi(midi, sound, font)
        samples = soundfile.read(sound, dtype="float32", always_2d=True)[0].mean(axis=1)
    start = int(band.beats * 60 / band.bpm * SAMPLE_RATE)
    cut = samples[start : start + int(EXCERPT_S * SAMPLE_RATE)]
    drive = rng.uniform(0.5, 2) / max(float(np.percentile(np.abs(cut), 99)), 1e-6)
    hiss = rng.normal(0, 10 ** rng.uniform(-4, -2.2), len(cut))
    return (np.tanh(0.9 * drive * cut) + hiss).astype(np.float32)


def play_midi(midi: Path, sound: Path, font: str) -> None:
    """FluidSynth: a MIDI file as sound."""
    options = ["-o", "synth.dynamic-sample-loading=1", "-g", "0.5", "-r", str(SAMPLE_RATE)]
    run_program("fluidsynth", "-ni", "-q", *options, "-F", str(sound), font, str(midi))


def run_program(program: str, *arguments: str) -> None:
    if shutil.which(program) is None:
        raise SystemExit(f"Bands need {program}; install it (Debian: apt install {program}).")
    subprocess.run([program, *arguments], check=True, capture_output=True, timeout=120)


def detune(rng: Random, samples: np.ndarray) -> tuple[np.ndarray, float]:
    """The samples played up to a quarter of a semitone higher or lower, and how much faster."""
    off = 2 ** rng.uniform(-MAX_DETUNE_OCTAVES, MAX_DETUNE_OCTAVES)
    at = np.arange(0, len(samples) - 1, off)
    return np.interp(at, np.arange(len(samples)), samples).astype(np.float32), off


def render_bands(rng: Random, *, per_groove: int, fonts: Sequence[Path]) -> Iterator[Excerpt]:
    """Every groove at `per_groove` tempi around its own, in random keys."""
    for _ in range(per_groove):
        for groove, (usual, beats) in GROOVES.items():
            bpm = round(
                usual * 2 ** rng.uniform(-MAX_TEMPO_SHIFT_OCTAVES, MAX_TEMPO_SHIFT_OCTAVES), 1
            )
            scale = "major" if rng.random() < 0.5 else "minor"
            band = Band(groove, beats, bpm, int(rng.integers(12)), scale)
            samples, off = detune(rng, render_band(rng, band, fonts))
            key = f"{PITCH_CLASSES[band.tonic]} {scale}"
            yield Excerpt(samples, bpm * off, f"band {groove}", key, SAMPLE_RATE, beats)
