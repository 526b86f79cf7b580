"""Sounds that programs make: voices of many languages, single instruments, rhymes over drums."""

from __future__ import annotations

import itertools
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import soundfile
import soxr
from scipy import signal

from indexer.arrays import Float32
from indexer.drums.formats.midi_files import MidiNote as Note
from indexer.drums.hearing.mel import SAMPLE_RATE
from indexer.files.audio.audio_types import AudioError
from indexer.files.audio.decoding import decode
from training.drums.sounds.fluidsynth import render_notes

RATE_HZ: Final = 22_050
SOUND_FONT: Final = Path("/usr/share/sounds/sf2/TimGM6mb.sf2")
LANGUAGES: Final = (
    "en-us", "en-gb", "fr-fr", "de", "es", "it", "pt-br", "nl", "pl", "ru", "cs", "sv", "fi", "el",
    "tr", "hu", "ro", "da", "nb", "uk", "ca", "hr", "sk", "lt", "lv", "et", "id", "vi", "sw", "eo",
    "la", "cy", "af", "is", "sq", "bs", "ms", "ga", "eu", "az",
)  # fmt: skip
VARIANTS: Final = (
    "m1", "f1", "m2", "f2", "m3", "f3", "m4", "f4", "m5", "f5", "m6", "m7", "croak", "whisper",
    "Alex", "Annie", "klatt2", "klatt4", "Michael", "Storm",
)  # fmt: skip
"""Voices of espeak-ng, each with two languages."""
TEXT: Final = """Welcome to the programme. Today we talk about the history of the railway, and why
the station clock was wrong for so long. Nobody knew. In the spring of that year the old engineer
walked home along the river; he had been told to wait, but he did not. What happened next? Let us
hear what his daughter wrote: "My father never liked the cold, and he said so every morning." There
were three hundred and twelve people in the village. Some of them left, others stayed, and the rest
is in chapter four. Please subscribe, leave a message, and come back next week."""
RHYME: Final = """step to the street and the beat goes on, light in the night till the heat is gone,
move with the groove and the rhyme is strong, time on the line and the climb is long"""
PROGRAMS: Final = tuple(range(0, 116, 2))
"""General MIDI programs that play alone."""


def every(sources: Path) -> Iterator[tuple[str, str, Iterator[Float32]]]:
    """Yield kind, source and clips of everything that is made."""
    for number, variant in enumerate(VARIANTS):
        languages = LANGUAGES[2 * number : 2 * number + 2]
        yield "speech", f"espeak {variant}", (spoken(one, variant, TEXT) for one in languages)
    for voice in ("kal", "awb", "rms", "slt"):
        yield "speech", f"flite {voice}", iter([flite(voice)])
    for name in ("white", "pink", "brown", "hum", "rain", "waves"):
        yield "sound", f"made {name}", iter([made_noise(name)])
    for program in PROGRAMS:
        yield "music", f"alone {program:03d}", iter([alone(program)])
    for kit in (0, 8, 16, 24, 25, 32, 40):
        yield "music", f"drums {kit:02d}", iter([drums(kit)])
    beats = sorted((sources / "eir").glob("*DRUM*")) + sorted((sources / "eir").glob("*BEAT*"))
    for variant, beat in zip(VARIANTS[:12], itertools.cycle(beats), strict=False):
        yield "music", f"rhymes {variant}", iter([rhymed(variant, beat)])


def spoken(language: str, variant: str, text: str, *, pitch: int = 50) -> Float32:
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        voice = f"{language}+{variant}"
        speed = str(130 + 15 * (hash_of(voice) % 5))
        command = ["espeak-ng", "-v", voice, "-s", speed, "-p", str(pitch), "-w", file.name, text]
        subprocess.run(command, check=True, capture_output=True)
        return read(Path(file.name))[: 24 * RATE_HZ]


def flite(voice: str) -> Float32:
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        subprocess.run(["flite", "-voice", voice, "-t", TEXT, "-o", file.name], check=True)
        return read(Path(file.name))[: 24 * RATE_HZ]


def hash_of(text: str) -> int:
    return sum(map(ord, text))


def samples(path: Path) -> Float32:
    """Return the mono samples of a file; none where it cannot be decoded."""
    try:
        return decode(path, sample_rate=RATE_HZ).samples
    except AudioError:
        return np.zeros(0, np.float32)


def read(path: Path) -> Float32:
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return soxr.resample(samples.mean(axis=1), rate, RATE_HZ)


def made_noise(name: str) -> Float32:
    random = np.random.default_rng(hash_of(name))
    white = random.standard_normal(24 * RATE_HZ)
    time_s = np.arange(white.size) / RATE_HZ
    spectrum = np.fft.rfft(white)
    rate = np.maximum(np.fft.rfftfreq(white.size, 1 / RATE_HZ), 20.0)
    slope = {"pink": 0.5, "brown": 1.0, "waves": 0.7, "rain": 0.2, "hum": 0.8}.get(name, 0.0)
    made = np.fft.irfft(spectrum / rate**slope)
    made /= made.std()
    if name == "hum":
        made = 0.2 * made + sum(np.sin(2 * np.pi * 50 * k * time_s) / k for k in range(1, 8))
    if name == "waves":
        made *= 1.2 + np.sin(2 * np.pi * 0.12 * time_s)
    if name == "rain":
        made += 8 * (random.random(made.size) < 2e-3) * random.standard_normal(made.size)
    return (0.1 * made).astype(np.float32)


def alone(program: int) -> Float32:
    """One instrument with a melody, chords below it where it plays several notes."""
    random = np.random.default_rng(program)
    tonic, scale = int(random.integers(45, 60)), (0, 2, 4, 5, 7, 9, 11, 12, 14, 16)
    beat_s = random.uniform(0.3, 0.7)
    notes: list[Note] = []
    degree = 4
    for beat in range(int(24 / beat_s)):
        degree = int(np.clip(degree + random.integers(-2, 3), 0, 9))
        chord = [tonic + scale[degree]]
        if program < 32 and random.random() < 0.4:
            chord += [tonic + scale[max(degree - 2, 0)], tonic + scale[max(degree - 4, 0)] - 12]
        length_s = beat_s / int(random.choice([1, 1, 2]))
        velocity = int(random.integers(60, 110))
        notes += [Note(beat * beat_s, note, velocity, length_s) for note in chord]
    return played(notes, {0: program})


def drums(kit: int) -> Float32:
    """A drum kit alone."""
    random = np.random.default_rng(kit)
    step_s = random.uniform(0.11, 0.19)
    notes: list[Note] = []
    for at in range(int(24 / step_s)):
        hits = [42] * (at % 2 == 0) + [36] * (at % 8 in (0, 5)) + [38] * (at % 8 == 4)
        hits += [int(random.choice([41, 45, 46, 49]))] * (random.random() < 0.08)
        notes += [Note(at * step_s, hit, 96, step_s / 2, 9) for hit in hits]
    return played(notes, {9: kit})


def played(notes: list[Note], programs: dict[int, int]) -> Float32:
    made = render_notes(notes, programs, SOUND_FONT)
    return soxr.resample(made, SAMPLE_RATE, RATE_HZ)[: 24 * RATE_HZ]


def rhymed(variant: str, beat: Path) -> Float32:
    """A voice that speaks a rhyme on the beat, over drums: what rap is made of."""
    ground = samples(beat)
    start = int(np.argmax(np.abs(ground) > 0.05))
    ground = np.resize(ground[start : start + 16 * RATE_HZ], 24 * RATE_HZ)
    voice = np.zeros_like(ground)
    period = 60 / 92 * RATE_HZ
    at = 0.0
    for words in itertools.cycle(RHYME.replace("\n", " ").split(",")):
        line = spoken("en-us", variant, words)
        line = soxr.resample(line, len(line), int(4 * period * 0.95))
        if at + len(line) > voice.size:
            break
        voice[int(at) : int(at) + len(line)] += line
        at += 4 * period
    level = np.sqrt(np.mean(ground**2)) / max(float(np.sqrt(np.mean(voice**2))), 1e-6)
    return (ground + voice * level).astype(np.float32)


def changed(clip: Float32, change: str, random: np.random.Generator) -> Float32:
    """Return a clip as over a telephone, in a room, or with noise."""
    if change == "telephone":
        sections = signal.butter(4, (250, 3600), "bandpass", fs=RATE_HZ, output="sos")
        return np.asarray(signal.sosfilt(sections, clip), np.float32)
    if change == "room":
        size = int(random.uniform(0.3, 0.9) * RATE_HZ)
        tail = random.standard_normal(size) * np.exp(-6.9 * np.arange(size) / size) * 0.05
        tail[0] = 1.0
        return signal.fftconvolve(clip, tail)[: clip.size].astype(np.float32)
    if change == "noise":
        level = np.sqrt(np.mean(clip**2)) * 10 ** (random.uniform(-35, -18) / 20)
        return (clip + level * random.standard_normal(clip.size)).astype(np.float32)
    return clip
