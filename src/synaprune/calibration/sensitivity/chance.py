"""How much of a loss is chance: the same patients, every value moved by a hair.

The course of a network amplifies its last digits, and the median of a few patients follows. So two
losses with networks that differ by less than this say nothing about the values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite, sqrt

import numpy as np

from synaprune.calibration.space.space import Parameter, Point

#: By how much values are moved, in parts of themselves, times 1, 2, ...
HAIR = 1e-4

#: How often.
REPEATS = 5

#: Standard deviations of a difference between two losses from which on it is not taken for chance.
DEVIATIONS = 2.0


def hairs(parameters: Sequence[Parameter], start: Point) -> Iterator[Point]:
    """Give the values to repeat at, all moved together, within their bounds."""
    for repeat in range(1, REPEATS + 1):
        yield {p.name: _moved(p, float(start[p.name]), repeat * HAIR) for p in parameters}


def told_from_chance(losses: Sequence[float]) -> float:
    """Smallest difference of two losses that is not taken for chance.

    Parameters
    ----------
    losses
        Of the best values and of those a hair away; at least two that are numbers, or there is
        nothing to go by and it is 0.

    Examples
    --------
    >>> round(told_from_chance([0.50, 0.52, 0.54]), 3)
    0.057
    """
    known = [value for value in losses if isfinite(value)]
    if len(known) < 2:
        return 0.0
    return DEVIATIONS * sqrt(2.0) * float(np.std(known, ddof=1))


def _moved(parameter: Parameter, value: float, share: float) -> float:
    up, down = value * (1 + share), value * (1 - share)
    return up if parameter.low <= up <= parameter.high else down
