"""The course of the tempo, and beats that follow it, on strokes whose times are known."""

import numpy as np
import pytest

from indexer.mir.rhythm import beats
from indexer.mir.signal.spectrum import FRAME_RATE_HZ

SECONDS = 70.0


def strokes(rate_at) -> tuple[np.ndarray, np.ndarray]:
    """Times at which a beat falls when its rate in Hz is `rate_at(seconds)`, and the onset strength
    of a stroke on each and of a weaker one between."""
    at_s = np.arange(0, SECONDS, 0.001)
    phase = np.cumsum(np.array([rate_at(t) for t in at_s])) * 0.001
    times_s = np.interp(np.arange(1, int(phase[-1])), phase, at_s)
    between_s = (times_s[1:] + times_s[:-1]) / 2
    curve = np.zeros(int(SECONDS * FRAME_RATE_HZ), dtype=np.float32)
    for found_s, height in ((times_s, 1.0), (between_s, 0.4)):
        curve[(found_s * FRAME_RATE_HZ).astype(int)] = height
    return times_s, curve


@pytest.mark.parametrize(
    ("rate_at", "told"),
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
def test_whether_the_tempo_holds_is_told(rate_at, told):
    _, curve = strokes(rate_at)
    assert beats.stability(beats.tempo_course(curve, bpm=120.0)) == told


def test_the_course_follows_a_jump():
    _, curve = strokes(lambda t: 2.0 if t < 30 else 2.4)
    course = beats.tempo_course(curve, bpm=120.0)
    assert course is not None
    np.testing.assert_allclose(course.bpms[course.times_s < 24], 120, rtol=0.01)
    np.testing.assert_allclose(course.bpms[course.times_s > 36], 144, rtol=0.01)


def test_the_course_of_half_the_tempo_is_as_steady():
    _, curve = strokes(lambda t: 2.0)
    for bpm in (60.0, 120.0, 240.0):
        course = beats.tempo_course(curve, bpm=bpm)
        assert course is not None
        np.testing.assert_allclose(course.bpms, bpm, rtol=0.01)


@pytest.mark.parametrize(("seconds", "bpm"), [(20.0, 120.0), (60.0, None)])
def test_a_short_excerpt_or_none_to_follow_has_no_course(seconds, bpm):
    curve = strokes(lambda t: 2.0)[1][: int(seconds * FRAME_RATE_HZ)]
    assert beats.tempo_course(curve, bpm=bpm) is None
    assert beats.stability(None) == "unknown"


def test_beats_follow_the_course():
    times_s, curve = strokes(lambda t: 2.0 if t < 30 else 2.5)
    course = beats.tempo_course(curve, bpm=120.0)
    found_s = beats.track_beats(curve, bpm=120.0, course=course)
    late_s = times_s[times_s > 36]
    nearest = np.abs(found_s[:, None] - late_s[None, :]).min(axis=0)
    assert (nearest < 0.03).mean() > 0.95
    assert np.diff(found_s[found_s > 36]) == pytest.approx(0.4, abs=0.03)
