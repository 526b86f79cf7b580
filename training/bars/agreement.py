"""Whether bar lines that were read are the true ones."""

from __future__ import annotations

from typing import Final

import numpy as np

_BAR_WINDOW_S: Final = 0.07
"""The tolerance that beat trackers are measured with."""
MIN_AGREEMENT: Final = 0.85


def bar_lines_agree(bars: np.ndarray, truth: np.ndarray) -> bool:
    """Whether nearly all bar lines of both meet."""
    inside = bars[(bars > truth[0] - _BAR_WINDOW_S) & (bars < truth[-1] + _BAR_WINDOW_S)]
    if not inside.size:
        return False
    gaps = np.abs(truth[:, np.newaxis] - inside)
    hits = min((gaps.min(axis=0) < _BAR_WINDOW_S).sum(), (gaps.min(axis=1) < _BAR_WINDOW_S).sum())
    return 2 * hits / (truth.size + inside.size) >= MIN_AGREEMENT
