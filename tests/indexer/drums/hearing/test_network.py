from pathlib import Path

import mir_eval
import numpy as np
import pytest

from indexer.drums.hearing.families import family_columns, family_curve, family_peaks
from indexer.drums.hearing.family_curves import assign_voices, combine_evidence, reduce_kick_leakage
from indexer.drums.hearing.model_card import ModelCard, read_card
from indexer.drums.hearing.network import MODEL, Network, detect_network
from indexer.drums.hearing.peaks import pick_onsets, transcribe
from indexer.drums.types import Drum, DrumsError, Onset

CARD = ModelCard(
    drums=(Drum.KICK, Drum.HAT_CLOSED, Drum.HAT_OPEN),
    thresholds={"KD": 0.5, "HH": 0.5},
    reach_frames=3,
    chunk_frames=64,
)


def curves(onsets):
    return {f: family_curve(onsets, among) for f, among in family_columns(CARD.drums).items()}


def times(onsets, family):
    return np.array([o.time_s for o in onsets if o.drum.family == family])


@pytest.mark.parametrize("family", ["KD", "SD", "HH"])
@pytest.mark.parametrize("name", ["rock", "waltz"])
def test_strokes_of_our_own_kit_are_heard(request, name, family):
    loop = request.getfixturevalue(name)
    heard = times(transcribe(loop.samples, detector=detect_network), family)
    f, _, _ = mir_eval.onset.f_measure(times(loop.onsets, family), heard, window=0.05)
    assert f > 0.9


@pytest.mark.parametrize("seconds", [0, 0.2, 12])
def test_silence(seconds):
    silence = np.zeros(int(seconds * 44100), np.float32)
    assert transcribe(silence, detector=detect_network) == ()


def test_loudness_does_not_matter(rock):
    loud = transcribe(rock.samples, detector=detect_network)
    quiet = transcribe(0.01 * rock.samples, detector=detect_network)
    assert [o.drum for o in loud] == [o.drum for o in quiet]


def test_velocities_lie_between_0_and_1(rock):
    onsets = transcribe(rock.samples, detector=detect_network)
    assert all(0.2 <= o.velocity <= 1 and 0 < o.confidence <= 1 for o in onsets)


def test_one_stroke_of_a_family_is_heard_once():
    onsets = np.zeros((40, 3), np.float32)
    onsets[9:12] = [(0, 0.2, 0.3), (0, 0.35, 0.4), (0, 0.3, 0.2)]
    values = assign_voices(onsets, curves(onsets), CARD)
    assert np.flatnonzero(values.sum(axis=0)).tolist() == [2]
    assert int(np.argmax(values[:, 2])) == 10
    assert values[10, 2] == pytest.approx(1 - 0.65 * 0.6)


def test_families_do_not_hide_each_other():
    onsets = np.zeros((40, 3), np.float32)
    onsets[10, [0, 1]] = 0.9
    values = assign_voices(onsets, curves(onsets), CARD)
    assert values[10, 0] == pytest.approx(0.9)
    assert values[10, 1] == pytest.approx(0.9)


def test_rises_in_bands_add_to_what_the_network_says(rock):
    voices = (Drum.KICK, Drum.SNARE, Drum.HAT_CLOSED, Drum.TOM_LOW)
    frames = -(-rock.samples.size // 441)
    unsure = np.full((frames, 4), 0.3, np.float32)
    heard = combine_evidence(rock.samples, unsure, voices)
    kicks = [round(o.time_s * 100) for o in rock.onsets if o.drum is Drum.KICK]
    assert all(heard["KD"][frame] > 0.35 for frame in kicks)
    assert np.median(heard["KD"]) < 0.25
    assert np.allclose(heard["TT"], 0.3)


def test_rises_that_a_side_stick_explains_tell_nothing_of_hi_hats(rock):
    voices = (Drum.KICK, Drum.SNARE, Drum.HAT_CLOSED, Drum.SIDE_STICK)
    unsure = np.full((-(-rock.samples.size // 441), 4), 0.3, np.float32)
    unsure[:, 3] = 0.95
    heard = combine_evidence(rock.samples, unsure, voices)
    hats = [round(o.time_s * 100) for o in rock.onsets if o.drum is Drum.HAT_CLOSED]
    kicks = [round(o.time_s * 100) for o in rock.onsets if o.drum is Drum.KICK]
    assert all(heard["HH"][frame] < 0.35 for frame in hats)
    assert all(heard["KD"][frame] > 0.35 for frame in kicks)


def test_drums_without_cymbals_are_heard(play):
    kicks = [Onset(0.5 + 0.5 * number, Drum.KICK, 1.0) for number in range(16)]
    heard = transcribe(play(kicks, 9.0))
    assert sum(onset.drum is Drum.KICK for onset in heard) >= 14


def test_peaks_keep_their_distance():
    curve = np.zeros(40, np.float32)
    curve[[10, 13, 20, 30]] = 0.6, 0.8, 0.7, 0.3
    assert family_peaks(curve, 0.5) == [13, 20]


def test_what_it_says_has_the_stated_shape(rock):
    a = detect_network(rock.samples)
    assert a.values.shape == a.level_db.shape == (a.strength.size, len(a.drums))
    assert a.thresholds is not None and len(a.thresholds) == len(a.drums)
    assert pick_onsets(a) == tuple(sorted(pick_onsets(a)))


def test_other_rates_are_refused():
    with pytest.raises(ValueError, match="44100"):
        detect_network(np.zeros(48000, np.float32), sample_rate=48000)


def test_the_card_names_what_the_network_hears():
    card = read_card(MODEL)
    assert {drum.family for drum in card.drums} == set(card.thresholds)
    assert all(0 < threshold < 1 for threshold in card.thresholds.values())


def test_a_damaged_network_is_told(tmp_path: Path):
    with pytest.raises(DrumsError, match="install"):
        read_card(tmp_path / "drums.tflite")
    (tmp_path / "drums.tflite").write_bytes(b"no network")
    (tmp_path / "drums.json").write_text(MODEL.with_suffix(".json").read_text())
    with pytest.raises(DrumsError, match="install"):
        Network(tmp_path / "drums.tflite")


def test_a_bass_drum_explains_a_doubtful_tom_but_not_a_sure_one() -> None:
    curves = {family: np.zeros(60, np.float32) for family in ("KD", "TT")}
    curves["KD"][[10, 50]] = 0.95
    curves["TT"][[10, 30]] = 0.55
    curves["TT"][50] = 0.9

    told = reduce_kick_leakage(curves)

    assert told["TT"][10] < 0.45
    assert told["TT"][30] == pytest.approx(0.55, abs=1e-3)
    assert told["TT"][50] > 0.8
    assert np.array_equal(told["KD"], curves["KD"])
