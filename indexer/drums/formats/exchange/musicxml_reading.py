"""Drums of a MusicXML score, plain or compressed, as MuseScore and others write them."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final
from xml.etree.ElementTree import Element, ParseError, fromstring

from indexer.drums.formats.exchange.general_midi import DRUM_OF
from indexer.drums.formats.exchange.musicxml_writing import FULL_VELOCITY
from indexer.drums.types import (
    TICKS_PER_BAR,
    BarLength,
    Drum,
    DrumsError,
    GridNote,
    TempoChange,
    TempoMap,
)

_LARGEST_BYTES: Final = 40_000_000
"""Of a score that is packed; a song has about a megabyte."""
_DRUM_AT: Final[dict[tuple[str, bool], Drum]] = {
    ("F4", False): Drum.KICK, ("E4", False): Drum.KICK_LEFT, ("D4", True): Drum.HAT_PEDAL,
    ("F4", True): Drum.HAT_PEDAL, ("C5", False): Drum.SNARE, ("C5", True): Drum.SIDE_STICK,
    ("A4", False): Drum.TOM_FLOOR, ("G4", False): Drum.TOM_FLOOR, ("D5", False): Drum.TOM_LOW,
    ("E5", False): Drum.TOM_HIGH, ("F5", False): Drum.TOM_HIGH, ("B4", False): Drum.TOM_LOW,
    ("F5", True): Drum.RIDE, ("G5", True): Drum.HAT_CLOSED, ("A5", True): Drum.CRASH,
    ("B5", True): Drum.CRASH_LEFT, ("C6", True): Drum.CHINA, ("E5", True): Drum.RIDE,
}  # fmt: skip
"""(line or space, whether its head is a cross) → drum, where no instrument tells it."""
_OPEN_SIGNS: Final = ("open-string", "open", "harmonic")
_QUARTERS: Final = {"half": 2.0, "quarter": 1.0, "eighth": 0.5, "16th": 0.25}
_DEFAULT_BPM: Final = 120.0


@dataclass
class _Score:
    drum_of: dict[str, Drum]
    divisions: int = 1
    length: Fraction = Fraction(1)
    lengths: list[Fraction] = field(default_factory=list)
    bpms: dict[tuple[int, int], float] = field(default_factory=dict)
    notes: set[GridNote] = field(default_factory=set)
    left_out: Counter[str] = field(default_factory=Counter)


def read_musicxml(data: bytes) -> tuple[TempoMap, tuple[GridNote, ...], tuple[str, ...]]:
    """Read the first part of percussion, and sentences on what was left out.

    Raises:
        DrumsError: It is no score, or it has no part of percussion.
    """
    root = _root(data)
    if root.tag == "score-timewise":
        raise DrumsError("This score is written time by time; save it part by part (partwise).")
    if root.tag != "score-partwise":
        raise DrumsError("This is no MusicXML score.")
    parts = [part for part in root.findall("part") if part.find(".//unpitched") is not None]
    if not parts:
        raise DrumsError("There is no part of percussion in this score.")
    part = max(parts, key=lambda one: len(one.findall(".//unpitched")))
    score = _Score(dict(_instruments(root, part.get("id", ""))))
    for bar, measure in enumerate(part.findall("measure")):
        _read_measure(score, measure, bar)
    if len(parts) > 1:
        score.left_out["other parts of percussion"] = len(parts) - 1
    repeats = len(part.findall(".//repeat"))
    said = [f"Left out: {count} {what}." for what, count in sorted(score.left_out.items())]
    if repeats:
        said.append(f"{repeats} repeat signs are not played: write the bars out.")
    return _tempo_map(score), tuple(sorted(score.notes)), tuple(said)


def _root(data: bytes) -> Element:
    """Return the score of a file, also of a compressed one."""
    try:
        if data.startswith(b"PK"):
            data = _unpacked(data)
        return fromstring(data)
    except (ParseError, zipfile.BadZipFile, KeyError, LookupError, ValueError) as error:
        raise DrumsError(f"This is no MusicXML score: {error}.") from error


def _unpacked(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        container = fromstring(packed.read("META-INF/container.xml"))
        name = next(one.get("full-path", "") for one in container.iter() if one.get("full-path"))
        if packed.getinfo(name).file_size > _LARGEST_BYTES:
            raise ValueError("it is too large for a score")
        return packed.read(name)


def _instruments(root: Element, part: str) -> Iterator[tuple[str, Drum]]:
    """Yield the instruments of a part whose key is that of a drum."""
    for one in root.findall(f"part-list/score-part[@id='{part}']/midi-instrument"):
        key = one.findtext("midi-unpitched", "").strip()
        if key.isdecimal() and int(key) - 1 in DRUM_OF:
            yield one.get("id", ""), DRUM_OF[int(key) - 1]


def _read_measure(score: _Score, measure: Element, bar: int) -> None:
    now = start = reached = Fraction(0)  # whole notes
    events: list[tuple[Fraction, GridNote | float]] = []
    for one in measure:
        if one.tag == "attributes":
            _read_attributes(score, one)
        elif one.tag in ("backup", "forward"):
            now += _duration(score, one) * (1 if one.tag == "forward" else -1)
        elif one.tag == "note":
            length = _duration(score, one)
            if one.find("chord") is None:
                start, now = now, now + length
            drum = _drum(score, one)
            if drum is not None:
                events.append((start, GridNote(bar, 0, drum, _velocity(one))))
        elif (bpm := _bpm(one)) is not None:
            offset = Fraction(int(float(one.findtext("offset", "0"))), 4 * score.divisions)
            events.append((now + offset, bpm))
        reached = max(reached, now)
    is_short = measure.get("implicit") == "yes" and 0 < reached < score.length
    length = reached if is_short or reached > score.length else score.length
    score.lengths.append(length)
    for at, event in events:
        tick = min(round(max(at, Fraction(0)) / length * TICKS_PER_BAR), TICKS_PER_BAR - 1)
        if isinstance(event, GridNote):
            score.notes.add(GridNote(bar, tick, event.drum, event.velocity))
        else:
            score.bpms[bar, tick] = event


def _read_attributes(score: _Score, attributes: Element) -> None:
    divisions = attributes.findtext("divisions", "").strip()
    if divisions.isdecimal() and int(divisions):
        score.divisions = int(divisions)
    top, bottom = attributes.findtext("time/beats", ""), attributes.findtext("time/beat-type", "")
    beats = [int(beat) for beat in top.split("+") if beat.strip().isdecimal()]
    if sum(beats) and bottom.strip().isdecimal() and int(bottom):
        score.length = Fraction(sum(beats), int(bottom))


def _duration(score: _Score, element: Element) -> Fraction:
    text = element.findtext("duration", "0").strip()
    return Fraction(text) / (4 * score.divisions) if text else Fraction(0)


def _bpm(element: Element) -> float | None:
    """Return the tempo of a direction in quarters a minute."""
    sound = element if element.tag == "sound" else element.find("sound")
    try:
        if sound is not None and float(sound.get("tempo", "0")) > 0:
            return float(sound.get("tempo", "0"))
        bpm = float(element.findtext(".//per-minute", "0").replace(",", "."))
    except ValueError:
        return None
    unit = _QUARTERS.get(element.findtext(".//beat-unit", ""), 1.0)
    dotted = element.find(".//beat-unit-dot") is not None
    return bpm * unit * (1.5 if dotted else 1.0) or None


def _drum(score: _Score, note: Element) -> Drum | None:
    """Return the drum of a note that is struck; None for rests and what no lane has."""
    if note.find("unpitched") is None or note.find("tie[@type='stop']") is not None:
        return None
    if note.find("grace") is not None:
        score.left_out["grace notes"] += 1
        return None
    instrument = note.find("instrument")
    place = note.findtext("unpitched/display-step", "") + note.findtext(
        "unpitched/display-octave", ""
    )
    head = note.findtext("notehead", "normal")
    drum = score.drum_of.get(instrument.get("id", "")) if instrument is not None else None
    drum = drum or _DRUM_AT.get((place, head in ("x", "circle-x", "cross", "slashed", "diamond")))
    if drum is Drum.HAT_CLOSED and any(note.find(f".//{sign}") is not None for sign in _OPEN_SIGNS):
        return Drum.HAT_OPEN
    if drum is None:
        score.left_out[f"notes on {place} with a {head} head"] += 1
    return drum


def _velocity(note: Element) -> float:
    """Return the velocity of a note, 0..1."""
    try:
        velocity = float(note.get("dynamics", "")) / 100 * FULL_VELOCITY
    except ValueError:
        heads = note.find("notehead[@parentheses='yes']")
        velocity = 0.8 if heads is None else 0.3
    return min(max(velocity, 0.05), 1.0)


def _tempo_map(score: _Score) -> TempoMap:
    bpms = {(0, 0): next(iter(score.bpms.values()), _DEFAULT_BPM), **score.bpms}
    changes = tuple(TempoChange(bar, tick, bpm) for (bar, tick), bpm in sorted(bpms.items()))
    lengths = [float(length) for length in score.lengths]
    return TempoMap(changes, tuple(
        BarLength(bar, length) for bar, length in enumerate(lengths)
        if length != (lengths[bar - 1] if bar else 1.0)
    ))  # fmt: skip
