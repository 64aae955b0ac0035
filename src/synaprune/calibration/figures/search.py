"""Loss over trials: what the search tried, and the best so far."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator

from synaprune.figures.sheet import Sheet
from synaprune.figures.style import FAINT, INK, SMALL, TWO_COLUMNS, in_house_style

_LEFT, _RIGHT, _TOP, _HEIGHT, _FOOT, _GAP = 14.0, 4.0, 9.0, 48.0, 19.0, 14.0

COMPLETE = "complete"

#: Losses that differ by more than this factor are drawn on a logarithmic scale.
_WIDE = 4.0

#: What the stages of a search are called.
STAGE_TITLES = {"counts": "Without networks", "networks": "With networks"}

KEY = (
    "Dots: trials.  Line: lowest loss so far.  Ticks at the top: trials that were stopped because "
    "they could not\nget near the best (short) or failed (long).  A loss of 1: every number at the "
    "edge of its tolerance."
)


@in_house_style
def figure(trials: pd.DataFrame) -> Figure:
    """Draw a panel a stage.

    Parameters
    ----------
    trials
        stage, number, loss and status of every trial, in the order of the search.
    """
    stages = list(dict.fromkeys(trials["stage"]))
    sheet = Sheet(TWO_COLUMNS, _TOP + _HEIGHT + _FOOT)
    width = (TWO_COLUMNS - _LEFT - _RIGHT - _GAP * (len(stages) - 1)) / len(stages)
    for place, stage in enumerate(stages):
        ax = sheet.panel(_LEFT + place * (width + _GAP), _TOP, width, _HEIGHT)
        _draw(ax, str(stage), trials[trials["stage"] == stage])
        if place == 0:
            ax.set_ylabel("Loss")
    sheet.key(KEY, 1)
    return sheet.figure


def best_so_far(losses: pd.Series[float]) -> pd.Series[float]:
    """Lowest loss up to each trial, trials without a loss passed over.

    Examples
    --------
    >>> best_so_far(pd.Series([3.0, float("nan"), 1.0, 2.0])).tolist()
    [3.0, 3.0, 1.0, 1.0]
    """
    return losses.cummin().ffill()


def _draw(ax: Axes, stage: str, trials: pd.DataFrame) -> None:
    done = trials[trials["status"] == COMPLETE]
    order = np.arange(1, len(trials) + 1)
    complete = (trials["status"] == COMPLETE).to_numpy()
    ax.plot(order[complete], done["loss"], ls="", marker="o", ms=3, color=FAINT, mew=0, alpha=0.6,
            gid=f"trials-{stage}")  # fmt: skip
    best = best_so_far(trials["loss"].where(complete))
    ax.plot(order, best, color=INK, drawstyle="steps-post", gid=f"best-{stage}")
    if len(done):
        ax.annotate(f"{best.iloc[-1]:.3g}", (order[-1], best.iloc[-1]), xytext=(0, -3),
                    textcoords="offset points", ha="right", va="top", fontsize=SMALL)  # fmt: skip
    for status, height in (("stopped", 0.03), ("failed", 0.07)):
        at = order[(trials["status"] == status).to_numpy()]
        ax.vlines(at, 1.0, 1.0 - height, transform=ax.get_xaxis_transform(), color=INK, lw=0.6,
                  gid=f"{status}-{stage}")  # fmt: skip
    if len(done) and done["loss"].min() > 0 and done["loss"].max() > _WIDE * done["loss"].min():
        ax.set_yscale("log")
        ax.margins(y=0.12)
        ax.yaxis.set_major_formatter("{x:g}")
        ax.yaxis.set_minor_locator(LogLocator(subs=(2.0, 5.0)))
        ax.yaxis.set_minor_formatter("{x:g}")
        ax.tick_params(axis="y", which="minor", labelsize=SMALL, size=1.5)
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    ax.set_xlim(0, len(trials) + 1)
    ax.set_xlabel("Trial")
    ax.set_title(f"{STAGE_TITLES.get(stage, stage)}: {len(trials)} trials", pad=4)
