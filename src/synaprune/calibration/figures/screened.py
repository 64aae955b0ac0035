"""Which constants move the loss: mean absolute effects beside what other patients do."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from synaprune.calibration.sensitivity.screening import OTHER_PATIENTS
from synaprune.calibration.targets.titles import constant_title
from synaprune.figures.sheet import Sheet
from synaprune.figures.style import FAINT, INK, SMALL, TWO_COLUMNS, in_house_style

_NAMES, _GAP, _RIGHT, _TOP, _ROW, _TICKS, _FOOT = 44.0, 47.0, 3.0, 8.0, 4.2, 9.0, 16.0

_TINT = "#e9ecef"

KEY = (
    "Mark: mean absolute change of the loss for a move over the whole range; bar: its 95 % "
    "interval (bootstrap over\ntrajectories).  Zone: what other patients alone change (its "
    "interval's end).  Hollow: not told from that.  Dash: spread\nof effects (interactions, "
    "curvature)."
)


#: What the readouts were computed by.
PANELS = {"counting": "Counted readouts", "networks": "All readouts"}


@in_house_style
def figure(screening: pd.DataFrame, output: str = "loss") -> Figure:
    """Draw a panel for each way of computing, the strongest constant first.

    Constants that change nothing at all are left out.

    Parameters
    ----------
    screening
        by, output, name, mu_star, lower, upper, sigma, above.
    output
        Which output.
    """
    still = (screening["mu_star"] == 0) & (screening["name"] != OTHER_PATIENTS)
    shown = screening[(screening["output"] == output) & ~still]
    ways = list(dict.fromkeys(shown["by"]))
    longest = int(shown.groupby("by").size().max())
    sheet = Sheet(TWO_COLUMNS, _TOP + _ROW * longest + _TICKS + _FOOT)
    width = (TWO_COLUMNS - _NAMES - _RIGHT - _GAP * (len(ways) - 1)) / len(ways)
    for place, way in enumerate(ways):
        here = shown[shown["by"] == way].sort_values("mu_star", ascending=False)
        ax = sheet.panel(_NAMES + place * (width + _GAP), _TOP, width, _ROW * len(here))
        _draw(ax, here)
        ax.set_title(PANELS.get(str(way), str(way)), pad=4)
    sheet.key(KEY, 1)
    return sheet.figure


def _draw(ax: Axes, rows: pd.DataFrame) -> None:
    names = [
        "other patients" if name == OTHER_PATIENTS else constant_title(name)
        for name in rows["name"]
    ]
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_yticks(range(len(rows)), names, fontsize=SMALL - 0.5)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    floor = float(rows.loc[rows["name"] == OTHER_PATIENTS, "upper"].iloc[0])
    ax.axvspan(0, floor, color=_TINT, lw=0, zorder=0)
    for place, row in enumerate(rows.to_dict(orient="records")):
        fill = INK if row["above"] else "white"
        ax.axhline(place, color=FAINT, lw=0.25, alpha=0.5, zorder=0.5)
        ax.plot([row["lower"], row["upper"]], [place, place], color=INK, lw=1.4,
                solid_capstyle="butt", zorder=1)  # fmt: skip
        ax.plot([row["mu_star"]], [place], marker="o", ms=4.2, color=INK, mfc=fill, mew=0.9, ls="",
                zorder=2, gid=f"effect-{row['name']}")  # fmt: skip
        ax.plot([row["sigma"]], [place], marker="|", ms=6, mew=1.0, color=FAINT, ls="", zorder=1)
    ax.set_xlim(left=0)
    ax.set_xlabel("Change of the loss")
