"""`.chart` files of Clone Hero and YARG: sections of text, here those of tempo and drums."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from indexer.drums.formats.dtx.commands import any_text
from indexer.drums.formats.dtx.dtx_types import clean_text
from indexer.drums.formats.exchange import game_lanes as lanes
from indexer.drums.formats.exchange.game_lanes import DIFFICULTIES, Pad, pads_of
from indexer.drums.formats.exchange.game_midi import dynamics
from indexer.drums.formats.exchange.song_ini import is_pro
from indexer.drums.formats.exchange.tick_bars import ReadBars, WrittenBars
from indexer.drums.types import ChartSet, DrumsError, GridNote, LevelChart, TempoMap

_PER_QUARTER: Final = 480
_DEFAULT_PER_QUARTER: Final = 192
_SECTION: Final = re.compile(r"\[([^\]\r\n]+)\]\s*\{([^}]*)\}")
_LINE: Final = re.compile(r"^\s*(\w+)\s*=\s*(.*?)\s*$", re.MULTILINE)
_KICK_2X: Final = 32
_CYMBALS: Final = {66: lanes.YELLOW, 67: lanes.BLUE, 68: lanes.GREEN}
"""Flags that make the pad of the same tick a cymbal."""
_ACCENT, _GHOST = 33, 39
"""Added to the number of a pad: flags of how hard it is struck."""

_Lines = list[tuple[str, str]]


def read_dot_chart(
    data: bytes, ini: Mapping[str, str]
) -> tuple[TempoMap, tuple[GridNote, ...], tuple[str, ...]]:
    """Read the hardest difficulty of a chart, and what could not be told.

    Args:
        data: The file.
        ini: Values of `song.ini`, in lower case; empty where there is none.

    Raises:
        DrumsError: It is no such file, or there are no drums in it.
    """
    sections = {name.strip().lower(): _LINE.findall(body)
                for name, body in _SECTION.findall(any_text(data))}  # fmt: skip
    if "synctrack" not in sections:
        raise DrumsError("This is no .chart file: it has no section [SyncTrack].")
    drums = next((sections[key] for key in map(_section, DIFFICULTIES.values())
                  if sections.get(key)), None)  # fmt: skip
    if drums is None:
        raise DrumsError("There are no drums in this chart: it has no section [ExpertDrums].")
    song = {key.lower(): value.strip('"') for key, value in sections.get("song", ())}
    resolution = song.get("resolution", "")
    per_quarter = int(resolution) if resolution.isdecimal() else _DEFAULT_PER_QUARTER
    flags: dict[int, set[int]] = defaultdict(set)
    for tick, number in _numbers(drums):
        flags[tick].add(number)
    bars = _bars(sections["synctrack"], per_quarter, last=max(flags, default=0))
    every = set().union(*flags.values())
    five = lanes.FIFTH in every and not every & _CYMBALS.keys()
    has_cymbals = bool(every & _CYMBALS.keys()) or is_pro(ini)
    notes = _notes(flags, bars, has_cymbals=has_cymbals, five=five)
    return bars.tempo_map(), notes, () if has_cymbals or five else (lanes.NO_CYMBALS_SAID,)


def _section(difficulty: str) -> str:
    return f"{difficulty}Drums".lower()


def _numbers(lines: _Lines) -> Iterator[tuple[int, int]]:
    """Yield (tick, number) of the notes and flags of a section."""
    for tick, value in lines:
        match = re.match(r"N\s+(\d+)", value)
        if match and tick.isdecimal():
            yield int(tick), int(match[1])


def _bars(lines: _Lines, per_quarter: int, *, last: int) -> ReadBars:
    bpms: dict[int, float] = {}
    signatures: dict[int, tuple[int, int]] = {}
    for tick, value in lines:
        match = re.match(r"(B|TS)\s+(\d+)(?:\s+(\d+))?", value)
        if match is None or not tick.isdecimal():
            continue
        if match[1] == "TS":
            signatures[int(tick)] = int(match[2]), 1 << min(int(match[3] or 2), 6)
        elif int(match[2]):
            bpms[int(tick)] = int(match[2]) / 1000
    return ReadBars(per_quarter, bpms=bpms, signatures=signatures, last=last)


def _notes(
    flags: dict[int, set[int]], bars: ReadBars, *, has_cymbals: bool, five: bool
) -> tuple[GridNote, ...]:
    notes: set[GridNote] = set()
    for tick, numbers in flags.items():
        cymbals = {_CYMBALS[number] for number in numbers & _CYMBALS.keys()}
        bar, inside = bars.position(tick)
        for number in numbers:
            if number == _KICK_2X:
                pad = Pad(lanes.KICK_2X)
            elif 0 <= number <= 4 + five:
                is_cymbal = number in cymbals if has_cymbals else number in _CYMBALS.values()
                pad = Pad(number, is_cymbal)
            else:
                continue
            velocity = 1.0 if number + _ACCENT in numbers else 0.8
            velocity = 0.3 if number + _GHOST in numbers else velocity
            velocity = velocity if 1 <= number <= lanes.FIFTH else 0.8
            notes.add(GridNote(bar, inside, lanes.drum_of(pad, five_lanes=five), velocity))
    return tuple(sorted(notes))


def write_dot_chart(chart_set: ChartSet, *, charter: str = "") -> bytes:
    """Write all levels; the chart starts where the music of the bundle does."""
    last = max((note.bar for level in chart_set.levels for note in level.notes), default=0) + 1
    bars = WrittenBars(
        chart_set.tempo, per_quarter=_PER_QUARTER, first=chart_set.bgm_bar, last=last
    )
    song = [f"{key} = {value}" for key, value in (
        ("Name", _quoted(chart_set.title)), ("Artist", _quoted(chart_set.artist)),
        ("Charter", _quoted(charter)), ("Offset", 0), ("Resolution", _PER_QUARTER),
        ("MusicStream", '"song.ogg"'),
    )]  # fmt: skip
    parts = [("Song", song), ("SyncTrack", list(_sync(chart_set, bars))), ("Events", [])]
    for level in reversed(chart_set.levels):
        parts.append((f"{DIFFICULTIES[level.level]}Drums", list(_written(level, bars))))
    text = "".join(
        "".join((f"[{name}]\r\n{{\r\n", *(f"  {line}\r\n" for line in lines), "}\r\n"))
        for name, lines in parts
    )
    return text.encode("utf-8")


def _quoted(text: str) -> str:
    kept = "".join(char for char in clean_text(text) if char not in '"[]{}')
    return f'"{kept}"'


def _sync(chart_set: ChartSet, bars: WrittenBars) -> Iterator[str]:
    tempo = chart_set.tempo
    events: dict[tuple[int, str], str] = {}
    for bar in sorted({bars.first, *(change.bar for change in tempo.bar_lengths)}):
        if bars.first <= bar <= bars.last:
            top, bottom = chart_set.signature(bar)
            events[bars.at(bar, 0), "TS"] = f"{top} {bottom.bit_length() - 1}"
    for change in tempo.changes:
        events[bars.at(change.bar, change.tick), "B"] = str(max(1, round(1000 * change.bpm)))
    for (tick, kind), value in sorted(events.items()):
        yield f"{tick} = {kind} {value}"


def _written(level: LevelChart, bars: WrittenBars) -> Iterator[str]:
    numbers: set[tuple[int, int]] = set()
    flag_of = {pad: flag for flag, pad in _CYMBALS.items()}
    for note, pad in pads_of(level.notes):
        tick = bars.at(note.bar, note.tick)
        number = _KICK_2X if pad.number == lanes.KICK_2X else pad.number
        numbers.add((tick, number))
        if pad.is_cymbal:
            numbers.add((tick, flag_of[pad.number]))
        flag = dynamics(note, accent=_ACCENT, plain=0, ghost=_GHOST)
        if flag:
            numbers.add((tick, flag + number))
    for tick, number in sorted(numbers):
        yield f"{tick} = N {number} 0"
