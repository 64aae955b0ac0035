"""One number for how far a trial is from its targets.

The loss is the weighted mean of log2(1 + r^4) over the targets, r being the distance in
tolerances. It is nearly flat inside the tolerance (0.09 at half of it), 1 at its edge, and grows
slowly outside (4.1 at two tolerances, 13.3 at ten), so that a number that nothing can meet does
not rule the others.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from synaprune.calibration.targets.observed import Fit
from synaprune.calibration.targets.target import Target
from synaprune.errors import InputError


def penalty(residual: ArrayLike) -> NDArray[np.float64]:
    """Loss of a distance in tolerances.

    Examples
    --------
    >>> penalty([0.0, 1.0, -1.0]).tolist()
    [0.0, 1.0, 1.0]
    """
    value: NDArray[np.float64] = np.log2(1.0 + np.asarray(residual, dtype=np.float64) ** 4)
    return value


def total_weight(targets: Iterable[Target]) -> float:
    """Sum of the weights.

    Raises
    ------
    InputError
        No target has a weight above 0.
    """
    total = sum(target.weight for target in targets)
    if total <= 0:
        raise InputError("targets: at least one needs a weight above 0")
    return total


def loss(fits: Iterable[Fit], weight: float | None = None) -> float:
    """Weighted mean penalty.

    Parameters
    ----------
    fits
        How targets were met.
    weight
        The weight of all targets where only some have been held against courses; the result is
        then what the loss is at least. By default that of the targets in `fits`.
    """
    known = tuple(fits)
    if weight is None:
        weight = total_weight(fit.target for fit in known)
    return sum(fit.target.weight * float(penalty(fit.residual)) for fit in known) / weight
