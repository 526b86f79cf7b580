import numpy as np
import pytest

from indexer.mir.signal import spectral, spectrum
from indexer.mir.types import AnalysisError

RATE = spectrum.ANALYSIS_RATE_HZ


def tone(hz: float, *, seconds: float = 2.0, amplitude: float = 0.5) -> np.ndarray:
    t = np.arange(int(seconds * RATE)) / RATE
    return (amplitude * np.sin(2 * np.pi * hz * t)).astype(np.float32)


def described(samples: np.ndarray) -> dict[str, float]:
    return spectral.summarise(spectrum.scan(samples).descriptors)


@pytest.mark.parametrize("hz", [440.0, 1000.0, 4000.0])
def test_a_sine_has_its_centroid_and_rolloff_at_its_frequency(hz):
    found = described(tone(hz))
    assert found["spectral_centroid_hz"] == pytest.approx(hz, rel=0.05)
    assert found["spectral_rolloff_hz"] == pytest.approx(hz, abs=50)
    assert found["spectral_flatness"] < 0.01


def test_white_noise_is_flat_and_wide():
    noise = np.random.default_rng(0).normal(0, 0.1, 2 * RATE).astype(np.float32)
    found = described(noise)
    assert found["spectral_flatness"] > 0.4
    assert found["spectral_centroid_hz"] == pytest.approx(RATE / 4, rel=0.05)
    assert found["high_energy_ratio"] == pytest.approx(1 - 5000 / (RATE / 2), abs=0.05)
    assert spectral.zero_crossing_rate(noise) == pytest.approx(0.5, abs=0.02)


def test_flux_tells_change_from_stillness():
    still = described(tone(440))["spectral_flux"]
    moving = np.concatenate([tone(hz, seconds=0.1) for hz in (300, 900, 400, 1500, 600) * 4])
    assert described(moving)["spectral_flux"] > 5 * still


def test_silence_leaves_no_descriptors_and_no_onsets():
    scan = spectrum.scan(np.zeros(RATE, dtype=np.float32))
    assert scan.silent
    assert spectral.summarise(scan.descriptors) == {}
    assert not scan.onset_curves.any()


def test_curves_do_not_depend_on_the_level():
    rng = np.random.default_rng(2)
    audio = (tone(200) * (rng.random(2 * RATE) > 0.5)).astype(np.float32)
    loud, quiet = spectrum.scan(audio), spectrum.scan(audio * np.float32(0.05))
    np.testing.assert_allclose(loud.onset_curves, quiet.onset_curves, atol=1e-3)


def test_descriptors_are_finite_at_full_scale():
    square = np.sign(tone(100)).astype(np.float32)
    assert all(np.isfinite(v) for v in described(square).values())


def test_level_descriptors_of_known_signals():
    assert spectral.crest_factor_db(tone(440)) == pytest.approx(3.01, abs=0.05)
    assert spectral.crest_factor_db(np.sign(tone(441.5))) == pytest.approx(0.0, abs=0.05)
    assert spectral.crest_factor_db(np.zeros(10, dtype=np.float32)) == 0.0
    steps = np.concatenate([tone(440, amplitude=0.5), tone(440, amplitude=0.05)])
    assert spectral.level_variation_db(steps, sample_rate=RATE) == pytest.approx(10, abs=0.5)


def test_resampling_keeps_the_pitch():
    t = np.arange(44_100) / 44_100
    audio = np.sin(2 * np.pi * 1000 * t).astype(np.float32)
    found = described(spectrum.to_analysis_rate(audio, sample_rate=44_100))
    assert found["spectral_centroid_hz"] == pytest.approx(1000, rel=0.1)


@pytest.mark.parametrize("bad", [np.zeros((2, 10), dtype=np.float32), np.zeros(0, np.float32)])
def test_wrong_shapes_are_refused(bad):
    with pytest.raises(AnalysisError):
        spectrum.to_analysis_rate(bad, sample_rate=RATE)
