"""Values of EBU Tech 3341 and 3342 where they name a synthetic signal."""

import numpy as np
import pytest

from indexer.mir.signal.loudness import LoudnessMeter, measure
from indexer.mir.types import AnalysisError

RATE = 48_000


def sine(*, seconds: float, dbfs: float, hz: float = 1000.0, channels: int = 2) -> np.ndarray:
    t = np.arange(int(seconds * RATE)) / RATE
    tone = 10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * t)
    return np.tile(tone.astype(np.float32), (channels, 1))


def test_full_scale_sine_in_one_channel_reads_minus_3_lufs():
    result = measure(sine(seconds=5, dbfs=0, hz=997, channels=1), sample_rate=RATE)
    assert result.integrated_lufs == pytest.approx(-3.01, abs=0.02)
    assert result.true_peak_dbtp == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize("dbfs", [-23.0, -33.0])
def test_stereo_sine_reads_its_level(dbfs):
    result = measure(sine(seconds=20, dbfs=dbfs), sample_rate=RATE)
    assert result.integrated_lufs == pytest.approx(dbfs, abs=0.1)


def test_quiet_parts_are_gated_out():
    parts = [sine(seconds=s, dbfs=d) for s, d in ((10, -36), (60, -23), (10, -36))]
    result = measure(np.concatenate(parts, axis=1), sample_rate=RATE)
    assert result.integrated_lufs == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize(("levels", "range_lu"), [((-20, -30), 10), ((-20, -15), 5)])
def test_range_of_two_levels_is_their_distance(levels, range_lu):
    audio = np.concatenate([sine(seconds=20, dbfs=d) for d in levels], axis=1)
    assert measure(audio, sample_rate=RATE).range_lu == pytest.approx(range_lu, abs=1.0)


def test_peaks_between_samples_are_found():
    n = np.arange(RATE)
    tone = (0.5 * np.sin(np.pi / 2 * n + np.pi / 4)).astype(np.float32)
    assert np.abs(tone).max() < 0.36
    result = measure(tone, sample_rate=RATE)
    assert result.true_peak_dbtp == pytest.approx(-6.02, abs=0.3)


def test_blocks_of_any_size_give_the_same_result():
    noise = np.random.default_rng(1).normal(0, 0.1, (2, 10 * RATE)).astype(np.float32)
    noise[:, 5 * RATE :] *= 0.2
    whole = measure(noise, sample_rate=RATE)
    meter = LoudnessMeter(sample_rate=RATE, channels=2)
    for start in range(0, noise.shape[1], 7001):
        meter.feed(noise[:, start : start + 7001])
    parts = meter.result()
    assert parts.integrated_lufs == pytest.approx(whole.integrated_lufs, abs=1e-6)
    assert parts.range_lu == pytest.approx(whole.range_lu, abs=0.02)
    assert parts.true_peak_dbtp == pytest.approx(whole.true_peak_dbtp, abs=1e-4)


def test_silence_and_very_short_audio_have_no_loudness():
    silent = measure(np.zeros((2, RATE), dtype=np.float32), sample_rate=RATE)
    assert (silent.integrated_lufs, silent.range_lu, silent.true_peak_dbtp) == (None, None, None)
    short = measure(sine(seconds=0.1, dbfs=-10), sample_rate=RATE)
    assert short.integrated_lufs is None
    assert short.true_peak_dbtp == pytest.approx(-10, abs=0.1)


def test_low_frequency_effects_are_not_heard():
    audio = np.zeros((6, 5 * RATE), dtype=np.float32)
    audio[3] = sine(seconds=5, dbfs=-6, channels=1)[0]
    assert measure(audio, sample_rate=RATE).integrated_lufs is None


def test_values_that_are_not_finite_count_as_silence():
    audio = sine(seconds=5, dbfs=-23)
    audio[:, 100] = np.nan
    result = measure(audio, sample_rate=RATE)
    assert result.integrated_lufs == pytest.approx(-23, abs=0.1)


def test_another_number_of_channels_is_refused_in_plain_words():
    meter = LoudnessMeter(sample_rate=RATE, channels=2)
    with pytest.raises(AnalysisError, match="number of channels changed"):
        meter.feed(np.zeros((1, 10), dtype=np.float32))
