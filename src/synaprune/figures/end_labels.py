"""Names at the ends of lines, moved apart where they would collide, with published values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation, Transform

from synaprune.figures.palette import Look
from synaprune.figures.sheet import MM_PER_INCH, height_of
from synaprune.figures.style import INK, SMALL

#: From the axes to the leader's end, to the mark, and to the words; height of a line of text.
_LEADER, _MARK, _WORDS, _LINE = 5.0, 6.5, 8.5, 3.3


@dataclass(frozen=True, slots=True)
class EndLabel:
    """What stands beside the end of a line.

    Attributes
    ----------
    value
        Where the line ends, in data units.
    look
        Of the line.
    words
        Its name; further lines are smaller.
    """

    value: float
    look: Look
    words: str


def spread_out(
    wanted: Sequence[float], heights: Sequence[float], low: float, high: float
) -> list[float]:
    """Move positions apart as little as needed, keeping their order.

    Parameters
    ----------
    wanted
        Where each label would be best.
    heights
        How high each is.
    low, high
        Where the lowest may start and the highest may end, where there is room for all.

    Returns
    -------
    list of float
        Centres; labels do not overlap.

    Examples
    --------
    >>> spread_out([5.0, 5.0, 20.0], [2.0, 2.0, 2.0], 0.0, 30.0)
    [4.0, 6.0, 20.0]
    """
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    groups: list[tuple[list[int], float]] = []
    for index in order:
        members = [index]
        centre = wanted[index]
        while True:
            centre = _inside(centre, sum(heights[i] for i in members), low, high)
            if not groups or not _overlap(groups[-1], members, centre, heights):
                break
            members = groups.pop()[0] + members
            centre = _best_centre(members, wanted, heights)
        groups.append((members, centre))
    placed = [0.0] * len(wanted)
    for members, centre in groups:
        bottom = centre - sum(heights[i] for i in members) / 2
        for index in members:
            placed[index] = bottom + heights[index] / 2
            bottom += heights[index]
    return placed


def _inside(centre: float, height: float, low: float, high: float) -> float:
    return max(min(centre, high - height / 2), low + height / 2)


def _overlap(
    group: tuple[list[int], float], members: list[int], centre: float, heights: Sequence[float]
) -> bool:
    top = group[1] + sum(heights[i] for i in group[0]) / 2
    return top > centre - sum(heights[i] for i in members) / 2 + 1e-9


def _best_centre(
    members: Sequence[int], wanted: Sequence[float], heights: Sequence[float]
) -> float:
    """Centre of a stack of labels that is nearest to what all of them want."""
    total = sum(heights[i] for i in members)
    offset, starts = 0.0, []
    for index in members:
        starts.append(wanted[index] - (offset + heights[index] / 2))
        offset += heights[index]
    return float(np.mean(starts)) + total / 2


def draw_end_labels(ax: Axes, labels: Sequence[EndLabel]) -> None:
    """Write names to the right of the axes, each beside where its line ends or near it.

    Parameters
    ----------
    ax
        Whose limits are final.
    labels
        One a line.
    """
    height = height_of(ax)
    low, high = ax.get_ylim()
    wanted = [height * (label.value - low) / (high - low) for label in labels]
    heights = [_LINE * (1 + label.words.count("\n")) + 0.8 for label in labels]
    for label, start, place in zip(
        labels, wanted, spread_out(wanted, heights, -4.0, height + 4.0), strict=True
    ):
        _draw(ax, label, start / height, place / height)


def _draw(ax: Axes, label: EndLabel, start: float, place: float) -> None:
    def right(millimetres: float) -> Transform:
        away = ScaledTranslation(millimetres / MM_PER_INCH, 0, ax.figure.dpi_scale_trans)
        return ax.transAxes + away

    ax.annotate(
        "", (1, start), xycoords=right(0.3), xytext=(1, place), textcoords=right(_LEADER),
        arrowprops={"arrowstyle": "-", "lw": 0.5, "color": label.look.colour,
                    "shrinkA": 0, "shrinkB": 0},
        annotation_clip=False,
    )  # fmt: skip
    look = label.look
    ax.plot([1], [place], transform=right(_MARK), marker=look.marker, ms=look.size + 0.4, mew=0,
            color=look.colour, clip_on=False)  # fmt: skip
    name, _, rest = label.words.partition("\n")
    shared: dict[str, Any] = {
        "xycoords": right(_WORDS),
        "ha": "left",
        "color": INK,
        "annotation_clip": False,
    }
    if not rest:
        ax.annotate(name, (1, place), va="center", **shared)
        return
    ax.annotate(name, (1, place), va="bottom", xytext=(0, -1), textcoords="offset points", **shared)
    ax.annotate(rest, (1, place), va="top", xytext=(0, -1), textcoords="offset points",
                fontsize=SMALL, **shared)  # fmt: skip
