"""What was heard is kept for its key, and heard anew for another or where the file is damaged."""

import numpy as np
import pytest

from indexer.charts.detection import RecordingAnalysis
from indexer.charts.stored.kept_hearing import heard
from indexer.drums.types import Drum, Onset

ANALYSIS = RecordingAnalysis(
    (Onset(0.5, Drum.KICK, 0.9, 0.8), Onset(1.0, Drum.CHINA, 0.25)),
    12.5,
    np.arange(6, dtype=np.float32).reshape(2, 3),
    121.5,
)


@pytest.fixture
def hear():
    calls = []

    def hear():
        calls.append(1)
        return ANALYSIS

    hear.calls = calls
    return hear


def test_kept_for_its_key(tmp_path, hear):
    file = tmp_path / "deep" / "7.npz"
    assert heard(file, "one", hear) is ANALYSIS
    again = heard(file, "one", hear)
    assert len(hear.calls) == 1
    assert again.onsets == ANALYSIS.onsets
    assert (again.duration_s, again.tempo_bpm) == (12.5, 121.5)
    np.testing.assert_array_equal(again.frames, ANALYSIS.frames)
    heard(file, "two", hear)
    assert len(hear.calls) == 2
    file.write_bytes(file.read_bytes()[:-40])
    assert heard(file, "two", hear) is ANALYSIS
    assert [path.name for path in file.parent.iterdir()] == ["7.npz"]


def test_nothing_is_kept_without_a_file(hear):
    heard(None, "one", hear)
    heard(None, "one", hear)
    assert len(hear.calls) == 2
