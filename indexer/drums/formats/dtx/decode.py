"""The bytes of a .dtx file → a chart value, strictly or as forgivingly as players do."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from indexer.drums.formats.dtx import spec
from indexer.drums.formats.dtx.commands import (
    ChartLine,
    any_text,
    commands,
    decode_text,
    first_branch,
)
from indexer.drums.formats.dtx.dtx_types import Chip, DtxChart, DtxError, Wav
from indexer.drums.formats.dtx.parameters import LineError, check_range, number, pairs
from indexer.drums.types import BarLength, TempoChange, TempoMap

_OBJECT: Final = re.compile(r"([0-9A-Z])([0-9]{2})([0-9A-Z]{2})")
_NUMBER: Final = re.compile(r"\s*[+-]?\d+\s*")
_HEADERS: Final = {(h.command, h.indexed): h for h in spec.HEADERS}
_DEFAULT_BPM: Final = 120.0
_LINES_TOLD: Final = 5
"""Lines that could not be read are told one by one up to here, then counted."""


@dataclass
class _Draft:
    strict: bool = True
    letters: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    indexed: dict[str, dict[int, Any]] = field(default_factory=dict)
    base_bpm: float = 0.0
    lengths: dict[int, float] = field(default_factory=dict)
    tempos: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    chips: dict[tuple[int, int, int], int] = field(default_factory=dict)
    passed_over: Counter[str] = field(default_factory=Counter)


def decode(data: bytes, *, strict: bool = True) -> DtxChart:
    """Read a chart.

    Args:
        data: The file.
        strict: Raise on the first line that breaks the format; otherwise ignore such lines, as
            players do.

    Raises:
        DtxError: With the line's number and what is wrong with it.
    """
    if not strict:
        return read(data)[0]
    draft = _Draft()
    for command in commands(decode_text(data)):
        try:
            _read_command(draft, command)
        except LineError as error:
            raise DtxError(f"Line {command.line} of the chart: {error}") from error
    return _finish(draft)


def read(data: bytes, *, letters: bool = False) -> tuple[DtxChart, tuple[str, ...]]:
    """Read a chart as forgivingly as players do.

    Args:
        data: The file, in any encoding.
        letters: Channels are named by letters, as in `.gda` and `.g2d` files.

    Returns:
        The chart, and a sentence on each kind of thing that was left out of it.
    """
    draft = _Draft(strict=False, letters=letters)
    lines, said = first_branch(commands(any_text(data)))
    unread: list[str] = []
    for command in lines:
        try:
            _read_command(draft, command)
        except LineError as error:
            unread.append(f"Line {command.line} was left out: {error}.")
    said += unread[:_LINES_TOLD]
    if len(unread) > _LINES_TOLD:
        said.append(f"{len(unread) - _LINES_TOLD} more lines were left out.")
    said += [f"Passed over: {count} {what}." for what, count in sorted(draft.passed_over.items())]
    missing = sum(
        channel == spec.TEMPO and value not in draft.indexed.get("bpm", {})
        for channel, value in draft.tempos.values()
    )
    if missing:
        said.append(f"{missing} tempo changes name a #BPM that is not there; the tempo stays.")
    if "bpm" not in draft.values and 0 not in draft.indexed.get("bpm", {}):
        said.append(f"No #BPM could be read: {_DEFAULT_BPM:g} is taken, as players do.")
    return _finish(draft), tuple(said)


def _read_command(draft: _Draft, command: ChartLine) -> None:
    name, parameter = command.name, command.parameter
    placed = _OBJECT.fullmatch(name)
    channel = _channel(placed[3], letters=draft.letters) if placed else None
    if placed is not None and channel is not None:
        bar = spec.DIGITS.index(placed[1]) * 100 + int(placed[2])
        _read_objects(draft, bar, channel, parameter)
        return
    header = _HEADERS.get((name, False))
    if header is not None:
        draft.values[header.field] = _value(header, parameter, strict=draft.strict)
        return
    ignored = spec.IGNORED_HEADERS
    pan_of_el = name == "PANEL" and _NUMBER.fullmatch(parameter)  # else the header of a panel
    if (name in ignored and not pan_of_el) or name[:-2] in ignored or name.startswith("DTXC_"):
        return
    header = _HEADERS.get((name[:-2], True))
    if header is not None and all(c in spec.DIGITS for c in name[-2:]):
        value = _value(header, parameter, strict=draft.strict)
        draft.indexed.setdefault(header.field, {})[int(name[-2:], 36)] = value
        return
    if name == "BASEBPM":
        draft.base_bpm = number("#BASEBPM", parameter, strict=draft.strict)
        return
    if draft.strict or name[0].isdigit():
        raise LineError(f"#{name} is not a command of the format")
    draft.passed_over["commands that no chart of drums needs"] += 1


def _channel(text: str, *, letters: bool) -> int | None:
    """Return the channel of an object line; None where it names none."""
    if letters:
        return spec.LETTER_CHANNELS.get(text, spec.UNKNOWN_CHANNEL)
    return int(text, 16) if all(c in spec.DIGITS[:16] for c in text) else None


def _value(header: spec.Header, parameter: str, *, strict: bool) -> Any:
    if header.kind == "text":
        return parameter
    if header.kind == "file":
        if not parameter:
            raise LineError(f"#{header.command} names no file")
        return parameter
    value = number(header.command, parameter, strict=strict)
    if strict and header.kind == "whole" and not value.is_integer():
        raise LineError(f"#{header.command} must be a whole number, not {parameter!r}")
    check_range(f"#{header.command}", value, header.low, header.high)
    return int(value) if header.kind == "whole" else value


def _read_objects(draft: _Draft, bar: int, channel: int, text: str) -> None:
    if channel == spec.BAR_LENGTH:
        length = number("the bar length", text, strict=draft.strict)
        check_range("the bar length", length, *spec.BAR_LENGTH_RANGE)
        draft.lengths[bar] = length
        return
    is_tempo = channel in (spec.TEMPO, spec.TEMPO_HEX)
    if not is_tempo and channel not in spec.CHIP_CHANNELS:
        if channel in spec.EDITOR_CHANNELS:
            return
        if draft.strict and channel not in spec.HIDDEN_CHANNELS:
            raise LineError(f"channel {channel:02X} is unknown")
        draft.passed_over[spec.passed_over(channel)] += 1
        return
    base = 16 if channel == spec.TEMPO_HEX else 36
    for tick, value in pairs(text, base=base, strict=draft.strict):
        if is_tempo:
            draft.tempos[bar, tick] = (channel, value)
        else:
            draft.chips[bar, tick, channel] = value


def _finish(draft: _Draft) -> DtxChart:
    files = draft.indexed.get("wav", {})
    volumes, pans = draft.indexed.get("volume", {}), draft.indexed.get("pan", {})
    wavs = tuple(
        Wav(number, files[number], volumes.get(number, 100), pans.get(number, 0))
        for number in sorted(files)
        if number > 0
    )
    silent = {
        value
        for (_, _, channel), value in draft.chips.items()
        if channel in spec.SOUND_CHANNELS and value not in files
    }
    if draft.strict and silent:
        raise DtxError(f"Chips play sounds that no #WAV line defines: {sorted(silent)}")
    texts = {k: v for k, v in draft.values.items() if k not in ("bpm", "dlevel")}
    return DtxChart(
        title=texts.pop("title", ""),
        artist=texts.pop("artist", ""),
        dlevel=draft.values.get("dlevel", 0),
        tempo=_tempo(draft),
        wavs=wavs,
        chips=tuple(
            Chip(bar, tick, channel, value)
            for (bar, tick, channel), value in sorted(draft.chips.items())
        ),
        **texts,
    )


def _tempo(draft: _Draft) -> TempoMap:
    bpms = draft.indexed.get("bpm", {})
    base = draft.base_bpm
    changes = {(0, 0): base + float(draft.values.get("bpm", bpms.get(0, _DEFAULT_BPM)))}
    for position, (channel, value) in draft.tempos.items():
        bpm = float(value) if channel == spec.TEMPO_HEX else bpms.get(value)
        if bpm is not None:
            changes[position] = base + bpm
        elif draft.strict:
            raise DtxError(f"A tempo chip in bar {position[0]} has no #BPM line (number {value})")
    return TempoMap(
        tuple(TempoChange(bar, tick, bpm) for (bar, tick), bpm in sorted(changes.items())),
        tuple(BarLength(bar, length) for bar, length in sorted(draft.lengths.items())),
    )
