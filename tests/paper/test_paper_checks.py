"""The vocabulary of checks, by hand-computed values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from synaprune.paper.checks import (
    above,
    all_ordered,
    at_least,
    at_most,
    between,
    in_most,
    ordered,
    stated,
    twin_effect,
    unchanged,
)
from synaprune.paper.courses import first_cycle, highest, lowest, mean_over, slope
from synaprune.paper.intervals import mean_interval, spread
from synaprune.paper.part import Part
from synaprune.paper.verdicts import verdict


def test_t_interval_by_hand():
    # mean 5, squared deviations 4 + 0 + 4 + 0, t(0.975, 3) = 3.182446
    half = 3.182446305 * np.sqrt(8 / 3) / np.sqrt(4)
    estimate = mean_interval(np.array([3.0, 5.0, 7.0, 5.0]))
    assert estimate == pytest.approx((5, 5 - half, 5 + half, 4))


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=30).filter(lambda v: np.std(v) > 1e-3))
def test_t_interval_against_scipy(values):
    array = np.array(values)
    low, high = stats.t.interval(0.95, len(array) - 1, loc=array.mean(), scale=stats.sem(array))
    estimate = mean_interval(array)
    assert (estimate.lower, estimate.upper) == pytest.approx((low, high))


def test_t_interval_of_equal_differences_has_no_width():
    assert mean_interval(np.full(5, 2.0)) == (2, 2, 2, 5)


def test_one_patient_has_no_interval():
    estimate = mean_interval(np.array([2.0]))
    assert estimate.value == 2
    assert np.isnan(estimate.lower)
    assert np.isnan(estimate.upper)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40))
def test_spread_is_ordered(values):
    estimate = spread(np.array(values))
    assert estimate.lower <= estimate.value <= estimate.upper


@pytest.mark.parametrize(
    ("differences", "expected"),
    [
        ([1.0], True),
        ([0.0], False),
        ([-1.0], False),
        ([-1.0, 1.0, 1.0], True),
        ([-1.0, -1.0, 3.0, 5.0], False),
        ([0.0, 0.0, 1.0], False),
    ],
)
def test_in_most(differences, expected):
    assert in_most(np.array(differences)) is expected


def test_stated_uses_the_cell_rule():
    assert stated("x", np.array([49.0]), 51, 2).size_holds
    missed = stated("x", np.array([48.9]), 51, 2)
    assert missed.size_holds is False
    assert missed.direction_holds is None
    assert missed.note == "tolerance 2"


@pytest.mark.parametrize(
    ("value", "holds"), [(28, True), (27.9, False), (35, True), (43, True), (43.1, False)]
)
def test_between(value, holds):
    assert between("x", np.array([value]), (30, 40), (2, 3)).size_holds is holds


def test_limits():
    assert above("x", np.array([94.0]), 94).size_holds is False
    assert above("x", np.array([94.01]), 94).size_holds is True
    assert at_least("x", np.array([23.0]), 23).size_holds is True
    assert at_least("x", np.array([22.9]), 23).size_holds is False
    assert at_most("x", np.array([2.0]), 2).size_holds is True
    assert at_most("x", np.array([2.1]), 2).size_holds is False


def test_ordered_reports_who_agrees():
    part = ordered("x", np.array([1.0, 2.0, -4.0]))
    assert (part.estimate, part.direction_holds, part.size_holds) == (1, True, None)
    assert part.note == "2 of 3 patients agree"


def test_all_ordered_shows_the_failing_comparison():
    part = all_ordered("x", {"a": np.array([5.0]), "b": np.array([-1.0]), "c": np.array([2.0])})
    assert part.direction_holds is False
    assert part.name == "x, closest: b"
    assert part.estimate == -1
    assert part.note == "2 of 3 comparisons hold"


def test_unchanged_needs_the_median_and_most_patients():
    assert unchanged("x", np.array([-2.0, 0.0, 2.0]), 2).size_holds
    assert unchanged("x", np.array([3.0]), 2).size_holds is False
    spread_out = unchanged("x", np.array([-9.0, -9.0, 0.0, 9.0, 9.0]), 2)
    assert spread_out.estimate == 0
    assert spread_out.size_holds is False


def test_twin_effect_in_the_t_interval():
    # mean 2, t interval 2 -+ 2.484
    part = twin_effect("x", np.array([1.0, 2.0, 3.0]), (4.4, 4.4), 0.1)
    assert part.size_holds is True
    assert part.direction_holds is True
    assert part.published == "+4.4"
    assert part.note == "published effect inside the t interval of the mean"


def test_twin_effect_inside_the_patients_band():
    values = np.array([0.9] * 40 + [1.1] * 40 + [5.0] * 5)
    part = twin_effect("x", values, (5.0, 5.0), 0.5)
    assert part.upper < 5
    assert part.size_holds is True
    assert part.note == "outside the t interval, inside the patients' band"
    assert twin_effect("x", values, (4.0, 4.0), 0.5).size_holds is False


def test_twin_effect_of_one_patient():
    part = twin_effect("x", np.array([-1.5]), (-1.6, -1.6), 0.2)
    assert part.size_holds is True
    assert part.direction_holds is True
    assert np.isnan(part.lower)
    assert part.note == "one patient: no interval"
    assert twin_effect("x", np.array([-1.3]), (-1.6, -1.6), 0.2).size_holds is False


def test_twin_effect_of_the_wrong_sign():
    part = twin_effect("x", np.array([-1.0, -2.0, -0.5]), (2.0, 3.0), 1)
    assert part.direction_holds is False
    assert part.published == "+2 to +3"


def test_courses():
    course = np.array([[1.0, 5.0, 2.0, 8.0]])
    assert mean_over(course, 1, 2).tolist() == [3.5]
    assert lowest(course, 1).tolist() == [2]
    assert highest(course, 0, 2).tolist() == [5]
    assert first_cycle(course > 4).tolist() == [1]
    assert first_cycle(course > 9).tolist() == [30]
    assert slope(np.array([[0.0, 3.0, 6.0, 9.0]]), 0, 3).tolist() == [3]


def _part(**given):
    return Part(
        **{"name": "x", "estimate": 0, "lower": 0, "upper": 0, "n": 1, "published": ""} | given
    )


@pytest.mark.parametrize(
    ("kind", "parts", "expected"),
    [
        ("size", [{"size_holds": True}], "holds"),
        ("size", [{"size_holds": False}], "does_not_hold"),
        ("size", [{"size_holds": False, "direction_holds": True}], "direction_only"),
        ("size", [{"size_holds": False}, {"direction_holds": True}], "direction_only"),
        ("size", [{"size_holds": True}, {"direction_holds": False}], "does_not_hold"),
        ("size", [{"size_holds": True}, {"size_holds": False, "counts": False}], "holds"),
        ("order", [{"direction_holds": True}], "holds"),
        ("order", [{"direction_holds": False}], "does_not_hold"),
        ("order", [{"direction_holds": True}, {"size_holds": False}], "does_not_hold"),
    ],
)
def test_verdict(kind, parts, expected):
    assert verdict(kind, [_part(**part) for part in parts]) == expected
