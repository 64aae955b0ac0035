"""The vocabulary of checks: a few ways to hold numbers of patients against a statement.

Every claim is put together from these, so that the same kind of statement is judged the same way
everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from synaprune.paper.cells import NEAR_SHARE, score
from synaprune.paper.intervals import Estimate, mean_interval, spread
from synaprune.paper.part import Part
from synaprune.paper.tolerance import SLACK

FloatArray = NDArray[np.float64]


def in_most(differences: FloatArray) -> bool:
    """Whether the median is positive, and so are the differences of more than half the patients.

    Examples
    --------
    >>> in_most(np.array([-1.0, 2.0, 3.0])), in_most(np.array([-1.0, 3.0]))
    (True, False)
    """
    return bool(np.median(differences) > 0 and np.mean(differences > 0) > 0.5)


class _Shown(TypedDict):
    name: str
    estimate: float
    lower: float
    upper: float
    n: int


def _shown(name: str, estimate: Estimate) -> _Shown:
    value, lower, upper, n = estimate
    return {"name": name, "estimate": value, "lower": lower, "upper": upper, "n": n}


def stated(name: str, values: FloatArray, published: float, allowed: float) -> Part:
    """Hold values against one published number, by the cell rule.

    Parameters
    ----------
    name
        What was computed.
    values
        One number a patient.
    published, allowed
        The published number and its tolerance.
    """
    result = score(values, published, allowed)
    how = "median within tolerance" if result.within_tolerance else "inside the patients' band"
    return Part(
        **_shown(name, result.estimate),
        published=f"about {published:g}",
        size_holds=result.agrees,
        note=how if result.agrees else f"tolerance {allowed:.3g}",
    )


def between(
    name: str, values: FloatArray, published: tuple[float, float], allowed: tuple[float, float]
) -> Part:
    """Hold the median against a published range.

    Parameters
    ----------
    name, values
        What was computed, one number a patient.
    published
        Lower and upper end of the range.
    allowed
        Tolerance at the lower and at the upper end.
    """
    estimate = spread(values)
    (low, high), (below, above) = published, allowed
    return Part(
        **_shown(name, estimate),
        published=f"{low:g} to {high:g}",
        size_holds=low - below - SLACK <= estimate.value <= high + above + SLACK,
        note=f"range with tolerance {low - below:.4g} to {high + above:.4g}",
    )


def above(name: str, values: FloatArray, limit: float) -> Part:
    """Hold the median against a published lower limit, without tolerance."""
    estimate = spread(values)
    return Part(
        **_shown(name, estimate),
        published=f"above {limit:g}",
        size_holds=estimate.value > limit,
    )


def at_least(name: str, values: FloatArray, limit: float) -> Part:
    """Hold the median against a lower limit that itself counts."""
    estimate = spread(values)
    return Part(
        **_shown(name, estimate),
        published=f"at least {limit:g}",
        size_holds=estimate.value >= limit - SLACK,
    )


def at_most(name: str, values: FloatArray, limit: float) -> Part:
    """Hold the median against an upper limit that itself counts."""
    estimate = spread(values)
    return Part(
        **_shown(name, estimate),
        published=f"at most {limit:g}",
        size_holds=estimate.value <= limit + SLACK,
    )


def ordered(name: str, differences: FloatArray, published: str = "above 0") -> Part:
    """Hold paired differences against a stated order: positive in most patients.

    Parameters
    ----------
    name
        What is larger, and than what.
    differences
        One difference a patient, positive where the paper's order holds.
    published
        The order, as text.
    """
    agreeing = int(np.sum(differences > 0))
    return Part(
        **_shown(name, spread(differences)),
        published=published,
        direction_holds=in_most(differences),
        note=f"{agreeing} of {len(differences)} patients agree",
    )


def all_ordered(name: str, differences: Mapping[str, FloatArray]) -> Part:
    """Hold several orders at once; show the one that is closest to failing.

    Parameters
    ----------
    name
        What is larger than all others.
    differences
        Paired differences by what they are taken against.
    """

    def margin(label: str) -> tuple[bool, float]:
        return in_most(differences[label]), float(np.median(differences[label]))

    closest = min(differences, key=margin)
    agreeing = sum(in_most(values) for values in differences.values())
    return Part(
        **_shown(f"{name}, closest: {closest}", spread(differences[closest])),
        published="above 0",
        direction_holds=agreeing == len(differences),
        note=f"{agreeing} of {len(differences)} comparisons hold",
    )


def unchanged(name: str, differences: FloatArray, allowed: float) -> Part:
    """Hold paired differences against sameness: within tolerance in the median and in most.

    Parameters
    ----------
    name, differences
        What was compared, one difference a patient.
    allowed
        The tolerance.
    """
    estimate = spread(differences)
    near = np.abs(differences) <= allowed + SLACK
    return Part(
        **_shown(name, estimate),
        published=f"within {allowed:.3g} of 0",
        size_holds=bool(abs(estimate.value) <= allowed + SLACK and np.mean(near) > 0.5),
        note=f"{int(near.sum())} of {len(differences)} patients within tolerance",
    )


def twin_effect(
    name: str, differences: FloatArray, published: tuple[float, float], allowed: float
) -> Part:
    """Hold the mean difference between twins against a published effect.

    Parameters
    ----------
    name, differences
        What was compared, one difference a patient.
    published
        Lower and upper end of the published effect, equal for a single number, both of one sign.
    allowed
        Tolerance of a single patient's difference.

    Notes
    -----
    The paper's effect comes from one network. It agrees when it lies in the t interval of the
    mean, or when patients show it: inside their quantiles, with at least 5 % of them within
    tolerance. One patient has no interval and agrees within tolerance.
    """
    estimate, band = mean_interval(differences), spread(differences)
    low, high = published
    sign = 1 if low + high > 0 else -1
    near = float(
        np.mean((differences >= low - allowed - SLACK) & (differences <= high + allowed + SLACK))
    )
    if estimate.n == 1:
        size, note = near == 1, "one patient: no interval"
    elif estimate.lower - SLACK <= high and estimate.upper + SLACK >= low:
        size, note = True, "published effect inside the t interval of the mean"
    else:
        size = band.lower - SLACK <= high and band.upper + SLACK >= low and near >= NEAR_SHARE
        note = (
            "outside the t interval, inside the patients' band"
            if size
            else ("outside the t interval and the patients' band")
        )
    return Part(
        **_shown(name, estimate),
        published=f"{low:+g}" if low == high else f"{low:+g} to {high:+g}",
        direction_holds=bool(sign * estimate.value > 0 and np.mean(sign * differences > 0) > 0.5),
        size_holds=bool(size),
        note=note,
    )
