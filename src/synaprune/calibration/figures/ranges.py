"""What each constant may be: lowest loss at every value, and the range that fits equally well."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from math import ceil, floor, log10
from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator

from synaprune.calibration.sensitivity.known_ranges import SEARCH, SLICE, TRIALS
from synaprune.calibration.targets.titles import constant_title
from synaprune.figures.sheet import Sheet
from synaprune.figures.style import FAINT, INK, SMALL, TWO_COLUMNS, in_house_style

_LEFT, _GAP, _WIDTH, _HEIGHT, _PITCH, _FOOT, _ACROSS = 10.0, 11.5, 31.0, 21.0, 41.0, 13.0, 4

_TINT = "#e9ecef"

#: Letters of a title in a line.
_TITLE_WIDTH = 22

#: Ticks of a logarithmic scale.
_MOST_TICKS = 4

#: Losses above the minimum that are shown, as multiples of what counts as equally good.
_REACH = 6.0

#: Room beside the bounds, in parts of the axis.
_BESIDE = 0.03

_MARKERS = {SEARCH: "o", SLICE: "s", TRIALS: "x"}

KEY = (
    "Line: lowest loss found with the constant held at a value, everything else fitted again "
    "(circles),\nleft as it is (squares) or taken from the best trial near it (crosses).  Dashed: "
    "what counts as\nequally good.  Zone: the range that fits so.  Filled: the best."
)


@in_house_style
def figure(points: pd.DataFrame, found: pd.DataFrame) -> Figure:
    """Draw a small panel a constant.

    Parameters
    ----------
    points
        name, value, loss and method (search, slice or trials).
    found
        name, scale, allowed, best, loss, low, high, verdict, searched_low, searched_high.
    """
    rows = found.to_dict(orient="records")
    lines = -(-len(rows) // _ACROSS)
    sheet = Sheet(TWO_COLUMNS, lines * _PITCH + _FOOT)
    for place, row in enumerate(rows):
        line, column = divmod(place, _ACROSS)
        left = _LEFT + column * (_WIDTH + _GAP)
        ax = sheet.panel(left, line * _PITCH + 12.5, _WIDTH, _HEIGHT)
        _draw(ax, row, points[points["name"] == row["name"]])
        title = fill(constant_title(str(row["name"])), _TITLE_WIDTH)
        sheet.text(left, line * _PITCH + 8.2, title, weight="bold", size=SMALL - 0.5, va="bottom")
        sheet.text(left, line * _PITCH + 8.6, str(row["verdict"]), size=SMALL - 0.5, color=FAINT)
    sheet.key(KEY, 1)
    return sheet.figure


def _draw(ax: Axes, row: Mapping[Hashable, Any], points: pd.DataFrame) -> None:
    allowed, lowest = float(row["allowed"]), float(row["loss"])
    if row["scale"] == "log":
        ax.set_xscale("log")
        ax.set_xticks(_round_ticks(float(row["searched_low"]), float(row["searched_high"])))
        ax.xaxis.set_minor_locator(NullLocator())
        ax.xaxis.set_major_formatter("{x:g}")
    else:
        ax.xaxis.set_major_locator(MaxNLocator(3))
    ax.set_xlim(*_wider(float(row["searched_low"]), float(row["searched_high"]), ax.get_xscale()))
    ax.set_ylim(lowest - 0.6 * allowed, lowest + _REACH * allowed)
    ax.axvspan(row["low"], row["high"], color=_TINT, lw=0, zorder=0)
    ax.axhline(lowest + allowed, color=FAINT, lw=0.8, ls=(0, (4, 2)), zorder=1)
    marker = _MARKERS[str(points["method"].iloc[0])]
    ax.plot(points["value"], points["loss"], color=INK, lw=1.0, marker=marker, ms=3, mfc="white",
            mew=0.8, zorder=2, gid=f"curve-{row['name']}")  # fmt: skip
    ax.plot([row["best"]], [lowest], marker="o", ms=4.5, color=INK, ls="", zorder=3,
            gid=f"best-{row['name']}")  # fmt: skip
    ax.yaxis.set_major_locator(MaxNLocator(3))
    ax.tick_params(labelsize=SMALL - 1.5)


def _wider(low: float, high: float, scale: str) -> tuple[float, float]:
    """Limits a little outside of the bounds, so that marks on them are whole."""
    if scale == "log":
        more = (high / low) ** _BESIDE
        return low / more, high * more
    more = (high - low) * _BESIDE
    return low - more, high + more


def _round_ticks(low: float, high: float) -> list[float]:
    """Give two to four round numbers of a logarithmic scale."""
    for steps in ((1,), (1, 3), (1, 2, 5), (1, 1.5, 2, 3, 4, 5, 6, 8)):
        ticks = [
            step * 10.0**power
            for power in range(floor(log10(low)), ceil(log10(high)) + 1)
            for step in steps
            if low <= step * 10.0**power * (1 + 1e-9) and step * 10.0**power <= high * (1 + 1e-9)
        ]
        if len(ticks) > 1:
            return ticks if len(ticks) <= _MOST_TICKS else ticks[:: len(ticks) // 2]
    return [low, high]
