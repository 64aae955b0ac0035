"""The cell rule at its boundaries, by hand."""

import numpy as np
import pytest

from synaprune.paper.cells import score


def test_median_and_quantiles():
    result = score(np.arange(41.0), 20, 1)
    assert result.estimate == (20, 1, 39, 41)


@pytest.mark.parametrize(("published", "within"), [(53, True), (53.0000001, False), (49, True)])
def test_tolerance_boundary_counts(published, within):
    result = score(np.full(3, 51.0), published, 2)
    assert result.within_tolerance is within
    assert result.agrees is within


def test_decimal_rounding_does_not_decide():
    assert score(np.array([3.87]), 3.97, 0.1).within_tolerance


def test_published_value_inside_the_band_with_five_percent_near():
    values = np.array([0.0] * 18 + [10.0] + [20.0])
    result = score(values, 10.5, 0.5)
    assert not result.within_tolerance
    assert result.inside_band
    assert result.agrees


def test_less_than_five_percent_near_is_not_enough():
    values = np.array([0.0] * 19 + [10.0] + [20.0])
    result = score(values, 10.5, 0.5)
    assert result.estimate.lower <= 10.5 <= result.estimate.upper
    assert not result.inside_band
    assert not result.agrees


def test_near_patients_outside_the_band_are_not_enough():
    values = np.array([0.0] * 18 + [1.0, 5.0])
    result = score(values, 5.5, 0.5)
    assert result.estimate.upper < 5.5
    assert np.mean(np.abs(values - 5.5) <= 0.5) == 0.05
    assert not result.agrees


def test_one_patient():
    result = score(np.array([10.0]), 11, 2)
    assert result.estimate == (10, 10, 10, 1)
    assert result.within_tolerance
    assert not result.inside_band
