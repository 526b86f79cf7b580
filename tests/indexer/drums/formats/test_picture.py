import io

import numpy as np
from PIL import Image

from indexer.drums.formats.picture import draw_png
from indexer.drums.types import (
    ChartSet,
    Drum,
    GridNote,
    LevelChart,
    TempoChange,
    TempoMap,
)


def lanes(notes) -> np.ndarray:
    """The picture below its heading, whose count of notes differs."""
    level = LevelChart("MASTER", 50, tuple(sorted(notes)))
    tempo = TempoMap((TempoChange(0, 0, 120.0),))
    chart = ChartSet("A", "B", tempo, 4, 0, (level,), (), 100.0)
    with Image.open(io.BytesIO(draw_png(chart))) as picture:
        return np.asarray(picture.convert("RGB"))[92:]


def beat(bars):
    return [
        GridNote(bar, 96 * i, drum)
        for bar in bars
        for i in range(4)
        for drum in (Drum.HAT_CLOSED, Drum.KICK)
    ]


def test_a_lone_note_long_before_the_song_is_not_shown():
    busy = beat(range(20, 60))
    assert np.array_equal(lanes([GridNote(1, 0, Drum.KICK), *busy]), lanes(busy))


def test_a_song_that_starts_at_once_is_shown_from_its_start():
    assert np.array_equal(lanes(beat(range(2, 60))), lanes(beat(range(2, 14))))


def test_a_chart_of_nothing_has_a_picture():
    assert lanes([]).size
