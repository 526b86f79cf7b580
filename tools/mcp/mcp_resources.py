"""MCP resources (library, track, playlist) and prompts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import prompts
from store.playlists import playlist_reading
from store.results import TrackRow
from store.tracks import track_details
from tools.base import ToolContext, ToolError
from tools.library_status import LibraryStatusArguments, library_status
from tools.text.untrusted import shown
from tools.text.words import Language
from tools.tracks.summary import mir_summary
from tools.tracks.track_facts import track_fact

if TYPE_CHECKING:
    from mcp import types

STATUS_URI: Final = "backbeat://library/status"
TRACK_URI: Final = "backbeat://tracks/{id}"
PLAYLIST_URI: Final = "backbeat://playlists/{id}"
MIME: Final = "application/json"
PLAYLISTS_LISTED: Final = 100
ARGUMENT_AT_MOST: Final = 200
"""Characters of a prompt's argument at most."""

_PLACE: Final = re.compile(r"backbeat://(tracks|playlists)/([1-9][0-9]{0,17})")


def listed(language: Language) -> list[types.Resource]:
    """The library and the newest playlists; tracks are many, and go by `templates`."""
    from mcp import types
    from pydantic import AnyUrl

    texts = _texts(language)["resources"]
    playlists = [
        types.Resource(
            uri=AnyUrl(PLAYLIST_URI.format(id=each.id)),
            name=shown(each.name),
            description=texts["playlist_of"].format(name=shown(each.name), count=each.tracks),
            mimeType=MIME,
        )
        for each in playlist_reading.playlists()[:PLAYLISTS_LISTED]
    ]
    return [
        types.Resource(uri=AnyUrl(STATUS_URI), mimeType=MIME, **texts["status"]),
        *playlists,
    ]


def templates(language: Language) -> list[types.ResourceTemplate]:
    """A track and a playlist by id."""
    from mcp import types

    texts = _texts(language)["resources"]
    return [
        types.ResourceTemplate(uriTemplate=uri, mimeType=MIME, **texts[name])
        for name, uri in (("track", TRACK_URI), ("playlist", PLAYLIST_URI))
    ]


def content(uri: str, language: Language) -> str:
    """A resource as JSON.

    Raises:
        ToolError: There is no such resource.
    """
    found: Mapping[str, Any] | None = None
    if uri == STATUS_URI:
        context = ToolContext(language=language)
        found = library_status.run(LibraryStatusArguments(), context).facts
    elif match := _PLACE.fullmatch(uri):
        of = _track if match[1] == "tracks" else _playlist
        found = of(int(match[2]), language)
    if found is None:
        raise ToolError(_texts(language)["resources"]["unknown"].format(uri=shown(uri)))
    return json.dumps(found, ensure_ascii=False)


def offered(language: Language) -> list[types.Prompt]:
    """The prompts, for a menu."""
    from mcp import types

    return [
        types.Prompt(
            name=each["name"],
            title=each["title"],
            description=each["description"],
            arguments=[
                types.PromptArgument(
                    name=argument["name"],
                    description=argument["description"],
                    required=argument.get("required", False),
                )
                for argument in each["arguments"]
            ],
        )
        for each in _texts(language)["prompts"]
    ]


def filled(name: str, given: Mapping[str, str], language: Language) -> types.GetPromptResult:
    """A prompt with its arguments.

    Raises:
        ToolError: There is no such prompt, or an argument is missing.
    """
    from mcp import types

    wanted = {each["name"]: each for each in _texts(language)["prompts"]}.get(name)
    if wanted is None:
        raise ToolError(f"There is no prompt {name[:60]!r}.")
    values: dict[str, str] = {}
    for argument in wanted["arguments"]:
        value = given.get(argument["name"], "").strip() or argument.get("default", "")
        if not value:
            raise ToolError(f"The prompt {name!r} needs {argument['name']!r}.")
        values[argument["name"]] = shown(value, limit=ARGUMENT_AT_MOST)
    text = types.TextContent(type="text", text=wanted["text"].format(**values))
    return types.GetPromptResult(
        description=wanted["description"],
        messages=[types.PromptMessage(role="user", content=text)],
    )


def instructions(language: Language) -> str:
    """Return the instructions for a client's model."""
    return str(_texts(language)["instructions"])


def _track(track_id: int, language: Language) -> dict[str, Any] | None:
    detail = track_details.track(track_id)
    if detail is None:
        return None
    return {**_row(detail.row), **mir_summary(detail, language), "moods": dict(detail.moods)}


def _playlist(playlist_id: int, language: Language) -> dict[str, Any] | None:
    found = playlist_reading.playlist(playlist_id)
    if found is None:
        return None
    tracks = [
        {"position": entry.position, **_row(entry.track), "reason": entry.reason}
        for entry in found.entries
    ]
    return {
        "id": found.id,
        "name": shown(found.name),
        "duration_s": round(found.duration_s),
        "tracks": tracks,
    }


def _row(row: TrackRow) -> dict[str, Any]:
    return {**track_fact(row), "uri": TRACK_URI.format(id=row.id)}


def _texts(language: Language) -> dict[str, Any]:
    return prompts.load("mcp", language)
