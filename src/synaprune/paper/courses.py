"""Numbers read off a course: one a patient, from an array of patients by cycles."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaprune.paper.scenarios import CYCLES

FloatArray = NDArray[np.float64]


def mean_over(course: FloatArray, first: int, last: int) -> FloatArray:
    """Mean over the cycles from first to last, both included."""
    result: FloatArray = course[:, first : last + 1].mean(axis=1)
    return result


def lowest(course: FloatArray, first: int = 0, last: int = CYCLES - 1) -> FloatArray:
    """Lowest value over the cycles from first to last, both included."""
    result: FloatArray = course[:, first : last + 1].min(axis=1)
    return result


def highest(course: FloatArray, first: int = 0, last: int = CYCLES - 1) -> FloatArray:
    """Highest value over the cycles from first to last, both included."""
    result: FloatArray = course[:, first : last + 1].max(axis=1)
    return result


def first_cycle(reached: NDArray[np.bool_]) -> FloatArray:
    """First cycle at which a condition holds; `CYCLES` where it never does.

    Examples
    --------
    >>> first_cycle(np.array([[False, True, True], [False, False, False]])).tolist()
    [1.0, 30.0]
    """
    return np.where(reached.any(axis=1), reached.argmax(axis=1), CYCLES).astype(np.float64)


def slope(course: FloatArray, first: int, last: int) -> FloatArray:
    """Least-squares slope a cycle over the cycles from first to last, both included.

    Examples
    --------
    >>> slope(np.array([[9.0, 1.0, 3.0, 5.0]]), 1, 3).tolist()
    [2.0]
    """
    cycles = np.arange(first, last + 1) - (first + last) / 2
    part: NDArray[Any] = course[:, first : last + 1]
    result: FloatArray = part @ cycles / (cycles @ cycles)
    return result
