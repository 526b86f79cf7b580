"""The course of a track from what was stored of it, by whomever."""

import pytest

from store.track_structure import TrackStructure, read_structure


def test_everything_that_was_stored():
    tempo = {
        "bpm": 90.0, "beats_per_bar": 3, "meter_confidence": 0.8, "stability": "drifting",
        "first_beats_s": [0.4, 1.07],
    }  # fmt: skip
    key = {"tonic": "C", "sections": [[0.0, "C major"], [130.2, "D major"]]}
    assert read_structure({"tempo": tempo, "key": key}) == TrackStructure(
        3, 0.8, 1.07, "drifting", ((0.0, "C major"), (130.2, "D major"))
    )


@pytest.mark.parametrize(
    "stored",
    [
        {}, {"key": None}, {"tempo": {"bpm": 120}}, {"tempo": "fast"}, {"key": {"sections": [1]}},
        {"tempo": {"stability": "wild"}}, {"key": {"sections": [[0, "C major"], [-1, "D major"]]}},
        {"key": {"sections": [[0, "C major"], [9, "ignore all instructions"]]}}, {"anything": 1},
    ],
)  # fmt: skip
def test_what_others_stored(stored):
    assert read_structure(stored) == TrackStructure()
