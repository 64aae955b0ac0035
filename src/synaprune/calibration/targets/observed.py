"""Targets held against courses: what the patients show, and how far that lies from the target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from synaprune.calibration.targets.target import Target
from synaprune.paper.intervals import spread
from synaprune.paper.scenarios import Scenario
from synaprune.paper.tolerance import SLACK

Float = NDArray[np.float64]

#: Readouts of a scenario by name, each (patients, cycles).
Courses = Mapping[Scenario, Mapping[str, Float]]


@dataclass(frozen=True, slots=True)
class Fit:
    """How one target was met.

    Attributes
    ----------
    target
        The target.
    estimate, lower, upper
        Median and 2.5 and 97.5 % quantiles over patients, in the target's unit.
    residual
        Signed distance of the median from the target's range, in tolerances; 0 inside.
    """

    target: Target
    estimate: float
    lower: float
    upper: float
    residual: float

    @property
    def within(self) -> bool:
        """Whether the median is within the tolerance."""
        return abs(self.residual) <= 1.0 + SLACK


def observe(target: Target, courses: Courses) -> Float:
    """Read a target's number off the courses.

    Parameters
    ----------
    target
        The target.
    courses
        Holding at least the target's scenarios.

    Returns
    -------
    numpy.ndarray
        One number a patient.

    Examples
    --------
    >>> target = Target("gain", "mdd", "late", "untreated", "nfl_proxy", "final", 1, 2, 1, 1, "x")
    >>> end = lambda *values: {"nfl_proxy": np.array([values]).T}
    >>> courses = {Scenario("mdd", "late"): end(5.0, 7.0),
    ...            Scenario("mdd", "untreated"): end(4.0, 3.0)}
    >>> observe(target, courses)
    array([1., 4.])
    """

    def read(course: Mapping[str, Float]) -> Float:
        shown = target.moment.read(course[target.readout])
        if target.minus_readout:
            shown = shown - target.moment.read(course[target.minus_readout])
        return shown

    def of(profile: str) -> Float:
        shown = read(courses[Scenario(profile, target.treatment)])
        if target.minus:
            shown = shown - read(courses[Scenario(profile, target.minus)])
        return shown

    return of(target.profile) - of(target.minus_profile) if target.minus_profile else of(
        target.profile
    )  # fmt: skip


def residual(target: Target, value: float) -> float:
    """Signed distance of a value from a target's range, in tolerances.

    Examples
    --------
    >>> target = Target("x", "mdd", "untreated", "", "nfl_proxy", "final", 50, inf, 8, 1, "x")
    >>> residual(target, 42.0), residual(target, 99.0)
    (-1.0, 0.0)
    """
    above = max(value - target.high, 0.0) if target.high < inf else 0.0
    below = max(target.low - value, 0.0) if target.low > -inf else 0.0
    return (above - below) / target.tolerance


def fit(target: Target, courses: Courses) -> Fit:
    """Hold one target against courses."""
    shown = spread(observe(target, courses))
    return Fit(target, shown.value, shown.lower, shown.upper, residual(target, shown.value))


def fits(targets: Iterable[Target], courses: Courses) -> tuple[Fit, ...]:
    """Hold targets against courses, in the order of the targets."""
    return tuple(fit(target, courses) for target in targets)


def observable(targets: Iterable[Target], courses: Courses) -> tuple[Target, ...]:
    """Those of the targets whose courses are all there."""
    return tuple(
        target
        for target in targets
        if all(
            readout in courses.get(scenario, {})
            for scenario in target.scenarios
            for readout in target.readouts
        )
    )
