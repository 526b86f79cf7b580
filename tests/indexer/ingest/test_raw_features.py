"""Raw features stored as JSON come back as they were, also those that an older version stored."""

import json

from indexer.ingest.raw_features import raw_from_json, raw_to_json
from indexer.mir.types import Key, RawFeatures, Tempo


def stored(key: Key | None) -> dict:
    beats = tuple(0.5 * n for n in range(1, 400))
    tempo = Tempo(120.0, 60.0, 0.9, beats, "constant", 4, 1, 0.75)
    raw = RawFeatures(200.0, tempo, key, measured={"onset_rate_hz": 3.5}, tagger={"msd:rock": 0.2})
    return json.loads(json.dumps(raw_to_json(raw)))


def test_keys_of_sections_and_the_metre_come_back():
    key = Key("C", "major", "8B", 0.8, 3.0, ((0.0, "C major"), (95.0, "D major")))
    again = raw_from_json(stored(key), tags=(), version=2)
    assert again is not None
    assert again.key == key
    assert (again.tempo.beats_per_bar, again.tempo.first_downbeat) == (4, 1)
    assert again.tempo.downbeat_times_s == (1.0,)  # where the first bar begins is kept, no more
    assert again.tempo.beat_times_s == (0.5, 1.0)
    assert raw_to_json(again)["tempo"] == stored(key)["tempo"]


def test_what_an_older_version_stored_is_read():
    older = stored(Key("A", "minor", "8A", 0.7))
    del older["key"]["sections"]
    for name in ("first_beats_s", "beats_per_bar", "first_downbeat", "meter_confidence"):
        del older["tempo"][name]
    again = raw_from_json(older, tags=(), version=2)
    assert again is not None and again.key is not None
    assert again.key.sections == ()
    assert again.tempo.beats_per_bar is None


def test_what_cannot_be_read_is_none():
    broken = stored(Key("A", "minor", "8A", 0.7))
    broken["key"]["sections"] = [["only a start"]]
    assert raw_from_json(broken, tags=(), version=2) is None
    assert raw_from_json({}, tags=(), version=2) is None
