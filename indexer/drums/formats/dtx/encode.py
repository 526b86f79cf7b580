"""A chart value → the bytes of a .dtx file."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from indexer.drums.formats.dtx import spec
from indexer.drums.formats.dtx.dtx_types import Chip, DtxChart, DtxError

_BOM: Final = b"\xff\xfe"
_FIRST_LINE: Final = "; Created by DTXCreator 024"
"""Viewers open a file only where its first line is that of an editor they know."""


def encode(chart: DtxChart) -> bytes:
    """Write `chart`: cp932 where that holds every character, else UTF-16LE; CRLF lines.

    Raises:
        DtxError: Something lies outside the ranges of the format.
    """
    validate(chart)
    lines = [*_headers(chart), "", *_objects(chart), ""]
    return encode_text("\r\n".join(lines))


def encode_text(text: str, *, unicode: bool = False) -> bytes:
    """Encode `text` as readers expect it; `unicode` forces UTF-16LE where cp932 would do."""
    if not unicode:
        try:
            data = text.encode("cp932")
        except UnicodeEncodeError:
            pass
        else:
            if data.decode("cp932", "replace") == text and not data.startswith(_BOM):
                return data
    return _BOM + text.encode("utf-16-le")


def validate(chart: DtxChart) -> None:
    """Raise DtxError where `chart` breaks a range of the format."""
    for header in spec.HEADERS:
        if not header.indexed and header.kind == "whole":
            _in_range(header.command, getattr(chart, header.field), header.low, header.high)
    if chart.tempo.start_s != 0:
        raise DtxError("A chart file counts from its first bar: its tempo map must start at 0 s.")
    for change in chart.tempo.changes:
        _in_range("BPM", change.bpm, *spec.BPM_RANGE)
        _check_position(change.bar, change.tick)
    for length in chart.tempo.bar_lengths:
        _in_range("bar length", length.length, *spec.BAR_LENGTH_RANGE)
        _check_position(length.bar, 0)
    _validate_wavs(chart)
    _validate_chips(chart)
    _ascending("tempo changes", [(c.bar, c.tick) for c in chart.tempo.changes])
    _ascending("bar lengths", [b.bar for b in chart.tempo.bar_lengths])


def _validate_wavs(chart: DtxChart) -> None:
    _ascending("sounds", [wav.number for wav in chart.wavs])
    for wav in chart.wavs:
        _in_range("sound number", wav.number, 1, spec.LAST_ID)
        _in_range("VOLUME", wav.volume, 0, 100)
        _in_range("PAN", wav.pan, -100, 100)
        if not wav.file:
            raise DtxError(f"Sound {wav.number} has no file name.")


def _validate_chips(chart: DtxChart) -> None:
    _ascending("chips", [(c.bar, c.tick, c.channel) for c in chart.chips])
    numbers = {wav.number for wav in chart.wavs}
    for chip in chart.chips:
        _check_position(chip.bar, chip.tick)
        _in_range("chip value", chip.value, 1, spec.LAST_ID)
        if chip.channel not in spec.CHIP_CHANNELS:
            raise DtxError(f"Channel {chip.channel:02X} is not one that charts use.")
        if chip.channel in spec.SOUND_CHANNELS and chip.value not in numbers:
            raise DtxError(f"A chip in bar {chip.bar} plays sound {chip.value}, which is missing.")


def _ascending(what: str, keys: list) -> None:
    if any(a >= b for a, b in itertools.pairwise(keys)):
        raise DtxError(f"The {what} must be in order, none twice.")


def _check_position(bar: int, tick: int) -> None:
    _in_range("bar", bar, 0, spec.LAST_BAR)
    _in_range("tick", tick, 0, spec.TICKS - 1)


def _in_range(what: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise DtxError(f"Expected {what} between {low:g} and {high:g}, not {value:g}.")


def pair(number: int) -> str:
    """Return `number` as two base-36 digits."""
    return spec.DIGITS[number // 36] + spec.DIGITS[number % 36]


def _decimal(value: float) -> str:
    """Return the shortest decimal that reads back as the same number, without an exponent."""
    text = format(Decimal(repr(float(value))), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _headers(chart: DtxChart) -> Iterator[str]:
    yield _FIRST_LINE
    yield "; in the form of that editor, by Backbeat"
    for header in spec.HEADERS:
        if header.indexed:
            continue
        value = (
            _decimal(chart.tempo.changes[0].bpm)
            if header.field == "bpm"
            else str(getattr(chart, header.field))
        )
        if value:
            yield f"#{header.command}: {value}"
    for wav in chart.wavs:
        yield f"#WAV{pair(wav.number)}: {wav.file}"
        if wav.volume != 100:
            yield f"#VOLUME{pair(wav.number)}: {wav.volume}"
        if wav.pan != 0:
            yield f"#PAN{pair(wav.number)}: {wav.pan}"
    for number, bpm in enumerate(_tempos(chart), start=1):
        yield f"#BPM{pair(number)}: {_decimal(bpm)}"


def _tempos(chart: DtxChart) -> list[float]:
    """Return the distinct tempos of the changes after the first, in order of appearance."""
    tempos = list(dict.fromkeys(change.bpm for change in chart.tempo.changes[1:]))
    if len(tempos) > spec.LAST_ID:
        raise DtxError(f"A chart holds {spec.LAST_ID} tempos, this one has {len(tempos)}.")
    return tempos


def _objects(chart: DtxChart) -> Iterator[str]:
    ids = {bpm: number for number, bpm in enumerate(_tempos(chart), start=1)}
    lines: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for change in chart.tempo.changes[1:]:
        lines[change.bar, spec.TEMPO][change.tick] = ids[change.bpm]
    for chip in chart.chips:
        lines[chip.bar, chip.channel][chip.tick] = chip.value
    lengths = {length.bar: length.length for length in chart.tempo.bar_lengths}
    for bar in sorted({bar for bar, _ in lines} | set(lengths)):
        if bar in lengths:
            yield f"#{bar_name(bar)}{spec.BAR_LENGTH:02X}: {_decimal(lengths[bar])}"
        for channel in sorted(channel for b, channel in lines if b == bar):
            yield f"#{bar_name(bar)}{channel:02X}: {_data(lines[bar, channel])}"


def bar_name(bar: int) -> str:
    """Return `bar` as a base-36 digit and two decimal ones."""
    return f"{spec.DIGITS[bar // 100]}{bar % 100:02d}"


def _data(values: dict[int, int]) -> str:
    step = math.gcd(spec.TICKS, *values)
    return "".join(pair(values.get(tick, 0)) for tick in range(0, spec.TICKS, step))


def chips_sorted(chips: list[Chip]) -> tuple[Chip, ...]:
    """Return `chips` in file order; of several at one position of one channel the first."""
    unique: dict[tuple[int, int, int], Chip] = {}
    for chip in chips:
        unique.setdefault((chip.bar, chip.tick, chip.channel), chip)
    return tuple(sorted(unique.values()))
