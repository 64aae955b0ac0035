"""Ranges: what a curve of losses says about a constant, on curves whose answer is known."""

import numpy as np
import pytest

from synaprune.calibration.sensitivity.ranges import (
    BOUNDED_ABOVE,
    BOUNDED_BELOW,
    FREE,
    IDENTIFIED,
    allowed_worsening,
    classify,
    envelope,
    grid,
)
from synaprune.errors import InputError


@pytest.mark.parametrize(
    ("losses", "verdict", "low", "high"),
    [
        ([9, 4, 1, 0, 1, 4, 9], IDENTIFIED, -1.5 + 0.5, 1.0),
        ([9, 4, 1, 0, 0, 0, 0], BOUNDED_BELOW, -1.0, 3.0),
        ([0, 0, 0, 0, 1, 4, 9], BOUNDED_ABOVE, -3.0, 1.0),
        ([0.5, 0.9, 0.2, 0, 0.1, 1.0, 0.3], FREE, -3.0, 3.0),
        # A worse stretch inside does not bind a constant that fits at both ends.
        ([0, 5, 5, 5, 5, 5, 0.5], FREE, -3.0, 3.0),
    ],
)
def test_a_verdict_says_on_which_sides_a_fit_gets_worse(losses, verdict, low, high):
    found = classify([-3, -2, -1, 0, 1, 2, 3], losses, allowed=1.0, logarithmic=False)
    assert found.verdict == verdict
    assert (found.low, found.high) == pytest.approx((low, high))
    assert found.loss == 0


def test_ends_are_interpolated_on_the_scale():
    found = classify([1, 10, 100], [3.0, 0.0, 1.5], allowed=1.0, logarithmic=True)
    assert found.low == pytest.approx(10 ** (1 - 1 / 3))
    assert found.high == pytest.approx(10 ** (1 + 2 / 3))


def test_a_value_that_cannot_be_computed_counts_as_worse_and_gives_no_slope():
    found = classify([1, 2, 3, 4], [np.nan, 0.5, 0.4, np.nan], allowed=1.0, logarithmic=False)
    assert found.verdict == IDENTIFIED
    assert (found.low, found.high, found.best) == (2.0, 3.0, 3.0)


def test_two_targets_may_go_to_the_edge_of_their_tolerance():
    # The edge costs log2(1 + 1) = 1 times the target's share of the weights.
    assert allowed_worsening([1.0] * 100) == pytest.approx(0.02)
    assert allowed_worsening([2.0, 2.0, 0.0, 0.0]) == pytest.approx(1.0)
    with pytest.raises(InputError) as told:
        allowed_worsening([0.0])
    assert str(told.value) == "targets: none has a weight"


def test_a_grid_has_both_ends_exactly():
    values = grid(0.005, 3.0, 7, logarithmic=True)
    assert (values[0], values[-1]) == (0.005, 3.0)
    assert np.diff(np.log(values)) == pytest.approx(np.full(6, np.log(600) / 6))
    assert grid(0.3, 0.6, 4, logarithmic=False) == pytest.approx([0.3, 0.4, 0.5, 0.6])


def test_the_envelope_takes_the_best_trial_of_every_bin():
    table = envelope(
        [0.1, 0.2, 0.9, 1.0, 2.5, 7.0], [5.0, 4.0, 3.0, np.nan, 1.0, 0.0], [0.0, 0.5, 1.0, 2.0, 3.0]
    )
    assert table.to_dict("list") == {
        "value": [0.2, 0.9, 2.5],
        "loss": [4.0, 3.0, 1.0],
        "trials": [2, 1, 1],
    }


def test_the_last_edge_belongs_to_the_last_bin():
    assert envelope([1.0], [2.0], [0.0, 0.5, 1.0])["trials"].tolist() == [1]


def test_mistakes_are_one_line():
    with pytest.raises(InputError) as told:
        classify([1, 2], [0, 0], 1.0, logarithmic=False)
    assert str(told.value) == "ranges: 3 values of a constant are needed (got 2)"
    with pytest.raises(InputError) as told:
        classify([1, 2, 3], [np.nan] * 3, 1.0, logarithmic=False)
    assert str(told.value) == "ranges: no value of the constant could be computed"
