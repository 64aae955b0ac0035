"""Every final target beside what the fitted model shows, a panel a readout."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from synaprune.calibration.figures.target_rows import REACH, Row, draw_row
from synaprune.calibration.targets.titles import readout_title, scenario_title
from synaprune.figures.sheet import Sheet
from synaprune.figures.style import SMALL, TWO_COLUMNS, in_house_style

_NAMES, _PANEL, _GAP, _ROW, _TITLE, _TICKS, _FOOT = 55.0, 39.0, 21.0, 3.7, 8.5, 8.0, 13.0

#: Panels side by side.
_ACROSS = 2

KEY = (
    "Zero: the published value; light zone: its tolerance.  Mark and bar: median and 95 % of "
    "patients, in tolerances\n(arrowheads: beyond 6).  At the right: published value and median, "
    "bold where they are more than one tolerance apart."
)


@in_house_style
def figure(fits: pd.DataFrame) -> Figure:
    """Draw a row a scenario in the panel of every readout.

    Parameters
    ----------
    fits
        Targets of the final cycle without a difference: name, profile, treatment, readout, low,
        high, tolerance, estimate, lower, upper, residual.
    """
    readouts = list(dict.fromkeys(fits["readout"]))
    scenarios = list(
        fits[["profile", "treatment"]].drop_duplicates().itertuples(index=False, name=None)
    )
    block = _TITLE + _ROW * len(scenarios) + _TICKS
    sheet = Sheet(TWO_COLUMNS, -(-len(readouts) // _ACROSS) * block + _FOOT)
    for place, readout in enumerate(readouts):
        row, column = divmod(place, _ACROSS)
        left = _NAMES + column * (_PANEL + _GAP)
        ax = sheet.panel(left, row * block + _TITLE, _PANEL, _ROW * len(scenarios))
        _draw(ax, fits[fits["readout"] == readout].to_dict(orient="records"), scenarios)
        ax.set_title(readout_title(readout), pad=3)
        if column == 0:
            titles = [scenario_title(*scenario) for scenario in scenarios]
            ax.set_yticks(range(len(scenarios)), titles, fontsize=6.5)
    sheet.key(KEY, 1)
    return sheet.figure


def _draw(ax: Axes, rows: list[Row], scenarios: list[tuple[str, str]]) -> None:
    ax.set_ylim(len(scenarios) - 0.4, -0.6)
    ax.set_xlim(-REACH, REACH)
    ax.set_xticks([-5, -1, 0, 1, 5])
    ax.tick_params(axis="x", labelsize=SMALL - 1.5)
    ax.set_yticks([])
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    for row in rows:
        draw_row(ax, scenarios.index((row["profile"], row["treatment"])), row)
