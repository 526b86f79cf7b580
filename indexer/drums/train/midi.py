"""Standard MIDI files, as far as training needs them: strokes in, accompaniment out."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from indexer.drums.train.errors import TrainingError

_TICKS_PER_S: Final = 1000
"""Files are written with a tick of a millisecond, so that no tempo is needed."""
_DEFAULT_TEMPO_US: Final = 500_000


class MidiError(TrainingError):
    """A file is not the MIDI file that it should be."""


@dataclass(frozen=True, order=True, slots=True)
class Note:
    """A note that starts at `time_s`."""

    time_s: float
    pitch: int
    velocity: int
    duration_s: float = 0.1
    channel: int = 0


def _length(data: bytes, at: int) -> tuple[int, int]:
    """A number of variable length, and where it ends."""
    value = 0
    while True:
        value = value << 7 | data[at] & 0x7F
        at += 1
        if not data[at - 1] & 0x80:
            return value, at


def _events(track: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(tick, status, data) of a track; for meta events the status is 0xFF00 + type."""
    at = tick = running = 0
    while at < len(track):
        delta, at = _length(track, at)
        tick += delta
        status = running
        if track[at] & 0x80:
            status = track[at]
            at += 1
        if status in (0xF0, 0xF7, 0xFF):
            kind = 0xFF00 + track[at] if status == 0xFF else status
            size, at = _length(track, at + (status == 0xFF))
        else:
            running = kind = status
            size = 1 if status & 0xF0 in (0xC0, 0xD0) else 2
        if at + size > len(track):
            raise IndexError("an event is longer than its track")
        yield tick, kind, track[at : at + size]
        at += size


def read_notes(data: bytes) -> list[Note]:
    """Starts of all notes of a file, sorted by time.

    Raises:
        MidiError: This is no MIDI file, or a damaged one.
    """
    if data[:4] != b"MThd":
        raise MidiError("Expected a MIDI file, but it does not start with MThd")
    try:
        ticks_per_beat = struct.unpack(">H", data[12:14])[0]
        at, events = 14, []
        while at < len(data):
            size = struct.unpack(">I", data[at + 4 : at + 8])[0]
            events += _events(data[at + 8 : at + 8 + size])
            at += 8 + size
    except (struct.error, IndexError) as error:
        raise MidiError("The MIDI file ends in the middle of an event") from error
    notes: list[Note] = []
    time_s, last_tick, tempo_us = 0.0, 0, _DEFAULT_TEMPO_US
    for tick, kind, body in sorted(events, key=lambda event: event[0]):
        time_s += (tick - last_tick) * tempo_us / ticks_per_beat / 1e6
        last_tick = tick
        if kind == 0xFF51:
            tempo_us = int.from_bytes(body, "big")
        elif kind & 0xF0 == 0x90 and kind < 0xF0 and body[1] > 0:
            notes.append(Note(time_s, body[0], body[1], channel=kind & 0x0F))
    return notes


def _variable(value: int) -> bytes:
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(value & 0x7F | 0x80)
    return bytes(reversed(groups))


def write_notes(notes: Iterable[Note], programs: dict[int, int]) -> bytes:
    """A MIDI file of one track.

    Args:
        notes: In any order.
        programs: The instrument (0–127) of each channel.
    """
    timed = [(0, 0, bytes((0xC0 | channel, program))) for channel, program in programs.items()]
    for note in notes:
        start = max(0, round(note.time_s * _TICKS_PER_S))
        end = max(start + 1, round((note.time_s + note.duration_s) * _TICKS_PER_S))
        timed.append((start, 2, bytes((0x90 | note.channel, note.pitch, note.velocity))))
        timed.append((end, 1, bytes((0x80 | note.channel, note.pitch, 0))))
    track, last = b"\x00\xff\x51\x03\x0f\x42\x40", 0
    for tick, _, body in sorted(timed):
        track += _variable(tick - last) + body
        last = tick
    track += b"\x00\xff\x2f\x00"
    header = struct.pack(">4sIHHH", b"MThd", 6, 0, 1, _TICKS_PER_S)
    return header + struct.pack(">4sI", b"MTrk", len(track)) + track
