"""Look-up of the tracks that an edit names: in the playlist, or in the library."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from rapidfuzz import fuzz

from store.folding import artist_parts, fold
from store.results import PlaylistDetail, TrackRow
from store.search import name_search, track_search
from store.search.query import TrackQuery
from store.tracks import track_details
from tools.base import ToolContext, ToolError
from tools.saved_playlists.editing import index_of
from tools.text.untrusted import shown
from tools.text.words import Language, listed, say
from tools.tracks.track_facts import SURE, find_track, label

CHOICES: Final = 5
RESEMBLING: Final = 60.0
"""Likeness 0..100 from which a name in the playlist may be the one that was meant."""

_ID: Final = re.compile(r"#[1-9]\d{0,17}")
_PLACE: Final = re.compile(r"-?\d{1,4}")


def indices_named(names: Sequence[str], detail: PlaylistDetail, context: ToolContext) -> list[int]:
    """Return the indices of the entries named: by title, "title by artist",
    "#id", artist or place.

    Raises:
        ToolError: A name is not in the playlist, or may be several of its tracks.
    """
    found: dict[int, None] = {}
    for name in names:
        found.update(dict.fromkeys(_indices(name, detail, context)))
    return list(found)


def library_tracks(names: Sequence[str], taken: Collection[int], context: ToolContext) -> list[int]:
    """Return the ids of the tracks named; of an artist the track that is not `taken` yet.

    Raises:
        ToolError: A name is not in the library, or may be several tracks.
    """
    ids: dict[int, None] = {}
    for name in names:
        if (by_id := _by_id(name)) and track_details.track_rows([by_id]):
            ids[by_id] = None
            continue
        try:
            ids[find_track(name, context)] = None
        except ToolError:
            of_artist = _of_artist(name, [*taken, *ids])
            if of_artist is None:
                raise
            ids[of_artist] = None
    return list(ids)


def _indices(name: str, detail: PlaylistDetail, context: ToolContext) -> list[int]:
    tracks = [entry.track for entry in detail.entries]
    wanted = context.entities.get(name) or _by_id(name)
    if wanted:
        same = [at for at, track in enumerate(tracks) if track.id == wanted]
        if same:
            return same
    folded = fold(name)
    named = [at for at, track in enumerate(tracks) if folded in _names(track)]
    if named:
        return _only(name, named, tracks, context.language)
    by_artist = [
        at
        for at, track in enumerate(tracks)
        if track.artist and folded in artist_parts(track.artist)
    ]
    if by_artist:
        return by_artist
    place = index_of(int(name), len(tracks)) if _PLACE.fullmatch(name) else None
    if place is not None:
        return [place]
    return _misspelt(name, detail, context)


def _by_id(name: str) -> int | None:
    return int(name[1:]) if _ID.fullmatch(name) else None


def _misspelt(name: str, detail: PlaylistDetail, context: ToolContext) -> list[int]:
    tracks = [entry.track for entry in detail.entries]
    sure = {m.id for m in name_search.resolve_track(name, limit=CHOICES) if m.score >= SURE}
    found = [at for at, track in enumerate(tracks) if track.id in sure]
    if found:
        return _only(name, found, tracks, context.language)
    folded = fold(name)
    scored = sorted(((_likeness(folded, track), track) for track in tracks), key=lambda p: -p[0])
    near = [label(t.title, t.artist) for score, t in scored if score >= RESEMBLING]
    choices = list(dict.fromkeys(near))[:CHOICES]
    values = {"track": shown(name), "name": shown(detail.name)}
    if not choices:
        raise ToolError(say(context.language, "edit_playlist.not_in", **values))
    meant = _quoted(choices, context.language)
    raise ToolError(
        say(context.language, "edit_playlist.not_in_meant", choices=meant, **values),
        choices=choices,
    )


def _likeness(folded: str, track: TrackRow) -> float:
    whole = fuzz.token_set_ratio(folded, fold(f"{track.title} {track.artist or ''}"))
    return max(whole, fuzz.ratio(folded, fold(track.title)))


def _names(track: TrackRow) -> set[str]:
    artist = track.artist or ""
    title = track.title
    return {fold(title), fold(f"{title} by {artist}"), fold(f"{artist} - {title}")}


def _only(
    name: str, indices: list[int], tracks: Sequence[TrackRow], language: Language
) -> list[int]:
    """Return the indices when they are of one track; several tracks of a title are asked back."""
    labels = list(dict.fromkeys(label(tracks[at].title, tracks[at].artist) for at in indices))
    if len(labels) == 1:
        return indices
    choices = labels[:CHOICES]
    sentence = say(language, "ask.which", name=shown(name), choices=_quoted(choices, language))
    raise ToolError(sentence, choices=choices)


def _of_artist(name: str, taken: Sequence[int]) -> int | None:
    """Return the best track of an artist that is not taken; None where it is no sure artist."""
    artists = name_search.NameSearch().artists(name, limit=1)
    if not artists or not artist_parts(artists[0].name).get(fold(name)):
        return None
    of_artist = TrackQuery(artists=[artists[0].name])
    found = track_search.candidates(of_artist, limit=len(taken) + 1)
    return next((track.id for track in found if track.id not in taken), None)


def _quoted(names: Sequence[str], language: Language) -> str:
    return listed(language, [say(language, "ask.quoted", name=name) for name in names], last="or")
