"""Pitch-class profiles."""

import tracemalloc

import numpy as np

from indexer.mir.signal.spectrum import ANALYSIS_RATE_HZ as RATE
from indexer.mir.tonality import chroma


def most_bytes(seconds: int) -> int:
    """What the peaks of a recording of silence take at most, its samples apart."""
    samples = np.zeros(seconds * RATE, dtype=np.float32)
    tracemalloc.start()
    chroma.peak_spectra(samples)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def test_three_hours_take_no_more_memory_than_ten_minutes():
    assert most_bytes(3 * 3600) < 1.1 * most_bytes(600) < 20e6
