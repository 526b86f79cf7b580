"""Charts of Clone Hero and YARG as their charters write them."""

import mido
import pytest

from indexer.drums.corrections.chart_reading import read_corrected_chart
from indexer.drums.formats.exchange.song_ini import read_song_ini, write_song_ini
from indexer.drums.formats.midi_files import write_tracks
from indexer.drums.types import ChartSet, Drum, DrumsError, LevelChart, TempoChange, TempoMap

SYNC = "[SyncTrack]\n{\n  0 = TS 3\n  0 = B 120000\n  576 = B 60000\n}\n"


def chart(notes, *, section="ExpertDrums"):
    lines = "".join(f"  {tick} = N {number} 0\n" for tick, number in notes)
    text = f"\ufeff[Song]\n{{\n  Resolution = 192\n}}\n{SYNC}[{section}]\n{{\n{lines}}}\n"
    return read_corrected_chart(text.encode("utf-8"), suffix=".chart")


def drums(read):
    return [note.drum for note in read.notes]


def test_a_dot_chart_with_cymbals_accents_and_a_second_pedal():
    read = chart([(0, 0), (0, 2), (0, 66), (192, 1), (192, 34), (384, 32), (384, 3), (576, 4),
                  (576, 68), (672, 2), (672, 41)])  # fmt: skip
    found = [(round(read.tempo.time_s(n.bar, n.tick), 3), n.drum, n.velocity) for n in read.notes]
    assert sorted(found) == [
        (0.0, Drum.HAT_CLOSED, 0.8), (0.0, Drum.KICK, 0.8), (0.5, Drum.SNARE, 1.0),
        (1.0, Drum.KICK_LEFT, 0.8), (1.0, Drum.TOM_LOW, 0.8), (1.5, Drum.CRASH, 0.8),
        (2.0, Drum.TOM_HIGH, 0.3),
    ]  # fmt: skip
    assert read.tempo.bar_length(0) == 0.75 and read.remarks == ()


def test_what_tells_no_cymbals_and_easier_charts():
    read = chart([(0, 2), (48, 3), (96, 4)], section="MediumDrums")
    assert drums(read) == [Drum.HAT_CLOSED, Drum.RIDE, Drum.CRASH]
    assert "not told apart" in read.remarks[0]
    assert drums(chart([(0, 2), (48, 3), (96, 4), (144, 5)])) == [
        Drum.HAT_CLOSED, Drum.TOM_HIGH, Drum.CRASH, Drum.TOM_FLOOR,
    ]  # fmt: skip
    with pytest.raises(DrumsError, match="ExpertDrums"):
        chart([(0, 0)], section="ExpertSingle")
    with pytest.raises(DrumsError, match="SyncTrack"):
        read_corrected_chart(b"hello", suffix=".chart")


def midi(events, *, name="PART DRUMS", texts=()):
    track = [(0, mido.MetaMessage("track_name", name=name))]
    track += [(tick, mido.MetaMessage("text", text=text)) for tick, text in texts]
    for tick, key, length in events:
        track += [(tick, mido.Message("note_on", note=key, velocity=100)),
                  (tick + length, mido.Message("note_on", note=key, velocity=0))]  # fmt: skip
    vocals = [(0, mido.MetaMessage("track_name", name="PART VOCALS")),
              (0, mido.Message("note_on", note=38, velocity=90))]  # fmt: skip
    return write_tracks([vocals, track], per_quarter=480)


def test_a_notes_mid_with_markers_of_toms_and_animations():
    events = [
        (0, 96, 30),
        (0, 98, 30),
        (0, 26, 30),
        (480, 97, 30),
        (960, 98, 30),
        (1200, 99, 30),
        (960, 110, 300),
        (1440, 95, 30),
        (1440, 100, 30),
        (0, 84, 30),
        (0, 116, 900),
    ]
    read = read_corrected_chart(midi(events), suffix=".mid")  # fmt: skip
    assert sorted(n.drum for n in read.notes if n.tick < 288 and n.bar == 0) == sorted(
        [Drum.KICK, Drum.HAT_CLOSED, Drum.SNARE, Drum.TOM_HIGH, Drum.RIDE]
    )
    assert {n.drum for n in read.notes if n.tick == 288} == {Drum.KICK_LEFT, Drum.CRASH}
    assert read.remarks == ()


def test_swapped_passages_and_the_flags_of_song_ini():
    data = midi([(0, 97, 30), (0, 98, 30), (960, 97, 30), (1920, 98, 30)],
                texts=[(0, "[mix 3 drums0d]"), (960, "[mix 3 drums0]")])  # fmt: skip
    read = read_corrected_chart(data, suffix=".mid")
    assert [(n.bar, n.tick, n.drum) for n in read.notes] == [
        (0, 0, Drum.HAT_CLOSED), (0, 0, Drum.SNARE), (0, 192, Drum.SNARE),
        (1, 0, Drum.HAT_CLOSED),
    ]  # fmt: skip
    assert len(read.remarks) == 1
    assert not read_corrected_chart(data, suffix=".mid", ini=b"pro_drums = 1").remarks


def test_charts_of_other_instruments_are_refused():
    with pytest.raises(DrumsError, match="no track PART DRUMS"):
        read_corrected_chart(midi([(0, 96, 30)], name="PART GUITAR"), suffix=".mid")
    with pytest.raises(DrumsError, match="no drums in the track"):
        read_corrected_chart(midi([(0, 24, 30)]), suffix=".mid")


def test_song_ini_tells_the_song_and_starts_with_the_music():
    tempo = TempoMap((TempoChange(0, 0, 120.0),), start_s=-2.5)
    song = ChartSet("A; B", "Ünder", tempo, 4, 1, (LevelChart("MASTER", 45, ()),), (), 60.0)
    values = read_song_ini(write_song_ini(song, charter="Me", preview_s=10.0))
    assert values["name"] == "A B" and values["artist"] == "Ünder" and values["charter"] == "Me"
    assert values["preview_start_time"] == "10500" and values["song_length"] == "60500"
    assert values["pro_drums"] == "True" and values["diff_drums"] == "3"
