"""A chart as MusicXML 4: one part of unpitched percussion, hands and feet in two voices."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from indexer.drums.formats.exchange.general_midi import DRUM_CHANNEL, PITCH_OF
from indexer.drums.formats.notation_beats import CROSSED, STAFF_POSITION
from indexer.drums.formats.tab import GHOST, printed
from indexer.drums.score.note_values import Beat, WrittenNote, beat_of, write_beat
from indexer.drums.types import TICKS_PER_BAR, ChartSet, Drum, GridNote, LevelChart

DIVISIONS: Final = 480
"""Parts of a quarter note in which durations are counted."""
_UNIT: Final = DIVISIONS // 8
"""A thirty-second note, in which written values are counted."""
_TYPES: Final = {
    12.0: "quarter", 8.0: "quarter", 6.0: "eighth", 4.0: "eighth", 3.0: "16th", 2.0: "16th",
    1.0: "32nd", 0.5: "64th",
}  # fmt: skip
_STEPS: Final = "CDEFGAB"
_TOP_LINE: Final = 5 * 7 + _STEPS.index("F")
"""The top line of the staff, F5, in steps above C0."""
_TEMPO_SHOWN: Final = 0.03
"""Least tempo change that is printed, as a share; smaller ones are only played."""
FULL_VELOCITY: Final = 90 / 127
"""Velocity of the dynamics 100 %, by the definition of the format."""
_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE score-partwise PUBLIC '
    '"-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">\n'
)

_Voice = dict[int, dict[float, list[GridNote]]]
"""Beat → tick inside it → notes."""


def write_musicxml(chart_set: ChartSet, level: LevelChart, *, credit: str = "") -> bytes:
    """Write a whole level; its bars are those of the chart, bar 0 included."""
    drums = sorted({note.drum for note in level.notes if note.drum in STAFF_POSITION})
    root = Element("score-partwise", version="4.0")
    SubElement(SubElement(root, "work"), "work-title").text = printed(chart_set.title)
    identification = SubElement(root, "identification")
    for kind, text in (("composer", chart_set.artist), ("arranger", credit)):
        if printed(text):
            SubElement(identification, "creator", type=kind).text = printed(text)
    SubElement(SubElement(identification, "encoding"), "software").text = "Backbeat"
    _part_list(root, drums)
    part = SubElement(root, "part", id="P1")
    bars: dict[int, list[GridNote]] = defaultdict(list)
    for note in level.notes:
        if note.drum in STAFF_POSITION:
            bars[note.bar].append(note)
    last_bpm, signature = 0.0, (0, 0)
    for bar in range(max(bars, default=0) + 1):
        measure = SubElement(part, "measure", number=str(bar))
        if bar == 0 or chart_set.signature(bar) != signature:
            signature = chart_set.signature(bar)
            _attributes(measure, signature, is_first=bar == 0)
        last_bpm = _tempos(measure, chart_set, bar, last_bpm)
        _measure(measure, bars.get(bar, []), chart_set, bar)
    indent(root, " ")
    return (_HEAD + tostring(root, "unicode") + "\n").encode("utf-8")


def _part_list(root: Element, drums: Sequence[Drum]) -> None:
    part = SubElement(SubElement(root, "part-list"), "score-part", id="P1")
    SubElement(part, "part-name").text = "Drums"
    for drum in drums:
        instrument = SubElement(part, "score-instrument", id=_id(drum))
        SubElement(instrument, "instrument-name").text = drum.replace("_", " ")
    for drum in drums:
        instrument = SubElement(part, "midi-instrument", id=_id(drum))
        SubElement(instrument, "midi-channel").text = str(DRUM_CHANNEL + 1)
        SubElement(instrument, "midi-unpitched").text = str(PITCH_OF[drum] + 1)


def _id(drum: Drum) -> str:
    return f"P1-{drum}"


def _attributes(measure: Element, signature: tuple[int, int], *, is_first: bool) -> None:
    attributes = SubElement(measure, "attributes")
    if is_first:
        SubElement(attributes, "divisions").text = str(DIVISIONS)
    time = SubElement(attributes, "time")
    SubElement(time, "beats").text = str(signature[0])
    SubElement(time, "beat-type").text = str(signature[1])
    if is_first:
        SubElement(SubElement(attributes, "clef"), "sign").text = "percussion"


def _tempos(measure: Element, chart_set: ChartSet, bar: int, last_bpm: float) -> float:
    """Write the tempos of a bar; return the one printed last."""
    length = chart_set.tempo.bar_length(bar) * 4 * DIVISIONS
    for change in chart_set.tempo.changes:
        if change.bar != bar:
            continue
        direction = SubElement(measure, "direction", placement="above")
        shown = SubElement(direction, "direction-type")
        if abs(change.bpm - last_bpm) > _TEMPO_SHOWN * max(last_bpm, 1):
            metronome = SubElement(shown, "metronome")
            SubElement(metronome, "beat-unit").text = "quarter"
            SubElement(metronome, "per-minute").text = f"{change.bpm:.4g}"
            last_bpm = change.bpm
        else:
            SubElement(shown, "words").text = ""
        if change.tick:
            offset = round(length * change.tick / TICKS_PER_BAR)
            SubElement(direction, "offset", sound="yes").text = str(offset)
        SubElement(direction, "sound", tempo=f"{change.bpm:.6f}".rstrip("0").rstrip("."))
    return last_bpm


def _measure(measure: Element, notes: Iterable[GridNote], chart_set: ChartSet, bar: int) -> None:
    beats = chart_set.tempo.beats(bar, chart_set.division)
    voices: tuple[_Voice, _Voice] = ({}, {})
    for note in sorted(notes):
        beat, inside = beat_of(note.tick, beats)
        voice = voices[note.drum.is_foot].setdefault(beat, {})
        voice.setdefault(inside, []).append(note)
    total = round(chart_set.tempo.bar_length(bar) * 4 * DIVISIONS)
    if not any(voices):
        rest = SubElement(measure, "note")
        SubElement(rest, "rest", measure="yes")
        SubElement(rest, "duration").text = str(total)
        SubElement(rest, "voice").text = "1"
        return
    for number, voice in enumerate(voices, start=1):
        if not voice:
            continue
        written = 0
        for beat in range(math.ceil(beats)):
            share = min(1.0, beats - beat)
            for element, length in _beat(voice.get(beat, {}), beats, share, chart_set, number):
                measure.append(element)
                written += length
        if number == 1 and voices[1]:
            SubElement(SubElement(measure, "backup"), "duration").text = str(written)


def _beat(
    notes: dict[float, list[GridNote]], beats: float, share: float, chart_set: ChartSet, voice: int
) -> Iterator[tuple[Element, int]]:
    """Yield the notes and rests of a beat, each with what it adds to the time."""
    division, length = chart_set.division, TICKS_PER_BAR / beats
    beat = write_beat(sorted(notes), length, division=division, share=share)
    sounding = [item for item in beat.notes if not item.is_rest]
    beams = _beams([item for item in sounding if item.flags])
    for item in beat.notes:
        duration = round(item.value * _UNIT * (2 / 3 if beat.tuplet else 1))
        chord = [] if item.is_rest else [
            note for tick, group in notes.items() for note in group
            if min(sounding, key=lambda one: abs(tick - one.position * length)) is item
        ]  # fmt: skip
        if not chord:
            yield _note(None, item, beat, duration, voice, ()), duration
        for place, note in enumerate(chord):
            element = _note(note, item, beat, duration, voice, () if place else beams.get(item, ()),
                            is_chord=place > 0)  # fmt: skip
            yield element, 0 if place else duration


def _note(
    note: GridNote | None, item: WrittenNote, beat: Beat, duration: int, voice: int,
    beams: Sequence[str], *, is_chord: bool = False,
) -> Element:  # fmt: skip
    """Write a note, or a rest where there is none, in the order of the schema."""
    element = Element("note")
    if note is None:
        SubElement(element, "rest")
    else:
        element.set("dynamics", f"{100 * note.velocity / FULL_VELOCITY:.1f}")
        if is_chord:
            SubElement(element, "chord")
        octave, step = divmod(_TOP_LINE - STAFF_POSITION[note.drum], 7)
        unpitched = SubElement(element, "unpitched")
        SubElement(unpitched, "display-step").text = _STEPS[step]
        SubElement(unpitched, "display-octave").text = str(octave)
    SubElement(element, "duration").text = str(duration)
    if note is not None:
        SubElement(element, "instrument", id=_id(note.drum))
    SubElement(element, "voice").text = str(voice)
    SubElement(element, "type").text = _TYPES[item.value]
    if item.dotted:
        SubElement(element, "dot")
    if beat.tuplet:
        modification = SubElement(element, "time-modification")
        SubElement(modification, "actual-notes").text = str(beat.tuplet)
        SubElement(modification, "normal-notes").text = str(beat.tuplet * 2 // 3)
    if note is not None:
        _signs(element, note, voice, beams)
    if beat.tuplet and not is_chord and item in (beat.notes[0], beat.notes[-1]):
        kinds = [kind for kind, end in (("start", beat.notes[0]), ("stop", beat.notes[-1]))
                 if item is end]  # fmt: skip
        notations = element.find("notations")
        notations = SubElement(element, "notations") if notations is None else notations
        for place, kind in enumerate(kinds):
            notations.insert(place, Element("tuplet", type=kind))
    return element


def _signs(element: Element, note: GridNote, voice: int, beams: Sequence[str]) -> None:
    """Write stem, head, beams and the circle of an open hi-hat."""
    SubElement(element, "stem").text = "up" if voice == 1 else "down"
    is_ghost = note.drum is Drum.SNARE and note.velocity < GHOST
    if note.drum in CROSSED or is_ghost:
        head = SubElement(element, "notehead")
        head.text = "circle-x" if note.drum is Drum.CHINA else "x"
        if is_ghost:
            head.text = "normal"
            head.set("parentheses", "yes")
    for number, kind in enumerate(beams, start=1):
        SubElement(element, "beam", number=str(number)).text = kind
    if note.drum is Drum.HAT_OPEN:
        technical = SubElement(SubElement(element, "notations"), "technical")
        SubElement(technical, "open-string")


def _beams(flagged: Sequence[WrittenNote]) -> dict[WrittenNote, list[str]]:
    """Return the beams of each note of a beat that has flags; none where it is alone."""
    if len(flagged) < 2:
        return {}
    out: dict[WrittenNote, list[str]] = {}
    for place, item in enumerate(flagged):
        out[item] = []
        for level in range(1, item.flags + 1):
            before = place > 0 and flagged[place - 1].flags >= level
            after = place + 1 < len(flagged) and flagged[place + 1].flags >= level
            kind = {(True, True): "continue", (False, True): "begin", (True, False): "end"}
            hook = "forward hook" if place == 0 else "backward hook"
            out[item].append(kind.get((before, after), hook))
    return out
