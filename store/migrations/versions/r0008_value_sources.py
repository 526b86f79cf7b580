"""True sources of the raw features that Backbeat computed: no value of theirs comes from librosa.

Rows that were posted keep the sources that they were sent with. A row is Backbeat's when it has
stage versions, the layout that only Backbeat writes, the one source that it wrote, and no genre
of a posted analysis: a post over an analysis of Backbeat leaves its stage versions in place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BEFORE = "acoustid+standards+librosa"
RENAMED = {
    "librosa": "backbeat",
    "musicnn+librosa": "musicnn+backbeat",
    "acoustid": "acousticbrainz",
}
ORDER = ("standards", "acousticbrainz", "musicnn", "backbeat")
LAYOUT = {"duration_s", "tempo", "key", "measured", "tagger", "sources"}
TAGGER_ALONE, DESCRIPTORS_ALONE = "instrumental", "tonal"
"""The features of which one comes from tagger outputs alone, the other from descriptors alone."""
MIN_TAG_PROBABILITY = 0.1
"""From here on a tagger output was listed among the tags of a track."""
ROWS = 500
"""Rows read and written at once: some 5 kB each."""

_PAGE = sa.text(
    """
    SELECT track_id, source, features_raw, EXISTS (
        SELECT 1 FROM trackmetadata m WHERE m.track_id = r.track_id
        AND m.source = 'tags' AND m.key IN ('genre', 'mood')) AS tagged
    FROM trackmirraw r
    WHERE r.track_id > :after AND r.stage_versions NOT IN ('{}', 'null') AND NOT EXISTS (
        SELECT 1 FROM genretag g WHERE g.track_id = r.track_id AND g.source = 'exchange')
    ORDER BY r.track_id LIMIT :rows"""
)
_UPDATE = sa.text(
    "UPDATE trackmirraw SET source = :source, features_raw = :features WHERE track_id = :id"
)


def upgrade() -> None:
    for track_id, source, features, tagged in _own_rows():
        if source != BEFORE:
            continue
        sources = _renamed(features, tagged=tagged)
        present = {part for joined in sources.values() for part in joined.split("+")}
        _store(track_id, "+".join(s for s in ORDER if s in present), features, sources)


def downgrade() -> None:
    back = {new: old for old, new in RENAMED.items()}
    for track_id, source, features, _ in _own_rows():
        if "backbeat" not in source.split("+"):
            continue
        sources = _replaced(features["sources"], back)
        sources.pop("tags", None)
        both = "musicnn+librosa" if features["tagger"] else "librosa"
        if sources.get(TAGGER_ALONE, "musicnn") == "musicnn":
            sources[TAGGER_ALONE] = both
        if sources.get(DESCRIPTORS_ALONE) == "librosa":
            sources[DESCRIPTORS_ALONE] = both
        _store(track_id, BEFORE, features, sources)


def _renamed(features: Mapping[str, Any], *, tagged: bool) -> dict[str, str]:
    sources = _replaced(features["sources"], RENAMED)
    tagger = features["tagger"]
    if sources.get(TAGGER_ALONE) == "musicnn+backbeat":
        sources[TAGGER_ALONE] = "musicnn"
    elif sources.get(TAGGER_ALONE) == "backbeat":
        del sources[TAGGER_ALONE]  # without a tagger it has no value
    if sources.get(DESCRIPTORS_ALONE) == "musicnn+backbeat":
        sources[DESCRIPTORS_ALONE] = "backbeat"
    by_tagger = any(p >= MIN_TAG_PROBABILITY for p in tagger.values())
    tags = [s for s, present in (("standards", tagged), ("musicnn", by_tagger)) if present]
    return {**sources, "tags": "+".join(tags)} if tags else sources


def _replaced(sources: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    return {value: names.get(source, source) for value, source in sources.items()}


def _own_rows() -> Iterator[tuple[int, str, dict[str, Any], bool]]:
    """Rows that Backbeat wrote: track, source, features, whether the file has genres or moods."""
    connection, after = op.get_bind(), 0
    while page := connection.execute(_PAGE, {"after": after, "rows": ROWS}).all():
        after = page[-1].track_id
        for row in page:
            features = json.loads(row.features_raw)
            if isinstance(features, dict) and features.keys() >= LAYOUT:
                yield row.track_id, row.source, features, bool(row.tagged)


def _store(
    track_id: int, source: str, features: Mapping[str, Any], sources: Mapping[str, str]
) -> None:
    text = json.dumps({**features, "sources": sources})
    op.get_bind().execute(_UPDATE, {"source": source, "features": text, "id": track_id})
