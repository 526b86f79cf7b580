"""`notes.mid` of Clone Hero and YARG: the track PART DRUMS, with markers of toms.

Keys after the guide of the format (TheNathannator, GuitarGame_ChartFormats): 96–101 kick and pads
of Expert, a dozen lower for each easier difficulty, 95 the second pedal, 110–112 toms on yellow,
blue and green.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

import mido

from indexer.drums.formats.dtx.dtx_types import clean_text
from indexer.drums.formats.exchange import game_lanes as lanes
from indexer.drums.formats.exchange.game_lanes import DIFFICULTIES, Pad, pads_of
from indexer.drums.formats.exchange.general_midi import bars_of, conducted
from indexer.drums.formats.exchange.song_ini import is_pro
from indexer.drums.formats.exchange.tick_bars import WrittenBars
from indexer.drums.formats.midi_files import (
    MidiError,
    MidiEvent,
    MidiSong,
    MidiTrack,
    note_off,
    note_on,
    write_tracks,
)
from indexer.drums.types import ChartSet, Drum, GridNote, LevelChart, TempoMap

_PER_QUARTER: Final = 480
_LENGTH: Final = 30
"""Ticks of a note, a sixty-fourth: none reaches the next one of a roll."""
_FIRST_KEY: Final = {"Expert": 96, "Hard": 84, "Medium": 72, "Easy": 60}
_TOM_KEYS: Final = {110: lanes.YELLOW, 111: lanes.BLUE, 112: lanes.GREEN}
_TRACKS: Final = ("PART DRUMS_2X", "PART DRUMS", "PART DRUM", "PART REAL_DRUMS_PS")
_SWAPPED: Final = re.compile(r"\[?mix[ _]3[ _]drums\d(\w*)\]?", re.IGNORECASE)
"""Texts that begin and end passages whose hi-hat is written on red and whose snare on yellow."""
_SWAP: Final = {Drum.SNARE: Drum.HAT_CLOSED, Drum.HAT_CLOSED: Drum.SNARE}
_ACCENT, _PLAIN, _GHOST = 127, 100, 1
_DYNAMICS: Final = "[ENABLE_CHART_DYNAMICS]"
_ACCENT_FROM, _GHOST_TO = 0.9, 0.35


def game_track(song: MidiSong) -> MidiTrack | None:
    """Return the track of drums of these games; None where there is none."""
    named = {track.name.upper(): track for track in reversed(song.tracks)}
    return next((named[name] for name in _TRACKS if name in named), None)


def read_game_midi(
    song: MidiSong, track: MidiTrack, ini: Mapping[str, str]
) -> tuple[TempoMap, tuple[GridNote, ...], tuple[str, ...]]:
    """Read the hardest difficulty of a chart, and what could not be told.

    Args:
        song: The file.
        track: From `game_track`.
        ini: Values of `song.ini`, in lower case; empty where there is none.

    Raises:
        MidiError: There are no notes in it.
    """
    first = next(
        (key for key in _FIRST_KEY.values()
         if any(key <= message.note <= key + 5 for _, message in track.struck())), None
    )  # fmt: skip
    if first is None:
        raise MidiError(f"There are no drums in the track {track.name} of this MIDI file.")
    marked = list(_spans(track))
    struck = list(track.struck())
    five = any(message.note == first + 5 for _, message in struck) and not marked
    swaps = sorted(_swaps(track))
    has_dynamics = any(m.type in ("text", "marker", "lyrics") and _DYNAMICS.strip("[]")
                       in m.text.upper() for _, m in track.events)  # fmt: skip
    bars = bars_of(song)
    notes: set[GridNote] = set()
    for tick, message in struck:
        number = lanes.KICK_2X if message.note == lanes.KICK_2X else message.note - first
        if number != lanes.KICK_2X and not 0 <= number <= 4 + five:
            continue
        is_tom = any(start <= tick < end and pad == number for start, end, pad in marked)
        is_cymbal = number in _TOM_KEYS.values() and not is_tom
        drum = lanes.drum_of(Pad(number, is_cymbal), five_lanes=five)
        if not five and [swapped for at, swapped in swaps if at <= tick][-1:] == [True]:
            drum = _SWAP.get(drum, drum)
        bar, inside = bars.position(tick)
        notes.add(GridNote(bar, inside, drum, _velocity(message.velocity, has_dynamics)))
    said = () if marked or five or is_pro(ini) else (lanes.NO_CYMBALS_SAID,)
    return bars.tempo_map(), tuple(sorted(notes)), said


def _velocity(velocity: int, has_dynamics: bool) -> float:
    if not has_dynamics:
        return 0.8
    return {_ACCENT: 1.0, _GHOST: 0.3}.get(velocity, 0.8)


def _spans(track: MidiTrack) -> Iterator[tuple[int, int, int]]:
    """Yield (first tick, tick after, pad) of each marker of toms."""
    since: dict[int, int] = {}
    for tick, message in track.events:
        if message.type not in ("note_on", "note_off") or message.note not in _TOM_KEYS:
            continue
        if message.type == "note_on" and message.velocity > 0:
            since.setdefault(message.note, tick)
        elif message.note in since:
            start = since.pop(message.note)
            yield start, max(tick, start + 1), _TOM_KEYS[message.note]


def _swaps(track: MidiTrack) -> Iterator[tuple[int, bool]]:
    for tick, message in track.events:
        match = _SWAPPED.fullmatch(message.text.strip()) if message.type == "text" else None
        if match is not None:
            yield tick, "d" in match[1].lower()


def write_game_midi(chart_set: ChartSet) -> bytes:
    """Write all levels as `notes.mid`; it starts where the music of the bundle does."""
    last = max((note.bar for level in chart_set.levels for note in level.notes), default=0) + 1
    bars = WrittenBars(
        chart_set.tempo, per_quarter=_PER_QUARTER, first=chart_set.bgm_bar, last=last
    )
    title = mido.MetaMessage("track_name", name=clean_text(chart_set.title))
    drums: list[MidiEvent] = [
        (0, mido.MetaMessage("track_name", name="PART DRUMS")),
        (0, mido.MetaMessage("text", text=_DYNAMICS)),
    ]
    keys: set[tuple[int, int]] = set()
    for level in chart_set.levels:
        for tick, key, velocity in _keys(level, bars):
            if (tick, key) not in keys:
                keys.add((tick, key))
                drums += [(tick, note_on(key, velocity, channel=0)),
                          (tick + _LENGTH, note_off(key, channel=0))]  # fmt: skip
    end = bars.at(last, 0)
    events = [(0, mido.MetaMessage("track_name", name="EVENTS")),
              (end, mido.MetaMessage("text", text="[end]"))]  # fmt: skip
    return write_tracks(
        [[(0, title), *conducted(chart_set, bars)], drums, events], per_quarter=_PER_QUARTER
    )


def _keys(level: LevelChart, bars: WrittenBars) -> Iterator[tuple[int, int, int]]:
    """Yield (tick, key, velocity) of the notes of a level and of their markers."""
    first = _FIRST_KEY[DIFFICULTIES[level.level]]
    marker_of = {pad: key for key, pad in _TOM_KEYS.items()}
    for note, pad in pads_of(level.notes):
        tick = bars.at(note.bar, note.tick)
        key = lanes.KICK_2X if pad.number == lanes.KICK_2X else first + pad.number
        yield tick, key, dynamics(note, accent=_ACCENT, plain=_PLAIN, ghost=_GHOST)
        if pad.number in marker_of and not pad.is_cymbal:
            yield tick, marker_of[pad.number], _PLAIN


def dynamics(note: GridNote, *, accent: int, plain: int, ghost: int) -> int:
    """Return which of three strengths a note has; bass drums have but one."""
    if note.drum.is_foot or _GHOST_TO < note.velocity < _ACCENT_FROM:
        return plain
    return accent if note.velocity >= _ACCENT_FROM else ghost
