"""What a search is told of a trial, whichever search it is."""

from __future__ import annotations

from math import isfinite, log

from synaprune.calibration.search.trial import STOPPED, Evaluation
from synaprune.calibration.targets.loss import loss

#: Spread of drawn points around the start, as a share of the bounds.
SPREAD = 0.15

#: A loss below which differences do not matter to a search, and that of a trial that failed.
BEST, HOPELESS = 0.05, 20.0


def told(entry: Evaluation) -> float:
    """What a search is told: the logarithm, in which good and bad are about equally far apart.

    Of a stopped trial only part was held against targets; the rest is taken to be as far off, for
    the search would otherwise look again where it was stopped.
    """
    if not isfinite(entry.loss):
        return log(HOPELESS)
    seen = loss(entry.fits) if entry.status == STOPPED else entry.loss
    return log(BEST + min(max(seen, entry.loss), HOPELESS))
