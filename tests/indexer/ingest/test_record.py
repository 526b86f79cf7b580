import os
from pathlib import Path

import numpy as np
import pytest
from sqlmodel import select

from indexer.files.tags.tag_reading import FileTags
from indexer.ingest.pipeline import AudioFacts
from indexer.ingest.raw_features import raw_from_json, raw_to_json
from indexer.ingest.record import (
    analysis_record,
    file_facts,
    stored_raw,
    tag_facts,
)
from indexer.mir.tags.embed import EMBEDDING_NAME
from indexer.mir.types import (
    DerivedScores,
    DerivedTag,
    Key,
    MirResult,
    NormalizedFeatures,
    RawFeatures,
    Tempo,
)
from store.database.db import read
from store.library.stored_analysis import outdated_tracks
from store.library.track_writing import save_track
from store.records import TrackRecord
from store.tables.analysis import GenreTag, TrackEmbedding
from store.tables.tracks import TrackMetadata
from store.tracks import track_details

pytestmark = pytest.mark.usefixtures("data_folder")

RAW = RawFeatures(
    duration_s=12.5,
    tempo=Tempo(98.0, 196.0, 0.7, beat_times_s=(0.1, 0.7), stability="constant"),
    key=Key("A", "minor", "8A", 0.8, tuning_cents=-3.0),
    tags=("jazz",),
    measured={"loudness_lufs": -14.2, "onset_rate_hz": 2.5},
    tagger={"msd:jazz": 0.123456789},
    sources={"bpm": "backbeat"},
)
MIR = MirResult(
    raw=RAW,
    normalized=NormalizedFeatures(
        bpm=98.0,
        key="A",
        scale="minor",
        camelot_key="8A",
        danceability=0.4,
        mood_happy=0.2,
        mood_aggressive=None,
        mood_party=0.1,
        mood_relaxed=0.9,
        instrumental=0.8,
        acoustic=0.7,
        tonal=0.6,
        genre_main="jazz",
        genre_secondary=("blues", "soul"),
        confidence_score=0.75,
    ),
    scores=DerivedScores(0.3, 0.4, 0.8, 0.5, 0.9, -0.1),
    synthetic_tags=(DerivedTag("chill", 0.8, "mood", "energy 0.30 is below 0.4"),),
    moods={"chill": 0.8, "relaxed": 0.9},
    embedding=tuple(np.linspace(0, 1, 200)),
    genre_shares=(0.6, 0.3),
    tempo=RAW.tempo,
)
AUDIO = AudioFacts(12.5, "flac", "flac", 2, 44_100, 700_000, excerpted=False, warnings=())


def save(path: Path, **changes: int) -> int:
    path.write_bytes(b"x")
    tags = FileTags(title="Blue", artist="Trio", genres=("Jazz",), comment="live", bpm=98.0)
    return save_track(
        TrackRecord(
            file_facts(path, path.stat(), "hash", AUDIO),
            tag_facts(tags, None),
            analysis_record(MIR, {"tempo": 1, **changes}),
        )
    )


def test_everything_arrives_in_its_table(tmp_path: Path) -> None:
    track_id = save(tmp_path / "blue.flac")
    detail = track_details.track(track_id)
    assert detail is not None
    assert (detail.row.title, detail.row.bpm, detail.row.camelot) == ("Blue", 98.0, "8A")
    assert detail.row.bpm_alternative == 196.0
    assert detail.row.energy == pytest.approx(0.3)
    assert detail.genres == ("jazz", "blues", "soul")
    assert detail.normalized["instrumental"] == pytest.approx(0.8)
    assert detail.normalized["mood_aggressive"] is None
    assert detail.scores["mood_valence"] == pytest.approx(-0.1)
    assert detail.synthetic_tags == (("chill", 0.8, "mood", "energy 0.30 is below 0.4"),)
    assert dict(detail.moods) == {"relaxed": 0.9, "chill": 0.8}
    with read() as session:
        embedding = session.get(TrackEmbedding, 1)
        metadata = {row.key: row.value for row in session.exec(select(TrackMetadata))}
        weights = session.exec(select(GenreTag.weight, GenreTag.main).order_by(GenreTag.genre_id))
        assert weights.all() == [(0.75, True), (0.6, False), (0.3, False)]
    assert embedding is not None and embedding.model == EMBEDDING_NAME
    assert np.frombuffer(embedding.vector, "<f4") == pytest.approx(MIR.embedding, abs=1e-6)
    assert metadata == {"genre": "Jazz", "comment": "live", "bpm": "98.0"}


def test_raw_features_come_back_but_for_the_beats(tmp_path: Path) -> None:
    track_id = save(tmp_path / "blue.flac")
    found = stored_raw(track_id)
    assert found is not None
    raw, versions = found
    assert versions == {"tempo": 1}
    assert raw.tempo == Tempo(98.0, 196.0, 0.7, stability="constant")
    assert raw.key == RAW.key and raw.tags == RAW.tags and raw.measured == RAW.measured
    assert raw.tagger["msd:jazz"] == pytest.approx(0.123456789, rel=1e-5)
    assert stored_raw(track_id + 1) is None


def test_raw_features_of_another_layout_are_not_read() -> None:
    stored = raw_to_json(RAW)
    del stored["measured"]
    assert raw_from_json(stored, tags=(), version=1) is None
    stored = raw_to_json(RAW)
    stored["tempo"]["colour"] = "blue"
    assert raw_from_json(stored, tags=(), version=1) is None


def test_tracks_of_other_versions_are_outdated(tmp_path: Path) -> None:
    save(tmp_path / "current.flac")
    old = save(tmp_path / "old.flac", tempo=0)
    assert outdated_tracks({"tempo": 1}) == [old]


def test_a_track_without_tagger_has_no_vector(tmp_path: Path) -> None:
    import dataclasses

    record = analysis_record(dataclasses.replace(MIR, embedding=()), {})
    assert record.embeddings == ()
    assert analysis_record(MIR, {}, keep_embedding=True).embeddings is None
    facts = file_facts(tmp_path, os.stat(tmp_path), "h", AUDIO)  # noqa: PTH116
    assert facts.duration_s == 12.5
