"""Which chords lead to which."""

import numpy as np
import pytest

from indexer.mir.tonality.cadence import TRANSITIONS, net_transitions
from indexer.mir.tonality.chroma import Chroma

MAJOR, MINOR = (0, 4, 7), (0, 3, 7)


def played(*chords: tuple[int, tuple[int, ...]], seconds: int = 2) -> Chroma:
    """Frames of pure chords over and over: (root, shape) each."""
    rows = np.zeros((len(chords), 12), dtype=np.float32)
    for row, (root, shape) in zip(rows, chords, strict=True):
        row[[(root + step) % 12 for step in shape]] = len(shape) ** -0.5
    treble = np.tile(np.repeat(rows, 5 * seconds, axis=0), (6, 1))
    return Chroma(treble, np.zeros_like(treble), 0.0, np.arange(len(treble)) / 5)


@pytest.mark.parametrize("tonic", [0, 5, 11])
def test_a_dominant_leads_to_its_tonic(tonic):
    circle = ((tonic, MAJOR), (tonic + 2, MINOR), (tonic + 7, MAJOR))
    forwards = net_transitions(played(*circle))[:, TRANSITIONS.index("V I")]
    backwards = net_transitions(played(*circle[::-1]))[:, TRANSITIONS.index("V I")]
    assert forwards.argmax() == tonic
    assert forwards[tonic] > 0 > backwards[tonic]


def test_minor_has_flows_of_its_own():
    heard = net_transitions(played((9, MINOR), (2, MINOR), (4, MAJOR)))
    assert heard[:, TRANSITIONS.index("V i")].argmax() == 9


def test_one_chord_or_one_frame_leads_nowhere():
    np.testing.assert_allclose(net_transitions(played((0, MAJOR))), 0, atol=1e-6)
    frame = Chroma(np.eye(12, dtype=np.float32)[:1], np.zeros((1, 12)), 0.0, np.zeros(1))
    assert not net_transitions(frame).any()
