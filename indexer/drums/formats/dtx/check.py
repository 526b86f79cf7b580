"""A strict checker of finished bundles, independent of the writer and of the reader.

It shares only the constants of `spec` with them, so that it finds their mistakes. It
returns every rule that a folder breaks as a sentence; an empty result means a bundle that all
supported players read alike.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from indexer.drums.formats.dtx import spec

_SUBSET_SHARE: Final = 0.99
"""Lower levels are made by deleting: this share of their notes stands in the next level too."""
_HAND_GAP_MS: Final = 1000 / 12
_FOOT_GAP_MS: Final = 1000 / 9
_CALM_MS: Final = 362.0
_ROUNDING_MS: Final = 3.0
"""Ticks are coarse: a note may come this much sooner than a limb is ready."""
_RIGHT_PEDAL, _LEFT_BASS = 0x13, 0x1C
_NEEDED: Final = ("TITLE", "BPM", "DLEVEL")


@dataclass
class _File:
    """Content of one .dtx as the checker parses it."""

    headers: dict[str, str] = field(default_factory=dict)
    objects: dict[tuple[int, int], str] = field(default_factory=dict)
    lengths: dict[int, float] = field(default_factory=dict)
    bpms: dict[int, float] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def check_bundle(folder: Path) -> tuple[str, ...]:
    """Return every rule that the bundle in `folder` breaks, as sentences; none when it is valid."""
    problems: list[str] = []
    set_path = folder / "SET.def"
    if not set_path.is_file():
        return ("SET.def is missing.",)
    levels = _set_levels(set_path.read_bytes(), problems)
    notes: list[tuple[str, set[tuple[int, int]]]] = []
    for label, name in levels:
        if not (folder / name).is_file() or Path(name).name != name:
            problems.append(f"{label}: {name} is not a file of the bundle.")
            continue
        found, its_notes = _check_file(folder, name, label)
        problems += [f"{name}: {problem}" for problem in found]
        notes.append((name, its_notes))
    for (low_name, low), (high_name, high) in itertools.pairwise(notes):
        if len(low & high) < _SUBSET_SHARE * len(low):
            problems.append(f"{low_name} is not a subset of {high_name}.")
        if len(low) > len(high):
            problems.append(f"{low_name} has more notes than {high_name}.")
    return tuple(problems)


def _set_levels(data: bytes, problems: list[str]) -> list[tuple[str, str]]:
    if not data.startswith(b"\xff\xfe"):
        problems.append("SET.def is not UTF-16LE with a byte-order mark.")
        return []
    text = data[2:].decode("utf-16-le", "replace")
    if "\n" in text.replace("\r\n", ""):
        problems.append("SET.def has lines that do not end in CRLF.")
    if not re.search(r"^#TITLE: *\S", text, re.MULTILINE):
        problems.append("SET.def has no title.")
    labels = dict(re.findall(r"^#L([1-5])LABEL: *([^\r;]+)", text, re.MULTILINE))
    files = dict(re.findall(r"^#L([1-5])FILE: *([^\r;]+)", text, re.MULTILINE))
    if not files or set(labels) != set(files):
        problems.append("SET.def has a level without a label or a file.")
    wrong = [label for label in labels.values() if label not in spec.LEVEL_LABELS]
    if wrong:
        problems.append(f"SET.def has unknown levels: {', '.join(wrong)}.")
    return [(labels.get(n, "?"), files[n]) for n in sorted(files)]


def _check_file(folder: Path, name: str, label: str) -> tuple[list[str], set[tuple[int, int]]]:
    read = _read((folder / name).read_bytes())
    problems = read.problems
    problems += [f"#{key} is missing." for key in _NEEDED if not read.headers.get(key)]
    for key, value in read.headers.items():
        is_file = key in ("PREVIEW", "PREIMAGE") or re.fullmatch(r"WAV[0-9A-Z]{2}", key)
        if is_file and not _is_there(folder, value):
            problems.append(f"#{key} refers to {value!r}, which is not there or empty.")
    chips = _chips(read)
    defined = {int(key[3:], 36) for key in read.headers if re.fullmatch(r"WAV[0-9A-Z]{2}", key)}
    for position, channel, value in chips:
        if channel in spec.SOUND_CHANNELS and value not in defined:
            problems.append(f"A chip at tick {position} plays sound {value}, which is undefined.")
    problems += _check_limits(chips)
    clock = _chip_times(read, chips)
    if isinstance(clock, str):
        problems.append(clock)
    else:
        problems += _check_timing(clock, chips)
        problems += _check_limbs(clock, chips)
        problems += _check_level(label, clock, chips)
    if sum(1 for _, channel, _ in chips if channel == spec.BGM) > 1:
        problems.append("There is more than one BGM chip.")
    return problems, {(p, c) for p, c, _ in chips if c in spec.LANE_CHANNELS}


def _is_there(folder: Path, name: str) -> bool:
    path = folder / name
    inside = path.resolve().is_relative_to(folder.resolve())
    return inside and path.is_file() and path.stat().st_size > 0


def _read(data: bytes) -> _File:
    read = _File()
    if data.startswith(b"\xff\xfe"):
        text = data[2:].decode("utf-16-le", "replace")
    else:
        text = data.decode("cp932", "replace")
    if "\ufffd" in text:
        read.problems.append("The text is not in cp932 or UTF-16LE.")
    if "\n" in text.replace("\r\n", "") or "\r" in text.replace("\r\n", ""):
        read.problems.append("A line does not end in CRLF.")
    for line in text.split("\r\n"):
        if line.startswith("#"):
            _read_line(read, line)
        elif line and not line.startswith(";"):
            read.problems.append(f"A line is neither a command nor a comment: {line!r}")
    return read


def _read_line(read: _File, line: str) -> None:
    command, colon, value = line[1:].partition(": ")
    if not colon or ";" in value:
        read.problems.append(f"A line is malformed: {line!r}")
    elif re.fullmatch(r"[0-9A-Z][0-9]{2}02", command):
        read.lengths[_bar(command)] = float(value)
    elif re.fullmatch(r"[0-9A-Z][0-9]{2}[0-9A-F]{2}", command):
        key = (_bar(command), int(command[3:], 16))
        if key in read.objects:
            read.problems.append(f"Line #{command} stands twice.")
        read.objects[key] = value
    elif re.fullmatch(r"BPM[0-9A-Z]{2}", command):
        read.bpms[int(command[3:], 36)] = float(value)
    else:
        if command in read.headers:
            read.problems.append(f"#{command} stands twice.")
        read.headers[command] = value
    low, high = (0, 100) if command.startswith("VOLUME") else (-100, 100)
    if re.fullmatch(r"(VOLUME|PAN)[0-9A-Z]{2}", command) and not low <= int(value) <= high:
        read.problems.append(f"#{command} is out of range: {value}")


def _bar(command: str) -> int:
    return int(command[0], 36) * 100 + int(command[1:3])


def _chips(read: _File) -> list[tuple[int, int, int]]:
    """(position in ticks, channel, value), sorted."""
    chips: list[tuple[int, int, int]] = []
    for (bar, channel), data in read.objects.items():
        count = len(data) // 2
        if not re.fullmatch("([0-9A-Z]{2})+", data) or spec.TICKS % count:
            read.problems.append(f"Bar {bar}, channel {channel:02X}: the data is malformed.")
            continue
        if channel not in spec.CHIP_CHANNELS | {spec.TEMPO}:
            read.problems.append(f"Bar {bar}: channel {channel:02X} is not allowed.")
        for index in range(count):
            value = int(data[2 * index : 2 * index + 2], 36)
            if value:
                chips.append((bar * spec.TICKS + index * spec.TICKS // count, channel, value))
    return sorted(chips)


def _check_limits(chips: list[tuple[int, int, int]]) -> list[str]:
    hands = Counter(p for p, channel, _ in chips if channel in spec.HAND_CHANNELS)
    feet = Counter(p for p, channel, _ in chips if channel in spec.FOOT_CHANNELS)
    problems = [f"{n} hand notes at tick {p}." for p, n in hands.items() if n > 2]
    return problems + [f"{n} foot notes at tick {p}." for p, n in feet.items() if n > 1]


@dataclass(frozen=True)
class _ChipTimes:
    """Milliseconds of each position: exact, and as players count that round down."""

    exact: dict[int, float]
    whole: dict[int, int]


def _chip_times(read: _File, chips: list[tuple[int, int, int]]) -> _ChipTimes | str:
    """Return the times of the objects; a sentence where the tempo is invalid."""
    tempo_at: dict[int, float] = {}
    for position, channel, value in chips:
        if channel == spec.TEMPO:
            if value not in read.bpms:
                return f"A tempo chip at tick {position} has no #BPM line."
            tempo_at[position] = read.bpms[value]
    lengths = {bar * spec.TICKS: length for bar, length in read.lengths.items()}
    bpm, length = float(read.headers.get("BPM", "0") or 0), 1.0
    rates = [bpm, *tempo_at.values()]
    if min(rates) < spec.BPM_RANGE[0] or max(rates) > spec.BPM_RANGE[1]:
        return "#BPM is not a tempo."
    clock = _ChipTimes({}, {})
    exact, whole, last = 0.0, 0, 0
    for position in sorted({*tempo_at, *lengths, *(p for p, _, _ in chips)}):
        step = spec.MS_PER_TICK_AT_1_BPM * (position - last) * length / bpm
        clock.exact[position], clock.whole[position] = exact + step, int(whole + step)
        if position in tempo_at or position in lengths:
            exact, whole, last = exact + step, int(whole + step), position
            bpm, length = tempo_at.get(position, bpm), lengths.get(position, length)
    return clock


def _check_timing(clock: _ChipTimes, chips: list[tuple[int, int, int]]) -> list[str]:
    """Check that players that count whole milliseconds stay beside those that count exactly."""
    sounding = {p for p, channel, _ in chips if channel in spec.SOUND_CHANNELS}
    bgm = [p for p, channel, _ in chips if channel == spec.BGM]
    offsets = {p: clock.whole[p] - clock.exact[p] for p in sounding}
    base = offsets[bgm[0]] if bgm else 0.0
    worst = max((abs(offset - base) for offset in offsets.values()), default=0.0)
    if worst > spec.TIMING_TOLERANCE_MS:
        return [f"Players that count whole milliseconds drift by {worst:.1f} ms."]
    return []


def _check_limbs(clock: _ChipTimes, chips: list[tuple[int, int, int]]) -> list[str]:
    """Check that alternating hands, and each foot on its pedal, have time for every note."""
    problems: list[str] = []
    ready = {"hands": [-1e9, -1e9], "right foot": [-1e9], "left foot": [-1e9]}
    gaps = {"hands": _HAND_GAP_MS, "right foot": _FOOT_GAP_MS, "left foot": _FOOT_GAP_MS}
    for position, channel, _ in chips:
        if channel not in spec.LANE_CHANNELS:
            continue
        limb = "hands" if channel in spec.HAND_CHANNELS else "left foot"
        limb = "right foot" if channel == _RIGHT_PEDAL else limb
        now = clock.exact[position]
        last = min(ready[limb])
        if now - last < gaps[limb] - _ROUNDING_MS:
            problems.append(f"No time for the {limb} at tick {position}.")
        ready[limb].remove(last)
        ready[limb].append(now)
    return problems


def _check_level(label: str, clock: _ChipTimes, chips: list[tuple[int, int, int]]) -> list[str]:
    """Check the limits of the easier levels."""
    problems: list[str] = []
    if label in ("BASIC", "ADVANCED") and any(c == _LEFT_BASS for _, c, _ in chips):
        problems.append(f"{label} asks for two bass drum pedals.")
    feet = [clock.exact[p] for p, channel, _ in chips if channel in spec.FOOT_CHANNELS]
    if label == "BASIC" and any(
        after - before < _CALM_MS - _ROUNDING_MS for before, after in itertools.pairwise(feet)
    ):
        problems.append("BASIC has bass drums nearer than 362 ms.")
    return problems
