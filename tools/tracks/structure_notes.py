"""Remarks on the meter, tempo stability and modulations of a track: 3/4, a drifting tempo.

Four beats a bar, one tempo and one key are expected, and get no remark.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from store.track_structure import TrackStructure
from store.vocabulary import PITCH_CLASSES
from tools.text.words import Language, listed, say
from tools.tracks.key_words import key_name

SURE_OF_METER: Final = 0.5
RISE_AT_MOST: Final = 3
"""Semitones: a last chorus goes up by one to three; further is another key, not a higher one."""


def structure_fact(course: TrackStructure, language: Language) -> dict[str, Any]:
    """Return the measured values as a fact, with the remarks."""
    return {
        **asdict(course),
        "key_sections": [
            {"start_s": start_s, "key": name} for start_s, name in course.key_sections
        ],
        "notes": structure_notes(course, language),
    }


def structure_notes(course: TrackStructure, language: Language) -> list[str]:
    """Return remarks: "in three (3/4)", "tempo wanders", "rises from C major to D major …"."""
    notes = []
    if course.beats_per_bar == 3 and course.meter_confidence >= SURE_OF_METER:
        notes.append(say(language, "course.three"))
    if course.stability in ("drifting", "changing"):
        notes.append(say(language, f"course.{course.stability}"))
    if len(course.key_sections) > 1:
        notes.append(_modulation(course, language))
    return notes


def structure_sentence(course: TrackStructure, language: Language) -> str:
    """Return the remarks as a sentence without its full stop; "" where there are none."""
    notes = listed(language, structure_notes(course, language))
    return say(language, "course.sentence", notes=notes) if notes else ""


def _modulation(course: TrackStructure, language: Language) -> str:
    (_, first), (start_s, second), *_ = course.key_sections
    changes = len(course.key_sections) - 1
    key = "several" if changes > 1 else "rises" if _rises(first, second) else "goes"
    return say(
        language,
        f"course.{key}",
        count=changes,
        before=key_name(first, language),
        after=key_name(second, language),
        time=f"{int(start_s) // 60}:{int(start_s) % 60:02d}",
    )


def _rises(first: str, second: str) -> bool:
    one, _, scale = first.partition(" ")
    other, _, its_scale = second.partition(" ")
    if scale != its_scale or not {one, other} <= set(PITCH_CLASSES):
        return False
    return 1 <= (PITCH_CLASSES.index(other) - PITCH_CLASSES.index(one)) % 12 <= RISE_AT_MOST
