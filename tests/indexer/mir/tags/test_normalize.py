import pytest

from indexer.mir.tags import features
from indexer.mir.tags.genre import GenreResult
from indexer.mir.tags.normalize import FEATURE_NAMES, choose_key, choose_tempo, normalize
from indexer.mir.tags.tagger_vocabulary import MSD_TAGS, MTT_TAGS
from indexer.mir.types import Key, RawFeatures, Tempo

NO_GENRE = GenreResult(None, (), 0.0)
MEASURED = Tempo(150.0, 75.0, 0.8)


def raw(*, tagger=None, measured=None) -> RawFeatures:
    return RawFeatures(
        duration_s=30.0,
        tempo=Tempo(None, None, 0.0),
        key=None,
        tagger=tagger or {},
        measured=measured or {},
    )


def tags(**strong: float) -> dict[str, float]:
    """Usual values, but for the outputs named (msd_party → msd:party)."""
    usual = features.reference()["tags"]
    base = {f"msd:{t}": 0.0 for t in MSD_TAGS} | {f"mtt:{t}": 0.0 for t in MTT_TAGS}
    middle = {name: 1 / (1 + 2.718281828 ** -usual[name][0]) for name in base}
    return middle | {name.replace("_", ":", 1): value for name, value in strong.items()}


def test_nothing_known_is_none_and_never_a_half():
    result = normalize(raw(), genre=NO_GENRE)
    assert all(getattr(result, name) is None for name in FEATURE_NAMES)
    assert result.bpm is None
    assert result.confidence_score == 0


def test_every_feature_reacts_to_its_tags_over_a_wide_range():
    cases = {
        "danceability": (
            {"msd_dance": 0.7, "msd_party": 0.5},
            {"mtt_classical": 0.9, "mtt_slow": 0.8},
        ),
        "mood_happy": ({"msd_happy": 0.3, "msd_catchy": 0.4}, {"msd_sad": 0.4, "msd_ambient": 0.6}),
        "mood_aggressive": (
            {"msd_metal": 0.8, "mtt_loud": 0.6},
            {"msd_Mellow": 0.5, "mtt_quiet": 0.7},
        ),
        "instrumental": ({"msd_instrumental": 0.7}, {"mtt_vocals": 0.8, "mtt_singing": 0.6}),
        "acoustic": ({"msd_acoustic": 0.7, "msd_folk": 0.6}, {"msd_electronic": 0.8}),
    }
    for name, (high, low) in cases.items():
        up = features.feature(name, tags=tags(**high), measured={})
        down = features.feature(name, tags=tags(**low), measured={})
        assert up is not None and down is not None
        assert 0 <= down < up <= 1
        assert up - down > 0.25, name


def test_weights_name_real_outputs_and_known_descriptors():
    outputs = {f"msd:{t}" for t in MSD_TAGS} | {f"mtt:{t}" for t in MTT_TAGS}
    known = features.reference()
    assert set(known["tags"]) == outputs
    for name, spec in features.specs().items():
        assert set(spec.tags) <= outputs
        assert set(spec.descriptors) <= set(known["descriptors"])
        assert name in known["features"]


def test_descriptors_alone_tell_something():
    usual = features.reference()["descriptors"]
    measured = {name: middle for name, (middle, _) in usual.items()}
    lively = measured | {"onset_rate_hz": 9.0, "onset_rate_mid_hz": 9.0, "spectral_flux": 0.9}
    assert features.feature("activity", tags={}, measured=lively) > features.feature(
        "activity", tags={}, measured=measured
    )
    assert features.feature("instrumental", tags={}, measured=measured) is None


def test_a_tagged_feature_outranks_the_estimate():
    result = normalize(
        raw(tagger=tags(msd_metal=0.9)), genre=NO_GENRE, tagged={"mood_aggressive": 0.05}
    )
    assert result.mood_aggressive == 0.05


@pytest.mark.parametrize("tagged", [150.0, 75.0, 151.0, 100.0, 300.0])
def test_a_tag_of_the_same_pulse_is_kept(tagged):
    chosen, source = choose_tempo(MEASURED, tagged_bpm=tagged)
    assert (chosen.bpm, source) == (tagged, "standards")
    assert chosen.alternative != chosen.bpm


@pytest.mark.parametrize("tagged", [None, 0.0, 9.0, 128000.0, 121.0, float("nan"), float("inf")])
def test_an_implausible_tag_is_not(tagged):
    assert choose_tempo(MEASURED, tagged_bpm=tagged) == (MEASURED, "backbeat")


def test_a_tag_fills_in_where_nothing_or_little_was_measured():
    assert choose_tempo(Tempo(None, None, 0.0), tagged_bpm=121.0)[0].bpm == 121.0
    assert choose_tempo(Tempo(150.0, 75.0, 0.3), tagged_bpm=121.0)[0].bpm == 121.0


def test_a_readable_key_tag_outranks_the_estimate():
    measured = Key("C", "major", "8B", 0.6, tuning_cents=12.0)
    chosen, source = choose_key(measured, tagged_key="la mineur")
    assert chosen is not None
    assert (chosen.camelot, chosen.tuning_cents, source) == ("8A", 12.0, "standards")
    assert choose_key(measured, tagged_key="loud") == (measured, "backbeat")
    assert choose_key(None, tagged_key=None) == (None, "backbeat")


def test_loud_music_is_busier_but_very_soft_masters_are_alike():
    def activity(lufs: float) -> float:
        measured = {"onset_rate_hz": 4.0, "onset_rate_mid_hz": 4.0, "loudness_lufs": lufs}
        value = features.feature("activity", tags={}, measured=measured)
        assert value is not None
        return value

    assert activity(-9.0) > activity(-15.0) + 0.05 > activity(-24.0)
    assert activity(-30.0) == activity(-40.0)
