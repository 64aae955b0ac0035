"""The y axis of a readout: its whole range where it has one, so that no difference is blown up."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from synaprune.figures.words import READOUT

#: Spacing of ticks on ranges from 0 to a maximum.
_STEPS = {100.0: 25.0, 48.0: 12.0, 30.0: 10.0, 10.0: 2.5, 4.0: 1.0}

_MARGIN = 0.06

#: Share of the range that is left below 0, for the flares on the axis.
_STRIP = 0.09


def value_axis(ax: Axes, readout: str, courses: Iterable[NDArray[np.float64]]) -> None:
    """Set limits and ticks for a readout.

    Parameters
    ----------
    ax
        Where to.
    readout
        Its name.
    courses
        Everything that will be drawn; only used where the readout has no maximum.
    """
    maximum = READOUT[readout].maximum
    if maximum is not None:
        ax.set_ylim(-maximum * _STRIP, maximum * 1.02)
        ax.set_yticks(np.arange(0, maximum + 1e-9, _STEPS.get(maximum, maximum / 4)))
        return
    drawn = [values for values in courses if values.size]
    low = min(float(np.min(values)) for values in drawn)
    high = max(float(np.max(values)) for values in drawn)
    margin = _MARGIN * (high - low) or 1.0
    ax.set_ylim(low - (high - low) * _STRIP - margin, high + margin)
    ax.yaxis.set_major_locator(MaxNLocator(4))


def percent_axis(ax: Axes, title: str) -> None:
    """Set limits and ticks for a share in percent that is no readout."""
    ax.set_ylim(-100 * _STRIP, 102)
    ax.set_yticks([0, 25, 50, 75, 100])
    ax.set_ylabel(title)
