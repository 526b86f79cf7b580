from pathlib import Path

import mir_eval
import numpy as np
import pytest

from indexer.drums.hearing.model_card import read_card
from indexer.drums.hearing.network import MODEL, Network, detect_network
from indexer.drums.hearing.peaks import pick_onsets, transcribe
from indexer.drums.types import Drum, DrumsError, Onset


def times(onsets, family):
    return np.array([o.time_s for o in onsets if o.drum.family == family])


@pytest.mark.parametrize("family", ["KD", "SD", "HH"])
@pytest.mark.parametrize("name", ["rock", "waltz"])
def test_onsets_of_the_synthetic_kit_are_detected(request, name, family):
    loop = request.getfixturevalue(name)
    detected = times(transcribe(loop.samples, detector=detect_network), family)
    f, _, _ = mir_eval.onset.f_measure(times(loop.onsets, family), detected, window=0.05)
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


def test_drums_without_cymbals_are_detected(play):
    kicks = [Onset(0.5 + 0.5 * number, Drum.KICK, 1.0) for number in range(16)]
    detected = transcribe(play(kicks, 9.0))
    assert sum(onset.drum is Drum.KICK for onset in detected) >= 14


def test_activations_have_the_stated_shape(rock):
    a = detect_network(rock.samples)
    assert a.values.shape == a.level_db.shape == (a.strength.size, len(a.drums))
    assert a.thresholds is not None and len(a.thresholds) == len(a.drums)
    assert pick_onsets(a) == tuple(sorted(pick_onsets(a)))


def test_other_rates_are_refused():
    with pytest.raises(ValueError, match="44100"):
        detect_network(np.zeros(48000, np.float32), sample_rate=48000)


def test_a_damaged_network_is_refused(tmp_path: Path):
    with pytest.raises(DrumsError, match="install"):
        read_card(tmp_path / "drums.tflite")
    (tmp_path / "drums.tflite").write_bytes(b"no network")
    (tmp_path / "drums.json").write_text(MODEL.with_suffix(".json").read_text())
    with pytest.raises(DrumsError, match="install"):
        Network(tmp_path / "drums.tflite")


@pytest.mark.parametrize("seed", range(3))
def test_a_bright_snare_is_no_hi_hat(seed):
    rng = np.random.default_rng(seed)
    time = np.arange(22050) / 44100
    bend = 1 + np.exp(-40 * time)
    kick = 0.5 * np.exp(-20 * time) * np.sin(2 * np.pi * 55 * time * bend)
    samples = np.zeros(20 * 44100)
    for second in range(20):
        noise = rng.uniform(-1, 1, time.size)
        snare = np.exp(-18 * time) * (0.35 * np.sin(2 * np.pi * 190 * time) + 0.35 * noise)
        samples[second * 44100 :][: 2 * time.size] = np.concatenate([kick, snare])
    detected = transcribe(samples.astype(np.float32), detector=detect_network)
    assert len(times(detected, "HH")) <= 1
    assert len(times(detected, "SD")) == 20
