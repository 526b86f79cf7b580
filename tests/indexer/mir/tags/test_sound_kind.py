import pytest

from indexer.mir import derivation
from indexer.mir.stage_timer import StageTimer
from indexer.mir.tags import sound_kind
from indexer.mir.types import Key, RawFeatures, TagHints, Tempo

SOUNDING = {"spectral_centroid_hz": 1500.0, "onset_rate_hz": 3.0}


def raw(*, seconds: float = 200.0, measured=SOUNDING) -> RawFeatures:
    return RawFeatures(
        duration_s=seconds,
        tempo=Tempo(90.0, 180.0, 0.9),
        key=Key("G", "minor", "6A", 0.9),
        measured=measured,
        tagger={"msd:rock": 0.1},
    )


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch):
    def set_to(**probabilities: float) -> None:
        monkeypatch.setattr(sound_kind, "probabilities", lambda *_: probabilities)

    return set_to


def test_what_the_file_says_outweighs_its_sound(heard) -> None:
    heard(music=0.0, speech=1.0, sound=0.0)
    assert sound_kind.kind_of(raw(), tags=TagHints(kind="music")) == "music"
    assert sound_kind.kind_of(raw(), tags=TagHints(kind="podcast")) == "podcast"


def test_only_what_is_clearly_speech_is_no_music(heard) -> None:
    heard(music=0.05, speech=0.95, sound=0.0)
    assert sound_kind.kind_of(raw(), tags=TagHints()) == "speech"
    heard(music=0.25, speech=0.75, sound=0.0)
    assert sound_kind.kind_of(raw(), tags=TagHints()) == "music"
    assert sound_kind.kind_of(raw(), tags=TagHints(may_be_speech=True)) == "speech"
    assert sound_kind.kind_of(raw(seconds=2400), tags=TagHints()) == "speech"


def test_silence_is_no_music() -> None:
    silent = RawFeatures(duration_s=20.0, tempo=Tempo(None, None, 0.0), key=None, measured={})
    assert sound_kind.kind_of(silent, tags=TagHints()) == "silence"


def test_without_the_tagger_sound_says_nothing() -> None:
    assert sound_kind.probabilities({}, SOUNDING) == {}


def test_the_shipped_weights_tell_a_voice_from_a_band() -> None:
    inputs = sound_kind.weights()["inputs"]
    voice, band = (
        sound_kind.probabilities(
            {name: 0.6 if name in high else 0.01 for name in inputs if ":" in name}, {}
        )
        for high in (("mtt:male voice", "mtt:man"), ("mtt:guitar", "mtt:drums", "msd:rock"))
    )
    assert voice["speech"] > band["speech"] and band["music"] > 0.9


def test_what_is_no_music_has_no_genre_key_tempo_or_mood() -> None:
    hints = TagHints(kind="audiobook", genres=("Rock",), moods=("happy",))
    result = derivation.derive_stages(raw(), tags=hints, embedding=(), timer=StageTimer())
    assert result.kind == "audiobook"
    normalized = result.normalized
    assert (normalized.genre_main, normalized.key, normalized.bpm) == (None, None, None)
    assert max(result.moods.values()) == 0 and not result.synthetic_tags
    assert result.raw.key is not None
