import numpy as np
import pytest

from indexer.drums.corrections.refit import SongCurves, refit
from indexer.drums.types import Drum, Onset

SHIPPED = {"HH": 0.5, "SD": 0.5}


def song(strokes, *, faint=(), ghosts=()):
    """Return onsets every 200 ms, some with faint peaks, and peaks without onsets."""
    curve = np.zeros(20 * (strokes + len(ghosts)) + 40, np.float32)
    times = [0.2 * (number + 1) for number in range(strokes)]
    for number in range(strokes):
        curve[20 * (number + 1)] = 0.3 if number in faint else 0.9
    for number, height in enumerate(ghosts):
        curve[20 * (strokes + number + 1)] = height
    silent = np.zeros_like(curve)
    strokes_played = [Onset(time_s, Drum.HAT_CLOSED, 0.8) for time_s in times]
    return SongCurves({"HH": curve, "SD": silent}, strokes_played)


def test_faint_onsets_lower_the_threshold() -> None:
    songs = [song(120, faint=range(0, 120, 2)) for _ in range(4)]
    fitted = refit(songs, SHIPPED)["HH"]
    assert fitted.factor < 0.6 and fitted.helps
    assert fitted.before == pytest.approx(2 / 3, abs=0.01)
    assert fitted.after == 1.0
    assert fitted.onsets == 480


def test_false_onsets_raise_it() -> None:
    fitted = refit([song(120, ghosts=[0.6] * 60) for _ in range(4)], SHIPPED)["HH"]
    assert fitted.factor > 1.2 and fitted.helps


def test_a_threshold_that_fits_stays() -> None:
    fitted = refit([song(120) for _ in range(4)], SHIPPED)["HH"]
    assert (fitted.factor, fitted.helps) == (1.0, False)
    assert "SD" not in refit([song(120) for _ in range(4)], SHIPPED)


def test_few_onsets_change_little() -> None:
    few = refit([song(20, faint=[3]) for _ in range(3)], SHIPPED)["HH"]
    many = refit([song(200, faint=range(3, 200, 20)) for _ in range(3)], SHIPPED)["HH"]
    assert few.factor == 1.0 and many.factor < 0.7
    plain = refit([song(12, faint=range(0, 12, 2)) for _ in range(3)], SHIPPED)["HH"]
    assert plain.after > plain.before and not plain.helps


def test_what_one_song_wants_is_not_forced_on_the_others() -> None:
    """One song has faint onsets, the others have false ones as faint: left out, none helps."""
    songs = [song(150, faint=range(150))] + [song(60, ghosts=[0.3] * 60) for _ in range(3)]
    fitted = refit(songs, SHIPPED)["HH"]
    assert fitted.after <= fitted.before and not fitted.helps


def test_what_no_chart_can_hold_is_not_called_wrong() -> None:
    """Hi-hats under a snare and a crash are detected, and no player has a third hand for them."""
    detection = song(120, ghosts=[0.6] * 60)
    ghosts_s = [0.2 * (number + 1) for number in range(120, 180)]
    busy = [Onset(time_s, drum, 0.9) for time_s in ghosts_s for drum in (Drum.SNARE, Drum.CRASH)]
    wrong = refit([detection] * 3, {"HH": 0.5})["HH"]
    right = refit([SongCurves(detection.curves, [*detection.onsets, *busy])] * 3, {"HH": 0.5})["HH"]
    assert wrong.factor > 1.2 and wrong.before < 0.85
    assert (right.factor, right.before) == (1.0, 1.0)


def test_feet_leave_hands_free() -> None:
    detection = song(120, ghosts=[0.6] * 60)
    kicks = [Onset(0.2 * (number + 1), Drum.KICK, 0.9) for number in range(120, 180)]
    fitted = refit([SongCurves(detection.curves, [*detection.onsets, *kicks])] * 3, {"HH": 0.5})[
        "HH"
    ]
    assert fitted.factor > 1.2
