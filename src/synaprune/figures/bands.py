"""One course of many patients: median line, two bands, and single patients where they are few."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from synaprune.figures.palette import Look
from synaprune.figures.style import HAIRLINE, HAIRLINES_BELOW, INNER_BAND, OUTER_BAND

#: Shares of patients below the edges of the outer and inner band, and the median between them.
EDGES = (0.025, 0.25, 0.5, 0.75, 0.975)

_MARKS = 7


def quantiles(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the edges of the bands and the median at every cycle.

    Parameters
    ----------
    values
        Patients by cycles.

    Returns
    -------
    numpy.ndarray
        Five rows, one for each of `EDGES`.
    """
    result: NDArray[np.float64] = np.quantile(values, EDGES, axis=0)
    return result


def draw_course(
    ax: Axes,
    values: NDArray[np.float64],
    look: Look,
    name: str,
    *,
    hairlines: bool = False,
    shift: int = 0,
) -> None:
    """Draw patients as a median line with bands.

    Parameters
    ----------
    ax
        Where to; the x axis counts cycles.
    values
        Patients by cycles.
    look
        Colour, marker and dash.
    name
        What is drawn; names the artists (``median-<name>`` and so on).
    hairlines
        Whether single patients are drawn, where there are few enough.
    shift
        Moves the markers along the line, so that those of several courses do not coincide.
    """
    low, lower, middle, upper, high = quantiles(values)
    n, cycles = values.shape
    x = np.arange(cycles)
    if n > 1:
        for kind, bottom, top, alpha in (
            ("outer", low, high, OUTER_BAND),
            ("inner", lower, upper, INNER_BAND),
        ):
            band = ax.fill_between(x, bottom, top, color=look.colour, alpha=alpha, lw=0)
            band.set_gid(f"{kind}-{name}")
    if hairlines and 1 < n < HAIRLINES_BELOW:
        lines = ax.plot(x, values.T, color=look.colour, lw=0.35, alpha=HAIRLINE)
        for number, line in enumerate(lines):
            line.set_gid(f"patient{number}-{name}")
    every = max(1, cycles // _MARKS)
    (median,) = ax.plot(
        x, middle, color=look.colour, ls=look.dash, marker=look.marker,
        markevery=(shift % every, every), mec="white", mew=0.4, ms=look.size,
    )  # fmt: skip
    median.set_gid(f"median-{name}")
