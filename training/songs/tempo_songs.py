"""Music whose tempo and key are exactly known: generated songs, and real drummers.

Songs are those of the demo library with other tempi, keys, progressions and parts exchanged
between styles; drummers are the performances of the Groove MIDI Dataset (Gillick et al., ICML
2019; CC BY 4.0), alone or with a generated band.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.demo import demo_mix, demo_styles
from indexer.demo.demo_score import DemoScore
from indexer.demo.demo_songs import SONGS, DemoSong
from indexer.demo.demo_styles import STYLES, Arrangement
from indexer.demo.instruments import SAMPLE_RATE
from indexer.mir.tonality.key import PITCH_CLASSES
from training.drums.players.groove_dataset import read_groove
from training.drums.players.hits import Performance

Random = np.random.Generator
EXCERPT_S = 18.0
DRUMMER = "drummer"
"""How groups of performances begin; neighbours in the dataset are mostly of one drummer."""
SLOWEST_BPM, FASTEST_BPM = 60.0, 190.0
PROGRESSIONS = (
    (1, 4, 5, 1), (1, 5, 6, 4), (1, 6, 4, 5), (6, 4, 1, 5), (1, 1, 4, 5), (2, 5, 1, 6),
    (1, 7, 6, 7), (1, 6, 3, 7), (1, 4, 1, 5), (1, 3, 4, 1), (1, 4, 7, 3), (1, 1, 1, 4),
)  # fmt: skip
WALTZES = (
    STYLES["waltz"],
    Arrangement({"ride": "x...x.x.x...", "hat_pedal": "....x...x...", "kick": "o..........."},
        ("bass", "x...5...8..."), ("piano", "..x...x....."), "piano", 5),
    Arrangement({"side_stick": "....o...o..."},
        ("bass", "x..........."), ("plucked", "x.x.x.x.x.x."), "voice", 4),
    Arrangement({"kick": "x...........", "snare": "....x...x...", "hat_closed": "x.x.x.x.x.x."},
        ("synth_bass", "x.......x..."), ("supersaw", "x...x...x..."), "voice", 4),
    Arrangement({"kick": "x.......x...", "snare": "....x.......", "hat_closed": "x...x...x..."},
        ("bass", "x...x...x..."), ("distorted", "x..........."), "lead", 4),
    Arrangement({}, ("strings", "x..........."), ("strings", "....x...x..."), "piano", 5),
)  # fmt: skip
"""Three beats in a bar, in the manner of six styles."""


@dataclass(frozen=True)
class Excerpt:
    """Mono float32 audio of one tempo and key ("C# minor"; "" is not known); `group`: what may not
    be on both sides of a cross-validation; `beats`: beats in a bar."""

    samples: np.ndarray
    bpm: float
    group: str
    key: str = ""
    rate_hz: int = SAMPLE_RATE
    beats: int = 4


def generate_songs(rng: Random, *, per_style: int, mixed: int) -> Iterator[Excerpt]:
    """Every style at `per_style` tempi around its own, the waltzes too, and mixed ones."""
    usual = {song.style: song.tempo_bpm for song in SONGS}
    for style, arrangement in list(STYLES.items()):
        beats = 3 if style == "waltz" else 4
        for _ in range(per_style):
            bpm = usual[style] * 2 ** rng.uniform(-0.45, 0.45)
            yield _render_song(rng, arrangement, bpm, beats, style)
    for number, arrangement in enumerate(WALTZES):
        for _ in range(per_style // 2):
            yield _render_song(rng, arrangement, rng.uniform(84, 185), 3, f"waltz{number}")
    straight = [a for s, a in STYLES.items() if s != "waltz"]
    for number in range(mixed):
        bpm = 120 * 2 ** rng.normal(0, 0.4)
        yield _render_song(rng, _mix_styles(rng, straight), bpm, 4, f"mixed{number % 10}")


def render_drummers(rng: Random, dataset: Path, *, count: int) -> Iterator[Excerpt]:
    """Performances of the training split, half of them with a band that keeps their tempo."""
    beats = [p for p in read_groove(dataset, "train").beats if p.hits[-1].time_s >= 14]
    straight = [a for s, a in STYLES.items() if s != "waltz"]
    for number in rng.permutation(len(beats))[:count]:
        played = beats[int(number)]
        sound = _render_drums(played, start_s=rng.uniform(0, max(played.hits[-1].time_s - 20, 0)))
        if rng.random() < 0.6:
            band = _mix_styles(rng, straight)
            music = _render_song(
                rng, dataclasses.replace(band, drums={}), played.bpm, 4, ""
            ).samples
            level = 10 ** (rng.uniform(-6, 6) / 20) * _peak_level(sound) / _peak_level(music)
            sound = sound[: len(music)] + level * music[: len(sound)]
        drive = rng.uniform(0.6, 2) / _peak_level(sound)
        group = f"{DRUMMER} {10 * int(number) // len(beats)}"
        yield Excerpt(np.tanh(0.9 * drive * sound).astype(np.float32), played.bpm, group)


def _mix_styles(rng: Random, styles: list[Arrangement]) -> Arrangement:
    drums, bass, chords = (styles[int(i)] for i in rng.integers(len(styles), size=3))
    kit, chance = dict(drums.drums), rng.random()
    if chance < 0.12:
        kit = {}
    elif chance < 0.3:
        kit = {k: v for k, v in kit.items() if k != "ride" and not k.startswith("hat")}
    melody = (drums if rng.random() < 0.5 else chords).melody
    return Arrangement(kit, bass.bass, chords.chords, melody, int(rng.integers(2, 8)))


def _render_song(
    rng: Random, arrangement: Arrangement, bpm: float, beats: int, group: str
) -> Excerpt:
    tempo_bpm = round(float(np.clip(bpm, SLOWEST_BPM, FASTEST_BPM)), 1)
    song = DemoSong(
        title=str(rng.integers(1 << 30)), artist="", album="", year=2000, genre="", style="pop",
        tempo_bpm=tempo_bpm, tonic=int(rng.integers(12)),
        scale="major" if rng.random() < 0.5 else "minor",
        chords=PROGRESSIONS[int(rng.integers(len(PROGRESSIONS)))], suffix="", duration_s=16.0,
        beats_per_bar=beats, swing=0.5 if rng.random() < 0.85 else 0.62,
    )  # fmt: skip
    before = STYLES["pop"]
    demo_styles.STYLES["pop"] = arrangement
    try:
        samples = demo_mix.render(song).mean(axis=0)
    finally:
        demo_styles.STYLES["pop"] = before
    start = int(DemoScore(song).bar_s * 4 * SAMPLE_RATE) if rng.random() < 0.8 else 0
    start = min(start, max(len(samples) - int(14 * SAMPLE_RATE), 0))
    cut = samples[start : start + int(EXCERPT_S * SAMPLE_RATE)]
    return Excerpt(cut, tempo_bpm, group, f"{PITCH_CLASSES[song.tonic]} {song.scale}")


def _render_drums(played: Performance, *, start_s: float) -> np.ndarray:
    bus = np.zeros((2, int(EXCERPT_S * SAMPLE_RATE)), np.float32)
    for hit in played.hits:
        if 0 <= hit.time_s - start_s < EXCERPT_S - 0.1:
            drum = "ride" if hit.voice == "ride_bell" else hit.voice
            sound = demo_mix._hit(drum, round(hit.velocity * 8) / 8)
            gain = demo_mix._DRUM_GAIN.get(drum, 0.7)
            demo_mix._add(bus, sound, hit.time_s - start_s, gain, 0.0)
    return bus.mean(axis=0)


def _peak_level(samples: np.ndarray) -> float:
    return max(float(np.percentile(np.abs(samples), 99)), 1e-6)
