"""What is told of a track's metre, tempo and keys, and what is not."""

import pytest

from store.track_structure import TrackStructure
from tools.tracks.structure_notes import structure_fact, structure_notes, structure_sentence

RISE = ((0.0, "C major"), (130.2, "D major"))


@pytest.mark.parametrize(
    ("course", "english", "french"),
    [
        (TrackStructure(), [], []),
        (TrackStructure(4, 0.9, 0.5, "constant"), [], []),
        (TrackStructure(3, 0.3, 0.5, "unknown"), [], []),
        (TrackStructure(3, 0.8), ["in three (3/4)"], ["à trois temps (3/4)"]),
        (TrackStructure(4, 0.8, stability="drifting"), ["tempo wanders"], ["tempo flottant"]),
        (TrackStructure(stability="changing"), ["tempo changes"], ["tempo changeant"]),
        (
            TrackStructure(key_sections=RISE),
            ["rises from C major to D major at 2:10"],
            ["monte de do majeur à ré majeur à 2:10"],
        ),
        (
            TrackStructure(key_sections=((0.0, "A minor"), (65.0, "F# major"))),
            ["goes from A minor to F# major at 1:05"],
            ["passe de la mineur à fa dièse majeur à 1:05"],
        ),
        (
            TrackStructure(key_sections=((0.0, "B minor"), (59.9, "C minor"), (90.0, "B minor"))),
            ["changes key 2 times, first from B minor to C minor at 0:59"],
            ["change 2 fois de tonalité, d'abord de si mineur à do mineur à 0:59"],
        ),
    ],
)
def test_only_what_is_unusual_is_told(course, english, french):
    assert structure_notes(course, "en") == english
    assert structure_notes(course, "fr") == french
    assert bool(structure_sentence(course, "en")) is bool(english)


def test_remarks_as_a_sentence():
    course = TrackStructure(3, 0.8, 0.4, "drifting", RISE)
    assert structure_sentence(course, "en") == (
        "Worth knowing: in three (3/4), tempo wanders and rises from C major to D major at 2:10"
    )
    assert structure_fact(course, "en")["key_sections"][1] == {"start_s": 130.2, "key": "D major"}
