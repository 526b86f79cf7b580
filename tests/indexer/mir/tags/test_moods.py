import dataclasses

import pytest

from indexer.mir.tags.moods import mood_strengths
from indexer.mir.tags.synthetic_tags import RULES, synthetic_tags
from indexer.mir.types import DerivedScores, NormalizedFeatures
from store.vocabulary import MOODS

NOTHING = DerivedScores(None, None, None, None, None, None)
FEATURES = NormalizedFeatures(
    bpm=120.0, key="C", scale="major", camelot_key="8B", danceability=0.5, mood_happy=0.5,
    mood_aggressive=0.2, mood_party=0.5, mood_relaxed=0.5, instrumental=0.2, acoustic=0.3,
    tonal=0.5, genre_main=None, genre_secondary=(), confidence_score=0.5,
)  # fmt: skip
UNKNOWN = dataclasses.replace(
    FEATURES, danceability=None, mood_happy=None, mood_aggressive=None, mood_party=None,
    mood_relaxed=None, instrumental=None, acoustic=None, tonal=None,
)  # fmt: skip
CLUB = DerivedScores(0.85, 0.9, 0.1, 0.5, 0.8, 0.5)
LULLABY = DerivedScores(0.1, 0.2, 0.9, 0.4, 0.9, 0.2)


def names(n: NormalizedFeatures, s: DerivedScores) -> set[str]:
    return {f"{tag.category}:{tag.tag}" for tag in synthetic_tags(n, s)}


def moods_of(n: NormalizedFeatures, s: DerivedScores, **more) -> set[str]:
    strengths = mood_strengths(
        n, s, sad=more.get("sad"), romantic=more.get("romantic"), tagged=more.get("tagged", ())
    )
    assert tuple(sorted(strengths)) == tuple(sorted(MOODS))
    assert all(0 <= v <= 1 for v in strengths.values())
    return {mood for mood, v in strengths.items() if v >= 0.5}


def test_a_club_track_is_tagged_as_one():
    found = names(FEATURES, CLUB)
    assert {"mood:bright", "mood:energetic", "mood:uplifting", "energy:high"} <= found
    assert {"atmosphere:dancefloor", "usage:workout", "usage:party"} <= found
    assert not found & {"mood:chill", "energy:low", "mood:dark", "mood:aggressive"}


def test_a_lullaby_is_tagged_as_one():
    calm = dataclasses.replace(FEATURES, instrumental=0.8)
    found = names(calm, LULLABY)
    assert {"mood:chill", "energy:low", "atmosphere:ambient", "usage:background"} <= found
    assert "atmosphere:intimate" in found


def test_aggressive_needs_aggressiveness_not_only_intensity():
    assert "mood:aggressive" not in names(FEATURES, DerivedScores(0.9, 0.9, 0.1, 0.5, 1.0, 0.5))
    harsh = dataclasses.replace(FEATURES, mood_aggressive=0.9)
    assert "mood:aggressive" in names(harsh, CLUB)


def test_every_tag_has_a_reason_with_its_number():
    for tag in synthetic_tags(FEATURES, CLUB):
        assert 0.5 <= tag.score <= 1
        assert tag.source == "calculated"
    reason = next(t.reason for t in synthetic_tags(FEATURES, CLUB) if t.tag == "energetic")
    assert reason == "energy 0.85 is above 0.6"


def test_strength_grows_with_the_margin():
    faint, strong = (DerivedScores(e, None, None, None, None, None) for e in (0.62, 0.95))
    score_of = {
        s: next(t.score for t in synthetic_tags(FEATURES, s) if t.tag == "energetic")
        for s in (faint, strong)
    }
    assert score_of[faint] < score_of[strong] == 1.0


def test_nothing_known_gives_no_tags_and_no_moods():
    assert synthetic_tags(UNKNOWN, NOTHING) == ()
    assert moods_of(UNKNOWN, NOTHING) == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda r: f"{r.category}-{r.tag}")
def test_every_rule_can_hold(rule):
    values = {"mood_aggressive": 0.2, "instrumental": 0.2}
    scores = dict.fromkeys((f.name for f in dataclasses.fields(DerivedScores)), None)
    below = {c.name: c.threshold for c in rule.conditions if c.side == "below"}
    for c in rule.conditions:
        top = below.get(c.name, c.threshold + 0.4)
        value = (c.threshold + top) / 2 if c.side == "above" else None
        if value is None:
            above = [o.threshold for o in rule.conditions if o.name == c.name and o.side == "above"]
            value = (c.threshold + above[0]) / 2 if above else c.threshold - 0.1
        (values if c.name in values else scores)[c.name] = value
    n = dataclasses.replace(FEATURES, **values)
    assert (rule.tag, rule.category) in {
        (t.tag, t.category) for t in synthetic_tags(n, DerivedScores(**scores))
    }


def test_moods_of_plain_cases():
    happy = dataclasses.replace(FEATURES, mood_happy=0.9, mood_party=0.9, danceability=0.9)
    found = moods_of(happy, CLUB, sad=0.1, romantic=0.2)
    assert {"happy", "party", "bright", "energetic", "uplifting", "dancefloor", "workout"} <= found
    assert not found & {"sad", "dark", "chill", "melancholic", "background"}
    calm = dataclasses.replace(FEATURES, mood_relaxed=0.9, mood_aggressive=0.05, instrumental=0.9,
                               danceability=0.1)  # fmt: skip
    found = moods_of(calm, LULLABY, sad=0.3, romantic=0.8)
    assert {"relaxed", "chill", "intimate", "background", "ambient", "romantic"} <= found
    assert not found & {"sad", "party", "workout", "aggressive"}
    gloomy = DerivedScores(0.2, 0.2, 0.8, 0.4, 0.5, -0.6)
    assert {"sad", "melancholic", "dark"} <= moods_of(calm, gloomy, sad=0.9)


def test_a_mood_written_in_the_file_counts():
    assert "epic" in moods_of(UNKNOWN, NOTHING, tagged=("Epic",))
    assert "sad" in moods_of(UNKNOWN, NOTHING, tagged=("triste, calme",))
    assert moods_of(UNKNOWN, NOTHING, tagged=("DROP TABLE",)) == set()


def test_a_loud_rock_song_is_neither_chill_nor_for_focus():
    rock = dataclasses.replace(
        FEATURES, instrumental=0.8, mood_relaxed=0.65, danceability=0.75, mood_aggressive=0.4
    )
    found = moods_of(rock, DerivedScores(0.5, 0.8, 0.2, 0.5, 0.65, 0.0), sad=0.3, romantic=0.5)
    assert not found & {"chill", "focus", "relaxed", "background"}


def test_calm_instrumental_music_is_for_focus():
    calm = dataclasses.replace(FEATURES, instrumental=0.8, mood_relaxed=0.8, danceability=0.3)
    assert {"focus", "chill", "relaxed"} <= moods_of(calm, LULLABY, sad=0.3, romantic=0.3)
