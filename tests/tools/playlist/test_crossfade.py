"""Crossfades begin and end on bars, and bend a tempo by 6 % at most."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from store.results import TrackDetail, TrackRow
from store.track_structure import TrackStructure
from tools.playlist.crossfade import crossfade

STRUCTURE = TrackStructure(
    beats_per_bar=4, meter_confidence=0.9, first_downbeat_s=0.5, stability="constant"
)


def track(bpm: float | None = 120.0, camelot: str | None = "8A", **structure: Any) -> TrackDetail:
    row = TrackRow(
        id=1, title="A", artist=None, album=None, year=None, duration_s=200.0, bpm=bpm,
        bpm_alternative=None, camelot=camelot, genre=None, moods=(), energy=None, has_cover=False,
        chart_count=0, recording=None, audio_format="flac", bit_rate=None,
    )  # fmt: skip
    return TrackDetail(
        row=row, path="", audio_format="flac", key=None, scale=None, bpm_confidence=None,
        genres=(), normalized={}, scores={}, synthetic_tags=(), moods={}, source="",
        structure=replace(STRUCTURE, **structure),
    )  # fmt: skip


def test_it_lies_on_bars_of_both() -> None:
    found = crossfade(track(120.0), track(125.0, "9A", first_downbeat_s=5.0))
    assert found is not None
    assert found.fade_s == 16.0  # eight bars of two seconds
    assert (found.start_s - 0.5) % 2.0 == pytest.approx(0.0)
    assert 198.0 < found.start_s + found.fade_s <= 200.0
    assert found.entry_s == pytest.approx(5.0 % 1.92)
    assert found.rate == pytest.approx(120 / 125, abs=1e-4)


def test_a_slower_track_counts_double() -> None:
    found = crossfade(track(120.0), track(62.0))
    assert found is not None
    assert found.rate == pytest.approx(120 / 124, abs=1e-4)


def test_a_slow_first_track_overlaps_for_fewer_bars() -> None:
    found = crossfade(track(70.0), track(70.0))
    assert found is not None
    assert found.fade_s == pytest.approx(5 * 4 * 60 / 70, abs=1e-3)
    assert found.rate == 1.0


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (track(120.0), track(129.0)),  # more than 6 %
        (track(120.0, "8A"), track(120.0, "2B")),
        (track(120.0, None), track(120.0)),
        (track(None), track(120.0)),
        (track(stability="drifting"), track()),
        (track(), track(stability="changing")),
        (track(beats_per_bar=3), track()),
        (track(), track(meter_confidence=0.3)),
        (track(), track(first_downbeat_s=None)),
    ],
)
def test_what_does_not_fit_is_not_mixed(first: TrackDetail, second: TrackDetail) -> None:
    assert crossfade(first, second) is None


def test_too_short_for_a_bar() -> None:
    short = track()
    assert crossfade(replace(short, row=replace(short.row, duration_s=6.0)), track()) is None
