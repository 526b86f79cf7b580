import mir_eval
import numpy as np
import pytest

from indexer.drums.hearing.activation import Activations, detect_bands
from indexer.drums.hearing.peaks import pick_onsets, transcribe
from indexer.drums.types import Drum


def times(onsets, family):
    return np.array([o.time_s for o in onsets if o.drum.family == family])


@pytest.mark.parametrize("family", ["KD", "SD", "HH"])
@pytest.mark.parametrize("name", ["rock", "waltz", "drifting"])
def test_loops_are_detected_within_30_ms(request, name, family):
    loop = request.getfixturevalue(name)
    detected = times(transcribe(loop.samples, detector=detect_bands), family)
    f, _, _ = mir_eval.onset.f_measure(times(loop.onsets, family), detected, window=0.03)
    assert f > 0.97


def test_noise_under_the_drums(rock):
    noise = 0.01 * np.random.default_rng(0).standard_normal(rock.samples.size)
    noisy = (rock.samples + noise).astype(np.float32)
    detected = times(transcribe(noisy, detector=detect_bands), "KD")
    f, _, _ = mir_eval.onset.f_measure(times(rock.onsets, "KD"), detected, window=0.03)
    assert f > 0.95


def test_louder_hits_have_higher_velocities(rock):
    quiet = rock.samples.copy()
    half = quiet.size // 2
    quiet[:half] *= 0.6
    detected = transcribe(quiet, detector=detect_bands)
    onsets = [o for o in detected if o.drum is Drum.KICK]
    soft = [o.velocity for o in onsets if o.time_s < half / 44100 - 0.1]
    loud = [o.velocity for o in onsets if o.time_s > half / 44100 + 0.1]
    assert max(soft) < min(loud) <= 1


@pytest.mark.parametrize("seconds", [0, 0.05, 5])
def test_silence(seconds):
    assert transcribe(np.zeros(int(seconds * 44100), np.float32)) == ()


def test_a_tone_is_no_drum():
    t = np.arange(5 * 44100) / 44100
    rising = np.minimum(t, 0.5)  # one that begins at once begins with a click
    assert transcribe((rising * np.sin(2 * np.pi * 220 * t)).astype(np.float32)) == ()


def test_another_detector_can_take_its_place():
    def one_snare(samples, *, sample_rate):
        curve = np.zeros((100, 1), np.float32)
        curve[50] = 1
        return Activations(curve, (Drum.SNARE,), np.zeros_like(curve), curve[:, 0])

    (onset,) = transcribe(np.zeros(44100, np.float32), detector=one_snare)
    assert (onset.drum, onset.velocity) == (Drum.SNARE, 1.0)
    assert onset.time_s == pytest.approx(0.5, abs=0.001)


def test_activations_have_the_stated_shape():
    a = detect_bands(np.random.default_rng(0).standard_normal(44100).astype(np.float32))
    assert a.values.shape == a.level_db.shape == (a.strength.size, len(a.drums))
    assert a.values.dtype == np.float32
    assert 100 <= a.strength.size <= 101
    assert pick_onsets(a) == tuple(sorted(pick_onsets(a)))


def test_other_rates_are_refused():
    with pytest.raises(ValueError, match="44100"):
        detect_bands(np.zeros(48000, np.float32), sample_rate=48000)
