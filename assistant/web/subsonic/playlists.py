"""A person's playlists. Every change can be undone on the page, also a deletion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import prompts
from assistant.settings import current
from assistant.web.subsonic.answers import GENERIC, MISSING, NOT_FOUND, Description, SubsonicError
from assistant.web.subsonic.calls import Call, id_of
from assistant.web.subsonic.entries import song_entries
from store.listing.song_rows import songs
from store.people import users
from store.playlists import playlist_changes, playlist_reading, playlist_writing
from store.playlists.playlist_writing import Change
from store.results import PlaylistDetail
from tools.base import ToolContext
from tools.saved_playlists.filling import entries_of, opened

LONGEST: Final = 10_000
"""Songs of a playlist."""
Slots = list[tuple[int, bool]]
"""(track id, locked) in their order."""


def playlists(call: Call) -> Description:
    """Return the playlists of the person, the newest first."""
    found = playlist_reading.playlists(person=call.person)
    ids = [row.id for row in found]
    changed, pictured = playlist_changes.changed_at(ids), playlist_changes.first_tracks(ids)
    owner = _owner(call)
    described = [
        {
            "id": id_of("playlist", row.id),
            "name": row.name,
            "owner": owner,
            "public": False,
            "songCount": row.tracks,
            "duration": round(row.duration_s),
            "created": row.created_at,
            "changed": changed.get(row.id, row.created_at),
            "coverArt": id_of("playlist", row.id) if pictured.get(row.id) else None,
        }
        for row in found
    ]
    return {"playlists": {"playlist": described}}


def playlist(call: Call) -> Description:
    """Return a playlist with its songs, filled anew first when it is due."""
    detail = _own(call, call.id("playlist"))
    context = ToolContext(language=_language(), person=call.person, playlist_id=detail.id)
    return _described(call, opened(detail, context).id)


def create(call: Call) -> Description:
    """Make a playlist, or put other songs into one that is there."""
    slots = [(number, False) for number in _tracks(call, "songId")]
    if call.text("playlistId"):
        detail = _own(call, call.id("playlist", "playlistId"))
        _change(detail, "move", slots=slots, name=call.text("name") or None)
        return _described(call, detail.id)
    name = call.text("name")
    if not name.strip():
        raise SubsonicError(MISSING, "The parameter name or playlistId is missing.")
    entries = [(entry.track_id, entry.reason) for entry in entries_of(slots, _language())]
    saved = playlist_writing.save_playlist(name, entries, {}, person=call.person)
    return _described(call, saved.id)


def update(call: Call) -> Description:
    """Rename a playlist, add songs at its end, remove songs by their places."""
    detail = _own(call, call.id("playlist", "playlistId"))
    slots = [(entry.track.id, entry.locked) for entry in detail.entries]
    removed = {_place(text, len(slots)) for text in call.parameters.get("songIndexToRemove", ())}
    added = [(number, False) for number in _tracks(call, "songIdToAdd")]
    changed = [slot for at, slot in enumerate(slots) if at not in removed] + added
    if len(changed) > LONGEST:
        raise SubsonicError(GENERIC, f"A playlist has {LONGEST} songs at most.")
    name = call.text("name").strip() or None
    if removed or added:
        kind = "remove" if removed else "add"
        _change(detail, kind, slots=changed, name=None if name == detail.name else name)
    elif name and name != detail.name:
        _change(detail, "rename", name=name)
    return {}


def delete(call: Call) -> Description:
    """Delete a playlist; it can be brought back on the page."""
    playlist_writing.delete_playlist(_own(call, call.id("playlist")).id)
    return {}


def _change(
    detail: PlaylistDetail, kind: str, *, slots: Slots | None = None, name: str | None = None
) -> None:
    entries = None if slots is None else entries_of(slots, _language())
    change = Change(kind=kind, entries=entries, name=name)
    playlist_writing.change_playlist(detail.id, change)


def _own(call: Call, number: int) -> PlaylistDetail:
    """Return a playlist of the person; one of somebody else is not there for them."""
    found = playlist_reading.playlist(number)
    if found is None or found.person != call.person:
        raise SubsonicError(NOT_FOUND, "There is no such playlist.")
    return found


def _tracks(call: Call, name: str) -> Sequence[int]:
    ids = call.ids(name, "track")
    if len(ids) > LONGEST:
        raise SubsonicError(GENERIC, f"A playlist has {LONGEST} songs at most.")
    wanted = set(ids)
    if len(songs(list(wanted), person=call.person)) < len(wanted):
        raise SubsonicError(NOT_FOUND, "There is no such song.")
    return ids


def _place(text: str, count: int) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) >= count:
        raise SubsonicError(NOT_FOUND, "The playlist has no song at this place.")
    return int(text)


def _described(call: Call, number: int) -> dict[str, Any]:
    detail = _own(call, number)
    own = playlist_reading.playlists(person=call.person)
    summary = next((row for row in own if row.id == number), None)
    if summary is None:  # deleted meanwhile
        raise SubsonicError(NOT_FOUND, "There is no such playlist.")
    found = {song.id: song for song in songs(
        list({entry.track.id for entry in detail.entries}), person=call.person
    )}  # fmt: skip
    held = [found[entry.track.id] for entry in detail.entries if entry.track.id in found]
    changed = playlist_changes.changed_at([number]).get(number, summary.created_at)
    about = {
        "id": id_of("playlist", number),
        "name": detail.name,
        "owner": _owner(call),
        "public": False,
        "songCount": len(held),
        "duration": round(detail.duration_s),
        "created": summary.created_at,
        "changed": changed,
        "coverArt": id_of("playlist", number) if any(s.cover_id for s in held) else None,
    }
    return {"playlist": {**about, "entry": song_entries(held)}}


def _owner(call: Call) -> str:
    account = users.account(call.person)
    return account.person.name if account else ""


def _language() -> prompts.Language:
    locale = current().locale
    return prompts.FALLBACK if locale == "auto" else locale
