import numpy as np

from indexer.drums.hearing.families import family_peaks


def test_peaks_keep_their_distance():
    curve = np.zeros(40, np.float32)
    curve[[10, 13, 20, 30]] = 0.6, 0.8, 0.7, 0.3
    assert family_peaks(curve, 0.5) == [13, 20]
