"""The stages after `raw`: genre, normalized features, scores, synthetic tags and moods."""

from __future__ import annotations

from indexer.mir.stage_timer import StageTimer
from indexer.mir.tags import (
    features,
    genre,
    genre_tempo,
    hints,
    moods,
    normalize,
    score,
    sound_kind,
    synthetic_tags,
)
from indexer.mir.types import MirResult, RawFeatures, SoundKind, TagHints, ValueSource


def genre_votes(raw: RawFeatures, tags: TagHints) -> list[genre.TagVote]:
    """Return the votes for the genre: file tags, then AcousticBrainz, then the tagger."""
    votes = [
        genre.TagVote(text, ValueSource.STANDARDS, rank) for rank, text in enumerate(tags.genres)
    ]
    votes += [
        genre.TagVote(name, ValueSource.ACOUSTICBRAINZ, rank, probability)
        for rank, (name, probability) in enumerate(hints.tagged_genres(tags.extra))
    ]
    return votes + genre.tagger_votes(raw.tagger, raw.measured)


def derive_stages(
    raw: RawFeatures, *, tags: TagHints, embedding: tuple[float, ...], timer: StageTimer
) -> MirResult:
    """Compute every stage that follows from raw features and file tags.

    What is no music has no genre, key, tempo, mood or score; its raw features stay.

    Args:
        raw: Raw features; their tempo and key are those that were chosen.
        tags: Values tagged in the file.
        embedding: (200,) of the tagger, or empty; handed through.
        timer: Gets the seconds of each stage.
    """
    with timer.stage("kind"):
        kind = sound_kind.kind_of(raw, tags=tags)
    if kind != "music":
        return _no_music(raw, kind, embedding, timer)
    tempo = raw.tempo
    if raw.sources.get("bpm") == ValueSource.BACKBEAT:
        tempo = genre_tempo.settled(tempo, genres=tags.genres)
    with timer.stage("genre"):
        voted = genre.combine_votes(genre_votes(raw, tags))
    tagged = hints.tagged_features(tags.extra)

    def feature(name: str) -> float | None:
        return tagged.get(name, features.feature(name, tags=raw.tagger, measured=raw.measured))

    sad = feature("mood_sad")
    with timer.stage("normalize"):
        normalized = normalize.normalize(raw, tempo=tempo, genre=voted, tagged=tagged)
    with timer.stage("scores"):
        scores = score.score(normalized, activity=feature("activity"), sad=sad)
        strengths = moods.mood_strengths(
            normalized, scores, sad=sad, romantic=feature("mood_romantic"), tagged=tags.moods
        )
        calculated = synthetic_tags.synthetic_tags(normalized, scores)
    return MirResult(
        raw,
        normalized,
        scores,
        calculated,
        strengths,
        embedding,
        timer.seconds,
        voted.shares,
        tempo=tempo,
    )


def _no_music(
    raw: RawFeatures, kind: SoundKind, embedding: tuple[float, ...], timer: StageTimer
) -> MirResult:
    return MirResult(
        raw=raw,
        normalized=normalize.NOTHING,
        scores=score.NOTHING,
        synthetic_tags=(),
        moods=moods.mood_strengths(normalize.NOTHING, score.NOTHING, sad=None, romantic=None),
        embedding=embedding,
        seconds=timer.seconds,
        kind=kind,
    )
