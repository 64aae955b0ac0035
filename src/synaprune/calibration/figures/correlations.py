"""Which constants stand in for each other: rank correlations among the good trials."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from synaprune.calibration.targets.titles import constant_title
from synaprune.figures.sheet import Sheet
from synaprune.figures.style import FAINT, INK, SMALL, in_house_style
from synaprune.figures.words import number

_NAMES, _CELL, _TOP, _BOTTOM, _FOOT = 46.0, 6.4, 3.0, 40.0, 15.0

#: Share of the finished trials that counts as good, and how many there are at least.
GOOD_SHARE, FEWEST_GOOD = 0.2, 10

#: From here on a correlation is written out.
_STRONG = 0.5

KEY = (
    "Size of a circle: rank correlation (Spearman); filled: they rise together, hollow: one rises "
    "as the other falls.\nNumbers from ± 0.5 on."
)


def good_trials(trials: pd.DataFrame) -> pd.DataFrame:
    """Choose the finished trials with the lowest loss.

    Parameters
    ----------
    trials
        status and loss of the trials of one stage.
    """
    done = trials[trials["status"] == "complete"].sort_values("loss", kind="stable")
    return done.head(max(FEWEST_GOOD, int(np.ceil(GOOD_SHARE * len(done)))))


def rank_correlations(trials: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Spearman correlations; constants that are the same in all trials are left out."""
    varied = [name for name in names if trials[name].nunique() > 1]
    return trials[varied].rank().corr()


@in_house_style
def figure(correlations: pd.DataFrame) -> Figure:
    """Draw the lower triangle.

    Parameters
    ----------
    correlations
        A square frame by name.
    """
    names, count = list(correlations.columns), len(correlations)
    values: NDArray[np.float64] = correlations.to_numpy(dtype=np.float64)
    side = _CELL * (count - 1)
    sheet = Sheet(max(_NAMES + side + 4, 85.0), _TOP + side + _BOTTOM + _FOOT)
    ax = sheet.panel(_NAMES, _TOP, side, side)
    ax.set_xlim(-0.5, count - 1.5)
    ax.set_ylim(count - 0.5, 0.5)
    for row in range(1, count):
        ax.plot([-0.5, row - 0.5], [row, row], color=FAINT, lw=0.25, alpha=0.5, zorder=0)
        for column in range(row):
            value = float(values[row, column])
            ax.plot([column], [row], marker="o", ms=13 * abs(value) ** 0.5, color=INK, mew=0.7,
                    mfc=FAINT if value > 0 else "white", ls="", clip_on=False,
                    gid=f"correlation-{names[row]}-{names[column]}")  # fmt: skip
            if abs(value) >= _STRONG:
                ax.text(column, row, f"{abs(value):.1f}"[1:] if abs(value) < 0.95 else "1",
                        ha="center", va="center", fontsize=6,
                        color="white" if value > 0 else INK)  # fmt: skip
    titles = [constant_title(name) for name in names]
    ax.set_yticks(range(1, count), titles[1:], fontsize=SMALL - 1)
    ax.set_xticks(range(count - 1), titles[:-1], fontsize=SMALL - 1, rotation=90)
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    sheet.key(KEY, 1)
    return sheet.figure


def seen(correlations: pd.DataFrame) -> str:
    """Name the strongest pair."""
    values: NDArray[np.float64] = np.tril(correlations.to_numpy(dtype=np.float64), -1)
    row, column = divmod(int(np.argmax(np.abs(values))), len(values))
    first, second = (constant_title(str(correlations.columns[place])) for place in (column, row))
    value = number(float(values[row, column]), 2, signed=True)
    return f"The strongest: {first} and {second} ({value})."
