"""Standard MIDI files as lists of notes and of tracks; charts in them: `midi_charts.py`."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

import mido
from mido.midifiles import meta

from indexer.drums.types import DrumsError

_TICKS_PER_S: Final = 1000
"""Lists of notes are written with a tick of a millisecond, so that no tempo is needed."""
_DEFAULT_TEMPO_US: Final = 500_000
_WRAPPER_BYTES: Final = 64
"""A RIFF wrapper before the file itself is shorter."""


class MidiError(DrumsError):
    """A file is not the MIDI file that it should be."""


class MetaSpec_key_signature(meta.MetaSpec):  # noqa: N801 (mido reads its name)
    """Key signatures mean nothing to drums; mido refuses whole files for odd ones."""

    type_byte = 0x59
    attributes: Final[list[str]] = []
    defaults: Final[list[object]] = []

    def decode(self, message: Any, data: bytes) -> None:
        """Read nothing."""

    def encode(self, message: Any) -> list[int]:
        """Write the neutral signature."""
        return [0, 0]


meta.add_meta_spec(MetaSpec_key_signature)
MidiEvent = tuple[int, Any]
"""A tick and a message of mido, whose messages get their attributes at run time."""


@dataclass(frozen=True, order=True, slots=True)
class MidiNote:
    """A note that starts at `time_s`."""

    time_s: float
    pitch: int
    velocity: int
    duration_s: float = 0.1
    channel: int = 0


@dataclass(frozen=True)
class MidiTrack:
    """A track: (tick, message) in order."""

    name: str
    events: tuple[MidiEvent, ...]

    def struck(self) -> Iterator[MidiEvent]:
        """Yield the starts of notes with their ticks."""
        for tick, message in self.events:
            if message.type == "note_on" and message.velocity > 0:
                yield tick, message


@dataclass(frozen=True)
class MidiSong:
    """The tracks of a file, and the ticks of a quarter note."""

    per_quarter: int
    tracks: tuple[MidiTrack, ...]

    def events(self) -> list[MidiEvent]:
        """Return the events of all tracks by tick."""
        return sorted((e for track in self.tracks for e in track.events), key=lambda e: e[0])


def read_song(data: bytes) -> MidiSong:
    """Read a file of any of the three formats, also one in a RIFF wrapper.

    Raises:
        MidiError: This is no MIDI file, or a damaged one.
    """
    start = data.find(b"MThd", 0, _WRAPPER_BYTES)
    if start < 0:
        raise MidiError("This is no MIDI file: it does not start with MThd.")
    try:
        file = mido.MidiFile(file=io.BytesIO(data[start:]), clip=True)
    except (EOFError, IndexError) as error:
        raise MidiError("The MIDI file ends in the middle of an event.") from error
    except (OSError, ValueError, TypeError) as error:
        raise MidiError(f"The MIDI file is damaged: {error}.") from error
    if not 0 < file.ticks_per_beat < 0x8000:
        raise MidiError("The MIDI file counts in film frames; save it with bars and beats.")
    return MidiSong(file.ticks_per_beat, tuple(_track(track) for track in file.tracks))


def _track(track: mido.MidiTrack) -> MidiTrack:
    ticks = accumulate(message.time for message in track)
    name = next((m.name for m in track if m.type == "track_name"), "")
    return MidiTrack(name.strip(), tuple(zip(ticks, track, strict=True)))


def read_notes(data: bytes) -> list[MidiNote]:
    """Read the starts of all notes of a file, sorted by time.

    Raises:
        MidiError: This is no MIDI file, or a damaged one.
    """
    song = read_song(data)
    notes: list[MidiNote] = []
    time_s, last_tick, tempo_us = 0.0, 0, _DEFAULT_TEMPO_US
    for tick, message in song.events():
        time_s += (tick - last_tick) * tempo_us / song.per_quarter / 1e6
        last_tick = tick
        if message.type == "set_tempo":
            tempo_us = message.tempo
        elif message.type == "note_on" and message.velocity > 0:
            notes.append(MidiNote(time_s, message.note, message.velocity, channel=message.channel))
    return notes


def write_notes(notes: Iterable[MidiNote], programs: dict[int, int]) -> bytes:
    """Write a MIDI file of one track.

    Args:
        notes: In any order.
        programs: The instrument (0–127) of each channel.
    """
    events: list[MidiEvent] = [(0, mido.MetaMessage("set_tempo", tempo=1_000_000))]
    for channel, program in programs.items():
        events.append((0, mido.Message("program_change", channel=channel, program=program)))
    for note in notes:
        start = max(0, round(note.time_s * _TICKS_PER_S))
        end = max(start + 1, round((note.time_s + note.duration_s) * _TICKS_PER_S))
        events += [
            (start, note_on(note.pitch, note.velocity, channel=note.channel)),
            (end, note_off(note.pitch, channel=note.channel)),
        ]
    return write_tracks([events], per_quarter=_TICKS_PER_S)


def note_on(pitch: int, velocity: int, *, channel: int) -> Any:
    """Return the start of a note; velocity 1..127."""
    return mido.Message("note_on", note=pitch, velocity=velocity, channel=channel)


def note_off(pitch: int, *, channel: int) -> Any:
    """Return the end of a note."""
    return mido.Message("note_off", note=pitch, velocity=0, channel=channel)


_ORDER: Final = {"note_off": 1, "note_on": 2}
"""At one tick meta events come first, then note-offs, then note-ons."""


def write_tracks(tracks: Iterable[Iterable[MidiEvent]], *, per_quarter: int) -> bytes:
    """Write a file of these tracks, whose events may be in any order; texts are UTF-8."""
    written: list[mido.MidiTrack] = []
    for events in tracks:
        track, last = mido.MidiTrack(), 0
        for tick, message in sorted(events, key=lambda e: (e[0], _ORDER.get(e[1].type, 0))):
            track.append(message.copy(time=tick - last))
            last = tick
        written.append(track)
    file = mido.MidiFile(
        type=min(1, len(written) - 1), ticks_per_beat=per_quarter, charset="utf-8", tracks=written
    )
    out = io.BytesIO()
    file.save(file=out)
    return out.getvalue()
