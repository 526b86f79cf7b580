"""Drum kits to train with: one-shots by voice, from folders of sounds and from our own synthesis.

Read are Hydrogen kits (`drumkit.xml`), drum banks of SoundFonts, single files whose names tell
what they are, and the repositories of `sampled_kits.py`. Every sound is mono, 44.1 kHz, starts at
its attack and has the peak 1.
"""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import soundfile
from numpy.typing import NDArray

from indexer.drums.formats.kit import render_hit
from indexer.drums.formats.midi_files import MidiNote as Note
from indexer.drums.hearing.mel import SAMPLE_RATE
from training.drums.players.hits import VOICE_OF_PITCH
from training.drums.sounds.fluidsynth import render_notes
from training.drums.sounds.sampled_kits import read_mono, read_sampled_kits
from training.drums.training_errors import SoundError

Float = NDArray[np.float32]
Layers = tuple[Float, ...]
"""One instrument, from its softest to its loudest sound."""
Kit = dict[str, list[Layers]]

_MAX_SOUND_S: Final = 3.0
_ATTACK_SHARE: Final = 0.06
"""A sound starts where it first reaches this share of its peak; silence would shift labels."""
_VELOCITIES: Final = (35, 60, 85, 105, 125)
_DRUM_PROGRAMS: Final = (0, 8, 16, 24, 25, 32, 40)
"""Drum sets of General MIDI 2: standard, room, power, electronic, TR-808, jazz, brush. The
orchestra is left out: it has timpani where the others have cymbals."""
_OTHER_PITCHES: Final = (39, 54, 56, 70, 75, 76)
_FOUR_PIECE_VOICES: Final = dict(VOICE_OF_PITCH) | {
    45: "tom_high",
    47: "tom_high",
    48: "hat_open",
    60: "crash",
    39: "other",
    54: "other",
    56: "other",
}
"""The layout of avldrums: one rack tom, and cymbals where General MIDI has toms and bongos."""
_CHOKED_PITCHES: Final = (50, 52, 58)
_CHINA_PITCH: Final = 52
"""A china in SoundFonts; in recorded performances (`VOICE_OF_PITCH`) the edge of a crash."""
_NAME_PATTERNS: Final[tuple[tuple[str, str | None], ...]] = (
    (r"roll|conga|bongo|djembe|whistle|zap|\bfx\b|redo|choke|drum \d|loop", None),
    (r"tamb|cowbell|clap|maraca|shaker|clave|snap|agogo|block", "other"),
    (r"stick|rim ?click|side ?kick", "side_stick"),
    (r"snare|\bsn\b", "snare"),
    (
        r"(\bhat\b|\bhh\b|hi-?hat|\bohh\b).*(pedal|\bpd\b|foot)|(pedal).*(\bhh\b|hi-?hat)",
        "hat_pedal",
    ),
    (r"(hat|\bhh\b).*(open|\bop\b|semi|free|swish)|(open|\bop\b).*(hh|hat)|\bohh\b", "hat_open"),
    (r"\bhat\b|\bhh\b|hi-?hat|cymbal closed", "hat_closed"),
    (r"cymbal open", "hat_open"),
    (r"cymbal pedal", "hat_pedal"),
    (r"kick|bass ?drum|drum bass|\bbd\b", "kick"),
    (r"floor|\btom ?lo?w?\b|\blow tom|\btom ?3|16\"", "tom_floor"),
    (r"\btom ?(mid|2)|middle tom|\btom$", "tom_low"),
    (r"\btom ?(hi|high|1)|high tom|tomhi", "tom_high"),
    (r"ride.*(bell|cup)|\bbell\b", "ride_bell"),
    (r"\bchina\b", "china"),
    (r"crash|splash|cymbal (hard|1|2)", "crash"),
    (r"\bride\b|cymbal soft", "ride"),
)
"""Names in kits → voice; the first line that fits. Word borders keep "Custom" from being a tom."""


def voice_of_name(name: str) -> str | None:
    """The voice that a sound's name tells, or none."""
    plain = re.sub(r"[_\-. ]+", " ", name.lower()).replace("hi hat", "hi-hat").strip()
    return next((voice for pattern, voice in _NAME_PATTERNS if re.search(pattern, plain)), None)


def trim(samples: Float) -> Float | None:
    """The sound from its attack on, peak 1; none where there is nothing to hear."""
    peak = float(np.abs(samples).max()) if samples.size else 0.0
    if peak < 1e-4:
        return None
    start = max(0, int(np.argmax(np.abs(samples) > _ATTACK_SHARE * peak)) - 22)
    sound = samples[start : start + int(_MAX_SOUND_S * SAMPLE_RATE)] / peak
    sound = sound[: int(np.flatnonzero(np.abs(sound) > 1e-3)[-1]) + 1].astype(np.float32)
    fade = min(sound.size // 4, int(0.05 * SAMPLE_RATE))
    if fade:
        sound[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return sound


def _read_sound(path: Path) -> Float | None:
    try:
        return trim(read_mono(path))
    except (soundfile.LibsndfileError, OSError):
        return None


def _add_instrument(kit: Kit, voice: str, layers: Sequence[Float | None]) -> None:
    heard = tuple(layer for layer in layers if layer is not None)
    if heard:
        kit.setdefault(voice, []).append(heard)


def read_hydrogen(folder: Path) -> Kit:
    """The kit of a folder with a `drumkit.xml`."""
    try:
        root = ElementTree.parse(folder / "drumkit.xml").getroot()
    except (ElementTree.ParseError, OSError) as error:
        raise SoundError(f"Expected a Hydrogen kit in {folder}: {error}") from error
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    kit: Kit = {}
    for instrument in root.iter("instrument"):
        voice = voice_of_name(instrument.findtext("name") or "")
        if voice is None:
            continue
        layers = [
            (float(layer.findtext("min") or 0), layer.findtext("filename") or "")
            for layer in [*instrument.iter("layer"), instrument]
        ]
        named = {name: low for low, name in layers if name and "empty" not in name.lower()}
        _add_instrument(
            kit,
            voice,
            [_read_sound(folder / name) for name in sorted(named, key=lambda n: named[n])],
        )
    return kit


def read_single_files(folder: Path) -> Kit:
    """A kit of the sounds in a folder, by their names; NAME_soft and NAME_hard are layers."""
    kit: Kit = {}
    named: dict[tuple[str, str], list[Path]] = {}
    for path in sorted(folder.iterdir()):
        voice = voice_of_name(path.stem)
        if voice is not None and path.suffix in (".flac", ".wav"):
            stem = (
                re.sub(r"_(soft|hard)$", "", path.stem) if "cymbal" not in path.stem else path.stem
            )
            named.setdefault((voice, stem), []).append(path)
    for (voice, _), paths in named.items():
        _add_instrument(kit, voice, [_read_sound(path) for path in sorted(paths, reverse=True)])
    return kit


def read_bank(font: Path, program: int) -> Kit:
    """A drum set of a SoundFont; fonts of avldrums hold one, on a channel for melodies."""
    four_piece = font.stem.endswith("_LV2")
    others = dict.fromkeys(_OTHER_PITCHES, "other") | {_CHINA_PITCH: "china"}
    voices = _FOUR_PIECE_VOICES if four_piece else VOICE_OF_PITCH | others
    pitches = [
        p
        for p in sorted(voices)
        if not (four_piece and p in _CHOKED_PITCHES) and p not in (22, 26, 58)
    ]
    channel = 0 if four_piece else 9
    slot_s = _MAX_SOUND_S + 0.2
    slots = list(itertools.product(pitches, _VELOCITIES))
    notes = [
        Note(0.5 + i * slot_s, pitch, velocity, _MAX_SOUND_S, channel)
        for i, (pitch, velocity) in enumerate(slots)
    ]
    samples = render_notes(notes, {channel: program}, font)
    kit: Kit = {}
    for pitch, group in itertools.groupby(enumerate(slots), key=lambda slot: slot[1][0]):
        starts = [int((0.49 + i * slot_s) * SAMPLE_RATE) for i, _ in group]
        _add_instrument(
            kit,
            voices[pitch],
            [trim(samples[s : s + int(_MAX_SOUND_S * SAMPLE_RATE)]) for s in starts],
        )
    return kit


def synthesise_kit(seed: int) -> Kit:
    """Our own drums (`indexer/drums/formats/kit.py`), struck anew for every seed."""
    voices = {"clap": "other", "crash_left": "crash", "kick_left": "kick"}
    names = ("kick", "snare", "side_stick", "clap", "hat_closed", "hat_open", "hat_pedal")
    names += ("tom_high", "tom_low", "tom_floor", "crash", "crash_left", "ride")
    kit: Kit = {}
    for name in names:
        strikes = [
            trim(render_hit(name, velocity=velocity, seed=seed * 10 + i))
            for i, velocity in enumerate((0.35, 0.65, 1.0))
        ]
        _add_instrument(kit, voices.get(name, name), strikes)
    return kit


def merge_chinas_into_crashes(kit: Kit) -> Kit:
    """The kit as the network hears it: it tells no chinas from crashes (`cymbals.py` does)."""
    crashes = kit.get("crash", []) + kit.get("china", [])
    others = {voice: kit[voice] for voice in kit if voice not in ("crash", "china")}
    return {**others, "crash": crashes} if crashes else others


def read_kits(folders: Sequence[Path]) -> Iterator[tuple[str, Kit]]:
    """(name, kit) of all that is in the folders, one at a time."""
    for folder in folders:
        for xml in sorted(folder.glob("*/drumkit.xml")):
            yield xml.parent.name, read_hydrogen(xml.parent)
        for font in sorted(p for p in folder.glob("*.sf[23]") if not p.is_symlink()):
            programs = (0,) if font.stem.endswith("_LV2") else _DRUM_PROGRAMS
            for program in programs:
                yield f"{font.stem} {program}", read_bank(font, program)
        if any(folder.glob("*.flac")) or any(folder.glob("*.wav")):
            yield folder.name, read_single_files(folder)
        for name, sampled in read_sampled_kits(folder):
            kit: Kit = {}
            for voice, instruments in sampled.items():
                for layers in instruments:
                    _add_instrument(kit, voice, [trim(layer) for layer in layers])
            yield name, kit
    for seed in range(3):
        yield f"synthesised {seed}", synthesise_kit(seed)
