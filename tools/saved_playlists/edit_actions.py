"""The edits of a playlist: what each changes, and the facts of its result."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

from pydantic import Field

from store.playlists import playlist_reading, playlist_writing
from store.playlists.playlist_versions import undo_change
from store.playlists.playlist_writing import Change, NameTakenError
from store.playlists.refresh_times import added_times
from store.results import PlaylistDetail, PlaylistEntryRow, TrackRow
from store.search.query import Name
from store.tracks import track_details
from tools.base import Arguments, ToolContext, ToolError, ToolResult
from tools.saved_playlists import editing
from tools.saved_playlists.editing import Slot
from tools.saved_playlists.entry_lookup import indices_named, library_tracks
from tools.saved_playlists.filling import entries_of, filled_anew, more_tracks
from tools.saved_playlists.finding import LAST, find_playlist, in_conversation, is_new_name
from tools.saved_playlists.shown_tracks import of_shown, shows_a_search
from tools.text.untrusted import shown
from tools.text.words import say, say_count
from tools.tracks.track_facts import track_fact

Action = Literal[
    "add", "remove", "move", "rename", "delete", "sort", "shuffle", "extend", "lock", "refill",
    "undo",
]  # fmt: skip
EXTENDED_BY: Final = 5
"""Tracks that `extend` adds where no number is given."""


class EditPlaylistArguments(Arguments):
    """Which playlist, and what to do with it."""

    playlist: Name = Field(LAST, description='Name of the playlist, or "last"')
    action: Action = Field(description="What to do; undo takes back the last change")
    tracks: list[Name] = Field([], description="Tracks to add, remove, move or lock")
    position: int | None = Field(
        None,
        ge=-1000,
        le=1000,
        description="Place in the list, 1 the first, -1 the last; for extend how many more",
    )
    name: Name | None = Field(None, description="The new name, for rename")
    sort: editing.Sort | None = Field(None, description="Order, for sort")


def edit(arguments: EditPlaylistArguments, context: ToolContext) -> ToolResult:
    """Change the playlist.

    Raises:
        ToolError: The playlist, a track or a place is not there, or the edit lacks something.
    """
    if arguments.action == "undo":
        return _undo(arguments, context)
    if arguments.action == "add" and arguments.tracks and is_new_name(arguments.playlist, context):
        return _create(arguments, context)
    if _extends_shown(arguments, context):
        detail = of_shown(context)
    else:
        detail = find_playlist(arguments.playlist, context)
    return _ACTIONS[arguments.action](arguments, detail, context)


def _extends_shown(arguments: EditPlaylistArguments, context: ToolContext) -> bool:
    """Whether a track is added to the result of a search, which then becomes a playlist."""
    last = arguments.playlist.casefold() == LAST
    if arguments.action != "add" or not last or not shows_a_search(context):
        return False
    return not set(library_tracks(arguments.tracks, (), context)) <= set(context.shown)


def _create(arguments: EditPlaylistArguments, context: ToolContext) -> ToolResult:
    """Make the playlist that a track is added to, where there is none of that name."""
    entries = entries_of(
        [(number, False) for number in library_tracks(arguments.tracks, (), context)],
        context.language,
    )
    saved = playlist_writing.save_playlist(
        shown(arguments.playlist), [(e.track_id, e.reason) for e in entries], {},
        person=context.person,
    )  # fmt: skip
    return _result(saved, "create", changed=_names([e.track for e in saved.entries]))


def _add(
    arguments: EditPlaylistArguments, detail: PlaylistDetail, context: ToolContext
) -> ToolResult:
    if not arguments.tracks:
        raise ToolError(say(context.language, "edit_playlist.add_what"))
    slots = editing.slots_of(detail)
    there = [slot.track.id for slot in slots]
    ids = library_tracks(arguments.tracks, there, context)
    rows = track_details.track_rows(ids)
    new = [Slot(row) for row in rows if row.id not in there]
    if not new and arguments.position is not None:
        return _move(arguments, detail, context)
    if not new:
        raise ToolError(say(context.language, "edit_playlist.in_it", name=shown(detail.name)))
    changed, at = editing.inserted(slots, new, arguments.position)
    already = [row for row in rows if row.id in there]
    return _changed(
        detail, changed, context, kind="add", tracks=[slot.track for slot in new],
        already=_names(already), position=None if at == len(slots) else at + 1,
    )  # fmt: skip


def _remove(
    arguments: EditPlaylistArguments, detail: PlaylistDetail, context: ToolContext
) -> ToolResult:
    indices = _indices(arguments, detail, context)
    slots = editing.slots_of(detail)
    gone = [slots[index].track for index in indices]
    return _changed(detail, editing.removed(slots, indices), context, kind="remove", tracks=gone)


def _move(
    arguments: EditPlaylistArguments, detail: PlaylistDetail, context: ToolContext
) -> ToolResult:
    if not arguments.tracks or arguments.position is None:
        raise ToolError(say(context.language, "edit_playlist.move_what"))
    slots = editing.slots_of(detail)
    if editing.index_of(arguments.position, len(slots)) is None:
        raise _no_place(detail, context)
    try:
        indices = indices_named(arguments.tracks, detail, context)
    except ToolError:
        if not _all_new(arguments.tracks, slots, context):
            raise
        return _add(arguments, detail, context)  # "put X last" of a track that is not in it yet
    changed, at = editing.moved(slots, indices, arguments.position)
    tracks = [slots[index].track for index in indices]
    return _changed(detail, changed, context, kind="move", tracks=tracks, position=at + 1)


def _all_new(names: Sequence[str], slots: Sequence[Slot], context: ToolContext) -> bool:
    """Whether the library has the tracks of these names and the playlist none of them."""
    there = [slot.track.id for slot in slots]
    try:
        return set(there).isdisjoint(library_tracks(names, there, context))
    except ToolError:
        return False


def _rename(
    arguments: EditPlaylistArguments, detail: PlaylistDetail, context: ToolContext
) -> ToolResult:
    name = shown(arguments.name or "")
    if not name:
        raise ToolError(say(context.language, "edit_playlist.rename_what"))
    try:
        saved = playlist_writing.change_playlist(detail.id, Change(kind="rename", name=name))
    except NameTakenError:
        raise ToolError(say(context.language, "edit_playlist.taken", name=name)) from None
    return _result(saved, "rename", former=shown(detail.name))


def _delete(_: EditPlaylistArguments, detail: PlaylistDetail, context: ToolContext) -> ToolResult:
    playlist_writing.delete_playlist(detail.id)
    facts = {"playlist_id": detail.id, "name": shown(detail.name), "edit": "delete", "changed": []}
    return ToolResult(facts=facts, playlist=detail.name, playlist_id=detail.id)


def _sort(
    arguments: EditPlaylistArguments, detail: PlaylistDetail, context: ToolContext
) -> ToolResult:
    slots, sort = editing.slots_of(detail), arguments.sort or "relevance"
    added = added_times([slot.track.id for slot in slots]) if sort == "added" else {}
    changed = editing.sorted_by(slots, sort, added=added, chance=random.Random())
    return _changed(detail, changed, context, kind="sort", sort=sort)


def _shuffle(_: EditPlaylistArguments, detail: PlaylistDetail, context: ToolContext) -> ToolResult:
    slots = editing.slots_of(detail)
    changed = editing.shuffled(slots, chance=random.Random())
    locked = sum(slot.locked for slot in slots)
    return _changed(detail, changed, context, kind="shuffle", locked=locked)


def _extend(
    arguments: EditPlaylistArguments, detail: PlaylistDetail, context: ToolContext
) -> ToolResult:
    count = EXTENDED_BY if arguments.position is None else abs(arguments.position) or EXTENDED_BY
    rows = track_details.track_rows(more_tracks(detail, count, context))
    if not rows:
        raise ToolError(say(context.language, "edit_playlist.no_more", name=shown(detail.name)))
    slots = [*editing.slots_of(detail), *(Slot(row) for row in rows)]
    return _changed(detail, slots, context, kind="extend", tracks=rows, asked=count)


def _lock(
    arguments: EditPlaylistArguments, detail: PlaylistDetail, context: ToolContext
) -> ToolResult:
    slots = editing.slots_of(detail)
    if arguments.tracks or arguments.position is not None:
        indices = _indices(arguments, detail, context)
    else:
        indices = list(range(len(slots)))
    changed, locked = editing.toggled_locks(slots, indices)
    tracks = [slots[index].track for index in indices]
    return _changed(detail, changed, context, kind="lock", tracks=tracks, locked=locked)


def _refill(_: EditPlaylistArguments, detail: PlaylistDetail, context: ToolContext) -> ToolResult:
    slots = filled_anew(detail, context)
    if not slots:
        raise ToolError(say(context.language, "edit_playlist.no_others", name=shown(detail.name)))
    former = {entry.track.id for entry in detail.entries}
    new = track_details.track_rows([track_id for track_id, _ in slots if track_id not in former])
    entries = entries_of(slots, context.language)
    change = Change(kind="refill", entries=entries, refreshed=True)
    saved = playlist_writing.change_playlist(detail.id, change)
    return _result(saved, "refill", changed=_names(new))


_Edit = Callable[[EditPlaylistArguments, PlaylistDetail, ToolContext], ToolResult]
_ACTIONS: Final[Mapping[str, _Edit]] = {
    "add": _add, "remove": _remove, "move": _move, "rename": _rename, "delete": _delete,
    "sort": _sort, "shuffle": _shuffle, "extend": _extend, "lock": _lock, "refill": _refill,
}  # fmt: skip


def _undo(arguments: EditPlaylistArguments, context: ToolContext) -> ToolResult:
    found = _undoable(arguments.playlist, context)
    for detail in found:
        if undone := undo_change(detail.id):
            now = undone.playlist
            return _result(
                now, "undo", undone=undone.kind, former=shown(undone.former),
                wanted=shown(undone.wanted),
            )  # fmt: skip
    if found and not found[0].request and not found[0].deleted:  # made by hand just now
        return _delete(arguments, found[0], context)
    name = found[0].name if found else find_playlist(arguments.playlist, context).name
    raise ToolError(say(context.language, "edit_playlist.unchanged", name=shown(name)))


def _undoable(name: str, context: ToolContext) -> list[PlaylistDetail]:
    """Return the playlists whose last change may be meant, also deleted ones."""
    person = context.person
    if name.casefold() == LAST:
        last = in_conversation(context) or playlist_reading.last_changed(person=person)
        return [last] if last else []
    found = [
        playlist_reading.playlist_named(name, person=person),
        playlist_reading.deleted_playlist(name, person=person),
    ]
    return [detail for detail in found if detail]


def _indices(
    arguments: EditPlaylistArguments, detail: PlaylistDetail, context: ToolContext
) -> list[int]:
    """Return the entries that tracks and position name."""
    found = indices_named(arguments.tracks, detail, context)
    if arguments.position is not None:
        index = editing.index_of(arguments.position, len(detail.entries))
        if index is None:
            raise _no_place(detail, context)
        found = [*found, *({index} - {*found})]
    if not found:
        raise _no_place(detail, context)
    return found


def _no_place(detail: PlaylistDetail, context: ToolContext) -> ToolError:
    count = len(detail.entries)
    return ToolError(
        say_count(context.language, "edit_playlist.no_place", count, name=shown(detail.name))
    )


def _changed(
    before: PlaylistDetail,
    slots: Sequence[Slot],
    context: ToolContext,
    *,
    kind: str,
    tracks: Sequence[TrackRow] = (),
    **facts: Any,
) -> ToolResult:
    entries = entries_of([(slot.track.id, slot.locked) for slot in slots], context.language)
    saved = playlist_writing.change_playlist(before.id, Change(kind=kind, entries=entries))
    return _result(saved, kind, changed=_names(tracks), **facts)


def _names(tracks: Sequence[TrackRow]) -> list[str]:
    return [shown(track.title) for track in tracks]


def _result(saved: PlaylistDetail, kind: str, **more: Any) -> ToolResult:
    facts: dict[str, Any] = {
        "playlist_id": saved.id,
        "name": shown(saved.name),
        "tracks": [entry_fact(entry) for entry in saved.entries],
        "duration_s": round(saved.duration_s),
        "edit": kind,
        "changed": [],
        **more,
    }
    return ToolResult(
        facts=facts,
        track_ids=tuple(e.track.id for e in saved.entries),
        playlist=saved.name,
        playlist_id=saved.id,
    )


def entry_fact(entry: PlaylistEntryRow) -> dict[str, Any]:
    """Return the facts of an entry: its track, the reason of its step, and whether it is locked."""
    return {**track_fact(entry.track, why=(entry.reason,)), "locked": entry.locked}
