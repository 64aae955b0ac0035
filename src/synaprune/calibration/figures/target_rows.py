"""One target as a row: its tolerance, the band of patients, and the numbers beside it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from math import isfinite
from typing import Any

from matplotlib.axes import Axes

from synaprune.calibration.targets.titles import range_in_words
from synaprune.figures.palette import TREATMENT_LOOKS, Look
from synaprune.figures.style import FAINT, INK, SMALL
from synaprune.figures.words import number
from synaprune.paper.tolerance import SLACK

#: Tolerances shown to either side.
REACH = 6.0

_TINT = "#e9ecef"

#: Look of a treatment that no built-in one is.
_OTHER = Look(INK, "h")

Row = Mapping[Hashable, Any]


def decimals_of(tolerance: float) -> int:
    """Count the decimals that a tolerance supports.

    Examples
    --------
    >>> decimals_of(8.0), decimals_of(2.0), decimals_of(0.1)
    (1, 1, 2)
    """
    return 2 if tolerance < 0.5 else 1


def middle(row: Row) -> float:
    """Give the middle of a target, or its stated side."""
    ends = [float(row[name]) for name in ("low", "high") if isfinite(float(row[name]))]
    return sum(ends) / len(ends)


def draw_row(ax: Axes, place: int, row: Row) -> None:
    """Draw one target in tolerances from its middle, and write target and median beside it.

    Parameters
    ----------
    ax, place
        Where, and in which row.
    row
        name, treatment, low, high, tolerance, estimate, lower, upper, residual.
    """
    zero, allowed = middle(row), float(row["tolerance"])

    def at(name: str) -> float:
        return (float(row[name]) - zero) / allowed

    look = TREATMENT_LOOKS.get(row["treatment"], _OTHER)
    left, right = max(at("low") - 1, -REACH), min(at("high") + 1, REACH)
    ax.barh(place, right - left, left=left, height=0.86, color=_TINT, zorder=0,
            gid=f"zone-{row['name']}")  # fmt: skip
    for end in {at("low"), at("high")}:
        if isfinite(end):
            ax.plot([end, end], [place - 0.43, place + 0.43], color=INK, lw=0.8, zorder=3)
    ax.plot([max(at("lower"), -REACH), min(at("upper"), REACH)], [place, place],
            color=look.colour, lw=1.6, solid_capstyle="butt", zorder=1,
            gid=f"band-{row['name']}")  # fmt: skip
    for beyond, edge, mark in (
        (at("lower") < -REACH, -REACH, "<"),
        (at("upper") > REACH, REACH, ">"),
    ):
        if beyond:
            ax.plot([edge * 0.97], [place], marker=mark, ms=3, color=look.colour, mew=0)
    if abs(at("estimate")) <= REACH:
        ax.plot([at("estimate")], [place], marker=look.marker, ms=look.size * 0.85,
                color=look.colour, mec="white", mew=0.3, ls="", zorder=2,
                gid=f"median-{row['name']}")  # fmt: skip
    _write(ax, place, row)


def _write(ax: Axes, place: int, row: Row) -> None:
    beyond = abs(float(row["residual"])) > 1 + SLACK
    places = decimals_of(float(row["tolerance"]))
    ends = [float(row[name]) for name in ("low", "high") if isfinite(float(row[name]))]
    whole = len(set(ends)) > 1 and all(end.is_integer() for end in ends)
    asked = range_in_words(float(row["low"]), float(row["high"]), 0 if whole else places)
    ax.text(1.02, place, f"{asked} → {number(float(row['estimate']), places)}", ha="left",
            va="center", transform=ax.get_yaxis_transform(), fontsize=SMALL - 1.5,
            color=INK if beyond else FAINT, weight="bold" if beyond else "normal")  # fmt: skip
