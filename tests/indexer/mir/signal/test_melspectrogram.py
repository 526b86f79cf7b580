from __future__ import annotations

import numpy as np
import pytest

from indexer.mir.signal.melspectrogram import (
    FFT_SAMPLES,
    HOP_SAMPLES,
    MELS,
    SAMPLE_RATE,
    hz_to_mel,
    log_mel,
    mel_filters,
    mel_power,
    mel_to_hz,
)


def music_like(duration_s: float) -> np.ndarray:
    random = np.random.default_rng(0)
    time_s = np.arange(int(duration_s * SAMPLE_RATE)) / SAMPLE_RATE
    tones = sum(np.sin(2 * np.pi * f * time_s) / n for n, f in enumerate((110, 440, 1800, 6100), 1))
    return (0.2 * tones + random.normal(0, 0.02, time_s.size)).astype(np.float32)


def test_equals_librosa():
    import librosa

    samples = music_like(4.0)
    expected = librosa.feature.melspectrogram(
        y=samples,
        sr=SAMPLE_RATE,
        n_fft=FFT_SAMPLES,
        hop_length=HOP_SAMPLES,
        n_mels=MELS,
    ).T
    actual = mel_power(samples)
    assert actual.shape == expected.shape
    np.testing.assert_allclose(actual, expected, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(log_mel(samples), np.log10(10_000 * expected + 1), atol=1e-4)


def test_filters_equal_librosa():
    import librosa

    expected = librosa.filters.mel(sr=SAMPLE_RATE, n_fft=FFT_SAMPLES, n_mels=MELS)
    np.testing.assert_allclose(mel_filters(), expected, atol=1e-6)


def test_mel_scale():
    frequencies_hz = np.array([0.0, 200 / 3, 1000.0, 6400.0])
    np.testing.assert_allclose(hz_to_mel(frequencies_hz), [0, 1, 15, 42], atol=1e-9)
    np.testing.assert_allclose(mel_to_hz(hz_to_mel(frequencies_hz)), frequencies_hz, atol=1e-9)


def test_silence_is_zero_and_full_scale_is_finite():
    assert not log_mel(np.zeros(SAMPLE_RATE, np.float32)).any()
    square = np.sign(np.sin(np.arange(SAMPLE_RATE) * 0.1)).astype(np.float32)
    loud = log_mel(square)
    assert np.isfinite(loud).all()
    assert loud.max() > 4


@pytest.mark.parametrize("count", [0, 1, 255, 256, 47_616])
def test_frame_count(count):
    assert log_mel(np.zeros(count, np.float32)).shape == (1 + count // HOP_SAMPLES, MELS)


def test_long_input_equals_its_parts():
    samples = music_like(80.0)
    whole = log_mel(samples)
    start = 4000  # frames: across the border of the chunks
    part = log_mel(samples[start * HOP_SAMPLES : (start + 200) * HOP_SAMPLES])
    np.testing.assert_allclose(whole[start + 2 : start + 198], part[2:198], atol=1e-4)
