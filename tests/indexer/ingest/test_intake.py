import shutil
from pathlib import Path
from typing import cast

import mutagen
import numpy as np
import pytest
from sqlmodel import select

from indexer.files.audio.audio_types import AudioError
from indexer.ingest import intake
from indexer.ingest.intake import VERSIONS_NAME, MissingFileError, ingest_file, queue_outdated
from indexer.mir.stage_versions import STAGE_VERSIONS
from indexer.mir.tags.tagger import Tagger
from indexer.models.musicnn import TaggerModels
from store.database import db
from store.database.db import read
from store.jobs import indexer_state, job_queue
from store.library import track_files
from store.paths import encode_path
from store.tables.analysis import TrackEmbedding, TrackMIRRaw
from store.tracks import track_details

pytestmark = pytest.mark.usefixtures("data_folder")


@pytest.fixture(scope="module")
def tagger(musicnn_models: TaggerModels) -> Tagger:
    return Tagger(msd=musicnn_models.msd, mtt=musicnn_models.mtt)


@pytest.fixture
def song(tmp_path: Path, encode_audio, beat) -> Path:
    path = encode_audio(tmp_path / "song.flac", beat(), kind="flac")
    tag(path, title="Café", artist="Zoë", genre="jazz", date="1984")
    return path


@pytest.fixture
def beat():
    def make(*, bpm: float = 120.0, seconds: float = 5.0, seed: int = 0):
        rate = 44_100
        samples = np.zeros(int(seconds * rate), np.float32)
        click = np.random.default_rng(seed).standard_normal(2000) * np.exp(-np.arange(2000) / 300)
        for start in np.arange(0, len(samples) - 2000, 60 / bpm * rate).astype(int):
            samples[start : start + 2000] += 0.3 * click.astype(np.float32)
        return samples

    return make


def tag(path: Path, **values: str) -> None:
    file = mutagen.File(path)  # pyright: ignore[reportPrivateImportUsage]
    assert file is not None
    file.update({name: [value] for name, value in values.items()})
    file.save()


def embedding_of(track_id: int) -> bytes | None:
    with read() as session:
        found = select(TrackEmbedding.vector).where(TrackEmbedding.track_id == track_id)
        return session.exec(found).one_or_none()


def take(path: Path, tagger: Tagger | None = None) -> tuple[str, int]:
    outcome = ingest_file(encode_path(path), tagger=tagger)
    known = track_files.find_by_path(path)
    assert known is not None and known.analysed and not known.missing
    return outcome, known.track_id


def test_a_new_file_is_analysed_and_stored(song: Path, tagger: Tagger) -> None:
    outcome, track_id = take(song, tagger)
    assert outcome == "analysed"
    detail = track_details.track(track_id)
    assert detail is not None
    assert (detail.row.title, detail.row.artist, detail.row.year) == ("Café", "Zoë", 1984)
    assert detail.row.bpm == pytest.approx(120, abs=2)
    assert detail.row.genre == "jazz"
    vector = np.frombuffer(embedding_of(track_id) or b"", "<f4")
    assert vector.shape == (200,)
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-3)


def test_a_new_tag_does_not_need_the_audio(
    song: Path, tagger: Tagger, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, track_id = take(song, tagger)
    before = embedding_of(track_id)
    tag(song, title="Thé", genre="reggae")

    def deaf(*args: object, **kwargs: object) -> None:
        raise AssertionError("the audio was decoded again")

    monkeypatch.setattr("indexer.ingest.intake.analyse_file", deaf)
    assert take(song, tagger) == ("retagged", track_id)
    detail = track_details.track(track_id)
    assert detail is not None
    assert (detail.row.title, detail.row.genre) == ("Thé", "reggae")
    assert embedding_of(track_id) == before


def test_a_tagged_tempo_that_is_taken_back_is_measured_again(song: Path) -> None:
    tag(song, bpm="60")
    _, track_id = take(song)
    detail = track_details.track(track_id)
    assert detail is not None and detail.row.bpm == 60
    file = mutagen.File(song)  # pyright: ignore[reportPrivateImportUsage]
    assert file is not None
    del file["bpm"]
    file.save()
    assert take(song) == ("analysed", track_id)
    detail = track_details.track(track_id)
    assert detail is not None and detail.row.bpm == pytest.approx(120, abs=2)


def test_a_renamed_file_stays_the_same_track(song: Path, tmp_path: Path) -> None:
    _, track_id = take(song)
    (tmp_path / "elsewhere").mkdir()
    new = song.rename(tmp_path / "elsewhere" / "other.flac")
    assert take(new) == ("moved", track_id)
    assert track_files.find_by_path(song) is None


def test_a_second_copy_shares_the_analysis(song: Path, tmp_path: Path, tagger: Tagger) -> None:
    _, first = take(song, tagger)
    copy = Path(shutil.copy(song, tmp_path / "copy.flac"))
    tag(copy, title="The copy")
    outcome, second = take(copy, tagger)
    assert outcome == "copied" and second != first
    one, two = track_details.track(first), track_details.track(second)
    assert one is not None and two is not None
    assert (one.row.title, two.row.title) == ("Café", "The copy")
    assert one.row.bpm == pytest.approx(two.row.bpm, rel=1e-4)
    assert embedding_of(first) == embedding_of(second)


def test_the_paths_of_many_copies_are_asked_for_at_once(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(song)
    for number in range(5):
        take(Path(shutil.copy(song, tmp_path / f"{number}.flac")))
    questions = 0
    ask = db.rows

    def counted(*args, **values):
        nonlocal questions
        questions += 1
        return ask(*args, **values)

    monkeypatch.setattr("store.library.track_files.rows", counted)
    outcome, _ = take(Path(shutil.copy(song, tmp_path / "last.flac")))
    assert outcome == "copied"
    assert questions < 6


def test_other_audio_under_the_same_name_is_analysed(song: Path, encode_audio, beat) -> None:
    _, track_id = take(song)
    encode_audio(song, beat(bpm=90.0), kind="flac")
    assert take(song) == ("analysed", track_id)
    detail = track_details.track(track_id)
    assert detail is not None and detail.row.bpm == pytest.approx(90, abs=2)


def test_a_tagger_that_came_later_is_used(song: Path, tagger: Tagger) -> None:
    _, track_id = take(song)
    assert queue_outdated(tagged=False) == 0
    assert queue_outdated(tagged=True) == 1
    assert queue_outdated(tagged=True) == 0
    job = job_queue.claim("w")
    assert job is not None and job.key == encode_path(song)
    job_queue.finish(job.id)
    assert take(song, tagger) == ("analysed", track_id)
    with read() as session:
        row = session.get(TrackMIRRaw, track_id)
    assert row is not None and row.stage_versions["model"] > 0
    # without a tagger, what it said before is kept
    tag(song, title="Later")
    assert take(song) == ("retagged", track_id)


def upgrade(stage: str, monkeypatch: pytest.MonkeyPatch, song: Path) -> None:
    """A Backbeat whose stage is newer has queued the song."""
    monkeypatch.setitem(cast(dict[str, int], STAGE_VERSIONS), stage, 99)
    assert queue_outdated(tagged=True) == 1
    job = job_queue.claim("w")
    assert job is not None and job.key == encode_path(song)
    job_queue.finish(job.id)


def refuse(*_: object, **__: object) -> None:
    raise AssertionError("this was computed already")


DERIVED = {"genre", "scores", "kind", "normalize", "synthetic_tags", "moods"}


def test_only_what_is_derived_does_not_need_the_audio(
    song: Path, tagger: Tagger, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, track_id = take(song, tagger)
    for stage in STAGE_VERSIONS:
        with monkeypatch.context() as newer:
            upgrade(stage, newer, song)
            newer.setattr(intake, "analyse_file", refuse)
            if stage in DERIVED:
                assert take(song, tagger) == ("retagged", track_id), stage
                indexer_state.put(VERSIONS_NAME, "")
                assert queue_outdated(tagged=True) == 0, stage
            else:
                with pytest.raises(AssertionError, match="computed already"):
                    take(song, tagger)
        assert take(song, tagger) == ("retagged", track_id)  # with the versions of today


def test_a_better_measurement_does_not_need_the_networks(
    song: Path, tagger: Tagger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def moods() -> dict[str, float]:
        detail = track_details.track(track_id)
        assert detail
        return dict(detail.moods)

    _, track_id = take(song, tagger)
    before, vector = moods(), embedding_of(track_id)
    assert vector
    upgrade("tempo", monkeypatch, song)
    with monkeypatch.context() as deaf:
        deaf.setattr(Tagger, "tag", refuse)
        assert take(song, tagger) == ("analysed", track_id)
    assert moods() == pytest.approx(before, abs=1e-4) and embedding_of(track_id) == vector
    upgrade("tagger", monkeypatch, song)
    heard: list[int] = []
    tag_of = Tagger.tag
    monkeypatch.setattr(Tagger, "tag", lambda *a, **k: heard.append(1) or tag_of(*a, **k))
    assert take(song, tagger) == ("analysed", track_id) and heard


def test_files_that_cannot_be_used_say_why(tmp_path: Path) -> None:
    text = tmp_path / "letter.mp3"
    text.write_text("Dear Sir or Madam, " * 500)
    with pytest.raises(AudioError, match="not an audio file"):
        ingest_file(encode_path(text), tagger=None)
    with pytest.raises(MissingFileError):
        ingest_file(encode_path(tmp_path / "nowhere.mp3"), tagger=None)
    folder = tmp_path / "folder.mp3"
    folder.mkdir()
    with pytest.raises(AudioError):
        ingest_file(encode_path(folder), tagger=None)
