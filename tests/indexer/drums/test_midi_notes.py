import pytest

from indexer.drums.formats.midi_files import MidiError, MidiNote, read_notes, write_notes


def test_what_is_written_is_read() -> None:
    notes = [
        MidiNote(0.0, 36, 100, channel=9),
        MidiNote(0.5, 38, 64, channel=9),
        MidiNote(1.25, 60, 1),
    ]

    read = read_notes(write_notes(notes, {0: 33}))

    assert [(n.pitch, n.velocity, n.channel) for n in read] == [
        (36, 100, 9),
        (38, 64, 9),
        (60, 1, 0),
    ]
    assert [n.time_s for n in read] == pytest.approx([0.0, 0.5, 1.25])


def test_running_status_and_tempo_changes() -> None:
    track = (
        b"\x00\xff\x51\x03\x07\xa1\x20"  # 0.5 s a beat
        b"\x00\x99\x24\x64"
        b"\x60\x24\x00"  # running status; velocity 0 ends the note; 96 ticks: one beat
        b"\x00\xff\x51\x03\x0f\x42\x40"  # 1 s a beat
        b"\x60\x26\x50"
        b"\x00\xff\x2f\x00"
    )
    head = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x00\x60MTrk"
    data = head + len(track).to_bytes(4, "big") + track

    assert [(n.time_s, n.pitch) for n in read_notes(data)] == [(0.0, 36), (1.5, 38)]


@pytest.mark.parametrize("data", [b"", b"RIFF1234", b"MThd\x00\x00\x00\x06\x00\x00\x00\x01"])
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(MidiError):
        read_notes(data)


def test_a_torn_track_is_refused() -> None:
    whole = write_notes([MidiNote(0.0, 36, 100)], {})

    with pytest.raises(MidiError, match="middle"):
        read_notes(whole[:-6])
