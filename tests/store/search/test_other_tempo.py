import pytest
from sqlalchemy import update
from sqlmodel import col

from store.database.db import read, rows, write
from store.search.query import TrackQuery
from store.search.track_search import search
from store.tables.analysis import TrackAudioFeatures
from tools.tracks.track_facts import why_matched


def tempo(track_id: int, bpm: float, alternative: float, confidence: float) -> None:
    changed = update(TrackAudioFeatures).where(col(TrackAudioFeatures.track_id) == track_id)
    with write() as session:
        values = {"bpm": bpm, "bpm_alternative": alternative, "bpm_confidence": confidence}
        rows(session, changed.values(**values))


@pytest.fixture
def counted(library):
    unsure, sure = list(library.ids.values())[:2]
    tempo(unsure, 131.0, 262.0, 0.6)
    tempo(sure, 132.0, 264.0, 0.95)
    return unsure, sure


def test_an_unsure_tempo_is_found_at_its_double_after_the_others(counted):
    query = TrackQuery(bpm_min=258, bpm_max=268)
    found = search(query).tracks
    assert [row.id for row in found] == [counted[0]]
    assert why_matched(found[0], query, "en") == ("262 BPM, or 131",)
    assert search(TrackQuery(bpm_min=258)).total == 0
    own = search(TrackQuery(bpm_min=129, bpm_max=135)).tracks
    assert set(counted) <= {row.id for row in own}


def test_the_indexes_of_both_tempi_are_used(library):
    condition = (
        "SELECT track_id FROM trackaudiofeatures AS features "
        "WHERE features.bpm BETWEEN 170 AND 178 OR (features.bpm_alternative BETWEEN 170 "
        "AND 178 AND features.bpm_confidence < 0.8)"
    )
    with read() as session:
        plan = " ".join(row.detail for row in rows(session, f"EXPLAIN QUERY PLAN {condition}"))
    assert "ix_features_other_bpm" in plan and "ix_trackaudiofeatures_bpm" in plan
