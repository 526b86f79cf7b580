"""The bytes of a .dtx file → a chart value, strictly or as forgivingly as players do."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import Any, Final

from indexer.drums.formats.dtx import spec
from indexer.drums.formats.dtx.dtx_types import Chip, DtxChart, DtxError, Wav
from indexer.drums.types import BarLength, TempoChange, TempoMap

_LINE: Final = re.compile(r"\s*#([^:;\s]+)[ \t\u3000]*:?([^;]*)")
_OBJECT: Final = re.compile(r"([0-9A-Z])([0-9]{2})([0-9A-F]{2})", re.IGNORECASE)
_HEADERS: Final = {(h.command, h.indexed): h for h in spec.HEADERS}
_DEFAULT_BPM: Final = 120.0
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class _LineError(Exception):
    """What is wrong with the line being read."""


@dataclass
class _Draft:
    values: dict[str, Any] = field(default_factory=dict)
    indexed: dict[str, dict[int, Any]] = field(default_factory=dict)
    base_bpm: float = 0.0
    lengths: dict[int, float] = field(default_factory=dict)
    tempos: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    chips: dict[tuple[int, int, int], int] = field(default_factory=dict)


def decode(data: bytes, *, strict: bool = True) -> DtxChart:
    """Read a chart.

    Args:
        data: The file.
        strict: Raise on the first line that breaks the format; otherwise ignore such lines, as
            players do.

    Raises:
        DtxError: With the line's number and what is wrong with it.
    """
    draft = _Draft()
    for number, line in enumerate(re.split("\r\n|\r|\n", decode_text(data)), start=1):
        match = _LINE.match(line)
        if match is None:
            continue
        try:
            _read_line(draft, match[1].upper(), match[2].strip(), strict=strict)
        except _LineError as error:
            if strict:
                raise DtxError(f"Line {number} of the chart: {error}") from error
    return _finish(draft, strict=strict)


def decode_text(data: bytes) -> str:
    """The text of a chart file, by its byte-order mark, else as Shift_JIS (cp932).

    Raises:
        DtxError: The bytes are not text in that encoding.
    """
    bom, encoding = next((b for b in _BOMS if data.startswith(b[0])), (b"", "cp932"))
    try:
        return data[len(bom) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise DtxError(
            f"This chart is not readable as {encoding} text (byte {error.start}). "
            "Save it as Shift_JIS, or as UTF-8 or UTF-16 with a byte-order mark."
        ) from error


def _read_line(draft: _Draft, command: str, parameter: str, *, strict: bool) -> None:
    placed = _OBJECT.fullmatch(command)
    if placed is not None:
        bar = spec.DIGITS.index(placed[1].upper()) * 100 + int(placed[2])
        _read_objects(draft, bar, int(placed[3], 16), parameter, strict=strict)
        return
    header = _HEADERS.get((command, False))
    if header is not None:
        draft.values[header.field] = _value(header, parameter)
        return
    ignored = spec.IGNORED_HEADERS
    if command in ignored or command[:-2] in ignored or command.startswith("DTXC_"):
        return
    header = _HEADERS.get((command[:-2], True))
    if header is not None and all(c in spec.DIGITS for c in command[-2:]):
        number = int(command[-2:], 36)
        draft.indexed.setdefault(header.field, {})[number] = _value(header, parameter)
        return
    if command == "BASEBPM":
        draft.base_bpm = _number("#BASEBPM", parameter)
        return
    raise _LineError(f"#{command} is not a command of the format")


def _value(header: spec.Header, parameter: str) -> Any:
    if header.kind == "text":
        return parameter
    if header.kind == "file":
        if not parameter:
            raise _LineError(f"#{header.command} names no file")
        return parameter
    value = _number(header.command, parameter)
    if header.kind == "whole" and not value.is_integer():
        raise _LineError(f"#{header.command} must be a whole number, not {parameter!r}")
    _check(f"#{header.command}", value, header.low, header.high)
    return int(value) if header.kind == "whole" else value


def _number(what: str, text: str) -> float:
    if re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)", text) is None:
        raise _LineError(f"{what} must be a number, not {text!r}")
    return float(text)


def _check(what: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise _LineError(f"{what} must lie between {low:g} and {high:g}, not {value:g}")


def _read_objects(draft: _Draft, bar: int, channel: int, text: str, *, strict: bool) -> None:
    if channel == spec.BAR_LENGTH:
        length = _number("the bar length", text)
        _check("the bar length", length, *spec.BAR_LENGTH_RANGE)
        draft.lengths[bar] = length
        return
    is_tempo = channel in (spec.TEMPO, spec.TEMPO_HEX)
    if not is_tempo and channel not in spec.CHIP_CHANNELS:
        if channel in spec.EDITOR_CHANNELS:
            return
        raise _LineError(f"channel {channel:02X} is unknown")
    for tick, value in _pairs(text, base=16 if channel == spec.TEMPO_HEX else 36, strict=strict):
        if is_tempo:
            draft.tempos[bar, tick] = (channel, value)
        else:
            draft.chips[bar, tick, channel] = value


def _pairs(text: str, *, base: int, strict: bool) -> list[tuple[int, int]]:
    """(tick, value) of the objects in a data string."""
    text = text.replace("_", "").upper()
    if any(char not in spec.DIGITS[:base] for char in text):
        raise _LineError(f"{text!r} holds a character that is no base-{base} digit")
    if len(text) % 2 or not text:
        raise _LineError("the objects must be pairs of digits")
    count = len(text) // 2
    if strict and spec.TICKS % count:
        raise _LineError(f"{count} objects in a bar do not divide {spec.TICKS} ticks")
    values = [int(text[2 * i : 2 * i + 2], base) for i in range(count)]
    return [(i * spec.TICKS // count, value) for i, value in enumerate(values) if value]


def _finish(draft: _Draft, *, strict: bool) -> DtxChart:
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
    if strict and silent:
        raise DtxError(f"Chips play sounds that no #WAV line defines: {sorted(silent)}")
    texts = {k: v for k, v in draft.values.items() if k not in ("bpm", "dlevel")}
    return DtxChart(
        title=texts.pop("title", ""),
        artist=texts.pop("artist", ""),
        dlevel=draft.values.get("dlevel", 0),
        tempo=_tempo(draft, strict=strict),
        wavs=wavs,
        chips=tuple(
            Chip(bar, tick, channel, value)
            for (bar, tick, channel), value in sorted(draft.chips.items())
        ),
        **texts,
    )


def _tempo(draft: _Draft, *, strict: bool) -> TempoMap:
    bpms = draft.indexed.get("bpm", {})
    base = draft.base_bpm
    changes = {(0, 0): base + float(draft.values.get("bpm", bpms.get(0, _DEFAULT_BPM)))}
    for position, (channel, value) in draft.tempos.items():
        bpm = float(value) if channel == spec.TEMPO_HEX else bpms.get(value)
        if bpm is not None:
            changes[position] = base + bpm
        elif strict:
            raise DtxError(f"A tempo chip in bar {position[0]} has no #BPM line (number {value})")
    return TempoMap(
        tuple(TempoChange(bar, tick, bpm) for (bar, tick), bpm in sorted(changes.items())),
        tuple(BarLength(bar, length) for bar, length in sorted(draft.lengths.items())),
    )
