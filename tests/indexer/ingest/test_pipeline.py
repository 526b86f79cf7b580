import json
from pathlib import Path

import numpy as np
import pytest

from indexer.files.audio.audio_types import AudioError
from indexer.ingest.pipeline import TaggerSource, analyse_file, to_error, to_exchange
from indexer.mir.tags.tagger import Tagger
from indexer.mir.types import AnalysisError
from indexer.models.musicnn import TaggerModels

NORMALIZED = {
    "bpm", "key", "scale", "camelot_key", "danceability", "mood_happy", "mood_aggressive",
    "mood_party", "mood_relaxed", "instrumental", "acoustic", "tonal", "genre_main",
    "genre_secondary", "confidence_score",
}  # fmt: skip
SCORES = {
    "energy_score", "dance_score", "acousticness", "complexity_score", "emotional_intensity",
    "mood_valence",
}  # fmt: skip


@pytest.fixture
def chord(tmp_path: Path, encode_audio) -> Path:
    time_s = np.arange(5 * 44_100) / 44_100
    tones = sum(np.sin(2 * np.pi * f * time_s) for f in (220.0, 261.63, 329.63))
    pulse = 0.5 + 0.5 * (np.mod(time_s, 0.5) < 0.1)
    mono = (0.2 * tones * pulse).astype(np.float32)
    return encode_audio(tmp_path / "A - B.ogg", np.stack([mono, mono]), kind="ogg")


def test_the_exchange_format(chord: Path, musicnn_models: TaggerModels) -> None:
    tagger = Tagger(msd=musicnn_models.msd, mtt=musicnn_models.mtt)
    stages: list[str] = []
    analysis = analyse_file(chord, tagger=tagger, on_stage=stages.append)
    assert stages == ["tags", "decode", "loudness", "tagger", "analysis"]
    exchange = json.loads(json.dumps(to_exchange(analysis)))
    assert exchange["file"] == str(chord)
    assert set(exchange["raw"]) == {"tags", "source", "version", "features_raw"}
    assert exchange["raw"]["source"] == "musicnn+backbeat"
    assert set(exchange["normalized"]) == NORMALIZED
    assert set(exchange["scores"]) == SCORES
    for tag in exchange["synthetic_tags"]:
        assert set(tag) == {"tag", "score", "category", "source"}
    assert 0 <= exchange["bpm_confidence"] <= 1
    assert len(exchange["tags"]) > 80
    assert set(stages) <= set(exchange["seconds"])
    assert exchange["normalized"]["camelot_key"] == "8A"
    assert exchange["beat_times_s"] == list(analysis.mir.raw.tempo.beat_times_s) != []
    assert set(exchange["downbeat_times_s"]) <= set(exchange["beat_times_s"])


def test_without_a_tagger_the_rest_is_there(chord: Path) -> None:
    exchange = to_exchange(analyse_file(chord, tagger=None))
    assert exchange["tags"] == {}
    assert exchange["normalized"]["key"] == "A"


def test_silence_is_analysed_without_tags(
    tmp_path: Path, encode_audio, musicnn_models: TaggerModels
) -> None:
    tagger = Tagger(msd=musicnn_models.msd, mtt=musicnn_models.mtt)
    path = encode_audio(tmp_path / "silence.wav", np.zeros(3 * 44_100, np.float32))
    analysis = analyse_file(path, tagger=tagger)
    assert analysis.tagger is None and analysis.mir.embedding == ()
    assert analysis.mir.raw.tempo.bpm is None


def test_a_file_that_fails_is_told_in_the_same_format(tmp_path: Path) -> None:
    path = tmp_path / "empty.mp3"
    path.touch()
    with pytest.raises(AudioError) as caught:
        analyse_file(path, tagger=None)
    told = to_error(path, caught.value)
    assert told["file"] == str(path) and told["code"] == "empty" and "empty" in told["error"]
    assert to_error(path, AnalysisError("odd"))["code"] == "analysis"


def test_the_tagger_comes_when_its_models_do(tmp_path: Path, musicnn_models: TaggerModels) -> None:
    assert TaggerSource(tmp_path).get() is None
    source = TaggerSource(musicnn_models.msd.parent)
    assert source.get() is source.get() is not None
