import io

import mido
import pytest

from indexer.drums.chart import make_chart_set
from indexer.drums.formats.exchange.general_midi import read_chart, with_keys, write_chart
from indexer.drums.formats.midi_files import MidiError, MidiNote, write_notes, write_tracks
from indexer.drums.types import (
    ChartSet,
    Drum,
    DrumsError,
    GridNote,
    LevelChart,
    TempoChange,
    TempoMap,
)


@pytest.mark.parametrize("loop", ["rock", "waltz", "drifting"])
def test_a_chart_written_as_midi_is_read_again(loop, request):
    chart = make_chart_set(request.getfixturevalue(loop).samples, title="é; \x07", artist="")
    master = chart.levels[-1]
    tempo, notes, _ = read_chart(write_chart(chart, master))
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
    _, notes, _ = read_chart(data)
    assert [note.drum for note in notes] == [Drum.KICK, Drum.SNARE]


def test_both_feet_stay_apart():
    data = write_notes([MidiNote(0.0, 35, 90, channel=9), MidiNote(0.2, 36, 90, channel=9)], {})
    _, notes, _ = read_chart(data)
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
    tempo, notes, _ = read_chart(midi(track))
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
    with pytest.raises(DrumsError, match=words):
        read_chart(data)


def hits(pitches, *, channel, name="", start=0):
    events = [(0, mido.MetaMessage("track_name", name=name))]
    for number, pitch in enumerate(pitches):
        at = start + 240 * number
        events.append((at, mido.Message("note_on", note=pitch, velocity=99, channel=channel)))
    return events


ROCK = (36, 42, 38, 42)


def test_keys_without_a_lane_are_told_and_can_be_moved():
    data = write_tracks([hits((36, 39, 36, 39, 54, 31, 20), channel=9)], per_quarter=480)
    _, notes, told = read_chart(data)
    assert [note.drum for note in notes] == [Drum.KICK, Drum.KICK]
    assert any("39 (hand clap)" in one and "2 notes" in one and "--key 39=snare" in one
               for one in told)  # fmt: skip
    assert any("54 (tambourine)" in one and "54=hat_closed" in one for one in told)
    assert len(told) == 4
    _, notes, told = read_chart(with_keys(data, {39: Drum.SNARE, 54: Drum.HAT_CLOSED}))
    assert [note.drum for note in notes[:4]] == [Drum.KICK, Drum.SNARE] * 2
    assert len(notes) == 5 and len(told) == 2
    with pytest.raises(MidiError, match="no notes on key 77"):
        with_keys(data, {77: Drum.SNARE})


def drums_of(tracks):
    _, notes, told = read_chart(write_tracks(tracks, per_quarter=480))
    return [note.drum for note in notes], told


def test_drums_off_channel_10_are_found_among_other_tracks():
    bass = hits((40, 43, 45, 47, 48), channel=0, name="Bass")
    rock = [Drum.KICK, Drum.HAT_CLOSED, Drum.SNARE, Drum.HAT_CLOSED]
    for name in ("Drum Kit", ""):
        found, told = drums_of([bass, hits(ROCK, channel=2, name=name)])
        assert found == rock and "channel 10" in told[0]
    # one track of two channels, and a drum channel that lies in two tracks
    assert drums_of([bass + hits(ROCK, channel=3)])[0] == rock
    found, told = drums_of([bass, hits(ROCK[:2], channel=9), hits(ROCK[2:], channel=9, start=480)])
    assert found == rock and told == ()


def test_formats_wrappers_and_odd_meta_events():
    data = write_tracks([hits(ROCK, channel=9)], per_quarter=480)
    assert data[8:10] == b"\0\0"  # format 0
    wrapped = b"RIFF" + len(data).to_bytes(4, "little") + b"RMIDdata\0\0\0\0" + data
    assert len(read_chart(wrapped)[1]) == 4
    odd_key = midi(b"\x00\xff\x59\x02\x63\x07\x00\x99\x24\x64\x60\x26\x64\x00\xff\x2f\x00")
    assert [note.drum for note in read_chart(odd_key)[1]] == [Drum.KICK, Drum.SNARE]
    for end in range(0, len(data), 7):
        with pytest.raises(DrumsError):
            read_chart(data[:end])


def test_tempo_maps_over_tracks():
    seven = mido.MetaMessage("time_signature", numerator=7, denominator=8)
    conductor = [(0, mido.MetaMessage("set_tempo", tempo=500_000)),
                 (960, mido.MetaMessage("set_tempo", tempo=250_000)),
                 (1920, seven)]  # fmt: skip
    data = write_tracks([conductor, hits((36,) * 16, channel=9)], per_quarter=480)
    tempo, notes, _ = read_chart(data)
    file = mido.MidiFile(file=io.BytesIO(data))
    played = []
    now_s = 0.0
    for message in file:
        now_s += message.time
        if message.type == "note_on":
            played.append(now_s)
    assert [tempo.time_s(n.bar, n.tick) for n in notes] == pytest.approx(played, abs=0.003)
