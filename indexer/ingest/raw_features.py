"""`RawFeatures` to JSON, as stored with a track, and back as input of the later stages."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Final

from indexer.mir.types import Key, RawFeatures, Tempo

DIGITS: Final = 6
"""Significant digits stored: more than the accuracy of any descriptor."""


def raw_to_json(raw: RawFeatures) -> dict[str, Any]:
    """Convert raw features to JSON.

    Of the beat times, which would be most of it, only those up to the first downbeat are kept.
    """
    tempo = dataclasses.asdict(raw.tempo)
    beats, first = tempo.pop("beat_times_s"), tempo["first_downbeat"]
    tempo["first_beats_s"] = [] if first is None else list(beats[: first + 1])
    return {
        "duration_s": _rounded(raw.duration_s),
        "tempo": _rounded(tempo),
        "key": _rounded(dataclasses.asdict(raw.key)) if raw.key else None,
        "measured": _rounded(dict(raw.measured)),
        "tagger": _rounded(dict(raw.tagger)),
        "sources": dict(raw.sources),
    }


def raw_from_json(
    stored: Mapping[str, Any], *, tags: tuple[str, ...], version: int
) -> RawFeatures | None:
    """Convert JSON of `raw_to_json` back; None when its layout is another."""
    try:
        key = stored["key"]
        return RawFeatures(
            duration_s=stored["duration_s"],
            tempo=_tempo(stored["tempo"]),
            key=_key(key) if key else None,
            tags=tags,
            measured=stored["measured"],
            tagger=stored["tagger"],
            sources=stored["sources"],
            version=version,
        )
    except (KeyError, TypeError, ValueError):
        return None


def _tempo(stored: Mapping[str, Any]) -> Tempo:
    values = dict(stored)
    beats = tuple(values.pop("first_beats_s", ()))
    return Tempo(**values, beat_times_s=beats)


def _key(stored: Mapping[str, Any]) -> Key:
    sections = tuple((start_s, name) for start_s, name in stored.get("sections", ()))
    return Key(**{**stored, "sections": sections})


def plain(value: Any) -> dict[str, Any]:
    """Convert a dataclass to JSON-able fields."""
    return {
        name: list(item) if isinstance(item, tuple) else item
        for name, item in dataclasses.asdict(value).items()
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, Mapping):
        return {name: _rounded(item) for name, item in value.items()}
    return value
