"""Effects of treatments: what the paper's pair of networks shows, twins, and chance."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from synaprune.calibration.targets.titles import scenario_title
from synaprune.figures.palette import TREATMENT_LOOKS, Look
from synaprune.figures.sheet import Sheet
from synaprune.figures.style import INK, TWO_COLUMNS, in_house_style
from synaprune.figures.words import axis_title

_NAMES, _PANEL, _GAP, _ROW, _TITLE, _TICKS, _FOOT, _ACROSS = 54.0, 56.0, 7.0, 4.4, 8.5, 8.0, 12.0, 2

_TINT = "#e9ecef"

_OTHER = Look(INK, "h")

KEY = (
    "Hollow diamond: the paper's difference, one network an arm.  Light zone: 95 % of pairs of "
    "unrelated untreated\npatients differ by less.  Mark and bar: mean difference between twins "
    "and its 95 % t interval."
)


@in_house_style
def figure(effects: pd.DataFrame) -> Figure:
    """Draw a panel a readout, a row a treated scenario.

    Parameters
    ----------
    effects
        Rows of Table 3 of `synaprune.calibration.findings.twin_effects.twin_effects`.
    """
    readouts = list(dict.fromkeys(effects["readout"]))
    scenarios = list(
        effects[["profile", "treatment"]].drop_duplicates().itertuples(index=False, name=None)
    )
    block = _TITLE + _ROW * len(scenarios) + _TICKS
    sheet = Sheet(TWO_COLUMNS, -(-len(readouts) // _ACROSS) * block + _FOOT)
    for place, readout in enumerate(readouts):
        row, column = divmod(place, _ACROSS)
        left, top = _NAMES + column * (_PANEL + _GAP), row * block + _TITLE
        ax = sheet.panel(left, top, _PANEL, _ROW * len(scenarios))
        _draw(ax, effects[effects["readout"] == readout].to_dict(orient="records"), scenarios)
        ax.set_title(axis_title(readout), pad=3)
        if column == 0:
            titles = [scenario_title(*scenario) for scenario in scenarios]
            ax.set_yticks(range(len(scenarios)), titles, fontsize=6.5)
    sheet.key(KEY, 1)
    return sheet.figure


def _draw(ax: Axes, rows: list[dict[Hashable, Any]], scenarios: list[tuple[str, str]]) -> None:
    ax.set_ylim(len(scenarios) - 0.4, -0.6)
    ax.set_yticks([])
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.axvline(0, color=INK, lw=0.6, zorder=0.5)
    for row in rows:
        _draw_row(ax, scenarios.index((row["profile"], row["treatment"])), row)


def _draw_row(ax: Axes, place: int, row: Mapping[Hashable, Any]) -> None:
    look, name = TREATMENT_LOOKS.get(row["treatment"], _OTHER), row["name"]
    limit = float(row["chance_limit"])
    if limit > 0:
        ax.barh(place, 2 * limit, left=-limit, height=0.86, color=_TINT, zorder=0,
                gid=f"chance-{name}")  # fmt: skip
    ax.plot([row["lower"], row["upper"]], [place, place], color=look.colour, lw=1.6,
            solid_capstyle="butt", zorder=1, gid=f"interval-{name}")  # fmt: skip
    ax.plot([row["mean"]], [place], marker=look.marker, ms=look.size * 0.85, color=look.colour,
            mec="white", mew=0.3, ls="", zorder=2, gid=f"mean-{name}")  # fmt: skip
    ax.plot([row["paper_low"]], [place], marker="D", ms=4.2, mfc="none", mec=INK, mew=0.8, ls="",
            zorder=3, gid=f"paper-{name}")  # fmt: skip
