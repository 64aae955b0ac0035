"""Time, and what happens in it: cycles below, months above, flares, doses, the chance level."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation, blended_transform_factory
from numpy.typing import NDArray

from synaprune.figures.sheet import MM_PER_INCH, height_of, points
from synaprune.figures.style import FAINT, INK, SMALL
from synaprune.paper.published import reference_points

#: Height of a row of dose triangles, and of a flare in all patients, in millimetres.
DOSE_ROW, FULL_FLARE = 2.2, 3.0

Scale = Callable[[Any], Any]

_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)


def time_axis(
    ax: Axes,
    cycles: int,
    months: float,
    *,
    ticks: int = 6,
    rows: int = 0,
    titled: bool = True,
) -> None:
    """Set up the x axis: cycles below, months above where a cycle has a length.

    Parameters
    ----------
    ax
        Where to.
    cycles, months
        Length of the course and of a cycle; 0 months leave the upper axis out.
    ticks
        About how many ticks fit.
    rows
        Rows of doses to leave room for.
    titled
        Whether the months have a title of their own; otherwise the last tick names them.
    """
    last = cycles - 1
    ax.set_xlim(-0.5, max(last, 1) + 0.5)
    ax.set_xticks(_ticks(last, _STEPS, ticks))
    ax.tick_params(axis="x", pad=2 + points(DOSE_ROW * rows))
    ax.set_xlabel("Cycle", labelpad=1)
    if months:
        _month_axis(ax, last * months, months, ticks, titled=titled)


def _month_axis(ax: Axes, last: float, months: float, ticks: int, *, titled: bool) -> None:
    top = ax.secondary_xaxis("top", functions=_scaling(months))
    at = _ticks(last, _MONTH_STEPS, ticks if titled else 2)
    top.set_xticks(at)
    top.spines["top"].set_visible(True)
    top.spines["top"].set_color(FAINT)
    top.tick_params(color=FAINT, labelcolor=FAINT)
    if titled:
        top.set_xlabel("Month", labelpad=2, color=FAINT, fontsize=SMALL)
    else:
        labels = [f"{month:g}" for month in at]
        top.set_xticks(at, [*labels[:-1], f"{labels[-1]} months"])


def _scaling(factor: float) -> tuple[Scale, Scale]:
    """Give a multiplication and its inverse."""

    def forth(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return values * factor

    def back(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return values / factor

    return forth, back


def _ticks(last: float, steps: Sequence[int], wanted: int) -> NDArray[np.float64]:
    """Give round ticks from 0 to at most the last value."""
    step = next((step for step in steps if last / step <= wanted), steps[-1])
    return np.arange(0, last + 1e-9, step, dtype=np.float64)


def draw_flares(
    ax: Axes,
    share: NDArray[np.float64],
    colour: str,
    name: str,
    *,
    shift: float = 0.0,
    base: float = 0.0,
) -> None:
    """Draw flares as ticks on the axis, as high as the share of patients that have one.

    Parameters
    ----------
    ax
        Where to.
    share
        Share of patients at each cycle.
    colour, name
        Of the arm.
    shift
        To the right, in cycles, where several arms share the axis.
    base
        Where they stand, as a share of the height of the axes.
    """
    at = np.flatnonzero(share > 0)
    height = height_of(ax)
    lines = ax.vlines(
        at + shift, base, base + share[at] * FULL_FLARE / height, color=colour, lw=0.9,
        transform=ax.get_xaxis_transform(), zorder=1.5,
    )  # fmt: skip
    lines.set_gid(f"flares-{name}")


def draw_doses(
    ax: Axes,
    doses: Mapping[str, Sequence[int]],
    colour: str,
    name: str,
    *,
    first_row: int = 0,
    base: float = 0.0,
) -> None:
    """Draw doses as triangles, one row a drug.

    Parameters
    ----------
    ax
        Where to.
    doses
        By drug the cycles.
    colour, name
        Of the arm.
    first_row
        Rows to leave free above.
    base
        Below which height, as a share of the height of the axes.
    """
    for row, (drug, days) in enumerate(doses.items(), start=first_row):
        down = ScaledTranslation(
            0, -(row + 0.55) * DOSE_ROW / MM_PER_INCH, ax.figure.dpi_scale_trans
        )
        below = blended_transform_factory(ax.transData, ax.transAxes) + down
        (marks,) = ax.plot(
            days, np.full(len(days), base), ls="", marker="^", ms=3.2, mew=0, color=colour,
            transform=below, clip_on=False,
        )  # fmt: skip
        marks.set_gid(f"doses-{drug}-{name}")
        if len(doses) > 1:
            ax.annotate(
                f"{drug[:3]}. ", (0, base), xycoords=ax.transAxes + down, ha="right", va="center",
                fontsize=6, annotation_clip=False,
            )  # fmt: skip


#: The chance level of the readouts that have one.
CHANCE_OF = ("accuracy_percent", "alsfrs_r_proxy")


def chance_level(readout: str) -> float | None:
    """Give what guessing scores, for the readouts that depend on the task."""
    level = reference_points()
    if readout not in CHANCE_OF:
        return None
    return level.chance_proxy if readout == "alsfrs_r_proxy" else level.chance_accuracy_percent


def draw_chance(ax: Axes, readout: str, *, label: str = "chance {level:g}") -> None:
    """Draw the chance level as a dotted line with its name, where the readout has one."""
    level = chance_level(readout)
    if level is None:
        return
    line = ax.axhline(level, ls=":", lw=1.0, color=INK, zorder=1.8)
    line.set_gid("chance")
    ax.annotate(
        label.format(level=level), (0, level), xycoords=ax.get_yaxis_transform(),
        xytext=(3, -2), textcoords="offset points", ha="left", va="top", fontsize=SMALL, zorder=4,
        bbox={"boxstyle": "square,pad=0.05", "fc": "white", "ec": "none", "alpha": 0.7},
    )  # fmt: skip
