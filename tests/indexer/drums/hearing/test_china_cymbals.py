import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from indexer.drums.formats.kit import render_hit
from indexer.drums.hearing.activation import Activations
from indexer.drums.hearing.china_cymbals import MIN_CRASHES, onset_spectra, split_chinas
from indexer.drums.hearing.mel import reference_power
from indexer.drums.hearing.peaks import pick_onsets, transcribe
from indexer.drums.hearing.profiles import detector_of
from indexer.drums.types import Drum, Onset

BEAT_S = 0.5
RATE = 44100


def song(cymbals, bars=10):
    """Bass drum and snare in turn, hi-hats between, and one of `cymbals` on every second beat."""
    onsets = []
    for beat in range(4 * bars):
        time_s = 0.3 + beat * BEAT_S
        onsets.append(Onset(time_s, Drum.SNARE if beat % 2 else Drum.KICK, 0.9))
        onsets.append(Onset(time_s + BEAT_S / 2, Drum.HAT_CLOSED, 0.8))
        if beat % 2 == 0:
            onsets.append(Onset(time_s, cymbals[beat // 2 % len(cymbals)], 1.0))
    return sorted(onsets)


def trashy(seed):
    """A crash whose 1 to 4.5 kHz stand out."""
    crash = render_hit("crash", seed=seed)
    sos = butter(2, [1100, 4500], "bandpass", fs=RATE, output="sos")
    return (0.25 * crash + 1.5 * np.asarray(sosfilt(sos, crash))).astype(np.float32)


def detected_chinas(play, cymbals, profile, tmp_path):
    onsets = song(cymbals)
    others = [onset for onset in onsets if onset.drum is not Drum.CHINA]
    samples = play(others, onsets[-1].time_s + 1)
    chinas = [onset.time_s for onset in onsets if onset.drum is Drum.CHINA]
    for number, time_s in enumerate(chinas):
        start = round(time_s * RATE)
        hit = 0.5 * trashy(number % 4)[: samples.size - start]
        samples[start : start + hit.size] += hit
    found = transcribe(samples, detector=detector_of(profile, imported=tmp_path / "none"))
    return chinas, [o.time_s for o in found if o.drum is Drum.CHINA]


def near(time_s, times):
    return min((abs(time_s - other) for other in times), default=9.0) < 0.03


@pytest.mark.parametrize("profile", ["rock", "metal"])
def test_chinas_are_separated_from_crashes(play, profile, tmp_path):
    cymbals = [Drum.CHINA, Drum.CRASH, Drum.CHINA, Drum.CRASH_LEFT]
    chinas, found = detected_chinas(play, cymbals, profile, tmp_path)
    assert all(near(time_s, chinas) for time_s in found)
    assert len(found) >= 0.7 * len(chinas)


@pytest.mark.parametrize(
    "cymbals", [[Drum.CRASH, Drum.CRASH_LEFT], [Drum.RIDE], [Drum.HAT_OPEN, Drum.CRASH]]
)
def test_without_chinas_there_are_none(play, cymbals, tmp_path):
    assert detected_chinas(play, cymbals, "rock", tmp_path)[1] == []


def test_other_profiles_detect_crashes(play, tmp_path):
    assert detected_chinas(play, [Drum.CHINA, Drum.CRASH], "default", tmp_path)[1] == []


def crashes_at(frames, count=400):
    """Activations with crashes at these frames, and a bass drum with the first."""
    values = np.zeros((count, 2), np.float32)
    for frame in frames:
        values[frame - 1 : frame + 2, 1] = (0.5, 0.9, 0.5)
    values[frames[0], 0] = 0.8
    return Activations(values, (Drum.KICK, Drum.CRASH), values - 1, values[:, 0], (0.3, 0.4))


def power_of(play, drum, times_s, seconds=4.0):
    return reference_power(play([Onset(t, drum, 1.0) for t in times_s], seconds))


def test_a_china_replaces_the_crash(play):
    times_s = [0.5, 1.1, 1.7, 2.3, 2.9]
    frames = [round(100 * time_s) for time_s in times_s]
    result = split_chinas(crashes_at(frames), power_of(play, Drum.CHINA, times_s))
    found = pick_onsets(result)
    assert [o.drum for o in found if o.drum is not Drum.KICK] == [Drum.CHINA] * len(frames)
    assert [o.time_s for o in found if o.drum is Drum.CHINA] == pytest.approx(times_s, abs=0.01)
    assert sum(o.drum is Drum.KICK for o in found) == 1
    assert result.values.shape == result.level_db.shape == (400, 3)


def test_a_few_onsets_are_no_group(play):
    times_s = [0.5 + 0.6 * n for n in range(MIN_CRASHES - 1)]
    frames = [round(100 * time_s) for time_s in times_s]
    result = split_chinas(crashes_at(frames), power_of(play, Drum.CHINA, times_s))
    assert not result.values[:, 2].any()
    assert result.values[:, 1].any()


def test_loudness_does_not_matter(play):
    power = power_of(play, Drum.CRASH, [1.0])
    loud, soft = (onset_spectra(power * gain, [100])[0] for gain in (1000.0, 100.0))
    assert loud == pytest.approx(soft, abs=0.15)


def test_silence_has_the_same_voices(tmp_path):
    result = detector_of("rock", imported=tmp_path / "none")(np.zeros(RATE, np.float32))
    assert Drum.CHINA in result.drums and not result.values.any()
