"""Screening: effects by hand, the library's own numbers, and a floor that is not nothing."""

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import morris

from synaprune.calibration.sensitivity.screening import (
    OTHER_PATIENTS,
    design,
    elementary_effects,
    screened,
)
from synaprune.errors import InputError


def rows(table: pd.DataFrame) -> dict[str, dict]:
    return {row["name"]: row for row in table.to_dict(orient="records")}


def test_every_trajectory_moves_every_axis_once():
    laid = design(["a", "b", "c"], trajectories=5, seed=3)
    assert laid.names == ("a", "b", "c", OTHER_PATIENTS)
    assert len(laid) == 5 * 5
    for trajectory in laid.shares.reshape(5, 5, 4):
        moves = np.diff(trajectory, axis=0) != 0
        assert moves.sum(axis=0).tolist() == [1, 1, 1, 1]
        assert moves.sum(axis=1).tolist() == [1, 1, 1, 1]


def test_the_seed_decides_the_design():
    first, again, other = (design(["a", "b"], 4, seed).shares for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_an_evaluation_is_told_which_patients():
    laid = design(["a"], trajectories=6, seed=1)
    told = [(shares, people) for shares, people in laid]
    assert {people for _, people in told} == {0, 1, 2, 3}
    assert told[0][0] == {"a": laid.shares[0, 0]}


def test_effects_of_a_plane_are_its_slopes():
    laid = design(["a", "b"], trajectories=8, seed=5)
    plane = 2.0 * laid.shares[:, 0] - 7.0 * laid.shares[:, 1] + 1.0
    effects = elementary_effects(laid, plane)
    assert effects == pytest.approx(np.tile([2.0, -7.0, 0.0], (8, 1)))
    found = rows(screened(laid, {"loss": plane}))
    assert (found["b"]["mu"], found["b"]["mu_star"]) == pytest.approx((-7.0, 7.0))
    assert found["b"]["sigma"] == pytest.approx(0.0, abs=1e-12)
    assert (found["b"]["lower"], found["b"]["upper"]) == pytest.approx((7.0, 7.0))


def test_it_agrees_with_the_library():
    laid = design(["a", "b", "c"], trajectories=10, seed=2)
    a, b, c, _ = laid.shares.T
    values = np.sin(5 * a) + a * b**2 - 0.3 * c
    problem = {"num_vars": 4, "names": list(laid.names), "bounds": [[0, 1]] * 4}
    theirs = morris.analyze(problem, laid.shares, values, num_levels=4, seed=1)
    ours = screened(laid, {"loss": values})
    for name in ("mu", "mu_star", "sigma"):
        assert ours[name].to_numpy() == pytest.approx(np.asarray(theirs[name], float))


def test_what_moves_less_than_other_patients_is_not_above_the_floor():
    laid = design(["strong", "weak"], trajectories=30, seed=4)

    def loss(shares, people):
        chance = (0.0, 0.9, -0.4, 0.5)[people]
        return 5.0 * shares["strong"] + 0.01 * shares["weak"] + chance

    table = screened(laid, {"loss": [loss(*place) for place in laid]})
    found = rows(table)
    assert found["strong"]["above"]
    assert not found["weak"]["above"]
    assert not found[OTHER_PATIENTS]["above"]
    # A step goes over two of four levels: from patients 0 to 2 or 1 to 3, 0.4 for 2/3 of the range.
    floor = found[OTHER_PATIENTS]["mu_star"]
    assert floor == pytest.approx(0.4 / (2 / 3))
    assert (table["floor"] == floor).all()


def test_the_interval_holds_the_mean_and_is_the_same_again():
    laid = design(["a", "b"], trajectories=12, seed=6)
    values = laid.shares[:, 0] * laid.shares[:, 1]
    first, again = (screened(laid, {"loss": values}) for _ in range(2))
    pd.testing.assert_frame_equal(first, again)
    assert (first["lower"] <= first["mu_star"] + 1e-12).all()
    assert (first["mu_star"] <= first["upper"] + 1e-12).all()


def test_a_trajectory_with_a_failed_trial_is_left_out():
    laid = design(["a"], trajectories=4, seed=1)
    values = 3.0 * laid.shares[:, 0]
    values[4] = np.nan
    found = rows(screened(laid, {"loss": values}))
    assert found["a"]["trajectories"] == 3
    assert found["a"]["mu_star"] == pytest.approx(3.0)


def test_mistakes_are_one_line():
    with pytest.raises(InputError) as told:
        design(["a"], trajectories=1, seed=1)
    assert str(told.value) == "trajectories: must be at least 2 (got 1)"
    with pytest.raises(InputError) as told:
        design([], trajectories=2, seed=1)
    assert str(told.value) == "screening: no constant to move"
    laid = design(["a"], trajectories=2, seed=1)
    with pytest.raises(InputError) as told:
        screened(laid, {"loss": [1.0]})
    assert str(told.value) == "screening: loss has 1 values for 6 evaluations"
    with pytest.raises(InputError) as told:
        screened(laid, {"loss": [np.nan] * 6})
    assert str(told.value) == ("screening: loss is finite in 0 whole trajectories; 2 are needed")
