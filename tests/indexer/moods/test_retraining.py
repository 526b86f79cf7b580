"""The mood model learns what people say, serves only where it is better, and can be taken back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.moods import retraining
from indexer.moods.mood_job import RESCORE, queue_unfinished, run_mood_job
from store.database import db
from store.jobs import job_reports
from store.library import track_writing
from store.moods import artefacts
from store.moods.inputs import VECTOR_SIZE, inputs_of
from store.moods.model import model_from_json, predict, uncertainty
from store.people.mood_labels import label_mood, new_labels
from store.records import (
    AnalysisRecord,
    AudioFeatures,
    Embedding,
    FileFacts,
    NormalizedStage,
    RawStage,
    ScoresStage,
    TagFacts,
    TrackRecord,
)
from store.rescoring import is_scored
from store.results import StoreError
from store.tracks import track_details
from store.vocabulary import MOODS

TRACKS = 160
OWNER = 1


def record(number: int, random: np.random.Generator, calm: float) -> TrackRecord:
    """A track whose vector shows what is calm; its analytic score only half does."""
    vector = random.normal(size=VECTOR_SIZE)
    vector[:20] += 2.5 * calm
    relaxed = float(np.clip(0.5 + 0.1 * calm + 0.25 * random.normal(), 0, 1))
    return TrackRecord(
        FileFacts(Path(f"/music/{number}.flac"), f"h{number}", 1, 1, duration_s=180.0),
        TagFacts(title=f"Track {number}"),
        AnalysisRecord(
            features=AudioFeatures(bpm=100 + number % 40, loudness_lufs=-14.0),
            raw=RawStage(version=7),
            normalized=NormalizedStage(danceability=0.5),
            scores=ScoresStage(energy_score=0.5 - 0.2 * calm),
            moods={mood: relaxed if mood == "relaxed" else 0.3 for mood in MOODS},
            embeddings=(Embedding(vector.astype("<f4").tobytes(), model="m", version=1),),
        ),
    )


@pytest.fixture
def calm(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[int, float]:
    """Track → whether it is calm to the listener (1 or −1)."""
    monkeypatch.setenv("BACKBEAT_RETRAIN_AFTER", "40")
    random = np.random.default_rng(5)
    found = {}
    for number in range(TRACKS):
        value = float(random.choice([-1.0, 1.0]))
        found[track_writing.save_track(record(number, random, value))] = value
    return found


def judge(calm: dict[int, float], count: int, *, turned: bool = False, first: int = 0) -> None:
    for track_id in sorted(calm)[first : first + count]:
        label_mood(OWNER, track_id, "relaxed", (calm[track_id] > 0) != turned)


def strengths(track_ids: list[int]) -> dict[int, float]:
    found = (track_details.track(track_id) for track_id in track_ids)
    return {one.row.id: one.moods["relaxed"] for one in found if one is not None}


def right(calm: dict[int, float], track_ids: list[int]) -> float:
    now = strengths(track_ids)
    return float(np.mean([(now[number] >= 0.5) == (calm[number] > 0) for number in track_ids]))


def test_it_learns_serves_and_is_taken_back(calm: dict[int, float]) -> None:
    unseen = sorted(calm)[60:]
    before, analytic = right(calm, unseen), strengths(unseen)
    judge(calm, 60)
    assert job_reports.counts("moods") == {"queued": 1}  # by itself, after 40 of them
    done = run_mood_job("retrain", on_progress=lambda fraction, step: None)
    version = artefacts.current_version()
    assert done == {
        "version": version, "promoted": ["relaxed"], "rescored": TRACKS, "reason": "",
    }  # fmt: skip
    assert right(calm, unseen) > before + 0.15
    assert (new_labels(), is_scored()) == (0, True)
    [known] = artefacts.model_versions()
    told = known.manifest["moods"]["relaxed"]
    assert known.serves and told["challenger"] > told["champion"]

    # the same judgements of the same tracks give the same version
    assert retraining.retrain(fresh=True).version == version
    assert not retraining.retrain().promoted

    # a track that is analysed later has the learned mood at once
    random = np.random.default_rng(9)
    fresh = track_writing.save_track(record(TRACKS, random, 1.0))
    model = artefacts.current_model()
    assert model is not None
    expected = predict(model, inputs_of([fresh]))[0, MOODS.index("relaxed")]
    assert strengths([fresh])[fresh] == pytest.approx(expected, abs=1e-3)
    assert uncertainty(np.array([0.5, 1.0])).round(3).tolist() == [1.0, 0.0]

    # taken back, the analytic strengths are there again
    assert artefacts.roll_back() is None
    assert not is_scored()
    run_mood_job(RESCORE[1], on_progress=lambda fraction, step: None)
    assert strengths(unseen) == analytic and is_scored()
    with pytest.raises(StoreError, match="nothing to go back"):
        artefacts.roll_back()


def test_who_says_the_opposite_or_always_yes_teaches_nothing(calm: dict[int, float]) -> None:
    judge(calm, 80)
    served = retraining.retrain().version
    assert served is not None
    for track_id in calm:
        label_mood(OWNER, track_id, "sad", True)
    judge(calm, 80, turned=True, first=80)
    done = retraining.retrain()
    assert (done.promoted, done.version, done.rescored) == (False, served, 0)
    reasons = {one.mood: one.reason for one in done.moods}
    assert reasons["sad"] == "few" and reasons["relaxed"] in {"not_better", "worse_on_reference"}


@pytest.mark.parametrize("at", ["save_model", "serve_model", "rescore_library"])
def test_a_crash_leaves_a_whole_model_serving(
    calm: dict[int, float], monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    judge(calm, 60)
    place = retraining if at == "rescore_library" else artefacts

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(place, at, crash)
        with pytest.raises(KeyboardInterrupt):
            retraining.retrain()
    if at == "rescore_library":
        queue_unfinished()
        assert job_reports.counts("moods") == {"queued": 2}
        run_mood_job(RESCORE[1], on_progress=lambda fraction, step: None)
    else:
        assert artefacts.current_version() is None and is_scored()
        assert new_labels() == 60  # not lost: the next training sees them
        assert retraining.retrain().promoted
    assert right(calm, sorted(calm)[60:]) > 0.8


def test_a_damaged_model_is_told_and_too_few_tracks_teach_nothing(data_folder: Path) -> None:
    assert retraining.retrain().reason == "few_tracks"
    with pytest.raises(StoreError, match="cannot be read"):
        model_from_json('{"heads": 3}')
    with pytest.raises(StoreError, match="no mood model"):
        artefacts.read_model("../../etc/passwd")
    db.reset()
