"""Onsets that no drummer plays, and charts that no editor writes, from a fixed seed."""

import re
from dataclasses import replace

import numpy as np
import pytest

from indexer.drums.chart import chart_onsets
from indexer.drums.corrections.chart_reading import read_corrected_chart
from indexer.drums.corrections.clip_format import CLASSES
from indexer.drums.corrections.correction import annotation, as_chart_set, shift_of, shifted
from indexer.drums.formats.bundle import write_bundle
from indexer.drums.formats.bundle_music import Music
from indexer.drums.formats.dtx import spec
from indexer.drums.formats.dtx.check import check_bundle
from indexer.drums.formats.dtx.decode import decode
from indexer.drums.formats.dtx.encode import encode
from indexer.drums.formats.exchange.general_midi import write_chart
from indexer.drums.formats.level_dtx import to_dtx
from indexer.drums.types import LEVELS, Drum, DrumsError, Onset

VOICES = (*CLASSES, Drum.CHINA)
SILENCE = Music([np.zeros((1, 4410), np.float32)], 44_100, bgm="none")


def times_s(rng, kind):
    match kind:
        case "dense":
            return np.cumsum(rng.exponential(0.04, 600))
        case "sparse":
            return np.sort(rng.uniform(0, 40, 30))
        case "chaotic":
            return np.cumsum(0.25 * np.exp(np.cumsum(rng.normal(0, 0.15, 300)).clip(-1.5, 1.5)))
        case "chords":
            return np.repeat(np.arange(50) * 0.3, 6) + np.abs(rng.normal(0, 0.01, 300))
        case "fast":
            return np.arange(500) * 0.045
        case "slow":
            return np.arange(60) * 1.3
        case "polyrhythm":
            return np.concatenate([np.arange(80) * step for step in (0.3, 0.4, 0.7)])
    raise AssertionError(kind)


def strokes(seed, kind):
    rng = np.random.default_rng(seed)
    drums = VOICES if kind in ("dense", "chaotic", "chords") else VOICES[:4]
    return tuple(
        sorted(
            Onset(float(time_s), drums[rng.integers(len(drums))], float(rng.uniform(0.05, 1)))
            for time_s in times_s(rng, kind)
        )
    )


def charted(onsets, **known):
    return chart_onsets(
        onsets, duration_s=onsets[-1].time_s + 1, title="Fuzz", artist="Nobody", **known
    )


def assert_sound(chart_set, folder):
    """The bundle breaks no rule and holds the notes of every level, in the strict reader's eyes."""
    bundle = write_bundle(chart_set, SILENCE, out=folder)
    assert check_bundle(bundle.folder) == ()
    for level in chart_set.levels:
        read = decode(bundle.levels[level.level].path.read_bytes())
        sounds = {wav.number: wav.file for wav in read.wavs}
        notes = [
            (chip.bar, chip.tick, spec.voice_of(chip.channel, sounds[chip.value]))
            for chip in read.chips
        ]
        assert sorted(notes) == sorted((n.bar, n.tick, n.drum) for n in level.notes)
        assert len(notes) == bundle.levels[level.level].notes


@pytest.mark.parametrize(
    ("kind", "seed", "known"),
    [
        ("dense", 0, {}),
        ("dense", 3, {"offset_s": 2.2, "time_signature": "9/8"}),
        ("sparse", 1, {"tempo_hint": 60.0}),
        ("chaotic", 2, {"bpm": 400.0}),
        ("chaotic", 3, {"time_signature": "7/8"}),
        ("chords", 4, {"bpm": 20.0}),
        ("chords", 5, {}),
        ("fast", 6, {"time_signature": "12/8"}),
        ("fast", 7, {"bpm": 20.0}),
        ("slow", 8, {"time_signature": "5/4"}),
        ("polyrhythm", 9, {"bpm": 20.0}),
        ("polyrhythm", 10, {"bpm": 60.0, "time_signature": "5/8"}),
        ("polyrhythm", 11, {"bpm": 123.456, "offset_s": 0.3}),
    ],
)
def test_any_onsets_become_a_valid_bundle(tmp_path, kind, seed, known):
    assert_sound(charted(strokes(seed, kind), **known), tmp_path)


def test_forty_thousand_onsets(tmp_path):
    hats = [Onset(0.12 * n, Drum.HAT_CLOSED, 0.7) for n in range(20_000)]
    beat = [Onset(0.12 * n, (Drum.KICK, Drum.SNARE)[n % 2], 0.9) for n in range(20_000)]
    chart_set = charted(tuple(sorted(hats + beat)), bpm=125.0, time_signature="4/4")
    assert len(chart_set.levels[-1].notes) > 39_000
    assert_sound(chart_set, tmp_path)


def test_one_onset_is_no_song():
    with pytest.raises(DrumsError, match="no drums"):
        charted((Onset(1.0, Drum.KICK, 0.9),))


BROKEN_LINES = (
    b"#BPM: 0", b"#BPM: 1e9", b"#BPM01: -5", b"#BPM: 0.0001", b"#BPM: 1000", b"#BASEBPM: -119.99",
    b"#BASEBPM: 1000000", b"#BPMZZ: 99999999999999999999", b"#00002: 0", b"#00002: 1e9",
    b"#00002: 100", b"#00002: 0.0000001", b"#Z9913: 01", b"#00008: 01", b"#00003: FF",
    b"#00108: ZZ", b"\xff\xfe", b"#WAV01: ", b"#VOLUME01: -5", b"#VOLUME01: 999999999999999999",
)  # fmt: skip
NUMBERS = (b"0", b"999999999", b"0.00001", b"35", b"FFFF")
MIDI_BYTES = (0x00, 0x51, 0x58, 0x7F, 0x80, 0x90, 0xFF)


def mutated(rng, data, *, is_text):
    """Return the file with one to five damaged positions."""
    data = bytearray(data)
    for _ in range(rng.integers(1, 6)):
        at, other = (int(rng.integers(max(1, len(data)))) for _ in range(2))
        how = rng.integers(6)
        if how == 0 and data:
            data[at] = int(rng.integers(256))
        elif how == 1:
            del data[at : at + int(rng.integers(1, 40))]
        elif how == 2:
            data[at:at] = data[other : other + int(rng.integers(1, 60))]
        elif how == 3 and rng.random() < 0.3:
            del data[at:]
        elif how == 4 and is_text:
            data[at:at] = b"\r\n" + BROKEN_LINES[rng.integers(len(BROKEN_LINES))] + b"\r\n"
        elif how == 5 and is_text:
            found = list(re.finditer(rb"[0-9.]+", bytes(data)))
            if found:
                number = found[rng.integers(len(found))]
                data[number.start() : number.end()] = NUMBERS[rng.integers(len(NUMBERS))]
        elif data:
            data[at] = MIDI_BYTES[rng.integers(len(MIDI_BYTES))]
    return bytes(data)


@pytest.fixture(scope="module")
def automatic():
    hats = [Onset(0.3 + 0.25 * n, Drum.HAT_CLOSED, 0.7) for n in range(60)]
    beat = [Onset(0.3 + 0.5 * n, (Drum.KICK, Drum.SNARE)[n % 2], 0.9) for n in range(30)]
    return charted(tuple(sorted(hats + beat)))


@pytest.mark.parametrize("suffix", [".dtx", ".mid"])
def test_damaged_corrections_are_read_or_refused(automatic, suffix):
    """Whatever an editor wrote: charts that can be written, or a sentence; nothing else."""
    level = automatic.levels[-1]
    is_text = suffix == ".dtx"
    file = encode(to_dtx(automatic, level)) if is_text else write_chart(automatic, level)
    parsed = refused = 0
    for seed in range(60):
        data = mutated(np.random.default_rng(seed), file, is_text=is_text)
        try:
            imported = read_corrected_chart(data, suffix=suffix)
            chart = shifted(imported, shift_of(imported, automatic, force=seed % 2 == 0))
            assert annotation(chart)
            corrected = as_chart_set(chart, automatic, levels=LEVELS)
            for one in corrected.levels:
                decode(encode(to_dtx(corrected, one)))
                write_chart(corrected, one)
        except DrumsError as error:
            assert str(error)
            refused += 1
        else:
            parsed += 1
    assert parsed > 10 and refused > 5


@pytest.mark.parametrize("line", [b"#BPM: 0.0001", b"#90002: 100"])
def test_a_chart_of_days_is_refused(automatic, line):
    text = encode(to_dtx(automatic, automatic.levels[-1])).replace(b"#BPM: ", b"; ")
    with pytest.raises(DrumsError, match="would last"):
        read_corrected_chart(text + b"\r\n#BPM: 1\r\n" + line + b"\r\n#Z9913: 01", suffix=".dtx")


def test_two_notes_at_one_position_are_one(automatic):
    """A MIDI file may strike head and rim of the snare at once; a chart has one lane for both."""
    level = automatic.levels[-1]
    rims = [
        replace(n, drum=Drum.SIDE_STICK, velocity=0.1) for n in level.notes if n.drum == "snare"
    ]
    both = replace(level, notes=tuple(sorted([*level.notes, *rims])))
    assert len(both.notes) > len(level.notes)
    data = write_chart(automatic, both)
    assert len(read_corrected_chart(data, suffix=".mid").notes) == len(level.notes)
