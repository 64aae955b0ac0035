"""When a median course crosses a level: the number that most sentences under figures need."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def first_below(values: NDArray[np.float64], level: float) -> int | None:
    """First cycle at which the median over patients is below a level; None where it never is.

    Parameters
    ----------
    values
        Patients by cycles.
    level
        In the unit of the values.

    Examples
    --------
    >>> first_below(np.array([[9.0, 5.0, 1.0]]), 4.0)
    2
    """
    return _first(np.median(values, axis=0) < level)


def first_above(values: NDArray[np.float64], level: float) -> int | None:
    """First cycle at which the median over patients is above a level; None where it never is."""
    return _first(np.median(values, axis=0) > level)


def _first(holds: NDArray[np.bool_]) -> int | None:
    at = np.flatnonzero(holds)
    return int(at[0]) if len(at) else None


def at_cycle(cycle: int | None) -> str:
    """Say when, in a sentence.

    Examples
    --------
    >>> at_cycle(4), at_cycle(None)
    ('at cycle 4', 'never')
    """
    return "never" if cycle is None else f"at cycle {cycle}"
