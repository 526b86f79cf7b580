import numpy as np
import pytest
from scipy import signal

from indexer.mir.signal.cascade import CascadeFilter
from indexer.mir.signal.k_weighting import k_weighting


@pytest.mark.parametrize("rate", [8_000, 44_100, 192_000])
def test_it_filters_as_scipy_does_however_the_blocks_fall(rate: int):
    sections = k_weighting(rate)
    noise = np.random.default_rng(0).standard_normal((2, 70_000)).astype(np.float32)
    noise[:, 20_000:] += 3  # an offset is what the high-pass has to forget
    expected = np.asarray(signal.sosfilt(sections, noise, axis=-1))
    cascade, position = CascadeFilter(sections, channels=2), 0
    for n in (1, 5, 31, 32, 33, 64, 1000, 40_000, 28_834):
        found = cascade.feed(noise[:, position : position + n])
        assert found.shape == (2, n)
        assert found == pytest.approx(expected[:, position : position + n], abs=2e-5)
        position += n
    assert position == noise.shape[1]
