"""The verdict map: every published cell of Table 3 beside the patients of the run.

A verdict alone does not say by how much a number is missed. Here every cell shows the band of
patients on a scale of tolerances around the published value, with the verdict as a mark.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from synaprune.figures.captions import CHANCE_LEVELS, captioned
from synaprune.figures.material import Material
from synaprune.figures.palette import TREATMENT_LOOKS
from synaprune.figures.record import Planned
from synaprune.figures.sheet import Sheet
from synaprune.figures.style import FAINT, INK, SMALL, TWO_COLUMNS, in_house_style
from synaprune.figures.words import READOUT, number
from synaprune.paper import Comparison
from synaprune.paper.verdicts import REPRODUCED
from synaprune.study import library

_NAMES, _TOP, _ROW, _GAP, _FOOT = 40.0, 8.0, 7.0, 1.1, 16.0

#: Tolerances shown to either side of the published value.
REACH = 4.0

_TINT = "#e9ecef"

KEY = (
    "Dotted line: published value.  Light zone: ± 1 tolerance.  Mark and bar: median and 95 % "
    "of patients;\narrowheads: beyond 4 tolerances.  Dark cell with × : not reproduced; the "
    "number is the distance of the band\nfrom the published value in tolerances (0: the value "
    "lies in the band, but too few patients are near it)."
)


def planned(material: Material, comparison: Comparison) -> Planned:
    """Describe the figure."""
    return captioned(
        material,
        name="verdict_map",
        title="Every number of Table 3 beside this run",
        drawn="Thirteen scenarios by ten readouts at the final cycle, each on a scale of its "
        f"tolerance around the published value. {CHANCE_LEVELS}",
        seen=seen(comparison),
        make=lambda: figure(comparison.table3),
    )


def seen(comparison: Comparison) -> str:
    """Count the cells, with the dead network's count beside them."""
    count = comparison.summary["table3"]
    return (
        f"{count['reproduced']} of {count['cells']} published numbers are reproduced; a network "
        f"with nothing left, scored by tolerance alone, would match {count['dead_network']}."
    )


@in_house_style
def figure(table: pd.DataFrame) -> Figure:
    """Draw one small scale a cell.

    Parameters
    ----------
    table
        Table 3 of a comparison: profile, treatment, readout, published, estimate, lower, upper,
        tolerance, verdict.
    """
    scenarios = list(
        table[["profile", "treatment"]].drop_duplicates().itertuples(index=False, name=None)
    )
    readouts = list(dict.fromkeys(table["readout"]))
    sheet = Sheet(TWO_COLUMNS, _TOP + _ROW * len(scenarios) + _FOOT)
    width = (TWO_COLUMNS - _NAMES - _GAP * len(readouts)) / len(readouts)
    cells = {
        (row["profile"], row["treatment"], row["readout"]): row
        for row in table.to_dict(orient="records")
    }
    for column, readout in enumerate(readouts):
        left = _NAMES + column * (width + _GAP)
        sheet.text(left + width / 2, _TOP - 1, READOUT[readout].title.replace(" ", "\n"),
                   ha="center", va="bottom", size=6.5)  # fmt: skip
        for row, (profile, treatment) in enumerate(scenarios):
            ax = sheet.panel(left, _TOP + row * _ROW, width, _ROW - _GAP)
            _draw(ax, cells[profile, treatment, readout])
    for row, (profile, treatment) in enumerate(scenarios):
        _name(sheet, row, profile, treatment)
    sheet.key(KEY, 1)
    return sheet.figure


def _name(sheet: Sheet, row: int, profile: str, treatment: str) -> None:
    top = _TOP + row * _ROW + 0.1
    sheet.text(1, top, library.profiles()[profile].title, size=SMALL)
    sheet.text(1, top + 2.9, library.treatments()[treatment].title, size=7, color=FAINT)


def _draw(ax: Axes, cell: Mapping[Hashable, Any]) -> None:
    """Draw the band of patients in units of tolerance around the published value."""
    look = TREATMENT_LOOKS[cell["treatment"]]
    reproduced = cell["verdict"] == REPRODUCED
    ax.set_xlim(-REACH, REACH)
    ax.set_ylim(0, 1)
    ax.set_axis_off()
    ax.add_patch(Rectangle((-REACH, 0), 2 * REACH, 1, fc="white" if reproduced else "#c3cad1",
                           ec=FAINT, lw=0.4, zorder=0, clip_on=False))  # fmt: skip
    ax.add_patch(Rectangle((-1, 0), 2, 1, fc=_TINT, ec="none", zorder=0.5))
    ax.axvline(0, color=INK, lw=0.6, ls=(0, (1, 1.5)), zorder=1)
    low, middle, high = (
        (float(cell[name]) - float(cell["published"])) / float(cell["tolerance"])
        for name in ("lower", "estimate", "upper")
    )
    height = 0.5 if reproduced else 0.3
    (bar,) = ax.plot([max(low, -REACH), min(high, REACH)], [height, height], color=look.colour,
                     lw=1.4, solid_capstyle="butt", zorder=2)  # fmt: skip
    bar.set_gid(f"band-{cell['profile']}-{cell['treatment']}-{cell['readout']}")
    for beyond, edge, sign in ((low < -REACH, -REACH, "<"), (high > REACH, REACH, ">")):
        if beyond:
            ax.plot([edge * 0.93], [height], marker=sign, ms=2.6, color=look.colour, mew=0)
    if abs(middle) <= REACH:
        ax.plot([middle], [height], marker=look.marker, ms=look.size * 0.8, color=look.colour,
                mec="white", mew=0.3, zorder=3)  # fmt: skip
    if not reproduced:
        words = f"× {number(max(low, -high, 0.0), 1)}"
        side = -1 if middle > 0 else 1
        ax.text(side * REACH * 0.93, 0.93, words, ha="left" if side < 0 else "right", va="top",
                fontsize=7, weight="bold", color=INK, zorder=4)  # fmt: skip
