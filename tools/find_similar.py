"""Tracks similar to a given track."""

from __future__ import annotations

from typing import Any, Final

from pydantic import Field

from store.results import TrackDetail, TrackRow
from store.search.query import Name
from store.tracks import track_details
from tools.base import Arguments, Rendering, ToolContext, ToolError, ToolResult
from tools.playlist.song_versions import best_file_first, same_song, songs_of
from tools.text.words import Language, known_name, number, say, say_count
from tools.tracks.compatibility import key_similarity, tempo_similarity
from tools.tracks.similarity import alike
from tools.tracks.track_facts import find_track, label, track_data, track_fact

DEFAULT_LIMIT: Final = 10
SPARE: Final = 10
"""Neighbours asked for beyond the limit, as copies and versions of a song fall out."""
SAME_VECTOR: Final = 0.9999
"""Cosine from which two vectors are one: float32 leaves a little."""
SAME_LENGTH_S: Final = 0.05
AUDIBLY_ALIKE: Final = 0.9
"""Similarity of tempo or key from which it is named as a reason."""


class FindSimilarArguments(Arguments):
    """A track, and how many neighbours."""

    track: Name = Field(description="Title, or artist and title, of the track to resemble")
    limit: int | None = Field(None, ge=1, le=200, description="How many at most (10)")


class FindSimilar:
    """Neighbours by audio embedding."""

    name = "find_similar"
    description = "Find tracks that sound like a given track."
    arguments = FindSimilarArguments
    selects_tracks = True

    def run(self, arguments: FindSimilarArguments, context: ToolContext) -> ToolResult:
        """The nearest tracks, without the track itself and copies of it."""
        track_id = find_track(arguments.track, context)
        detail = track_details.track(track_id)
        if detail is None:
            raise ToolError(say(context.language, "ask.unknown", name=arguments.track))
        limit = arguments.limit or DEFAULT_LIMIT
        near = dict(alike(track_id, limit=2 * (limit + len(context.seen)) + SPARE))
        name = label(detail.row.title, detail.row.artist)
        if not near:
            raise ToolError(say(context.language, "similar.not_heard", name=name))
        others = [
            row
            for row in track_details.track_rows(list(near))
            if not is_copy(row, detail.row, similarity=near[row.id])
            and not same_song(row, detail.row)
        ]
        seen = set(context.seen)
        songs = [song for song in songs_of(others) if seen.isdisjoint(row.id for row in song)]
        rows = [best_file_first(song)[0] for song in songs][:limit]
        tracks = [
            {
                **track_fact(row, why=why_similar(row, detail, context.language)),
                "similarity": round(near[row.id], 3),
            }
            for row in rows
        ]
        facts: dict[str, Any] = {
            "like": track_fact(detail.row),
            "name": name,
            "tracks": tracks,
            "shown_before": len(context.seen),
        }
        return ToolResult(facts=facts, track_ids=tuple(row.id for row in rows))

    def render(self, result: ToolResult, context: ToolContext) -> Rendering:
        """A table of neighbours."""
        tracks = [track_data(fact) for fact in result.facts["tracks"]]
        name = result.facts["name"]
        again = bool(result.facts["shown_before"])
        if not tracks:
            key = "find_similar.no_more" if again else "find_similar.none"
            return Rendering(say(context.language, key, name=name), "text", {})
        key = "find_similar.next" if again else "find_similar.found"
        sentence = say_count(context.language, key, len(tracks), name=name)
        data = {**result.facts, "like": track_data(result.facts["like"]), "tracks": tracks}
        return Rendering(sentence, "tracks", data)


def why_similar(row: TrackRow, detail: TrackDetail, language: Language) -> tuple[str, ...]:
    """What a neighbour has in common with the track, for those who want to know."""
    why: list[str] = []
    if row.genre and row.genre == detail.row.genre:
        name = known_name(language, "genres", row.genre)
        why.append(say(language, "find_similar.same_genre", genre=name))
    shared = [mood for mood in detail.moods if mood in row.moods]
    if shared:
        name = known_name(language, "moods", shared[0])
        why.append(say(language, "find_similar.same_mood", mood=name))
    if row.bpm and detail.row.bpm and tempo_similarity(row.bpm, detail.row.bpm) >= AUDIBLY_ALIKE:
        why.append(f"{number(language, row.bpm, 0)} BPM")
    if row.camelot and detail.row.camelot:
        alike = key_similarity(row.camelot, detail.row.camelot)
        if alike >= AUDIBLY_ALIKE:
            why.append(row.camelot)
    return tuple(why) or (say(language, "find_similar.sound"),)


def is_copy(row: TrackRow, other: TrackRow, *, similarity: float) -> bool:
    """Whether two files hold the same audio: the same vector and the same length."""
    return similarity >= SAME_VECTOR and abs(row.duration_s - other.duration_s) < SAME_LENGTH_S


find_similar = FindSimilar()
