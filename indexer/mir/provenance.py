"""Sources of the values of a track: file tags, the tagger networks, or the audio itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from indexer.mir.tags import features, hints, normalize
from indexer.mir.types import RawFeatures, TagHints, ValueSource


def join_sources(sources: Iterable[str]) -> str:
    """Join sources by `+`, each once, in the order of `ValueSource`."""
    present = set(sources)
    return "+".join(source for source in ValueSource if source in present)


def raw_source(raw: RawFeatures) -> str:
    """Return every source of the raw features of a track, e.g. "standards+musicnn+backbeat"."""
    return join_sources(part for joined in raw.sources.values() for part in joined.split("+"))


def descriptor_sources(
    *, tagger: Mapping[str, float], measured: Mapping[str, float], tags: TagHints
) -> dict[str, str]:
    """Return the source of each descriptor, normalized feature and of the tags.

    A feature that has no value has no source.

    Args:
        tagger: Tagger output → probability 0..1; empty without a tagger.
        measured: Descriptor → value.
        tags: Values tagged in the file.
    """
    sources = dict.fromkeys(measured, ValueSource.BACKBEAT.value)
    for name in normalize.FEATURE_NAMES:
        if features.feature(name, tags=tagger, measured=measured) is None:
            continue
        by_tagger, by_descriptors = features.feature_inputs(name, tags=tagger, measured=measured)
        found = ((ValueSource.MUSICNN, by_tagger), (ValueSource.BACKBEAT, by_descriptors))
        sources[name] = join_sources(source for source, used in found if used)
    sources |= dict.fromkeys(hints.tagged_features(tags.extra), ValueSource.ACOUSTICBRAINZ.value)
    return sources


def tag_sources(*, file_tags: Iterable[str], tagger_tags: Iterable[str]) -> dict[str, str]:
    """Return the source of the genre and mood tags under the name `tags`; empty without tags."""
    found = ((ValueSource.STANDARDS, file_tags), (ValueSource.MUSICNN, tagger_tags))
    joined = join_sources(source for source, tags in found if any(True for _ in tags))
    return {"tags": joined} if joined else {}
