import pytest

from indexer.mir import derivation
from indexer.mir.stage_timer import StageTimer
from indexer.mir.tags.genre_tempo import settled
from indexer.mir.types import RawFeatures, TagHints, Tempo


@pytest.mark.parametrize(
    ("genre", "measured", "confidence", "bpm"),
    [
        ("Drum & Bass", 87.0, 0.8, 174.0),
        ("Liquid Drum'n'Bass", 86.0, 0.75, 172.0),
        ("Ragga Jungle", 82.5, 0.78, 165.0),
        ("Drum and Bass", 174.0, 0.7, 174.0),
        ("Dubstep", 70.0, 0.7, 140.0),
        ("Gabber", 100.0, 0.76, 200.0),
        ("Happy Hardcore", 85.0, 0.8, 170.0),
        ("Psytrance", 73.0, 0.6, 146.0),
        ("Deep House", 62.0, 0.7, 124.0),
        ("Boom Bap", 180.0, 0.6, 90.0),
        ("Hardcore", 100.0, 0.5, 100.0),
        ("Reggae", 158.0, 0.5, 158.0),
        ("Trap", 70.0, 0.5, 70.0),
        ("Rock", 87.0, 0.3, 87.0),
        ("Drum Solo", 87.0, 0.3, 87.0),
        ("Drum & Bass", 120.0, 0.4, 120.0),
        ("Dubstep", 70.0, 0.95, 70.0),
    ],
)
def test_a_genre_settles_half_and_double(
    genre: str, measured: float, confidence: float, bpm: float
) -> None:
    found = settled(Tempo(measured, measured * 2, confidence), genres=("Other", genre))
    assert found.bpm == bpm
    if bpm != measured:
        assert (found.alternative, found.confidence) == (measured, 0.9)


def derived(source: str):
    raw = RawFeatures(
        duration_s=200.0,
        tempo=Tempo(87.0, 174.0, 0.75),
        key=None,
        measured={"spectral_centroid_hz": 1000.0},
        sources={"bpm": source},
    )
    hints = TagHints(genres=("Drum & Bass",), kind="music")
    return derivation.derive_stages(raw, tags=hints, embedding=(), timer=StageTimer())


def test_the_raw_tempo_stays_and_that_of_a_tag_is_kept() -> None:
    measured = derived("backbeat")
    assert measured.normalized.bpm == 174.0 and measured.raw.tempo.bpm == 87.0
    assert measured.tempo is not None and measured.tempo.alternative == 87.0
    assert derived("standards").normalized.bpm == 87.0
