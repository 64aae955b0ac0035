"""Spread over patients and uncertainty of a mean: two different intervals.

The quantiles say how patients differ; the t interval says how well the mean effect is known.
Both are used, never one in place of the other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

FloatArray = NDArray[np.float64]

#: The central 95 % of patients.
QUANTILES = (0.025, 0.975)

#: Confidence of the t interval.
CONFIDENCE = 0.95


class Estimate(NamedTuple):
    """A number with its interval.

    Attributes
    ----------
    value, lower, upper
        In the unit of the values; lower and upper are NaN where no interval exists.
    n
        Number of patients.
    """

    value: float
    lower: float
    upper: float
    n: int


def spread(values: FloatArray) -> Estimate:
    """Median over patients with the 2.5 and 97.5 % quantiles.

    Parameters
    ----------
    values
        One number a patient.

    Examples
    --------
    >>> spread(np.arange(41.0))
    Estimate(value=20.0, lower=1.0, upper=39.0, n=41)
    """
    lower, upper = np.quantile(values, QUANTILES)
    return Estimate(float(np.median(values)), float(lower), float(upper), len(values))


def mean_interval(differences: FloatArray) -> Estimate:
    """Mean over patients with its 95 % t interval; NaN bounds for one patient.

    Parameters
    ----------
    differences
        One difference between twins a patient.

    Examples
    --------
    >>> value, lower, upper, n = mean_interval(np.array([1.0, 2.0, 3.0]))
    >>> round(value, 3), round(lower, 3), round(upper, 3), n
    (2.0, -0.484, 4.484, 3)
    """
    n = len(differences)
    mean = float(np.mean(differences))
    if n == 1:
        return Estimate(mean, float("nan"), float("nan"), 1)
    error = float(np.std(differences, ddof=1)) / np.sqrt(n)
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, n - 1) * error)
    return Estimate(mean, mean - half, mean + half, n)
