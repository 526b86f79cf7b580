"""From a `Rendering` to elements of the page. Everything here is data; React escapes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

import chainlit as cl

from assistant import answers
from assistant.answers import Language
from tools.base import Rendering
from tools.words import duration, known_name, number

_EXPORTS: Final = {
    "m3u8": "M3U8",
    "xspf": "XSPF",
    "nsp": "Navidrome",
    "rekordbox": "rekordbox",
}
_BARS: Final = (
    "energy_score",
    "dance_score",
    "acousticness",
    "complexity_score",
    "emotional_intensity",
    "mood_valence",
)


def elements(rendering: Rendering, language: Language) -> list[cl.CustomElement]:
    """The elements that show a result; none for plain text."""
    data = rendering.data
    draw = {
        "tracks": _tracks,
        "playlist": _playlist,
        "track": _track,
        "chart": _chart,
        "file": _file,
        "status": _status,
    }.get(rendering.kind)
    return [draw(data, language)] if draw else []


def _element(name: str, props: dict[str, Any]) -> cl.CustomElement:
    return cl.CustomElement(name=name, props=props, display="inline")


def _tracks(data: Mapping[str, Any], language: Language) -> cl.CustomElement:
    props = {
        "list_id": uuid4().hex,
        "tracks": [_row(track, language) for track in data["tracks"]],
        "labels": answers.labels(language),
        "inOrder": False,
    }
    return _element("TrackTable", props)


def _playlist(data: Mapping[str, Any], language: Language) -> cl.CustomElement:
    number_ = data["playlist_id"]
    props = {
        "list_id": uuid4().hex,
        "name": data["name"],
        "duration": duration(language, data["duration_s"]),
        "tracks": [_row(track, language) for track in data["tracks"]],
        "labels": answers.labels(language),
        "inOrder": True,
        "downloads": [
            {"label": label, "url": f"/api/playlists/{number_}/export.{format}"}
            for format, label in _EXPORTS.items()
        ],
    }
    return _element("TrackTable", props)


def _row(track: Mapping[str, Any], language: Language) -> dict[str, Any]:
    wanted = (
        "id", "title", "artist", "year", "bpm", "bpm_alternative", "camelot", "duration_s",
        "audio_url", "cover_url",
    )  # fmt: skip
    row = {name: track.get(name) for name in wanted}
    row["moods"] = [known_name(language, "moods", mood) for mood in track.get("moods") or ()]
    row["why"] = [reason for reason in track.get("why") or () if reason]
    return row


def _track(data: Mapping[str, Any], language: Language) -> cl.CustomElement:
    labels = answers.labels(language)
    track = data["track"]
    facts = [
        (labels["tempo"], data.get("tempo")),
        (labels["key"], track.get("camelot")),
        (labels["genre"], track.get("genre") and known_name(language, "genres", track["genre"])),
    ]
    scores = data.get("scores") or {}
    props = {
        "track": _row(track, language) | {"album": track.get("album")},
        "facts": [{"label": label, "value": value} for label, value in facts if value],
        "bars": [
            {"label": labels[name], "value": _unit(name, float(scores[name]))}
            for name in _BARS
            if scores.get(name) is not None
        ],
        "tags": [{"name": t["name"], "reason": t["reason"]} for t in data.get("tags") or ()],
        "charts": [{"url": chart["url"]} for chart in data.get("charts") or ()],
        "labels": labels,
    }
    return _element("TrackCard", props)


def _unit(name: str, value: float) -> float:
    """A score on 0..1; valence comes on −1..1."""
    return (value + 1) / 2 if name == "mood_valence" else value


def _chart(data: Mapping[str, Any], language: Language) -> cl.CustomElement:
    chart = data.get("chart")
    props: dict[str, Any] = {
        "name": data["name"],
        "job_url": data.get("job_url"),
        "labels": answers.labels(language),
        "chart": None,
    }
    if chart:
        props["chart"] = {
            "bpm": chart["bpm"],
            "levels": chart["levels"],
            "url": data["url"],
            "picture_url": data.get("picture_url"),
        }
    return _element("DrumChart", props)


def _file(data: Mapping[str, Any], language: Language) -> cl.CustomElement:
    return _element("FileLink", {"url": data["url"], "name": data["name"]})


def _status(data: Mapping[str, Any], language: Language) -> cl.CustomElement:
    status = dict(data)
    for kind in ("genres", "moods"):
        counts = data.get(kind) or {}
        status[kind] = {known_name(language, kind, name): count for name, count in counts.items()}
    return _element("LibraryStatus", {"status": status, "labels": answers.labels(language)})


def megabytes(language: Language, size_bytes: int) -> str:
    """A size for people."""
    return f"{number(language, size_bytes / 1e6, 0)} MB"
