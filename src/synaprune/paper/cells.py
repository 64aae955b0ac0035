"""The cell rule: when a run agrees with one published number.

A cell of Tables 2 and 3 is one network's value at the final cycle. A run of many patients agrees
with it when its median is close, or when that value is one that its patients do show.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from synaprune.paper.evidence import Evidence
from synaprune.paper.intervals import Estimate, spread
from synaprune.paper.tolerance import SLACK, tolerance
from synaprune.paper.verdicts import NOT_REPRODUCED, REPRODUCED

#: Share of patients within tolerance that makes a value inside the band count.
NEAR_SHARE = 0.05

#: Readouts of Table 3 that repeat others: 0.48 × accuracy, and the motor layers' sparsity again.
REPEATING = ("alsfrs_r_proxy", "motor_integrity_percent")


class CellScore(NamedTuple):
    """How one published number compares.

    Attributes
    ----------
    estimate
        Median and quantiles over patients.
    tolerance
        Allowed distance, in the readout's unit.
    within_tolerance
        The median is within the tolerance.
    inside_band
        The published number is inside the quantiles, and at least `NEAR_SHARE` of the patients
        are within the tolerance of it.
    """

    estimate: Estimate
    tolerance: float
    within_tolerance: bool
    inside_band: bool

    @property
    def reproduced(self) -> bool:
        """Whether either way of agreeing applies."""
        return self.within_tolerance or self.inside_band


def score(values: NDArray[np.float64], published: float, allowed: float) -> CellScore:
    """Apply the cell rule.

    Parameters
    ----------
    values
        One number a patient.
    published
        The published number.
    allowed
        The tolerance; the boundary counts as agreeing.

    Examples
    --------
    >>> score(np.array([50.0, 52.0, 60.0]), 51.0, 2.0).reproduced
    True
    """
    estimate = spread(values)
    near = float(np.mean(np.abs(values - published) <= allowed + SLACK))
    inside = estimate.lower - SLACK <= published <= estimate.upper + SLACK
    return CellScore(
        estimate=estimate,
        tolerance=allowed,
        within_tolerance=abs(estimate.value - published) <= allowed + SLACK,
        inside_band=inside and near >= NEAR_SHARE,
    )


def score_table(evidence: Evidence, published: pd.DataFrame) -> pd.DataFrame:
    """Apply the cell rule to every cell of a published table.

    Parameters
    ----------
    evidence
        The run.
    published
        Columns profile, treatment, readout, published.

    Returns
    -------
    pandas.DataFrame
        The same rows with estimate, lower, upper, verdict, tolerance, within_tolerance,
        inside_band and n.
    """
    rows = []
    for profile, treatment, readout, value in published.itertuples(index=False, name=None):
        result = score(
            evidence.final(profile, treatment, readout), value, tolerance(readout, value)
        )
        rows.append(
            {
                "profile": profile,
                "treatment": treatment,
                "readout": readout,
                "published": value,
                "estimate": result.estimate.value,
                "lower": result.estimate.lower,
                "upper": result.estimate.upper,
                "verdict": REPRODUCED if result.reproduced else NOT_REPRODUCED,
                "tolerance": result.tolerance,
                "within_tolerance": result.within_tolerance,
                "inside_band": result.inside_band,
                "n": result.estimate.n,
            }
        )
    return pd.DataFrame(rows)
