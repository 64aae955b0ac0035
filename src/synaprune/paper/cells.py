"""The cell rule: when a claim's number agrees with one published number.

A published number is one network's value. Patients agree with it when their median is close, or
when that value is one that they do show.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from synaprune.paper.intervals import Estimate, spread
from synaprune.paper.tolerance import SLACK

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
    def agrees(self) -> bool:
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
    >>> score(np.array([50.0, 52.0, 60.0]), 51.0, 2.0).agrees
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
