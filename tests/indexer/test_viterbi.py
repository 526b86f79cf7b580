import itertools

import numpy as np
import pytest

from indexer.viterbi import trace_back, viterbi


def total(path, scores, costs):
    moves = itertools.pairwise(path)
    return sum(scores[np.arange(len(path)), path]) - sum(costs[a, b] for a, b in moves)


@pytest.mark.parametrize("seed", range(5))
def test_no_other_path_has_a_higher_total(seed):
    rng = np.random.default_rng(seed)
    scores, costs = rng.normal(size=(6, 3)), rng.uniform(0, 2, (3, 3))
    best = max(
        itertools.product(range(3), repeat=6), key=lambda path: total(list(path), scores, costs)
    )
    assert viterbi(scores, costs).tolist() == list(best)


def test_costs_are_read_from_row_to_column():
    scores = np.array([[1.0, 0.0], [0.0, 1.5]])
    assert viterbi(scores, np.array([[0.0, 3.0], [0.0, 0.0]])).tolist() == [1, 1]
    assert viterbi(scores, np.array([[0.0, 0.0], [3.0, 0.0]])).tolist() == [0, 1]


def test_among_equal_paths_the_lowest_states_win():
    assert viterbi(np.zeros((4, 3)), np.zeros((3, 3))).tolist() == [0, 0, 0, 0]


def test_one_step_takes_the_best_state():
    assert viterbi(np.array([[0.0, 2.0, 1.0]]), np.ones((3, 3))).tolist() == [1]


def test_a_chain_is_followed_back_to_its_start():
    assert trace_back(np.array([-1, -1, 0, 1, 2]), 4).tolist() == [0, 2, 4]
    assert trace_back(np.array([-1, -1]), 1).tolist() == [1]
    assert trace_back(np.array([-1]), -1).size == 0
