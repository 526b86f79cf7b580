"""From one track or artist to another in a number of tracks: "from Nina Simone to Daft Punk in 10".

The straight line between the two ends in the space of audio embeddings gives each place of the
path a sound that is wished for there. A beam search then finds the tracks that come near those
sounds with cheap steps between them (tempo, key, energy, sound), no song and, where it can be
avoided, no artist twice.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from prompts import FALLBACK
from store.folding import artist_parts, fold
from store.results import Candidate
from store.search import name_search, track_search
from store.search.query import TrackQuery
from store.tracks import track_details
from store.vectors import vector_service
from store.vectors.vector_service import Vectors
from tools.base import ToolContext, ToolError
from tools.playlist.ordering import Order, artist_ids
from tools.playlist.reasons import row_reasons
from tools.playlist.song_versions import songs_of
from tools.text.untrusted import shown
from tools.text.words import Language, say
from tools.tracks.compatibility import Floats, transition_costs
from tools.tracks.query_names import SURE_NAME
from tools.tracks.track_facts import find_track, not_in_library

DEFAULT_COUNT: Final = 10
ARTISTS_NAMED: Final = 2
"""Of those that a name resembles."""
OF_ARTIST: Final = 200
"""Tracks of an artist that are looked at for the one that sounds most like all of them."""
POINTS: Final = 12
"""Places on the line whose surroundings are searched; those between lie in them too."""
USUAL_S: Final = 240.0
"""Length of a track, as a first guess."""
COUNTS_TRIED: Final = 4
AROUND: Final = 80
"""Tracks around each of these places."""
FITTING: Final = 5000
"""Tracks looked at when other filters narrow the path."""
BEAM: Final = 48
"""Unfinished paths followed at a time."""
PLACE_WEIGHT: Final = 1.0
"""Being as far from the wished sound as the middle track of the pool, against a step's 0..1."""
SOUND_WEIGHT: Final = 0.5
"""A step between two sounds as far apart as is usual in the pool."""
ARTIST_AGAIN: Final = 0.4
ARTIST_AT_ONCE: Final = 10.0
"""The same artist twice in a row: avoided wherever it can be."""


@dataclass(frozen=True, slots=True)
class End:
    """One end of a path.

    Attributes:
        name: As the library writes it.
        track_id: The track itself, or the most typical one of the artist.
    """

    name: str
    track_id: int


def path_between(
    context: ToolContext,
    start: str,
    end: str,
    count: int,
    *,
    filters: TrackQuery | None = None,
    harmonic: bool = True,
) -> list[tuple[int, str]]:
    """Return (track id, reason) from `start` to `end`, both included.

    Args:
        context: Gives the language of the reasons.
        start: A track or an artist.
        end: Another one.
        count: How many tracks, if the library has as many.
        filters: Filters on the tracks between.
        harmonic: Whether keys count.

    Raises:
        ToolError: An end is not known, was not listened to, or both are the same.
    """
    language = context.language
    first, last = find_end(start, context), find_end(end, context)
    if first.track_id == last.track_id:
        raise ToolError(say(language, "make_playlist.same_ends", name=first.name))
    pool = _pool(first, last, filters)
    order = _search(pool, count=max(count, 2), harmonic=harmonic)
    tracks = [pool.tracks[at] for at in order]
    reasons = row_reasons(tracks, language)
    return [(track.id, reason) for track, reason in zip(tracks, reasons, strict=True)]


def path_of_tracks(start: int, end: int, count: int) -> list[int]:
    """Return the track ids from `start` to `end`, both included.

    Raises:
        ToolError: One of them was not listened to.
    """
    if start == end:
        return [start]
    for number in (start, end):
        if not vector_service.vectors([number]).values:
            rows = track_details.track_rows([number])
            name = shown(rows[0].title) if rows else str(number)
            raise ToolError(say(FALLBACK, "similar.not_heard", name=name))
    pool = _pool(End("", start), End("", end), None)
    return [pool.tracks[at].id for at in _search(pool, count=max(count, 2), harmonic=True)]


def lasting(
    duration_s: float, between: Callable[[int], list[tuple[int, str]]]
) -> list[tuple[int, str]]:
    """Of the paths that `between` gives for some counts, the one whose length comes nearest."""
    best: list[tuple[int, str]] = []
    off, count = math.inf, max(2, round(duration_s / USUAL_S))
    for _ in range(COUNTS_TRIED):
        path = between(count)
        length_s = sum(row.duration_s for row in track_details.track_rows([i for i, _ in path]))
        if abs(length_s - duration_s) < off:
            best, off = path, abs(length_s - duration_s)
        following = max(2, round(len(path) * duration_s / max(length_s, 1.0)))
        if following == count or len(path) < count:
            break
        count = following
    return best


def find_end(name: str, context: ToolContext) -> End:
    """Return the track or artist with this name.

    Raises:
        ToolError: Neither, several tracks, or none of its tracks was listened to.
    """
    language = context.language
    artists = name_search.NameSearch().artists(name, limit=ARTISTS_NAMED)
    sure = bool(artists) and artists[0].score >= SURE_NAME
    if sure and fold(name) in artist_parts(artists[0].name):
        return _of_artist(artists[0].name, language)
    try:
        track_id = find_track(name, context)
    except ToolError as error:
        if not sure:
            choices = [*(shown(artist.name) for artist in artists), *error.choices]
            raise not_in_library(name, choices, language) from None
        return _of_artist(artists[0].name, language)
    row = track_details.track_rows([track_id])[0]
    if not vector_service.vectors([track_id]).values:
        raise ToolError(say(language, "similar.not_heard", name=shown(row.title)))
    return End(shown(row.title), track_id)


def _of_artist(artist: str, language: Language) -> End:
    """The artist's track that sounds most like all of theirs."""
    of_artist = track_search.candidates(TrackQuery(artists=[artist]), limit=OF_ARTIST)
    vectors = vector_service.vectors([track.id for track in of_artist])
    if not vectors.values:
        raise ToolError(say(language, "similar.not_heard", name=shown(artist)))
    sounds = _unit(vectors, list(vectors.values))
    typical = int(np.argmax(sounds @ sounds.mean(axis=0)))
    return End(shown(artist), list(vectors.values)[typical])


@dataclass(frozen=True, slots=True)
class _Pool:
    """Tracks a path may take; the first is its start, the second its end.

    Attributes:
        sounds: float64 (n, d), unit vectors.
    """

    tracks: Sequence[Candidate]
    sounds: Floats


def _pool(first: End, last: End, filters: TrackQuery | None) -> _Pool:
    ends = vector_service.vectors([first.track_id, last.track_id])
    narrow = filters is not None and filters.narrows()
    fitting = (
        [t.id for t in track_search.candidates(filters, limit=FITTING)]
        if filters and narrow
        else None
    )
    line = _line(_unit(ends, [first.track_id, last.track_id]), POINTS)
    around = [first.track_id, last.track_id]
    for point in line:
        vector = point.astype("<f4").tobytes()
        found = vector_service.near(vector, model=ends.model, limit=AROUND, ids=fitting)
        around += [track_id for track_id, _ in found]
    vectors = vector_service.vectors(list(dict.fromkeys(around)))
    known = {
        track.id: track
        for track in track_search.candidates(
            TrackQuery(), limit=len(around), ids=list(vectors.values)
        )
    }
    ids = [track_id for track_id in dict.fromkeys(around) if track_id in known]
    return _Pool([known[track_id] for track_id in ids], _unit(vectors, ids))


def _unit(vectors: Vectors, ids: Sequence[int]) -> Floats:
    sounds = np.array([np.frombuffer(vectors.values[i], "<f4") for i in ids], dtype=np.float64)
    lengths = np.linalg.norm(sounds, axis=1, keepdims=True)
    return sounds / np.where(lengths > 0, lengths, 1.0)


def _line(ends: Floats, points: int) -> Floats:
    """Unit vectors, float64 (points, d), evenly from the first to the second of `ends`."""
    part = np.linspace(0.0, 1.0, points)[:, None]
    line = (1.0 - part) * ends[0] + part * ends[1]
    lengths = np.linalg.norm(line, axis=1, keepdims=True)
    return line / np.where(lengths > 0, lengths, 1.0)


def _search(pool: _Pool, *, count: int, harmonic: bool) -> list[int]:
    """Indices into the pool, from 0 to 1."""
    tracks = pool.tracks
    steps = _step_costs(pool, harmonic=harmonic)
    places = 1.0 - pool.sounds @ _line(pool.sounds[:2], count).T
    places *= PLACE_WEIGHT / max(float(np.median(places)), 1e-9)
    songs = np.empty(len(tracks), dtype=np.intp)
    number_of = {track.id: at for at, track in enumerate(tracks)}
    for song, group in enumerate(songs_of(tracks)):
        songs[[number_of[track.id] for track in group]] = song
    artists = artist_ids([track.artist for track in tracks])
    paths, costs = [[0]], np.zeros(1)
    for place in range(1, count - 1):
        total = np.array(
            [
                cost + _next(path, steps, songs, artists)
                for path, cost in zip(paths, costs, strict=True)
            ]
        )
        total += places[:, place]
        best = np.argsort(total, axis=None, kind="stable")[:BEAM]
        best = best[np.isfinite(total.ravel()[best])]
        if not len(best):
            break
        paths = [[*paths[at // len(tracks)], int(at % len(tracks))] for at in best]
        costs = total.ravel()[best]
    ending = [cost + steps[path[-1], 1] for path, cost in zip(paths, costs, strict=True)]
    return [*paths[int(np.argmin(ending))], 1]


def _step_costs(pool: _Pool, *, harmonic: bool) -> Floats:
    """Cost of every pair as neighbours; two tracks of one artist dearest."""
    tracks = pool.tracks
    costs = transition_costs(
        tempos_bpm=np.array([t.bpm or np.nan for t in tracks]),
        keys=[t.camelot for t in tracks],
        energies=np.array([np.nan if t.energy is None else t.energy for t in tracks]),
        harmonic=harmonic,
    )
    apart = 1.0 - pool.sounds @ pool.sounds.T
    costs += SOUND_WEIGHT * apart / max(float(np.median(apart)), 1e-9)
    artists = artist_ids([track.artist for track in tracks])
    return costs + ARTIST_AT_ONCE * (artists[:, None] == artists[None, :])


def _next(path: list[int], steps: Floats, songs: Order, artists: Order) -> Floats:
    """What each track costs after `path`; infinite for the songs taken and for the end."""
    costs = steps[path[-1]] + ARTIST_AGAIN * np.isin(artists, artists[[*path, 1]])
    costs[np.isin(songs, songs[[*path, 1]])] = np.inf
    return costs
