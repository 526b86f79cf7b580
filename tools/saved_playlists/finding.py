"""Look-up of a person's playlist by its name, or of the last one."""

from __future__ import annotations

from typing import Final

from rapidfuzz import fuzz

from store.folding import fold
from store.playlists import playlist_reading
from store.results import PlaylistDetail
from tools.base import ToolContext, ToolError
from tools.saved_playlists.filling import opened
from tools.text.untrusted import shown
from tools.text.words import say
from tools.tracks.track_facts import not_found

LAST: Final = "last"
SURE_NAME: Final = 90.0
"""Likeness 0..100 from which a misspelt name is the playlist's."""
NEAR_NAME: Final = 60.0
"""Likeness 0..100 from which another playlist may be meant."""
CLEAR_LEAD: Final = 5.0
"""Of the best name over the next."""


def find_playlist(name: str, context: ToolContext) -> PlaylistDetail:
    """Return the playlist of this name or the last one, filled anew where it is due.

    "last" is the playlist of this conversation, or the one that the person made last. Playlists
    of other people are never found.

    Raises:
        ToolError: There is no such playlist, or it was deleted; with names to choose from.
    """
    return opened(_found(name, context), context)


def is_new_name(name: str, context: ToolContext) -> bool:
    """Return whether a name is that of no playlist of the person, nor like that of any."""
    person, folded = context.person, fold(name)
    if folded in playlist_reading.LAST:
        return False
    if playlist_reading.playlist_named(name, person=person) or playlist_reading.deleted_playlist(
        name, person=person
    ):
        return False
    names = [fold(each.name) for each in playlist_reading.playlists(person=person)]
    return not any(
        fuzz.ratio(folded, each) >= NEAR_NAME or folded in each.split() for each in names
    )


def in_conversation(context: ToolContext) -> PlaylistDetail | None:
    """Return the playlist that the conversation is about, also when it was deleted."""
    if context.playlist_id is None:
        return None
    found = playlist_reading.playlist(context.playlist_id, deleted=True)
    return found if found and found.person == context.person else None


def _found(name: str, context: ToolContext) -> PlaylistDetail:
    person, folded = context.person, fold(name)
    found = None if folded == LAST else playlist_reading.playlist_named(name, person=person)
    if found is None and folded in playlist_reading.LAST:
        found = in_conversation(context)
        if found and found.deleted:
            raise _deleted(found, context)
        found = found or playlist_reading.newest_playlist(person=person)
    return found or _resembling(name, context)


def _resembling(name: str, context: ToolContext) -> PlaylistDetail:
    person, folded = context.person, fold(name)
    if deleted := playlist_reading.deleted_playlist(name, person=person):
        raise _deleted(deleted, context)
    names = [each.name for each in playlist_reading.playlists(person=person)]
    scored = sorted(((fuzz.ratio(folded, fold(each)), each) for each in names), reverse=True)
    scored = [pair for pair in scored if pair[0]]
    if scored and scored[0][0] >= SURE_NAME:
        clear = len(scored) == 1 or scored[0][0] - scored[1][0] >= CLEAR_LEAD
        found = playlist_reading.playlist_named(scored[0][1], person=person)
        if clear and found:
            return found
    if not names:
        raise ToolError(say(context.language, "playlists.none"))
    ranked = sorted(names, key=lambda each: -fuzz.token_set_ratio(folded, fold(each)))
    raise not_found(name, [shown(each) for each in ranked], context.language)


def _deleted(detail: PlaylistDetail, context: ToolContext) -> ToolError:
    return ToolError(say(context.language, "playlists.deleted", name=shown(detail.name)))
