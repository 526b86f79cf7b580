import numpy as np
import pytest

from indexer.drums.beat import medley
from indexer.drums.beat.medley import split_songs, track_recording
from indexer.drums.beat.tempo_map import tempo_map
from indexer.drums.types import Drum, Onset


def song(bpm, beats, *, start_s, bars):
    """(onsets, bar lines): bass drum on one, snare on the last beat or on two and four."""
    beat_s = 60 / bpm
    onsets = []
    for beat in range(bars * beats):
        at_s, place = start_s + beat * beat_s, beat % beats
        backbeat = place in (1, 3) if beats == 4 else place > 0
        onsets += [Onset(at_s, Drum.SNARE if backbeat else Drum.KICK, 0.9)]
        onsets += [Onset(at_s + part * beat_s, Drum.HAT_CLOSED, 0.6) for part in (0, 0.5)]
        if beat % (4 * beats) == 0:
            onsets.append(Onset(at_s, Drum.CRASH, 1.0))
    return sorted(onsets), [start_s + bar * beats * beat_s for bar in range(bars)]


def test_songs_of_other_tempo_and_meter_in_one_recording(monkeypatch):
    monkeypatch.setattr(medley, "SONG_S", 100.0)
    parts = [song(120, 4, start_s=3.0, bars=26), song(162, 3, start_s=66.3, bars=42)]
    parts += [song(92, 4, start_s=120.9, bars=22)]
    onsets = tuple(onset for played, _ in parts for onset in played)
    assert [len(part) for part in split_songs(onsets)] == [len(played) for played, _ in parts]
    bars = track_recording(onsets, duration_s=182.0, hints={})
    tempo = tempo_map(bars, first_onset_s=3.0)
    lines = np.array([tempo.time_s(bar) for bar in range(140)])
    for (_, truth), bpm, length in zip(parts, (120, 162, 92), (1, 0.75, 1), strict=True):
        assert max(np.abs(lines - line_s).min() for line_s in truth) < 0.012
        middle = tempo.position(truth[10] + 0.1)[0]
        assert tempo.bar_length(middle) == length
        now = [change.bpm for change in tempo.changes if change.bar <= middle][-1]
        assert now == pytest.approx(bpm, rel=0.01)
    assert np.diff(lines).min() > 0.9


def test_a_pause_within_a_song_is_no_new_song():
    onsets, _ = song(120, 4, start_s=1.0, bars=100)
    held = tuple(o for o in onsets if not 60 < o.time_s < 68)
    assert len(list(split_songs(held))) == 2
    bars = track_recording(held, duration_s=205.0, hints={})
    assert np.diff(bars.downbeats_s) == pytest.approx(
        np.full(len(bars.downbeats_s) - 1, 2.0), abs=0.01
    )
