"""Charts written for other programs and read again: lost is only what a format cannot hold."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.drums.corrections.chart_reading import read_corrected_chart
from indexer.drums.formats.exchange.dot_chart import write_dot_chart
from indexer.drums.formats.exchange.game_lanes import PAD_OF, left_out, pads_of
from indexer.drums.formats.exchange.game_midi import write_game_midi
from indexer.drums.formats.exchange.general_midi import write_chart
from indexer.drums.formats.exchange.musicxml_writing import write_musicxml
from indexer.drums.types import (
    LEVELS,
    BarLength,
    ChartSet,
    Drum,
    GridNote,
    LevelChart,
    TempoChange,
    TempoMap,
)

DRUMS = [drum for drum in Drum if drum is not Drum.OTHER]


@st.composite
def chart_sets(draw):
    """A few bars in a meter that may change, with notes on the grids of their beats."""
    division = draw(st.sampled_from([2, 3]))
    signatures = [0.75, 1.5] if division == 3 else [1.0, 0.75, 0.875, 1.25]
    lengths = draw(st.lists(st.sampled_from(signatures), min_size=1, max_size=5))
    changes = {0: draw(st.floats(40, 240))}
    changes |= draw(st.dictionaries(st.integers(1, 4), st.floats(40, 240), max_size=2))
    tempo = TempoMap(
        tuple(TempoChange(bar, 0, bpm) for bar, bpm in sorted(changes.items())),
        tuple(BarLength(bar, length) for bar, length in enumerate(lengths)),
    )
    notes: dict[tuple[int, int, Drum], GridNote] = {}
    for bar in range(len(lengths)):
        beats = tempo.beats(bar, division)
        for beat in range(int(beats)):
            parts = draw(st.sampled_from([1, 2, 3, 4, 6, 8] if division == 2 else [1, 2, 3, 6]))
            for part in range(parts):
                tick = round((beat + part / parts) * 384 / beats)
                for drum in draw(st.sets(st.sampled_from(DRUMS), max_size=2)):
                    velocity = draw(st.sampled_from([0.2, 0.5, 0.8, 1.0]))
                    notes[bar, tick, drum] = GridNote(bar, tick, drum, velocity)
    notes.setdefault((0, 0, Drum.KICK), GridNote(0, 0, Drum.KICK))
    master = tuple(sorted(notes.values()))
    levels = tuple(
        LevelChart(level, 40, tuple(n for n in master if n.drum is not Drum.KICK_LEFT))
        for level in LEVELS[:-1]
    )
    levels = (*levels, LevelChart("MASTER", 40, master))
    return ChartSet("Song; “x” <&>", "Band", tempo, 4, 0, levels, (), 60.0, division)


def times(tempo, notes):
    return sorted((tempo.time_s(n.bar, n.tick), n.drum, n.velocity) for n in notes)


def nearly_same(found, wanted, *, within_s=0.004):
    """The same drums at the same times; a tick is 6 ms at most, and rounded once."""
    assert len(found) == len(wanted)
    left = list(wanted)
    for time_s, drum, velocity in found:
        near = [one for one in left if one[1] is drum and abs(one[0] - time_s) <= within_s]
        assert near, (time_s, drum)
        best = min(near, key=lambda one: abs(one[0] - time_s))
        assert best[2] == pytest.approx(velocity, abs=0.01)
        left.remove(best)


def one_a_lane(chart_set):
    """The notes as a reader keeps them: one on each lane."""
    chart = read_corrected_chart(write_chart(chart_set, chart_set.levels[-1]), suffix=".mid")
    return times(chart.tempo, chart.notes)


@settings(max_examples=40, deadline=None)
@given(chart_sets())
def test_midi_and_musicxml_hold_everything(chart_set):
    master = chart_set.levels[-1]
    wanted = one_a_lane(chart_set)
    score = write_musicxml(chart_set, master)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr(
            "META-INF/container.xml",
            '<container><rootfiles><rootfile full-path="a.xml"/></rootfiles></container>',
        )
        file.writestr("a.xml", score)  # fmt: skip
    for data, suffix in ((score, ".musicxml"), (packed.getvalue(), ".mxl")):
        chart = read_corrected_chart(data, suffix=suffix)
        assert chart.remarks == ()
        assert [chart.tempo.bar_length(bar) for bar in range(master.notes[-1].bar + 1)] == (
            [chart_set.tempo.bar_length(bar) for bar in range(master.notes[-1].bar + 1)]
        )
        nearly_same(times(chart.tempo, chart.notes), wanted)


@settings(max_examples=40, deadline=None)
@given(chart_sets())
def test_games_keep_each_pad_and_every_difficulty(chart_set):
    master = chart_set.levels[-1]
    wanted = {(note.bar, note.tick, pad) for note, pad in pads_of(master.notes)}
    for write, suffix in ((write_game_midi, ".mid"), (write_dot_chart, ".chart")):
        data = write(chart_set)
        chart = read_corrected_chart(data, suffix=suffix, ini=b"[song]\npro_drums = True")
        found = {(note.bar, note.tick, PAD_OF[note.drum]) for note in chart.notes}
        assert len(found) == len(wanted)
        lost = [one for one in found if not any(
            one[0] == bar and abs(one[1] - tick) <= 1 and one[2] == pad for bar, tick, pad in wanted
        )]  # fmt: skip
        assert lost == []
        for difficulty in (b"Easy", b"Hard"):
            assert suffix == ".mid" or b"[%sDrums]" % difficulty in data
    feet = sum(note.drum is Drum.HAT_PEDAL for note in master.notes)
    assert (f"{feet} × hat_pedal" in left_out(chart_set)) == bool(feet)
