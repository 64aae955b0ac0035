"""Targets that are no final value of one arm: courses and differences."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from synaprune.calibration.figures.target_rows import REACH, draw_row
from synaprune.calibration.targets.titles import target_in_words
from synaprune.figures.sheet import Sheet
from synaprune.figures.style import TWO_COLUMNS, in_house_style

_NAMES, _RIGHT, _TOP, _ROW, _TICKS, _FOOT = 119.0, 26.0, 4.0, 4.3, 9.0, 13.0

KEY = (
    "Black ticks: the target; light zone: with its tolerance, open where only one side is stated.  "
    "Mark and bar:\nmedian and 95 % of patients.  At the right: target and median, bold where they "
    "are more than one tolerance apart."
)


@in_house_style
def figure(fits: pd.DataFrame) -> Figure:
    """Draw a row a target.

    Parameters
    ----------
    fits
        name, profile, treatment, minus, minus_profile, readout, minus_readout, when, low, high,
        tolerance, estimate, lower, upper, residual.
    """
    rows = fits.to_dict(orient="records")
    sheet = Sheet(TWO_COLUMNS, _TOP + _ROW * len(rows) + _TICKS + _FOOT)
    ax = sheet.panel(_NAMES, _TOP, TWO_COLUMNS - _NAMES - _RIGHT, _ROW * len(rows))
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlim(-REACH, REACH)
    ax.set_xticks([-5, -1, 1, 5])
    ax.set_yticks(range(len(rows)), [target_in_words(row) for row in rows], fontsize=6.2)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("Tolerances")
    for place, row in enumerate(rows):
        draw_row(ax, place, row)
    sheet.key(KEY, 1)
    return sheet.figure
