import dataclasses

import numpy as np
import pytest

from indexer.mir.signal.spectrum import ANALYSIS_RATE_HZ as RATE
from indexer.mir.tonality import cadence
from indexer.mir.tonality import key as key_stage
from indexer.mir.tonality.chroma import chroma
from indexer.mir.tonality.key import PITCH_CLASSES, camelot, estimate_key, key_clarity, parse_key
from store.vocabulary import CAMELOT
from store.vocabulary import PITCH_CLASSES as STORE_PITCH_CLASSES

MAJOR_CADENCE = ((0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7))
MINOR_CADENCE = ((0, 3, 7), (5, 8, 12), (7, 10, 14), (0, 3, 7))


def chords(cadence, *, tonic: int, cents: float = 0.0) -> np.ndarray:
    t = np.arange(int(1.0 * RATE)) / RATE
    parts = []
    for chord in cadence * 2:
        sound = np.zeros(len(t))
        for step in (*chord, chord[0] - 12):
            hz = 261.63 * 2 ** ((tonic + step + cents / 100) / 12)
            for partial in range(1, 5):
                sound += np.sin(2 * np.pi * hz * partial * t) / partial**1.5
        parts.append(sound * np.exp(-t))
    return (np.concatenate(parts) * 0.1).astype(np.float32)


@pytest.mark.parametrize("tonic", range(12))
@pytest.mark.parametrize(("scale", "cadence"), [("major", MAJOR_CADENCE), ("minor", MINOR_CADENCE)])
def test_a_cadence_has_its_key(tonic, scale, cadence):
    key = estimate_key(chroma(chords(cadence, tonic=tonic)))
    assert key is not None
    assert (key.tonic, key.scale) == (PITCH_CLASSES[tonic], scale)
    assert key.camelot == CAMELOT[key.tonic, key.scale]
    assert 0 < key.confidence < 1


@pytest.mark.parametrize("cents", [-35.0, 0.0, 30.0])
def test_the_tuning_is_found_and_taken_out(cents):
    key = estimate_key(chroma(chords(MAJOR_CADENCE, tonic=2, cents=cents)))
    assert key is not None
    assert key.tonic == "D"
    assert key.tuning_cents == pytest.approx(cents, abs=8)


def test_silence_and_noise_have_no_key():
    silence = chroma(np.zeros(5 * RATE, dtype=np.float32))
    assert silence is None
    assert estimate_key(silence) is None
    assert key_clarity(silence) is None
    noise = np.random.default_rng(0).normal(0, 0.2, 20 * RATE).astype(np.float32)
    clear = key_clarity(chroma(chords(MAJOR_CADENCE, tonic=0)))
    blurred = key_clarity(chroma(noise))
    assert clear is not None and blurred is not None
    assert blurred < 0.5 < clear


def drums(*, snare_tone: float = 0.0) -> np.ndarray:
    """A kick whose pitch falls, a snare of noise on a tone, hats of noise."""
    random, t = np.random.default_rng(1), np.arange(int(0.25 * RATE)) / RATE
    kick = np.sin(2 * np.pi * (50 * t + 6 * (1 - np.exp(-t * 30)))) * np.exp(-t * 18)
    snare = (random.normal(0, 0.5, len(t)) + snare_tone * np.sin(2 * np.pi * 185 * t)) * np.exp(
        -t * 25
    )
    hat = np.diff(random.normal(0, 0.4, len(t) + 1)) * np.exp(-t * 60)
    bar = np.concatenate([kick, hat, snare, hat, kick, kick + hat, snare, hat])
    return np.resize(0.2 * bar, 16 * RATE).astype(np.float32)


def test_drums_alone_have_no_key():
    assert estimate_key(chroma(drums())) is None


def test_the_tone_of_a_snare_is_no_sure_key():
    profile = chroma(drums(snare_tone=1.0))
    assert profile is not None and 0 < profile.pitch_share < 0.1
    key = estimate_key(profile)
    assert key is None or key.confidence < 0.75


def test_few_pitches_limit_the_confidence():
    clear = chroma(chords(MAJOR_CADENCE, tonic=2))
    assert clear is not None and clear.pitch_share > 0.5
    key = estimate_key(clear)
    limited = estimate_key(dataclasses.replace(clear, pitch_share=0.03))
    assert key is not None and limited is not None
    assert limited.confidence < 0.65 and limited.tonic == key.tonic


def test_profiles_are_unit_vectors_and_finite_at_full_scale():
    square = np.sign(chords(MAJOR_CADENCE, tonic=5)).astype(np.float32)
    profile = chroma(square)
    assert profile is not None
    np.testing.assert_allclose(np.linalg.norm(profile.treble, axis=1), 1, atol=1e-4)
    assert np.isfinite(profile.bass).all()


def test_audio_shorter_than_a_frame_is_padded():
    assert chroma(chords(MAJOR_CADENCE, tonic=0)[:1000]) is not None


def test_names_and_camelot_agree_with_the_store():
    assert PITCH_CLASSES == STORE_PITCH_CLASSES
    for (tonic, scale), code in CAMELOT.items():
        assert camelot(tonic, "major" if scale == "major" else "minor") == code


@pytest.mark.parametrize(
    ("text", "tonic", "scale"),
    [
        ("Am", "A", "minor"),
        ("F#m", "F#", "minor"),
        ("C", "C", "major"),
        ("Bb", "A#", "major"),
        ("E♭ minor", "D#", "minor"),
        ("A minor", "A", "minor"),
        ("la mineur", "A", "minor"),
        ("Do majeur", "C", "major"),
        ("ré♯ mineur", "D#", "minor"),
        ("8A", "A", "minor"),
        ("12B", "E", "major"),
        ("1m", "A", "minor"),
        ("1d", "C", "major"),
        ("Bbmin", "A#", "minor"),
        ("Cmaj", "C", "major"),
        ("AM", "A", "major"),
    ],
)
def test_keys_in_tags_are_read(text, tonic, scale):
    key = parse_key(text)
    assert key is not None
    assert (key.tonic, key.scale) == (tonic, scale)


@pytest.mark.parametrize("text", ["", "o", "13A", "0B", "hello", "Am7b5!", "Off-key", "C D E"])
def test_other_text_is_no_key(text):
    assert parse_key(text) is None


def test_corrections_of_the_profiles_are_small():
    known = key_stage.key_weights()
    published = key_stage.published_weights()
    assert known.sharpness > 1
    assert known.weights.shape == (2, 24 + len(cadence.TRANSITIONS))
    for fitted, given in zip(known.weights, published, strict=True):
        assert np.corrcoef(fitted[:24], given)[0, 1] > 0.8


def test_confidence_grows_with_the_lead():
    known = key_stage.key_weights()
    assert known.slope > 0
    leads = [key_stage.log_odds(np.array([top, 1 - top])) for top in (0.5, 0.7, 0.99, 1.0)]
    assert leads == sorted(leads)
    assert np.isfinite(leads).all()


def test_a_loud_bass_note_does_not_make_the_key():
    """Classes count by the root of their strength."""
    cadence = chords(MAJOR_CADENCE, tonic=0)
    t = np.arange(len(cadence)) / RATE
    drone = 0.25 * np.sin(2 * np.pi * 97.999 * t)
    key = estimate_key(chroma((cadence + drone).astype(np.float32)))
    assert key is not None
    assert (key.tonic, key.scale) == ("C", "major")


def test_an_unclear_key_is_less_sure():
    clear = estimate_key(chroma(chords(MAJOR_CADENCE, tonic=0)))
    fifths = ((0, 7, 12), (7, 14, 19), (0, 7, 12), (2, 9, 14))
    unclear = estimate_key(chroma(chords(fifths, tonic=0)))
    assert clear is not None and unclear is not None
    assert unclear.confidence < clear.confidence


def test_a_work_that_spends_its_middle_elsewhere_has_the_key_of_its_opening():
    home, away = chords(MAJOR_CADENCE * 4, tonic=0), chords(MAJOR_CADENCE * 4, tonic=7)
    key = estimate_key(chroma(np.concatenate([home, away, away])))
    assert key is not None
    assert (key.tonic, key.scale) == ("C", "major")


def test_the_last_chord_counts_where_the_recording_is_not_cut():
    cadence_twice = chords(MAJOR_CADENCE, tonic=0)
    cut, dies_away = (chroma(np.pad(cadence_twice, (0, silence))) for silence in (0, RATE))
    assert cut is not None and dies_away is not None
    assert not cut.ends
    assert dies_away.ends
    home = [key_stage.key_features(profile)[0, 0] for profile in (cut, dies_away)]
    assert home[1] > home[0]
