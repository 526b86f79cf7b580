"""Charts as drums of General MIDI, and back from any MIDI file that people have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import mido

from indexer.drums.formats.dtx.dtx_types import clean_text
from indexer.drums.formats.exchange.percussion import KEY_NAMES, SIMILAR_DRUM
from indexer.drums.formats.exchange.tick_bars import ReadBars, WrittenBars
from indexer.drums.formats.midi_files import (
    MidiError,
    MidiEvent,
    MidiSong,
    note_off,
    note_on,
    read_song,
    write_tracks,
)
from indexer.drums.types import ChartSet, Drum, GridNote, LevelChart, TempoMap

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
_DRUM_NAMES: Final = ("drum", "perc", "kit")
"""Parts of the names of tracks of drums, as programs name them."""
_GAME_TRACK: Final = "PART "
"""Begins the names of tracks of games."""
_LEAST_LIKELIHOOD: Final = 0.25
_KEYS_TOLD: Final = 12
"""Keys without a lane are told one by one up to here, then counted."""

_Struck = list[MidiEvent]


def write_chart(chart_set: ChartSet, level: LevelChart, *, text: str = "") -> bytes:
    """Write one level as a MIDI file: a track of tempo and meter, a track of drums on channel 10.

    Its first bar is that of the chart; the recording starts at bar `chart_set.bgm_bar`.
    """
    last = max((note.bar for note in level.notes), default=0) + 1
    bars = WrittenBars(chart_set.tempo, per_quarter=_PER_QUARTER, first=0, last=last)
    conductor = [
        (0, mido.MetaMessage("track_name", name=clean_text(chart_set.title))),
        (0, mido.MetaMessage("text", text=clean_text(text))),
        *conducted(chart_set, bars),
    ]
    drums: list[MidiEvent] = [(0, mido.MetaMessage("track_name", name=f"Drums {level.level}"))]
    next_at: dict[int, int] = {}
    for note in sorted(level.notes, reverse=True):
        pitch, at = PITCH_OF[note.drum], bars.at(note.bar, note.tick)
        velocity = max(1, min(127, round(127 * note.velocity)))
        end = min(at + _NOTE_LENGTH, next_at.get(pitch, at + _NOTE_LENGTH))
        drums.append((at, note_on(pitch, velocity, channel=DRUM_CHANNEL)))
        drums.append((end, note_off(pitch, channel=DRUM_CHANNEL)))
        next_at[pitch] = at
    return write_tracks([conductor, drums], per_quarter=_PER_QUARTER)


def conducted(chart_set: ChartSet, bars: WrittenBars) -> list[MidiEvent]:
    """Return the time signatures and tempos of the bars that are written."""
    tempo, events = chart_set.tempo, list[MidiEvent]()
    for bar in sorted({bars.first, *(change.bar for change in tempo.bar_lengths)}):
        if not bars.first <= bar <= bars.last:
            continue
        top, bottom = chart_set.signature(bar)
        click = 36 if chart_set.division == 3 else 24
        signature = mido.MetaMessage("time_signature", numerator=min(top, 255), denominator=bottom,
                                     clocks_per_click=click)  # fmt: skip
        events.append((bars.at(bar, 0), signature))
    written: dict[int, float] = {}
    for change in tempo.changes:
        written[bars.at(change.bar, change.tick)] = change.bpm
    for at, bpm in written.items():
        micros = max(1, min(round(60e6 / bpm), 0xFFFFFF))
        events.append((at, mido.MetaMessage("set_tempo", tempo=micros)))
    return events


def bars_of(song: MidiSong) -> ReadBars:
    """Return the bars of a file.

    Raises:
        DrumsError: It has more than a chart holds.
    """
    events = song.events()
    return ReadBars(
        song.per_quarter,
        bpms={tick: 60e6 / m.tempo for tick, m in events if m.type == "set_tempo" and m.tempo},
        signatures={
            tick: (m.numerator, m.denominator) for tick, m in events if m.type == "time_signature"
        },
        last=max((tick for tick, _ in events), default=0),
    )


def read_chart(data: bytes) -> tuple[TempoMap, tuple[GridNote, ...], tuple[str, ...]]:
    """Read bars, tempo and drums of a MIDI file; see `read_song_chart`.

    Raises:
        MidiError: This is no MIDI file, a damaged one, or there are no drums in it.
    """
    return read_song_chart(read_song(data))


def read_song_chart(song: MidiSong) -> tuple[TempoMap, tuple[GridNote, ...], tuple[str, ...]]:
    """Read bars, tempo and drums.

    Returns:
        Its bars, its notes, and sentences on what was left out.

    Raises:
        MidiError: There are no drums in it.
    """
    struck, remarks = _drum_notes(song)
    counts = Counter(message.note for _, message in struck)
    if not counts.keys() & DRUM_OF.keys():
        raise MidiError(
            "There are no drums in this MIDI file. Write them by the General MIDI drum map "
            "(bass drum 36, snare 38, hi-hat 42)."
        )
    drum_of = DRUM_OF if 36 in counts else {**DRUM_OF, 35: Drum.KICK}
    bars = bars_of(song)
    notes: dict[tuple[int, int, Drum], GridNote] = {}
    for tick, message in struck:
        drum = drum_of.get(message.note)
        if drum is not None:
            bar, inside = bars.position(tick)
            note = GridNote(bar, inside, drum, message.velocity / 127)
            notes[bar, inside, drum] = max(
                note, notes.get((bar, inside, drum), note), key=lambda n: n.velocity
            )
    remarks += _left_out({key: n for key, n in counts.items() if key not in DRUM_OF})
    return bars.tempo_map(), tuple(sorted(notes.values())), tuple(remarks)


def _drum_notes(song: MidiSong) -> tuple[_Struck, list[str]]:
    """Return the notes on channel 10; where there are none, those of the likeliest track."""
    parts: dict[tuple[int, str, int], _Struck] = {}
    for number, track in enumerate(song.tracks):
        for tick, message in track.struck():
            parts.setdefault((number, track.name, message.channel), []).append((tick, message))
    chosen = [key for key in parts if key[2] == DRUM_CHANNEL]
    if chosen or len(parts) < 2:
        return [one for key in chosen or parts for one in parts[key]], []
    if any(name.startswith(_GAME_TRACK) for _, name, _ in parts):
        raise MidiError("This is a chart of other instruments: it has no track PART DRUMS.")
    named = [key for key in parts if any(word in key[1].lower() for word in _DRUM_NAMES)]
    likeliest = max(parts, key=lambda key: _likelihood(parts[key]))
    if not named and _likelihood(parts[likeliest]) < _LEAST_LIKELIHOOD:
        return [], []
    chosen = named or [likeliest]
    names = ", ".join(sorted({f"“{name or number + 1}”" for number, name, _ in chosen}))
    said = f"Nothing is on channel 10, the one of drums: the notes of track {names} were taken."
    return [one for key in chosen for one in parts[key]], [said]


def _likelihood(struck: _Struck) -> float:
    """Return the share of notes on the keys of bass drum, snare and hi-hat."""
    return sum(message.note in (35, 36, 38, 40, 42, 44, 46) for _, message in struck) / len(struck)


def _left_out(counts: Mapping[int, int]) -> list[str]:
    said = []
    for key, count in sorted(counts.items()):
        name = KEY_NAMES.get(key, "not in the General MIDI drum map")
        drum = SIMILAR_DRUM.get(key, Drum.SNARE)
        said.append(
            f"Key {key} ({name}) has no lane: {count} notes were left out. "
            f"Take them with --key {key}={drum}, or another drum."
        )
    if len(said) > _KEYS_TOLD:
        more = len(said) - _KEYS_TOLD
        said[_KEYS_TOLD:] = [f"The notes on {more} more keys without a lane were left out."]
    return said


def with_keys(data: bytes, keys: Mapping[int, Drum]) -> bytes:
    """Return a MIDI file whose notes on some keys are moved to those of drums.

    Raises:
        MidiError: This is no MIDI file, a damaged one, or it has no notes on a key.
    """
    song = read_song(data)
    played = {message.note for track in song.tracks for _, message in track.struck()}
    missing = sorted(keys.keys() - played)
    if missing:
        raise MidiError(f"There are no notes on key {', '.join(map(str, missing))}.")

    def moved(events: Iterable[MidiEvent]) -> list[MidiEvent]:
        return [
            (tick, m.copy(note=PITCH_OF[keys[m.note]]))
            if m.type in ("note_on", "note_off") and m.note in keys
            else (tick, m)
            for tick, m in events
            if m.type != "end_of_track"
        ]

    tracks = [moved(track.events) for track in song.tracks]
    return write_tracks(tracks, per_quarter=song.per_quarter)
