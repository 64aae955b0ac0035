"""What the targets say about one constant: the lowest loss that each of its values allows.

A best value alone misleads where another one fits as well. So a constant is held at values over
its whole range, everything else is fitted again, and what the constant may be without a worse fit
is read off the curve.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from synaprune.errors import InputError

Float = NDArray[np.float64]

IDENTIFIED = "identified"
BOUNDED_BELOW = "bounded below"
BOUNDED_ABOVE = "bounded above"
FREE = "free"

#: So many targets may move from exact to the edge of their tolerance before a fit counts as worse.
TARGETS_ALLOWED = 2.0

#: Fewest values of a constant from which a range can be read.
FEWEST_VALUES = 3


@dataclass(frozen=True, slots=True)
class Found:
    """What is known about a constant.

    Attributes
    ----------
    best
        The value with the lowest loss.
    loss
        That loss.
    low, high
        The range that fits equally well; ends of what was searched where it goes that far.
    verdict
        `IDENTIFIED`: worse on both sides within what was searched. `BOUNDED_BELOW`: worse only
        below `low`. `BOUNDED_ABOVE`: worse only above `high`. `FREE`: equally good to both ends.
    """

    best: float
    loss: float
    low: float
    high: float
    verdict: str


def allowed_worsening(weights: Sequence[float]) -> float:
    """Loss above the minimum at which a fit still counts as equally good.

    A target at the edge of its tolerance adds its share of the weights to the loss, one that is
    met adds nothing.

    Parameters
    ----------
    weights
        Of all targets that count.

    Examples
    --------
    >>> allowed_worsening([1, 1, 1, 1])
    0.5
    """
    counting = np.asarray([weight for weight in weights if weight > 0], dtype=np.float64)
    if not len(counting):
        raise InputError("targets: none has a weight")
    return float(TARGETS_ALLOWED * counting.mean() / counting.sum())


def classify(
    values: Sequence[float], losses: Sequence[float], allowed: float, *, logarithmic: bool
) -> Found:
    """Read a constant's range off its curve.

    Parameters
    ----------
    values
        Of the constant, rising.
    losses
        The lowest loss at each; not a number where nothing could be computed, which counts as
        worse.
    allowed
        Loss above the minimum that counts as equally good.
    logarithmic
        Whether ends between two values are interpolated on a logarithmic scale.

    Raises
    ------
    InputError
        Fewer than three values, or no loss at all.

    Examples
    --------
    >>> found = classify([0, 1, 2, 3], [0.5, 0.1, 0.3, 0.7], 0.3, logarithmic=False)
    >>> found.verdict, found.best, round(found.low, 3), round(found.high, 3)
    ('identified', 1.0, 0.25, 2.25)
    """
    x, y = np.asarray(values, dtype=np.float64), np.asarray(losses, dtype=np.float64)
    if len(x) < FEWEST_VALUES:
        raise InputError(f"ranges: {FEWEST_VALUES} values of a constant are needed (got {len(x)})")
    if not np.isfinite(y).any():
        raise InputError("ranges: no value of the constant could be computed")
    best = int(np.nanargmin(y))
    limit = float(y[best]) + allowed
    kept = np.flatnonzero(np.isfinite(y) & (y <= limit))
    first, last = int(kept[0]), int(kept[-1])
    scale = np.log(x) if logarithmic else x
    low = _crossing(scale, y, limit, first, first - 1) if first > 0 else float(scale[0])
    high = _crossing(scale, y, limit, last, last + 1) if last < len(x) - 1 else float(scale[-1])
    back: Callable[[float], float] = (lambda end: float(np.exp(end))) if logarithmic else float
    verdict = {
        (True, True): IDENTIFIED,
        (True, False): BOUNDED_BELOW,
        (False, True): BOUNDED_ABOVE,
        (False, False): FREE,
    }[first > 0, last < len(x) - 1]
    return Found(float(x[best]), float(y[best]), back(low), back(high), verdict)


def _crossing(scale: Float, losses: Float, limit: float, inside: int, outside: int) -> float:
    """Interpolate where the loss passes the limit between two neighbouring values."""
    if not np.isfinite(losses[outside]):
        return float(scale[inside])
    share = (limit - losses[inside]) / (losses[outside] - losses[inside])
    return float(scale[inside] + share * (scale[outside] - scale[inside]))


def grid(low: float, high: float, count: int, *, logarithmic: bool) -> Float:
    """Values over a range, evenly spaced on its scale, both ends among them.

    Examples
    --------
    >>> grid(0.01, 1.0, 3, logarithmic=True).round(6).tolist()
    [0.01, 0.1, 1.0]
    """
    values: Float = (np.geomspace if logarithmic else np.linspace)(low, high, count)
    return values


def envelope(
    values: Sequence[float], losses: Sequence[float], edges: Sequence[float]
) -> pd.DataFrame:
    """Lowest loss among trials by the value that a constant had in them.

    Parameters
    ----------
    values, losses
        Of every trial.
    edges
        Ends of the bins, rising.

    Returns
    -------
    pandas.DataFrame
        One row a bin that holds a trial: value and loss of the best trial in it, and trials.
    """
    frame = pd.DataFrame({"value": values, "loss": losses}).dropna()
    ends = np.asarray(edges, dtype=np.float64)
    places = np.clip(np.digitize(frame["value"], ends) - 1, 0, len(ends) - 2)
    inside = (frame["value"] >= ends[0]) & (frame["value"] <= ends[-1])
    rows = [
        {
            "value": float(part.loc[part["loss"].idxmin(), "value"]),
            "loss": float(part["loss"].min()),
            "trials": len(part),
        }
        for _, part in frame[inside].groupby(places[inside], sort=True)
    ]
    return pd.DataFrame(rows, columns=["value", "loss", "trials"])
