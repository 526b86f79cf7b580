"""The tempo curve, and beats that follow it, on synthetic onsets."""

import numpy as np
import pytest

from indexer.mir.rhythm import beats
from indexer.mir.signal.spectrum import FRAME_RATE_HZ

SECONDS = 70.0


def onsets(rate_at) -> tuple[np.ndarray, np.ndarray]:
    """Times of beats whose rate in Hz is `rate_at(seconds)`, and the onset strength of an onset on
    each and of a weaker one between."""
    at_s = np.arange(0, SECONDS, 0.001)
    phase = np.cumsum(np.array([rate_at(t) for t in at_s])) * 0.001
    times_s = np.interp(np.arange(1, int(phase[-1])), phase, at_s)
    between_s = (times_s[1:] + times_s[:-1]) / 2
    curve = np.zeros(int(SECONDS * FRAME_RATE_HZ), dtype=np.float32)
    for found_s, height in ((times_s, 1.0), (between_s, 0.4)):
        curve[(found_s * FRAME_RATE_HZ).astype(int)] = height
    return times_s, curve


@pytest.mark.parametrize(
    ("rate_at", "expected"),
    [
        (lambda t: 2.0, "constant"),
        (lambda t: 2.0 + 0.008 * np.sin(t), "constant"),
        (lambda t: 1.9 + 0.004 * t, "drifting"),
        (lambda t: 2.0 + 0.08 * np.sin(t / 10), "drifting"),
        (lambda t: 2.0 if t < 30 else 2.4, "changing"),
        (lambda t: 1.75 if 25 < t < 50 else 2.0, "changing"),
    ],
    ids=["machine", "player", "faster and faster", "to and fro", "jump", "there and back"],
)
def test_the_tempo_stability_is_classified(rate_at, expected):
    _, curve = onsets(rate_at)
    assert beats.tempo_stability(beats.tempo_curve(curve, bpm=120.0)) == expected


def test_the_tempo_curve_follows_a_jump():
    _, curve = onsets(lambda t: 2.0 if t < 30 else 2.4)
    tempo = beats.tempo_curve(curve, bpm=120.0)
    assert tempo is not None
    np.testing.assert_allclose(tempo.bpms[tempo.times_s < 24], 120, rtol=0.01)
    np.testing.assert_allclose(tempo.bpms[tempo.times_s > 36], 144, rtol=0.01)


def test_the_curve_of_half_the_tempo_is_as_constant():
    _, curve = onsets(lambda t: 2.0)
    for bpm in (60.0, 120.0, 240.0):
        tempo = beats.tempo_curve(curve, bpm=bpm)
        assert tempo is not None
        np.testing.assert_allclose(tempo.bpms, bpm, rtol=0.01)


@pytest.mark.parametrize(("seconds", "bpm"), [(20.0, 120.0), (60.0, None)])
def test_a_short_excerpt_or_no_tempo_has_no_curve(seconds, bpm):
    curve = onsets(lambda t: 2.0)[1][: int(seconds * FRAME_RATE_HZ)]
    assert beats.tempo_curve(curve, bpm=bpm) is None
    assert beats.tempo_stability(None) == "unknown"


def test_beats_follow_the_tempo_curve():
    times_s, curve = onsets(lambda t: 2.0 if t < 30 else 2.5)
    tempo = beats.tempo_curve(curve, bpm=120.0)
    found_s = beats.track_beats(curve, bpm=120.0, curve=tempo)
    late_s = times_s[times_s > 36]
    nearest = np.abs(found_s[:, None] - late_s[None, :]).min(axis=0)
    assert (nearest < 0.03).mean() > 0.95
    assert np.diff(found_s[found_s > 36]) == pytest.approx(0.4, abs=0.03)
