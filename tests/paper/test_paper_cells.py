"""The cell rule at its boundaries, by hand."""

import numpy as np
import pandas as pd
import pytest
from paper_cohort import cohort

from synaprune.paper.cells import score, score_table
from synaprune.paper.evidence import Evidence
from synaprune.paper.published import published_table2


def test_median_and_quantiles():
    result = score(np.arange(41.0), 20, 1)
    assert result.estimate == (20, 1, 39, 41)


@pytest.mark.parametrize(("published", "within"), [(53, True), (53.0000001, False), (49, True)])
def test_tolerance_boundary_counts(published, within):
    result = score(np.full(3, 51.0), published, 2)
    assert result.within_tolerance is within
    assert result.reproduced is within


def test_decimal_rounding_does_not_decide():
    assert score(np.array([3.87]), 3.97, 0.1).within_tolerance


def test_published_value_inside_the_band_with_five_percent_near():
    values = np.array([0.0] * 18 + [10.0] + [20.0])
    result = score(values, 10.5, 0.5)
    assert not result.within_tolerance
    assert result.inside_band
    assert result.reproduced


def test_less_than_five_percent_near_is_not_enough():
    values = np.array([0.0] * 19 + [10.0] + [20.0])
    result = score(values, 10.5, 0.5)
    assert result.estimate.lower <= 10.5 <= result.estimate.upper
    assert not result.inside_band
    assert not result.reproduced


def test_near_patients_outside_the_band_are_not_enough():
    values = np.array([0.0] * 18 + [1.0, 5.0])
    result = score(values, 5.5, 0.5)
    assert result.estimate.upper < 5.5
    assert np.mean(np.abs(values - 5.5) <= 0.5) == 0.05
    assert not result.reproduced


def test_one_patient():
    result = score(np.array([10.0]), 11, 2)
    assert result.estimate == (10, 10, 10, 1)
    assert result.within_tolerance
    assert not result.inside_band


def test_score_table():
    frames = cohort(3).set("als_limb", "untreated", "nfl_proxy", 29, 60.0).frames()
    table = score_table(Evidence.of_frames(*frames), published_table2())
    assert list(table.columns) == [
        "profile", "treatment", "readout", "published", "estimate", "lower", "upper", "verdict",
        "tolerance", "within_tolerance", "inside_band", "n",
    ]  # fmt: skip
    missed = table[table.verdict == "not_reproduced"]
    assert missed[["profile", "readout", "estimate"]].values.tolist() == [
        ["als_limb", "nfl_proxy", 60.0]
    ]
    assert (table.verdict.isin(["reproduced", "not_reproduced"])).all()
    pd.testing.assert_series_equal(
        table.verdict == "reproduced", table.within_tolerance | table.inside_band, check_names=False
    )
