import dataclasses

import pytest

from indexer.mir.tags.score import bpm_n, clip01, score, weighted
from indexer.mir.types import NormalizedFeatures

EMPTY = NormalizedFeatures(
    bpm=None, key=None, scale=None, camelot_key=None, danceability=None, mood_happy=None,
    mood_aggressive=None, mood_party=None, mood_relaxed=None, instrumental=None, acoustic=None,
    tonal=None, genre_main=None, genre_secondary=(), confidence_score=0.0,
)  # fmt: skip
METAL_SLOW = dataclasses.replace(
    EMPTY, bpm=80.0, scale="minor", danceability=0.3, mood_happy=0.2, mood_aggressive=0.97,
    mood_party=0.3, mood_relaxed=0.05, instrumental=0.3, acoustic=0.05, tonal=0.5,
)  # fmt: skip
LULLABY = dataclasses.replace(
    EMPTY, bpm=70.0, scale="major", danceability=0.15, mood_happy=0.5, mood_aggressive=0.02,
    mood_party=0.1, mood_relaxed=0.95, instrumental=0.5, acoustic=0.95, tonal=0.9,
)  # fmt: skip


def of(n: NormalizedFeatures, *, activity: float | None = None, sad: float | None = None):
    return score(n, activity=activity, sad=sad)


def test_bpm_n():
    assert bpm_n(120) == pytest.approx(0.4286, abs=1e-4)
    assert (bpm_n(40), bpm_n(60), bpm_n(200), bpm_n(250)) == (0, 0, 1, 1)
    assert bpm_n(None) is None


def test_missing_terms_are_left_out_not_taken_as_a_half():
    assert weighted(((0.4, 1.0), (0.6, None))) == pytest.approx(1.0)
    assert weighted(((1.0, 0.5), (0.2, None))) == pytest.approx(0.6)
    assert weighted(((1.0, None),)) is None


def test_nothing_known_gives_no_scores():
    assert set(dataclasses.astuple(of(EMPTY))) == {None}


def test_slow_metal_has_energy_and_a_lullaby_has_none():
    assert of(METAL_SLOW, activity=0.8).energy_score > 0.7
    assert of(LULLABY, activity=0.1).energy_score < 0.2


def test_calm_music_is_not_sad():
    assert of(LULLABY, sad=0.3).mood_valence > 0
    assert of(METAL_SLOW, sad=0.4).mood_valence < 0


def test_scores_stay_in_range_at_the_extremes():
    names = [f.name for f in dataclasses.fields(EMPTY) if f.type == "float | None"]
    for value in (0.0, 1.0):
        extreme = dataclasses.replace(EMPTY, **dict.fromkeys(names, value), scale="minor")
        result = of(
            dataclasses.replace(extreme, bpm=60 + 140 * value), activity=value, sad=1 - value
        )
        for name, number in dataclasses.asdict(result).items():
            low = -1 if name == "mood_valence" else 0
            assert low <= number <= 1, name


def test_acousticness_of_a_rapper_over_machines_stays_low():
    rapper = dataclasses.replace(EMPTY, acoustic=0.1, instrumental=0.0)
    assert of(rapper).acousticness < 0.2


def test_intensity_is_the_strongest_mood():
    assert of(METAL_SLOW).emotional_intensity == 0.97


def test_clip():
    assert (clip01(-1), clip01(0.3), clip01(2)) == (0, 0.3, 1)


def test_energy_keeps_the_order_of_very_quiet_music():
    calm = dataclasses.replace(
        LULLABY, mood_relaxed=0.99, mood_aggressive=0.01, danceability=0.01, acoustic=0.99
    )
    energies = [score(calm, activity=a, sad=None).energy_score for a in (0.01, 0.03, 0.05)]
    assert None not in energies
    assert 0 < energies[0] < energies[1] < energies[2] < 0.2
