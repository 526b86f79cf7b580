"""Best paths by dynamic programming.

Source: Forney, "The Viterbi algorithm", Proceedings of the IEEE 61 (1973).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import Float64


def viterbi(scores: Float64, costs: Float64) -> NDArray[np.intp]:
    """Return the state of each step on the path with the highest total score.

    The total is the sum of the scores of the visited states less the costs of the transitions
    between them. Among equal totals the state with the lower index wins.

    Args:
        scores: float64, (n_steps, n_states), at least one step: log-likelihoods, or any score
            that adds up.
        costs: float64, (n_states, n_states), in the unit of the scores: `costs[i, j]` is the cost
            of going from state i to state j.

    Returns:
        intp, (n_steps,), 0..n_states − 1.
    """
    states = np.arange(scores.shape[1])
    total, previous = scores[0], np.zeros(scores.shape, np.intp)
    for step in range(1, len(scores)):
        candidates = total[:, np.newaxis] - costs
        previous[step] = np.argmax(candidates, axis=0)
        total = candidates[previous[step], states] + scores[step]
    path = np.zeros(len(scores), np.intp)
    path[-1] = np.argmax(total)
    for step in range(len(scores) - 1, 0, -1):
        path[step - 1] = previous[step, path[step]]
    return path


def trace_back(previous: NDArray[np.integer], last: int) -> NDArray[np.intp]:
    """Return the indices of the chain that ends in `last`, first one first.

    Args:
        previous: int, (n,): index of the predecessor of each element, negative where it has none.
        last: Index of the last element of the chain; a negative one gives an empty chain.
    """
    chain: list[int] = []
    while last >= 0:
        chain.append(last)
        last = int(previous[last])
    return np.array(chain[::-1], np.intp)
