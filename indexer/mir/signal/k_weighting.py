"""K-weighting filter of programme loudness. Source: ITU-R BS.1770-4."""

from __future__ import annotations

import numpy as np


def k_weighting(sample_rate: int) -> np.ndarray:
    """Return the K filter (shelf, then high-pass) as second-order sections, float64 (2, 6).

    The analogue prototypes are those of the 48 kHz coefficients of BS.1770-4.
    """
    shelf_gain, shelf_q, shelf_hz = 10 ** (3.999843853973347 / 20), 0.7071752369554196, 1681.9744509
    k = np.tan(np.pi * shelf_hz / sample_rate)
    mid = shelf_gain**0.4996667741545416
    norm = 1 + k / shelf_q + k * k
    shelf = [
        (shelf_gain + mid * k / shelf_q + k * k) / norm,
        2 * (k * k - shelf_gain) / norm,
        (shelf_gain - mid * k / shelf_q + k * k) / norm,
        1.0,
        2 * (k * k - 1) / norm,
        (1 - k / shelf_q + k * k) / norm,
    ]
    pass_q, pass_hz = 0.5003270373238773, 38.13547087602444
    k = np.tan(np.pi * pass_hz / sample_rate)
    norm = 1 + k / pass_q + k * k
    high_pass = [1, -2, 1, 1.0, 2 * (k * k - 1) / norm, (1 - k / pass_q + k * k) / norm]
    return np.array([shelf, high_pass])
