"""Commands without a tool: undo, repeat, why, play, edit a playlist, pause the analysis."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from assistant import answers
from assistant.messages import ToolCall
from assistant.turns import pausing, refusals
from assistant.turns.conversation import ShownResult
from assistant.turns.events import AnalysisPaused, ToolShown, ToolStarted
from assistant.turns.turn_work import TurnWork
from assistant.understanding.button_commands import Command, CommandName
from store.results import StoreError
from tools.base import Rendering, take_back
from tools.control_player import control_player
from tools.edit_playlist import edit_playlist
from tools.saved_playlists.saving import ASKED_ANEW
from tools.text.words import duration

EDIT: Final = edit_playlist.name
_PLAY: Final = "play_track"
_UNDO: Final = "undo"
_SHUFFLE: Final = "shuffle"
_REASONS: Final = 3  # tracks that are explained when no position was given


class CommandError(Exception):
    """A command that cannot be carried out; the message says why."""


async def follow(command: Command, work: TurnWork) -> None:
    """Carry out a command and answer."""
    try:
        await _COMMANDS[command.name](command, work)
    except (CommandError, StoreError) as error:
        work.reply(str(error), "reader")


async def _undo(_: Command, work: TurnWork) -> None:
    shown = work.conversation.shown
    if shown and await _taken_back(work, shown[-1]):
        return
    at = _edit_to_undo(shown)
    if at is not None:
        await _edit(work, {"action": _UNDO})
        if at and shown[at].call.name != EDIT:  # the query was changed with the playlist
            before = shown[at - 1].state
            work.conversation.state = replace(
                work.conversation.state, query_tool=before.query_tool, query=before.query
            )
        return
    if shown and shown[-1].call.arguments.get("action") == _SHUFFLE:  # on or off: the other again
        rendering = (await work.run_tool(control_player, shown[-1].call))[1]
        work.reply(rendering.sentence if rendering else "", "reader")
        return
    former = work.conversation.go_back(past=_changes_playlist)
    if former is None:
        raise CommandError(answers.answer(work.language, "nothing_before"))
    _show(work, former, answers.answer(work.language, "back"))


async def _taken_back(work: TurnWork, last: ShownResult) -> bool:
    """Take back the last result, where its tool can."""
    tool = work.tools.get(last.call.name)
    undo = take_back(tool) if tool else None
    if undo is None:
        return False
    sentence = await asyncio.to_thread(undo, last.rendering.data, work.context())
    work.conversation.shown.pop()  # the next "undo" is of what was before
    work.reply(sentence, "reader")
    return True


def _changes_playlist(shown: ShownResult) -> bool:
    """Whether a result is a playlist that was there before, changed."""
    return shown.call.name == EDIT or shown.rendering.data.get("edit") == ASKED_ANEW


def _edit_to_undo(results: Sequence[ShownResult]) -> int | None:
    """Return the index of the last edit that was not undone, since the last other result."""
    undone = 0
    for at in range(len(results) - 1, -1, -1):
        shown = results[at]
        if not _changes_playlist(shown):
            return None
        if shown.call.arguments.get("action") == _UNDO:
            undone += 1
        elif undone:
            undone -= 1
        else:
            return at
    return None


async def _repeat(_: Command, work: TurnWork) -> None:
    last = _last(work)
    if last.rendering.kind == "playlist":  # as it is, not what was done to it
        sentence = _playlist_now(work, last)
        last = replace(last, rendering=replace(last.rendering, sentence=sentence))
    _show(work, last, None)


def _playlist_now(work: TurnWork, shown: ShownResult) -> str:
    data = shown.rendering.data
    count, length = len(data["tracks"]), duration(work.language, data["duration_s"])
    kind = "playlist_now_one" if count == 1 else "playlist_now_other"
    return answers.answer(work.language, kind, name=data["name"], count=count, length=length)


async def _why(command: Command, work: TurnWork) -> None:
    tracks = _last(work).tracks
    chosen = [tracks[at] for at in _indices(command, work)] or tracks[:_REASONS]
    if not chosen:
        raise CommandError(answers.answer(work.language, "nothing_shown"))
    work.reply("\n".join(_reason(work, track) for track in chosen), "reader")


def _reason(work: TurnWork, track: Mapping[str, Any]) -> str:
    reasons = [reason for reason in track.get("why") or () if reason]
    kind = "why_track" if reasons else "why_unknown"
    return answers.answer(work.language, kind, title=_label(track), reasons=", ".join(reasons))


async def _play(command: Command, work: TurnWork) -> None:
    last = _last(work)
    chosen = [last.tracks[at] for at in _indices(command, work)]
    if not chosen:
        _show(work, last, None)
        return
    sentence = answers.answer(work.language, "play", title=_label(chosen[0]))
    rendering = Rendering(sentence, "tracks", {"tracks": chosen})
    call = ToolCall(name=_PLAY, arguments={"places": list(command.places)})
    work.emit(ToolStarted(call))
    work.emit(ToolShown(call, rendering, 0.0))
    work.write(sentence)
    work.end_turn("reader", call)


async def _add(command: Command, work: TurnWork) -> None:
    results = work.conversation.state.results
    places = [f"#{results[at].track_id}" for at in _indices(command, work)]
    tracks = [command.title] if command.title else places
    await _edit(work, {"action": "add", "tracks": tracks}, command.playlist)


async def _remove(command: Command, work: TurnWork) -> None:
    last = work.conversation.shown[-1] if work.conversation.shown else None
    if last and command.playlist is None and "playlist_id" not in last.rendering.data:
        raise CommandError(answers.answer(work.language, "not_a_playlist"))
    arguments: dict[str, Any] = {"action": "remove"}
    if command.title:
        arguments["tracks"] = [command.title]
    elif len(command.places) == 1:
        arguments["position"] = command.places[0]
    elif command.places:
        arguments["tracks"] = [str(place) for place in command.places]
    else:
        raise CommandError(answers.answer(work.language, "which_place"))
    await _edit(work, arguments, command.playlist)


async def _edit(work: TurnWork, arguments: dict[str, Any], playlist: str | None = None) -> None:
    if playlist:
        arguments["playlist"] = playlist
    outcome, rendering = await work.run_tool(
        edit_playlist, ToolCall(name=EDIT, arguments=arguments)
    )
    work.write(rendering.sentence if rendering else outcome.error or "")
    work.end_turn("reader", outcome.call)


async def _pause(_: Command, work: TurnWork) -> None:
    sentence = await asyncio.to_thread(pausing.pause, work.language)
    work.emit(AnalysisPaused())
    work.reply(sentence, "reader")


async def _resume(_: Command, work: TurnWork) -> None:
    work.reply(await asyncio.to_thread(pausing.resume, work.language), "reader")


_COMMANDS: Final[Mapping[CommandName, Callable[[Command, TurnWork], Awaitable[None]]]] = {
    "undo": _undo, "repeat": _repeat, "why": _why, "play": _play, "add": _add, "remove": _remove,
    "pause": _pause, "resume": _resume,
}  # fmt: skip


def _show(work: TurnWork, shown: ShownResult, sentence: str | None) -> None:
    """Show an earlier result again."""
    work.emit(ToolStarted(shown.call))
    work.emit(ToolShown(shown.call, shown.rendering, 0.0))
    work.write(" ".join(part for part in (sentence, shown.rendering.sentence) if part))
    work.end_turn("reader", shown.call)


def _last(work: TurnWork) -> ShownResult:
    """Return the last result with tracks."""
    for shown in reversed(work.conversation.shown):
        if shown.tracks:
            return shown
    raise CommandError(answers.answer(work.language, "nothing_shown"))


def _indices(command: Command, work: TurnWork) -> list[int]:
    count = len(work.conversation.state.results)
    indices = [count + place if place < 0 else place - 1 for place in command.places]
    if any(not 0 <= index < count for index in indices):
        raise CommandError(refusals.short_list(work.language, count))
    return indices


def _label(track: Mapping[str, Any]) -> str:
    artist = track.get("artist")
    return f"{artist} – {track['title']}" if artist else str(track["title"])
