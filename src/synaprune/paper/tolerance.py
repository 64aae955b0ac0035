"""How far an estimate may lie from a number that a claim states and still agree with it.

The paper reports one network without uncertainty, so the project sets a tolerance a readout:
a fixed distance for what is counted in connections, and binomial error for what is counted in
400 test points.
"""

from __future__ import annotations

from functools import lru_cache
from math import sqrt
from typing import Any

from synaprune.paper.published import data_yaml, reference_points

#: Rounding of published decimals must not decide a comparison.
SLACK = 1e-9


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    data: dict[str, Any] = data_yaml("tolerances.yaml")
    return data


def tolerance(quantity: str, published: float) -> float:
    """Give the tolerance of a quantity at a published value.

    Parameters
    ----------
    quantity
        A readout, or ``cycles`` for a duration counted in whole cycles.
    published
        The published value, in the quantity's unit; only binomial tolerances depend on it.

    Returns
    -------
    float
        In the quantity's unit.

    Raises
    ------
    KeyError
        No tolerance is stated for the quantity.

    Examples
    --------
    >>> tolerance("nfl_proxy", 84.6), round(tolerance("accuracy_percent", 24.5), 2)
    (8.0, 4.3)
    >>> round(tolerance("alsfrs_r_proxy", 12.0) / tolerance("accuracy_percent", 25.0), 2)
    0.48
    """
    entry = {**_data()["readouts"], **_data()["durations"]}[quantity]
    if entry["rule"] == "absolute":
        return float(entry["tolerance"])
    if entry["rule"] == "binomial":
        return _binomial_percent(published)
    factor = reference_points().proxy_per_percent
    return factor * _binomial_percent(published / factor)


def range_tolerance(quantity: str, published: tuple[float, float]) -> tuple[float, float]:
    """Give the tolerance of a quantity at both ends of a published range."""
    return tolerance(quantity, published[0]), tolerance(quantity, published[1])


def _binomial_percent(accuracy_percent: float) -> float:
    """Allowed standard errors of an accuracy, in percentage points."""
    share = min(max(accuracy_percent / 100, 0.0), 1.0)
    error = sqrt(share * (1 - share) / _data()["test_points"])
    return 100 * float(_data()["standard_errors"]) * error
