"""Onsets of drums, and onsets of other sounds."""

import numpy as np
import pytest

from indexer.drums.hearing.presence import regularity, require_drums
from indexer.drums.types import Drum, DrumsError, Onset

DURATION_S = 30.0


def onsets(drum, times):
    return [Onset(float(t), drum, 0.7) for t in times]


def rain(rng, rate_hz=4.0):
    return np.sort(rng.uniform(0, DURATION_S, int(rate_hz * DURATION_S)))


@pytest.mark.parametrize("rate_hz", [0.6, 4.0, 8.0])
@pytest.mark.parametrize("drum", [Drum.KICK, Drum.SNARE])
def test_drops_are_no_drums(drum, rate_hz):
    rng = np.random.default_rng(1)
    detected = onsets(drum, rain(rng, rate_hz)) + onsets(Drum.CRASH, [3.0, 11.0])
    with pytest.raises(DrumsError, match="keeps no time"):
        require_drums(tuple(sorted(detected)), duration_s=DURATION_S)


@pytest.mark.parametrize("step_s", [2.0, 0.5, 0.25, 60 / 205 / 4])
@pytest.mark.parametrize("drum", [Drum.KICK, Drum.SNARE])
def test_one_regular_drum_is_accepted(drum, step_s):
    rng = np.random.default_rng(2)
    times = np.arange(0.5, DURATION_S, step_s)
    times += 0.2 * np.sin(times / 6) + rng.normal(0, 0.006, times.size)
    require_drums(tuple(sorted(onsets(drum, times))), duration_s=DURATION_S)


def test_a_second_voice_needs_no_pulse():
    rng = np.random.default_rng(3)
    detected = onsets(Drum.KICK, rain(rng)) + onsets(Drum.SNARE, rain(rng, 1.0))
    assert regularity(tuple(sorted(detected))) < 0.7
    require_drums(tuple(sorted(detected)), duration_s=DURATION_S)


def test_hats_alone_are_no_kit():
    with pytest.raises(DrumsError, match="no drums"):
        require_drums(tuple(onsets(Drum.HAT_CLOSED, np.arange(0, 30, 0.25))), duration_s=DURATION_S)


@pytest.mark.parametrize("beat_s", [1.0, 0.45, 0.26])
def test_ride_and_foot_hat_alone_are_drums(beat_s):
    rng = np.random.default_rng(4)
    beats = np.arange(0.5, DURATION_S - 1, beat_s)
    ride = np.concatenate([beats, beats[1::2] + 2 / 3 * beat_s])
    played = onsets(Drum.RIDE, ride) + onsets(Drum.HAT_CLOSED, beats[1::2])
    late = rng.normal(0, 0.008, len(played))
    free = [Onset(one.time_s + by, one.drum, 0.7) for one, by in zip(played, late, strict=True)]
    require_drums(tuple(sorted(free)), duration_s=DURATION_S)


def test_cymbals_in_the_rain_are_no_drums():
    rng = np.random.default_rng(5)
    detected = onsets(Drum.CRASH, rain(rng, 3.0)) + onsets(Drum.HAT_CLOSED, rain(rng, 2.0))
    with pytest.raises(DrumsError, match="no drums"):
        require_drums(tuple(sorted(detected)), duration_s=DURATION_S)
