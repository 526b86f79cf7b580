"""Training clips: drums, accompaniment and their mix, as log-mel power in one file each.

A clip follows from its number and split alone, so rendering can stop and go on, and run in several
processes. Files are `clips/SPLIT/NUMBER.npz` in the cache:

* `drums`, `mix` and, where anybody plays beside the drums, `accompaniment`: float16,
  (n_frames, BANDS), log10 of the power, each rendered at the reference level;
* `strokes`: float32, (n_hits, 4): time (s), class, velocity, 1 where the hit is audible.
"""

from __future__ import annotations

import io
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import soundfile

from indexer.arrays import Float32 as Float
from indexer.drums.corrections.clip_format import CLIP_S, Split, clip_folder, log_power, save_clip
from indexer.drums.hearing.mel import SAMPLE_RATE, mel_power, normalised
from training.drums.players.groove_dataset import GrooveSplit, read_groove
from training.drums.players.hits import CLASS_OF_VOICE
from training.drums.players.performances import perform
from training.drums.sounds.accompaniment import render_accompaniment
from training.drums.sounds.effects import add_reverb, compress, gain_of_db, saturate
from training.drums.sounds.hit_rendering import render_hits
from training.drums.sounds.kit_cache import REPORT_KITS, VALIDATION_KITS, load_kits
from training.drums.sounds.kits import Kit, merge_chinas_into_crashes
from training.drums.sounds.stems import Stems, mix_stems, prepare_stems
from training.drums.training_errors import SoundError

Random = np.random.Generator

_VALIDATION_FONT: Final = "TimGM6mb"
"""Its instruments accompany validation clips only."""
_SEEDS: Final[dict[Split, int]] = {"train": 1, "validation": 2, "report": 3}
_STEMS_SHARE: Final = 0.5
"""How often stems of a real song play beside the drums, where there are some."""


@dataclass(frozen=True)
class RenderSources:
    """All that a split is rendered from."""

    groove: GrooveSplit
    kits: dict[str, Kit]
    fonts: tuple[Path, ...]
    stems: Stems = field(default_factory=dict[str, tuple[Path, ...]])


def split_of_kit(name: str) -> Split:
    """The only split that hears a kit."""
    if name in REPORT_KITS:
        return "report"
    return "validation" if name in VALIDATION_KITS else "train"


def load_sources(data: Path, sounds: Sequence[Path], cache: Path, split: Split) -> RenderSources:
    """Read the performances and sounds of one split; no kit, font or song serves two.

    The splits "validation" and "report" share their one SoundFont.

    Raises:
        SoundError: A split has no kits or no SoundFonts.
    """
    kits = load_kits(sounds, cache)
    mine = {
        name: merge_chinas_into_crashes(kit)
        for name, kit in kits.items()
        if split_of_kit(name) == split
    }
    stems = {s: p for folder in sounds for s, p in prepare_stems(folder, cache, split).items()}
    found = [path for folder in sounds for path in sorted(folder.glob("*.sf[23]"))]
    melodic = [p for p in found if not p.is_symlink() and not p.stem.endswith("_LV2")]
    fonts = tuple(p for p in melodic if (p.stem == _VALIDATION_FONT) == (split != "train"))
    if not mine or not fonts:
        raise SoundError(f"The folders given with --sounds hold too little for the {split} clips.")
    return RenderSources(read_groove(data, split), mine, fonts, stems)


def _encode_and_decode(rng: Random, samples: Float) -> Float:
    """Ogg Vorbis at a low quality; it keeps its timing, as MP3 does not."""
    file = io.BytesIO()
    peak = float(np.abs(samples).max()) + 1e-9
    quality = rng.uniform(0.5, 0.95)
    soundfile.write(
        file, samples * (0.9 / peak), SAMPLE_RATE, format="OGG", compression_level=quality
    )
    file.seek(0)
    decoded, _ = soundfile.read(file, dtype="float32")
    decoded = np.asarray(decoded, np.float32)[: samples.size]
    return np.pad(decoded, (0, samples.size - decoded.size))


def mix_and_master(rng: Random, drums: Float, accompaniment: Float | None) -> Float:
    """A record: the drums −8..+4 dB beside the others, mastered."""
    total = drums
    if accompaniment is not None:
        total = normalised(gain_of_db(rng.uniform(-8, 4)) * drums + accompaniment)
    if rng.random() < 0.45:
        total = compress(rng, total)
    if rng.random() < 0.35:
        total = saturate(rng, total)
    if rng.random() < 0.2:
        total = add_reverb(rng, total, low_db=-26, high_db=-12)
    noise = gain_of_db(rng.uniform(-100, -60)) * rng.standard_normal(total.size)
    total = normalised((normalised(total) + noise).astype(np.float32))
    return normalised(_encode_and_decode(rng, total)) if rng.random() < 0.2 else total


def render_clip(
    sources: RenderSources, split: Split, number: int, *, clip_s: float = CLIP_S
) -> dict[str, np.ndarray]:
    """The arrays of one clip (module docstring)."""
    rng = np.random.default_rng((_SEEDS[split], number))
    played, start_s = perform(rng, sources.groove, duration_s=clip_s)
    drums, played_hits, _ = render_hits(rng, played.hits, sources.kits, duration_s=clip_s)
    drums = normalised(drums)
    accompaniment = None
    if sources.stems and rng.random() < _STEMS_SHARE:
        accompaniment = mix_stems(rng, sources.stems, duration_s=clip_s)
    elif rng.random() < 0.9:
        accompaniment = render_accompaniment(
            rng, played, sources.fonts, start_s=start_s, duration_s=clip_s
        )
    stems = {"drums": drums, "mix": mix_and_master(rng, drums, accompaniment)}
    if accompaniment is not None:
        stems["accompaniment"] = accompaniment
    arrays = {name: log_power(mel_power(samples)) for name, samples in stems.items()}
    arrays["strokes"] = np.array(
        [
            (one.hit.time_s, CLASS_OF_VOICE[one.hit.voice], one.hit.velocity, one.audible)
            for one in played_hits
            if one.hit.voice in CLASS_OF_VOICE
        ],
        np.float32,
    ).reshape(-1, 4)
    return arrays


def render_split(
    sources: RenderSources, cache: Path, split: Split, numbers: Sequence[int], *, seconds: float
) -> int:
    """Render the clips that are not there yet, until all are or the time is over.

    Returns:
        How many were rendered.
    """
    folder = clip_folder(cache, split)
    folder.mkdir(parents=True, exist_ok=True)
    started, made = time.monotonic(), 0
    for number in numbers:
        path = folder / f"{number:06}.npz"
        if path.exists():
            continue
        if time.monotonic() - started > seconds:
            break
        save_clip(path, render_clip(sources, split, number))
        made += 1
        if made % 25 == 0:
            print(f"{split}: {made} clips in {time.monotonic() - started:.0f} s", flush=True)
    return made
