"""Elements of the page made from a `Rendering`. All values are data; React escapes them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from uuid import uuid4

import chainlit as cl

from assistant import answers
from assistant.answers import Language
from assistant.messages import ToolCall
from assistant.ui.buttons import button, filter_buttons
from assistant.web.results.track_rows import ROWS_SHOWN, shown_row, table_texts
from prompts import load
from tools.base import GENRES, MOODS, Rendering
from tools.text.words import duration, known_name, number
from tools.tracks.meaning import TERMS_SAID, term_name

_EXPORTS: Final = {
    "m3u8": "M3U8",
    "xspf": "XSPF",
    "nsp": "Navidrome",
    "rekordbox": "rekordbox",
    "csv": "CSV",
}
_CHART_ADDRESSES: Final = ("url", "picture_url", "files")
_BARS: Final = (
    "energy_score",
    "dance_score",
    "acousticness",
    "complexity_score",
    "emotional_intensity",
    "mood_valence",
)


def elements(
    rendering: Rendering,
    language: Language,
    call: ToolCall | None = None,
    *,
    rows_shown: int = ROWS_SHOWN,
) -> list[cl.CustomElement]:
    """Return the elements that show the result of `call`; none for plain text.

    Args:
        rendering: The result.
        language: Of the answer.
        call: What was called.
        rows_shown: Rows of a table before more are asked for.
    """
    data = rendering.data
    draw = {
        "tracks": partial(_tracks, call=call, rows_shown=rows_shown),
        "playlist": partial(_playlist, call=call, rows_shown=rows_shown),
        "track": _track,
        "chart": _chart,
        "file": _file,
        "status": _status,
        "list": _list,
    }.get(rendering.kind)
    if draw:
        return [draw(data, language)]
    return [_player(data["player"])] if data.get("player") else []


def _element(name: str, props: dict[str, Any]) -> cl.CustomElement:
    return cl.CustomElement(name=name, props=props, display="inline")


def _tracks(
    data: Mapping[str, Any], language: Language, *, call: ToolCall | None, rows_shown: int
) -> cl.CustomElement:
    props = _table(data, language, rows_shown) | {"inOrder": False, "player": data.get("player")}
    if call is not None and call.name == "search_tracks":
        props["filters"] = filter_buttons(call, language)
        if limit := call.arguments.get("limit"):
            props["rows_shown"] = max(rows_shown, limit)
        else:
            props["query"] = dict(call.arguments)  # for the tracks that are not shown
            props["seen"] = data.get("seen", [])
            props["total"] = data["total"] - len(props["seen"])
    return _element("TrackTable", props)


def _player(player: Mapping[str, Any]) -> cl.CustomElement:
    return _element("Player", {"player": player})


def _playlist(
    data: Mapping[str, Any], language: Language, *, call: ToolCall | None, rows_shown: int
) -> cl.CustomElement:
    labels, number_, path = answers.labels(language), data["playlist_id"], data.get("path") or {}
    props = _table(data, language, rows_shown) | {
        "playlist_id": number_,
        "name": data["name"],
        "duration": duration(language, data["duration_s"]),
        "path": [path["start"], path["end"]] if path else None,
        "again": None,
        "seed": data.get("seed"),
        "edited": data.get("edit") not in (None, "undo"),
        "inOrder": True,
        "downloads": [
            {
                "label": label,
                "hint": labels[f"export_{format}"],
                "url": f"/api/playlists/{number_}/export.{format}",
            }
            for format, label in _EXPORTS.items()
        ],
    }
    if call is not None and (limit := call.arguments.get("limit")):
        props["rows_shown"] = max(rows_shown, limit)
    if call is not None and call.name == "make_playlist" and data.get("seed") is not None:
        arguments = {name: value for name, value in call.arguments.items() if name != "seed"}
        props["again"] = button(
            call.name, arguments, label=labels["again"], text=f"{labels['again']}: {data['name']}"
        )
    return _element("TrackTable", props)


def _table(data: Mapping[str, Any], language: Language, rows_shown: int) -> dict[str, Any]:
    terms = data.get("taken_as") if data.get("described") else ()
    return {
        "list_id": uuid4().hex,
        "tracks": [shown_row(track, language) for track in data["tracks"]],
        "taken_as": [term_name(term, language) for term in (terms or ())[:TERMS_SAID]],
        "rows_shown": rows_shown,
        "language": language,
        "texts": table_texts(language),
    }


def _track(data: Mapping[str, Any], language: Language) -> cl.CustomElement:
    labels = answers.labels(language)
    track = data["track"]
    ask = {"track": f"#{track['id']}"}
    facts = [
        (labels["tempo"], data.get("tempo")),
        (labels["key"], track.get("camelot")),
        (labels["genre"], track.get("genre") and known_name(language, "genres", track["genre"])),
    ]
    scores = data.get("scores") or {}
    props = {
        "track": shown_row(track, language) | {"album": track.get("album")},
        "facts": [{"label": label, "value": value} for label, value in facts if value],
        "course": " · ".join((data.get("course") or {}).get("notes") or ()),
        "bars": [
            {"label": labels[name], "value": _unit(name, float(scores[name]))}
            for name in _BARS
            if scores.get(name) is not None
        ],
        "tags": [{"name": t["name"], "reason": t["reason"]} for t in data.get("tags") or ()],
        "charts": [{key: c[key] for key in ("url", "older")} for c in data.get("charts") or ()],
        "buttons": [
            button(tool, ask, label=labels[name], text=f"{labels[name]}: {track['title']}")
            for tool, name in (("find_similar", "similar"), ("generate_drum_chart", "chart"))
        ],
        "labels": labels,
    }
    return _element("TrackCard", props)


def _unit(name: str, value: float) -> float:
    """Return a score on 0..1; valence is given on −1..1."""
    return (value + 1) / 2 if name == "mood_valence" else value


def _chart(data: Mapping[str, Any], language: Language) -> cl.CustomElement:
    labels = answers.labels(language)
    ask = {"track": f"#{data['track_id']}", "levels": data["levels"]}
    text = f"{labels['chart']}: {data['name']}"
    chart = data.get("chart")
    props: dict[str, Any] = {
        "name": data["name"],
        "job_url": data.get("job_url"),
        "indexer_alive": data["indexer_alive"],
        "labels": labels,
        "steps": load("assistant", language)["steps"],
        "failures": load("tools", language)["chart_failures"],
        "retry": button("generate_drum_chart", ask, label=labels["retry"], text=text),
        "make_again": button(
            "generate_drum_chart",
            ask,
            label=labels["make_again"],
            text=f"{labels['make_again']}: {data['name']}",
            remake=True,
        ),
        "chart": chart and {**chart, **{name: data[name] for name in _CHART_ADDRESSES}},
    }
    return _element("DrumChart", props)


def _file(data: Mapping[str, Any], language: Language) -> cl.CustomElement:
    return _element("FileLink", {"url": data["url"], "name": data["name"]})


def _list(data: Mapping[str, Any], language: Language) -> cl.CustomElement:
    items = [
        {name: item.get(name) for name in ("label", "detail", "ask")} for item in data["items"]
    ]
    return _element("ClickList", {"title": data.get("title"), "items": items})


def _status(data: Mapping[str, Any], language: Language) -> cl.CustomElement:
    labels = answers.labels(language)
    props = {
        "status": dict(data),
        "chips": {
            kind: {
                name: button(
                    "search_tracks", {kind: [name]}, label=word, text=f"{labels[kind]}: {word}"
                )
                for name in names
                for word in (known_name(language, kind, name),)
            }
            for kind, names in (("genres", GENRES), ("moods", MOODS))
        },
        "labels": labels,
    }
    return _element("LibraryStatus", props)


def megabytes(language: Language, size_bytes: int) -> str:
    """Return a size in megabytes as text."""
    return f"{number(language, size_bytes / 1e6, 0)} MB"
