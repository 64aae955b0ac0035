"""The map of ranks: where the published network lies among the patients, scenario by scenario.

A share inside the bands does not say where the network lies outside them, nor on which side. Here
every readout of every scenario is a cell with the network's rank among the patients at the end.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from synaprune.figures.captions import CHANCE_LEVELS, captioned
from synaprune.figures.material import Material
from synaprune.figures.record import Planned
from synaprune.figures.sheet import Sheet
from synaprune.figures.style import FAINT, INK, SMALL, TWO_COLUMNS, in_house_style
from synaprune.figures.words import READOUT
from synaprune.model.quantities import READOUT_NAMES
from synaprune.paper import Comparison
from synaprune.paper.sentences import headline
from synaprune.study import library

_NAMES, _RIGHT, _TOP, _ROW, _TITLE, _FOOT = 44.0, 15.0, 19.0, 3.9, 5.6, 12.0

#: Grey by the distance of a rank from the middle: light in the middle, dark at the edges.
_GREYS = LinearSegmentedColormap.from_list("ranks", ["#ffffff", "#eef1f3", "#8b959e"])

#: Where the ticks of the lowest and the highest rank are drawn, so that neighbours differ.
_EDGES = (0.07, 0.93)

#: From where to where a tick goes, in shares of a row.
_TICK = (0.12, 0.88)

#: What marks a number below and above the 95 % band.
BELOW, ABOVE = "−", "+"

KEY = (
    "Tick: rank of the published network, from below all patients (left) to above all (right).\n"
    "Darker: further from the middle.   + above, − below the 95 % band of patients."
)


def planned(material: Material, comparison: Comparison) -> Planned:
    """Describe the figure."""
    last = _final(comparison)
    return captioned(
        material,
        name="rank_map",
        title="The published network among the patients",
        drawn=f"{len(last.groupby(['profile', 'treatment']))} scenarios by "
        f"{last['column'].nunique()} readouts at the final cycle: the rank of the published "
        f"network (paper and published notebook) among the patients. {CHANCE_LEVELS}",
        seen=seen(comparison),
        make=lambda: figure(last),
    )


def seen(comparison: Comparison) -> str:
    """Count the cells inside the bands, beside the share of all numbers."""
    inside = _final(comparison)["inside_95"]
    return (
        f"{int(inside.sum())} of {len(inside)} cells lie inside the 95 % bands. Over all cycles "
        f"and layers, {headline(comparison.summary)[0]}"
    )


def _final(comparison: Comparison) -> pd.DataFrame:
    """Keep the readouts at the final cycle."""
    numbers = comparison.published_network
    last = numbers["cycle"] == numbers["cycle"].max()
    final: pd.DataFrame = numbers[last & numbers["column"].isin(READOUT_NAMES)]
    return final


@in_house_style
def figure(table: pd.DataFrame) -> Figure:
    """Draw one cell a scenario and readout.

    Parameters
    ----------
    table
        One row a cell: profile, treatment, column, published, median, rank, inside_95.
    """
    readouts = list(dict.fromkeys(table["column"]))
    scenarios = table.groupby(["profile", "treatment"]).ngroups
    height = _TOP + _TITLE * table["profile"].nunique() + _ROW * scenarios
    sheet = Sheet(TWO_COLUMNS, height + _FOOT)
    width = (TWO_COLUMNS - _NAMES - _RIGHT) / len(readouts)
    for place, readout in enumerate(readouts):
        left, name = _NAMES + (place + 0.5) * width, READOUT[readout].title
        sheet.text(left, _TOP + 3, name, size=7, va="bottom", rotation=50, rotation_mode="anchor")
    ax = sheet.panel(0, 0, sheet.width, sheet.height)
    ax.set_xlim(0, sheet.width)
    ax.set_ylim(sheet.height, 0)
    ax.set_axis_off()
    lefts = [_NAMES + place * width for place in range(len(readouts))]
    top, rows = _TOP, []
    for profile, arms in table.groupby("profile", sort=False):
        title = library.profiles()[str(profile)].title
        sheet.text(1, top + 1.2, title, size=SMALL, weight="bold")
        top += _TITLE
        for treatment, cells in arms.groupby("treatment", sort=False):
            sheet.text(3, top + 0.9, library.treatments()[str(treatment)].title, size=7)
            rows.append(cells.set_index("column").loc[readouts].assign(left=lefts, top=top))
            top += _ROW
    _draw(ax, pd.concat(rows), width)
    sheet.key(KEY, 1)
    return sheet.figure


def _draw(ax: Axes, cells: pd.DataFrame, width: float) -> None:
    """Draw greys and ticks by rank, and a sign outside the band."""
    rank, left, top = (cells[name].to_numpy(dtype=np.float64) for name in ("rank", "left", "top"))
    boxes = [Rectangle(corner, width, _ROW) for corner in zip(left, top, strict=True)]
    greys = PatchCollection(boxes, fc=_GREYS(np.abs(2 * rank - 1)), ec=FAINT, lw=0.3)
    greys.set_gid("ranks")
    ax.add_collection(greys)
    at = left + width * np.clip(rank, *_EDGES)
    ends = np.stack([np.column_stack([at, top + share * _ROW]) for share in _TICK], axis=1)
    ticks = LineCollection(list(ends), colors=INK, lw=1.1, capstyle="butt")
    ticks.set_gid("ticks")
    ax.add_collection(ticks)
    above = (cells["published"] > cells["median"]).to_numpy()
    for place in np.flatnonzero(~cells["inside_95"].to_numpy(dtype=bool)):
        sign = ax.text(
            left[place] + width / 2,
            top[place] + _ROW / 2,
            ABOVE if above[place] else BELOW,
            ha="center",
            va="center_baseline",
            size=9,
            weight="bold",
            color=INK,
        )
        sign.set_gid("sign")
