import numpy as np
import pytest

from indexer.drums.hearing.mel import (
    BANDS,
    HOP_SAMPLES,
    REFERENCE_RMS,
    SAMPLE_RATE,
    band_edges_hz,
    compressed,
    hz_to_mel,
    mel_power,
    mel_to_hz,
    normalised,
    rms,
)


def sine(hz: float, seconds: float) -> np.ndarray:
    return np.sin(2 * np.pi * hz * np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE).astype(
        np.float32
    )


@pytest.mark.parametrize("hz", [100.0, 440.0, 3000.0, 12000.0])
def test_a_tone_is_loudest_in_its_band(hz: float) -> None:
    power = mel_power(sine(hz, 1.0))
    edges = band_edges_hz()

    loudest = int(np.argmax(power[50]))
    assert edges[loudest] <= hz <= edges[loudest + 2]


def test_frames_do_not_depend_on_blocks() -> None:
    noise = np.random.default_rng(0).standard_normal(15 * SAMPLE_RATE).astype(np.float32)

    whole = mel_power(noise)
    later = mel_power(noise[300 * HOP_SAMPLES :])

    assert whole.shape == (1500, BANDS)
    assert np.allclose(whole[310:-3], later[10:-3], rtol=1e-4)


def test_a_click_is_centred_on_its_frame() -> None:
    samples = np.zeros(SAMPLE_RATE, np.float32)
    samples[50 * HOP_SAMPLES] = 1

    assert int(np.argmax(mel_power(samples).sum(axis=1))) == 50


def test_the_scale_and_its_inverse() -> None:
    for hz in (30.0, 999.0, 1000.0, 4000.0, 17000.0):
        assert mel_to_hz(np.array([hz_to_mel(hz)]))[0] == pytest.approx(hz)


def test_loudness_does_not_matter() -> None:
    tone = sine(440, 0.5)

    assert rms(normalised(0.003 * tone)) == pytest.approx(REFERENCE_RMS, rel=1e-4)
    assert not normalised(np.zeros(100, np.float32)).any()


def test_nothing_gives_no_frames() -> None:
    assert mel_power(np.zeros(0, np.float32)).shape == (0, BANDS)
    assert np.isfinite(compressed(mel_power(np.zeros(1000, np.float32)))).all()
