"""Standard MIDI files: charts as General MIDI drums, back from them, and plain lists of notes."""

from __future__ import annotations

import bisect
import itertools
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from indexer.drums.formats.dtx.dtx_types import clean_text
from indexer.drums.types import (
    TICKS_PER_BAR,
    BarLength,
    ChartSet,
    Drum,
    DrumsError,
    GridNote,
    LevelChart,
    TempoChange,
    TempoMap,
)

PITCH_OF: Final[dict[Drum, int]] = {
    Drum.KICK: 36, Drum.KICK_LEFT: 35, Drum.SIDE_STICK: 37, Drum.SNARE: 38, Drum.TOM_FLOOR: 41,
    Drum.HAT_CLOSED: 42, Drum.HAT_PEDAL: 44, Drum.TOM_LOW: 45, Drum.HAT_OPEN: 46,
    Drum.TOM_HIGH: 48, Drum.CRASH: 49, Drum.RIDE: 51, Drum.CHINA: 52, Drum.OTHER: 56,
    Drum.CRASH_LEFT: 57,
}  # fmt: skip
"""Key numbers of General MIDI's percussion."""
DRUM_OF: Final[dict[int, Drum]] = {
    **{pitch: drum for drum, pitch in PITCH_OF.items() if drum is not Drum.OTHER},
    22: Drum.HAT_CLOSED, 26: Drum.HAT_OPEN, 40: Drum.SNARE, 43: Drum.TOM_FLOOR, 47: Drum.TOM_LOW,
    50: Drum.TOM_HIGH, 53: Drum.RIDE, 55: Drum.CRASH, 58: Drum.TOM_FLOOR, 59: Drum.RIDE,
}  # fmt: skip
"""Also the pitches of other programs: hi-hat edges, second toms, splash, bell."""
DRUM_CHANNEL: Final = 9
_PER_QUARTER: Final = 1920
"""Ticks of a quarter note: those of the chart are whole numbers of them in 3/4, 4/4 and 12/8."""
_NOTE_LENGTH: Final = _PER_QUARTER // 8
_TICKS_PER_S: Final = 1000
"""Lists of notes are written with a tick of a millisecond, so that no tempo is needed."""
_DEFAULT_TEMPO_US: Final = 500_000
_TEMPO, _SIGNATURE, _NAME, _TEXT = 0xFF51, 0xFF58, 0xFF03, 0xFF01


class MidiError(DrumsError):
    """A file is not the MIDI file that it should be."""


@dataclass(frozen=True, order=True, slots=True)
class MidiNote:
    """A note that starts at `time_s`."""

    time_s: float
    pitch: int
    velocity: int
    duration_s: float = 0.1
    channel: int = 0


def write_chart(chart_set: ChartSet, level: LevelChart, *, text: str = "") -> bytes:
    """Write one level as a MIDI file: a track of tempo and meter, a track of drums on channel 10.

    Its first bar is that of the chart; the recording starts at bar `chart_set.bgm_bar`.
    """
    tempo = chart_set.tempo
    ticks = _BarTicks(tempo, max((note.bar for note in level.notes), default=0) + 1)
    conductor = [
        (0, _meta(_NAME, _encoded(chart_set.title))),
        (0, _meta(_TEXT, _encoded(text))),
    ]
    for bar in sorted({0, *(change.bar for change in tempo.bar_lengths)}):
        top, bottom = chart_set.signature(bar)
        click = 36 if chart_set.division == 3 else 24
        signature = bytes((min(top, 255), bottom.bit_length() - 1, click, 8))
        conductor.append((ticks.at(bar, 0), _meta(_SIGNATURE, signature)))
    for change in tempo.changes:
        micros = min(round(60e6 / change.bpm), 0xFFFFFF)
        conductor.append((ticks.at(change.bar, change.tick), _meta(_TEMPO, micros.to_bytes(3))))
    drums = [(0, _meta(_NAME, f"Drums {level.level}".encode()))]
    next_at: dict[int, int] = {}
    for note in sorted(level.notes, reverse=True):
        pitch, at = PITCH_OF[note.drum], ticks.at(note.bar, note.tick)
        velocity = max(1, min(127, round(127 * note.velocity)))
        end = min(at + _NOTE_LENGTH, next_at.get(pitch, at + _NOTE_LENGTH))
        drums.append((at, bytes((0x90 | DRUM_CHANNEL, pitch, velocity))))
        drums.append((end, bytes((0x80 | DRUM_CHANNEL, pitch, 0))))
        next_at[pitch] = at
    return _file([conductor, drums], per_quarter=_PER_QUARTER)


class _BarTicks:
    """Starts of bars, in ticks of a MIDI file."""

    def __init__(self, tempo: TempoMap, count: int) -> None:
        self._lengths = [4 * _PER_QUARTER * tempo.bar_length(bar) for bar in range(count + 1)]
        self._starts = [0.0]
        for length in self._lengths:
            self._starts.append(self._starts[-1] + length)

    def at(self, bar: int, tick: int) -> int:
        bar = min(bar, len(self._lengths) - 1)
        return round(self._starts[bar] + self._lengths[bar] * tick / TICKS_PER_BAR)


def read_chart(data: bytes) -> tuple[TempoMap, tuple[GridNote, ...]]:
    """Read bars, tempo and drums of a MIDI file; the drum channel if it has notes, else all.

    Raises:
        MidiError: This is no MIDI file, a damaged one, or there are no drums in it.
    """
    per_quarter, events = _read(data)
    note_ons = [e for e in events if e[1] & 0xF0 == 0x90 and e[1] < 0xF0 and e[2][1] > 0]
    on_channel = [e for e in note_ons if e[1] & 0x0F == DRUM_CHANNEL]
    known = {pitch for _, _, (pitch, _) in on_channel or note_ons} & set(DRUM_OF)
    if not known:
        raise MidiError(
            "There are no drums in this MIDI file. "
            "Write them by the General MIDI drum map (bass drum 36, snare 38, hi-hat 42)."
        )
    drum_of = DRUM_OF if 36 in known else {**DRUM_OF, 35: Drum.KICK}
    starts = _bars(per_quarter, events)

    def position(tick: int) -> tuple[int, int]:
        bar = bisect.bisect_right(starts, tick) - 1
        inside = (tick - starts[bar]) / (starts[bar + 1] - starts[bar])
        return divmod(bar * TICKS_PER_BAR + round(inside * TICKS_PER_BAR), TICKS_PER_BAR)

    tempos = {(0, 0): 60e6 / _DEFAULT_TEMPO_US}
    for tick, kind, body in events:
        if kind == _TEMPO and int.from_bytes(body):
            tempos[position(tick)] = 60e6 / int.from_bytes(body)
    notes: dict[tuple[int, int, Drum], GridNote] = {}
    for tick, _, (pitch, velocity) in on_channel or note_ons:
        if pitch in known:
            bar, inside = position(tick)
            note = GridNote(bar, inside, drum_of[pitch], velocity / 127)
            notes[bar, inside, note.drum] = max(
                note, notes.get((bar, inside, note.drum), note), key=lambda n: n.velocity
            )
    changes = tuple(TempoChange(bar, tick, bpm) for (bar, tick), bpm in sorted(tempos.items()))
    lengths = [(b - a) / per_quarter / 4 for a, b in itertools.pairwise(starts)]
    return TempoMap(changes, _changed_lengths(lengths)), tuple(sorted(notes.values()))


def _changed_lengths(lengths: list[float]) -> tuple[BarLength, ...]:
    """Return the bars whose length differs from the bar before; the first one's from 4/4."""
    return tuple(
        BarLength(bar, length)
        for bar, length in enumerate(lengths)
        if length != (lengths[bar - 1] if bar else 1.0)
    )


_Event = tuple[int, int, bytes]


def _bars(per_quarter: int, events: list[_Event]) -> list[int]:
    """Return the ticks at which bars start, one bar more than there are events."""
    signatures = {
        tick: max(1, per_quarter * 4 * body[0] >> body[1])
        for tick, kind, body in events
        if kind == _SIGNATURE and len(body) >= 2 and body[0] and body[1] < 7
    }
    last = max((tick for tick, _, _ in events), default=0)
    length, starts = signatures.get(0, 4 * per_quarter), [0]
    while starts[-1] <= last:
        if len(starts) > _MOST_BARS:
            raise MidiError(f"This MIDI file has more than {_MOST_BARS} bars; it is no song.")
        length = signatures.get(starts[-1], length)
        # a meter that changes inside a bar ends it
        cut = [tick for tick in signatures if starts[-1] < tick < starts[-1] + length]
        starts.append(min(cut, default=starts[-1] + length))
    return [*starts, starts[-1] + length]


_MOST_BARS: Final = 3600


def read_notes(data: bytes) -> list[MidiNote]:
    """Read the starts of all notes of a file, sorted by time.

    Raises:
        MidiError: This is no MIDI file, or a damaged one.
    """
    per_quarter, events = _read(data)
    notes: list[MidiNote] = []
    time_s, last_tick, tempo_us = 0.0, 0, _DEFAULT_TEMPO_US
    for tick, kind, body in events:
        time_s += (tick - last_tick) * tempo_us / per_quarter / 1e6
        last_tick = tick
        if kind == _TEMPO:
            tempo_us = int.from_bytes(body)
        elif kind & 0xF0 == 0x90 and kind < 0xF0 and body[1] > 0:
            notes.append(MidiNote(time_s, body[0], body[1], channel=kind & 0x0F))
    return notes


def write_notes(notes: Iterable[MidiNote], programs: dict[int, int]) -> bytes:
    """Write a MIDI file of one track.

    Args:
        notes: In any order.
        programs: The instrument (0–127) of each channel.
    """
    events = [(0, _meta(_TEMPO, (1_000_000).to_bytes(3)))]
    events += [(0, bytes((0xC0 | channel, program))) for channel, program in programs.items()]
    for note in notes:
        start = max(0, round(note.time_s * _TICKS_PER_S))
        end = max(start + 1, round((note.time_s + note.duration_s) * _TICKS_PER_S))
        events.append((start, bytes((0x90 | note.channel, note.pitch, note.velocity))))
        events.append((end, bytes((0x80 | note.channel, note.pitch, 0))))
    return _file([events], per_quarter=_TICKS_PER_S)


def _read(data: bytes) -> tuple[int, list[_Event]]:
    """Return the ticks of a quarter note, and the events of all tracks in order."""
    if data[:4] != b"MThd":
        raise MidiError("This is no MIDI file: it does not start with MThd.")
    try:
        per_quarter = struct.unpack(">H", data[12:14])[0]
        at, events = 14, []
        while at < len(data):
            size = struct.unpack(">I", data[at + 4 : at + 8])[0]
            events += _events(data[at + 8 : at + 8 + size])
            at += 8 + size
    except (struct.error, IndexError) as error:
        raise MidiError("The MIDI file ends in the middle of an event.") from error
    if not 0 < per_quarter < 0x8000:
        raise MidiError("The MIDI file counts in film frames; save it with bars and beats.")
    return per_quarter, sorted(events, key=lambda event: event[0])


def _events(track: bytes) -> Iterator[_Event]:
    """Yield (tick, status, data) of a track; the status of meta events is 0xFF00 + type."""
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


def _length(data: bytes, at: int) -> tuple[int, int]:
    """Return a variable-length number, and the offset of its end."""
    value = 0
    while True:
        value = value << 7 | data[at] & 0x7F
        at += 1
        if not data[at - 1] & 0x80:
            return value, at


def _variable(value: int) -> bytes:
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(value & 0x7F | 0x80)
    return bytes(reversed(groups))


def _meta(kind: int, body: bytes) -> bytes:
    return kind.to_bytes(2) + _variable(len(body)) + body


def _encoded(text: str) -> bytes:
    return clean_text(text).encode("utf-8", "replace")


_ORDER: Final = {0x80: 1, 0x90: 2}
"""At one tick meta events come first, then note-offs, then note-ons."""


def _file(tracks: list[list[tuple[int, bytes]]], *, per_quarter: int) -> bytes:
    file = struct.pack(">4sIHHH", b"MThd", 6, min(1, len(tracks) - 1), len(tracks), per_quarter)
    for events in tracks:
        track, last = b"", 0
        for tick, body in sorted(events, key=lambda e: (e[0], _ORDER.get(e[1][0] & 0xF0, 0))):
            track += _variable(tick - last) + body
            last = tick
        track += b"\x00" + _meta(0xFF2F, b"")
        file += struct.pack(">4sI", b"MTrk", len(track)) + track
    return file
