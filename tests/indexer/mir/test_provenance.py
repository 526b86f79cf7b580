"""Every value names where it comes from."""

import pytest

from indexer.mir.measurement import Measurement, raw_features
from indexer.mir.provenance import join_sources, raw_source
from indexer.mir.tags.tagger_vocabulary import MSD_TAGS, MTT_TAGS
from indexer.mir.types import RawFeatures, TagHints, Tempo, ValueSource

OUTPUTS = {f"msd:{tag}": 0.05 for tag in MSD_TAGS} | {f"mtt:{tag}": 0.05 for tag in MTT_TAGS}
DESCRIPTORS = {"key_clarity": 0.8, "onset_rate_hz": 3.0, "pulse_clarity": 0.5}


def features(
    *, tagger: dict[str, float] | None = None, tags: TagHints | None = None
) -> RawFeatures:
    tempo = Tempo(120.0, 60.0, 0.9)
    measurement = Measurement(
        30.0, tempo, ValueSource.BACKBEAT, None, ValueSource.STANDARDS, DESCRIPTORS
    )
    return raw_features(measurement, tagger=tagger or {}, tags=tags or TagHints())


def test_sources_are_joined_once_each_and_in_one_order():
    assert join_sources(["backbeat", "musicnn", "backbeat"]) == "musicnn+backbeat"
    assert join_sources([]) == ""


def test_a_feature_names_what_contributes_to_it():
    sources = features(tagger=OUTPUTS).sources
    assert sources["danceability"] == "musicnn+backbeat"
    assert sources["instrumental"] == "musicnn"
    assert sources["tonal"] == "backbeat"
    assert sources["onset_rate_hz"] == "backbeat"
    assert (sources["bpm"], sources["key"]) == ("backbeat", "standards")


def test_a_feature_without_a_value_has_no_source():
    sources = features().sources
    assert "instrumental" not in sources
    assert sources["tonal"] == "backbeat"


@pytest.mark.parametrize(
    ("tagger", "genres", "source"),
    [
        ({}, (), None),
        ({}, ("Rock",), "standards"),
        (OUTPUTS, (), None),
        ({**OUTPUTS, "msd:rock": 0.7}, (), "musicnn"),
        ({**OUTPUTS, "msd:rock": 0.7}, ("Rock",), "standards+musicnn"),
    ],
)
def test_tags_name_the_file_and_the_tagger(tagger, genres, source):
    assert features(tagger=tagger, tags=TagHints(genres=genres)).sources.get("tags") == source


def test_the_source_of_the_stage_is_that_of_all_its_values():
    hints = TagHints(extra={"mood_happy": "0.9"})
    assert features(tags=hints).sources["mood_happy"] == "acousticbrainz"
    assert raw_source(features(tagger=OUTPUTS, tags=hints)) == (
        "standards+acousticbrainz+musicnn+backbeat"
    )
    assert raw_source(features()) == "standards+backbeat"
