import pytest

from indexer.drums.chart import make_chart_set
from indexer.drums.formats.midi_files import (
    MidiError,
    MidiNote,
    read_chart,
    write_chart,
    write_notes,
)
from indexer.drums.types import ChartSet, Drum, GridNote, LevelChart, TempoChange, TempoMap


@pytest.mark.parametrize("loop", ["rock", "waltz", "drifting"])
def test_a_chart_written_as_midi_is_read_again(loop, request):
    chart = make_chart_set(request.getfixturevalue(loop).samples, title="é; \x07", artist="")
    master = chart.levels[-1]
    tempo, notes = read_chart(write_chart(chart, master))
    assert [(n.position, n.drum) for n in notes] == [(n.position, n.drum) for n in master.notes]
    assert [n.velocity for n in notes] == pytest.approx(
        [n.velocity for n in master.notes], abs=0.01
    )
    for note in master.notes:
        here_s = chart.tempo.time_s(note.bar, note.tick) - chart.tempo.start_s
        assert tempo.time_s(note.bar, note.tick) == pytest.approx(here_s, abs=0.002)


def test_drum_names_of_other_programs():
    data = write_notes([MidiNote(0.0, 35, 90, channel=9), MidiNote(1.0, 40, 90, channel=9),
                        MidiNote(1.5, 60, 90, channel=0)], {})  # fmt: skip
    _, notes = read_chart(data)
    assert [note.drum for note in notes] == [Drum.KICK, Drum.SNARE]


def test_both_feet_stay_apart():
    data = write_notes([MidiNote(0.0, 35, 90, channel=9), MidiNote(0.2, 36, 90, channel=9)], {})
    _, notes = read_chart(data)
    assert [note.drum for note in notes] == [Drum.KICK_LEFT, Drum.KICK]


def test_a_china_is_key_52():
    tempo = TempoMap((TempoChange(0, 0, 120.0),))
    notes = (GridNote(0, 0, Drum.CHINA, 1.0), GridNote(0, 96, Drum.CRASH, 1.0))
    level = LevelChart("MASTER", 50, notes)
    data = write_chart(ChartSet("", "", tempo, 4, 0, (level,), (), 2.0), level)
    assert b"\x99\x34\x7f" in data
    assert read_chart(data)[1] == notes


def test_a_roll_ends_each_note_before_the_next():
    tempo = TempoMap((TempoChange(0, 0, 120.0),))
    level = LevelChart("MASTER", 50, tuple(GridNote(0, tick, Drum.SNARE) for tick in (0, 6, 12)))
    data = write_chart(ChartSet("", "", tempo, 4, 0, (level,), (), 2.0), level)
    struck = [data[i] for i in range(len(data) - 1) if data[i : i + 2] in (b"\x99&", b"\x89&")]
    assert struck == [0x99, 0x89] * 3


def midi(track, division=b"\x00\x60"):
    head = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01" + division + b"MTrk"
    return head + len(track).to_bytes(4, "big") + track


def test_bars_follow_the_time_signatures():
    track = (
        b"\x00\xff\x58\x04\x03\x02\x18\x08"  # 3/4, 96 ticks a quarter
        b"\x82\x20\xff\x58\x04\x06\x03\x18\x08"  # after 288 ticks 6/8
        b"\x00\x99\x24\x64\x81\x10\x99\x26\x64"  # bass drum; 144 ticks later snare
    )
    tempo, notes = read_chart(midi(track))
    assert tempo.bar_length(0) == 0.75 and tempo.bar_length(1) == 0.75
    assert [(n.bar, n.tick, n.drum) for n in notes] == [(1, 0, Drum.KICK), (1, 192, Drum.SNARE)]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (write_notes([MidiNote(0.0, 60, 90)], {}), "no drums"),
        (midi(b"\x00\x99\x24\x64", b"\xe7\x28"), "film frames"),
        (midi(b"\x00\x99\x24\x64\xff\xff\xff\x7f\x99\x24\x64"), "no song"),
        (b"Hello", "no MIDI file"),
    ],
)
def test_what_is_no_drum_chart_is_refused(data, words):
    with pytest.raises(MidiError, match=words):
        read_chart(data)
