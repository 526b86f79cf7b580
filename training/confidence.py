"""Whether a confidence tells the chance to be right."""

from __future__ import annotations

import itertools

import numpy as np

CONFIDENCE_EDGES = (0.0, 0.5, 0.7, 0.9, 1.01)


def report_calibration(name: str, confidence: list[float], right: list[bool]) -> None:
    """How many of those in each range of confidence are right."""
    sure, hits = np.array(confidence), np.array(right)
    cells = []
    for low, high in itertools.pairwise(CONFIDENCE_EDGES):
        inside = (sure >= low) & (sure < high)
        if inside.any():
            cells.append(f"{low:.1f}+ {hits[inside].mean():.2f} of {inside.sum()}")
    print(f"{name:6s} right by confidence: {'   '.join(cells)}")
