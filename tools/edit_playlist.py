"""Changes of a saved playlist, in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from tools.base import Rendering, ToolContext, ToolResult
from tools.saved_playlists.edit_actions import EditPlaylistArguments, edit
from tools.text.words import Language, duration, listed, say, say_count
from tools.tracks.track_facts import track_data

NAMED_AT_MOST: Final = 3
"""Tracks that a sentence names; more are counted."""


class EditPlaylist:
    """Add, remove, move, rename, delete, sort, shuffle, extend, lock, refill, undo."""

    name = "edit_playlist"
    description = (
        "Change a saved playlist: add, remove, move or lock tracks, rename, delete, sort, shuffle "
        "or extend it, refill it with other tracks, or undo the last change."
    )
    arguments = EditPlaylistArguments
    changes = True

    def run(self, arguments: EditPlaylistArguments, context: ToolContext) -> ToolResult:
        """Change the playlist; the result is the playlist as it is now, and what changed."""
        return edit(arguments, context)

    def render(self, result: ToolResult, context: ToolContext) -> Rendering:
        """The playlist, with a sentence on what changed."""
        facts, language = result.facts, context.language
        sentence = " ".join(_sentences(facts, language))
        if "tracks" not in facts:
            return Rendering(sentence, "text", facts)
        sentence += " " + say_count(
            language,
            "edit_playlist.now",
            len(facts["tracks"]),
            length=duration(language, facts["duration_s"]),
        )
        data = {**facts, "tracks": [track_data(fact) for fact in facts["tracks"]]}
        return Rendering(sentence, "playlist", data)


def _sentences(facts: Mapping[str, Any], language: Language) -> Iterator[str]:
    kind, name = facts["edit"], facts["name"]
    tracks = _what(facts["changed"], language)
    if kind == "undo":
        yield from _undone(facts, language)
    elif kind == "lock":
        state = "locked" if facts["locked"] else "unlocked"
        yield say_count(language, f"edit_playlist.{state}", len(facts["changed"]), what=tracks)
    elif kind == "sort":
        sort = say(language, f"edit_playlist.by_{facts['sort']}")
        yield say(language, "edit_playlist.sort", name=name, sort=sort)
    elif kind == "refill":
        yield say_count(language, "edit_playlist.refill", len(facts["changed"]), name=name)
    else:
        at = "_at" if facts.get("position") and kind == "add" else ""
        yield say(
            language, f"edit_playlist.{kind}{at}", name=name, what=tracks,
            position=facts.get("position"), former=facts.get("former"),
        )  # fmt: skip
    if already := facts.get("already"):
        what = _what(already, language)
        yield say_count(language, "edit_playlist.already", len(already), what=what)
    if kind == "shuffle" and facts["locked"]:
        yield say_count(language, "edit_playlist.stayed", facts["locked"])
    if kind == "extend" and len(facts["changed"]) < facts["asked"]:
        yield say(language, "make_playlist.too_few", asked=facts["asked"])


def _undone(facts: Mapping[str, Any], language: Language) -> Iterator[str]:
    name, kind = facts["name"], facts["undone"]
    key = f"undone_{kind}" if kind in ("delete", "rename") else "undone"
    yield say(language, f"edit_playlist.{key}", name=facts["wanted"], former=facts["former"])
    if name != facts["wanted"]:
        yield say(language, "edit_playlist.renumbered", name=name)


def _what(names: Sequence[str], language: Language) -> str:
    if len(names) > NAMED_AT_MOST:
        return say_count(language, "edit_playlist.tracks", len(names))
    return listed(language, [say(language, "ask.quoted", name=name) for name in names])


edit_playlist = EditPlaylist()
