import zipfile
from pathlib import Path

import numpy as np
import pytest

from training.drums.players.drum_patterns import STYLES, generate_pattern
from training.drums.players.groove_dataset import GrooveError, read_groove
from training.drums.players.hits import CLASS_OF_VOICE, VOICES, Hit, clean_hits
from training.drums.players.performances import perform
from training.drums.sounds.fluidsynth import render_notes
from training.drums.sounds.kits import synthesise_kit, trim, voice_of_name
from training.drums.training_errors import SoundError


def test_a_split_of_the_dataset(groove_zip: Path) -> None:
    groove = read_groove(groove_zip, "train")

    assert len(groove.beats) == len(groove.fills) == 1
    assert groove.beats[0].bar_s == 2.0
    assert {s.voice for s in groove.beats[0].hits} == {"kick", "snare", "hat_closed"}
    assert not read_groove(groove_zip, "validation").beats


def test_another_zip_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("readme", "")

    for path in (tmp_path / "x.zip", tmp_path / "missing.zip"):
        with pytest.raises(GrooveError, match="Groove MIDI"):
            read_groove(path, "train")


@pytest.mark.parametrize(
    ("name", "voice"),
    [
        ("Ride (Custom, 22)", "ride"),
        ("Ride Bell (Custom 22)", "ride_bell"),
        ("Snare Rimshot", "snare"),
        ("Rim Click", "side_stick"),
        ("Closed HH", "hat_closed"),
        ("Hi-Hat Semiopen", "hat_open"),
        ("Pedal HH", "hat_pedal"),
        ("Hat Op Dirty", "hat_open"),
        ("bd_808", "kick"),
        ("drum_cymbal_closed", "hat_closed"),
        ("Floor Tom", "tom_floor"),
        ("Tom Hi", "tom_high"),
        ("tomhi2", "tom_high"),
        ("Tom Mid", "tom_low"),
        ("Splash", "crash"),
        ('China (Paiste Alpha 18")', "china"),
        ("Cowbell", "other"),
        ("Conga 1", None),
        ("Snare Roll", None),
        ("32", None),
    ],
)
def test_names_tell_voices(name: str, voice: str | None) -> None:
    assert voice_of_name(name) == voice


def test_sounds_start_at_their_attack() -> None:
    sound = np.concatenate([np.zeros(5000), np.hanning(400)[200:], np.zeros(9000)])

    cut = trim(sound.astype(np.float32))

    assert cut is not None
    assert int(np.argmax(cut)) <= 22
    assert cut.size < 300
    assert trim(np.zeros(100, np.float32)) is None


def test_our_own_kit_has_every_voice_but_the_bell() -> None:
    assert set(synthesise_kit(0)) == set(VOICES) - {"ride_bell"}


def test_every_style_is_a_bar_of_equal_lanes() -> None:
    for style in STYLES:
        assert len({len(lane) for lane in style.lanes.values()}) == 1, style.name
        assert set(style.lanes) <= {*VOICES, "time"}
        assert set("".join(style.lanes.values())) <= set("Xxorg.")


def test_generated_passages_use_all_voices() -> None:
    rng = np.random.default_rng(0)
    passages = [generate_pattern(rng, duration_s=10) for _ in range(60)]

    heard = {hit.voice for passage in passages for hit in passage.hits}
    assert {*CLASS_OF_VOICE} <= heard
    assert all(0 <= s.velocity <= 1 for p in passages for s in p.hits)


def test_a_performance_fills_its_time(groove_zip: Path) -> None:
    groove = read_groove(groove_zip, "train")
    for seed in range(8):
        played, start_s = perform(np.random.default_rng(seed), groove, duration_s=20)

        assert 0 < start_s < 0.5
        assert played.hits[-1].time_s > 15
        assert all(0 <= s.time_s < 20 for s in played.hits)


def test_double_strokes_are_one() -> None:
    twice = [Hit(1.0, "kick", 0.5), Hit(1.01, "kick", 0.6), Hit(1.01, "snare", 0.5)]

    assert clean_hits([*twice, Hit(9.0, "kick", 1)], duration_s=5) == (twice[0], twice[2])


def test_fluidsynth_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(SoundError, match="install it"):
        render_notes([], {}, tmp_path / "x.sf2")
