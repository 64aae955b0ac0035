"""One readout over time in one profile: all arms together, then each arm with its patients.

Medians are best compared in one panel, spread is best seen in panels of their own; the figure
has both. The published Figures 1 and 2 are of this kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from textwrap import wrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from synaprune.figures.bands import draw_course
from synaprune.figures.captions import reading
from synaprune.figures.end_labels import EndLabel, draw_end_labels
from synaprune.figures.material import FloatArray, Material
from synaprune.figures.published_marks import (
    draw_network,
    draw_published,
    published_end,
    published_text,
)
from synaprune.figures.sheet import Sheet
from synaprune.figures.style import FAINT, TWO_COLUMNS, in_house_style
from synaprune.figures.time_axis import draw_chance, draw_doses, draw_flares, time_axis
from synaprune.figures.value_axis import value_axis
from synaprune.figures.words import axis_title, number
from synaprune.paper.published import printed_decimals

#: Millimetres: margins, the panel of all arms, and the panels of single arms.
_LEFT, _TOP, _NAMES = 14.0, 14.5, 54.0
_ALL_HEIGHT, _BELOW_ALL = 56.0, 26.0
_ONE_HEIGHT, _BELOW_ONE, _GAP = 30.0, 27.0, 11.0
_COLUMNS = 4

#: Put before an arm's name in the panel of all arms; no name of an arm can hold it.
TOGETHER = "all/"

#: Letters of a title in a line over a panel of one arm.
_TITLE_WIDTH = 18


@in_house_style
def course_figure(
    material: Material, profile: str, readout: str, arms: Sequence[str] | None = None
) -> Figure:
    """Draw a readout over time.

    Parameters
    ----------
    material
        The run.
    profile, readout
        What to draw.
    arms
        Which arms; all by default.
    """
    arms = tuple(arms or material.arms)
    rows = -(-len(arms) // _COLUMNS)
    height = _TOP + _ALL_HEIGHT + _BELOW_ALL + rows * (_ONE_HEIGHT + _BELOW_ONE) - 7
    sheet = Sheet(TWO_COLUMNS, height)
    together = sheet.panel(_LEFT, _TOP, TWO_COLUMNS - _LEFT - _NAMES, _ALL_HEIGHT)
    draw_together(together, material, profile, readout, arms)
    together.set_title(f"{material.profiles[profile]}: all arms", pad=5)
    width = (TWO_COLUMNS - _LEFT - _COLUMNS * _GAP) / _COLUMNS
    for place, arm in enumerate(arms):
        row, column = divmod(place, _COLUMNS)
        panel = sheet.panel(
            _LEFT + column * (width + _GAP),
            _TOP + _ALL_HEIGHT + _BELOW_ALL + row * (_ONE_HEIGHT + _BELOW_ONE),
            width,
            _ONE_HEIGHT,
        )
        draw_alone(panel, material, profile, readout, arm)
        if column:
            panel.set_yticklabels([])
    network, ends = (
        any(find(profile, arm, readout) is not None for arm in arms)
        for find in (material.published_course, partial(published_end, material))
    )
    sheet.key(reading(network=network, ends=ends), _LEFT)
    return sheet.figure


def draw_together(
    ax: Axes, material: Material, profile: str, readout: str, arms: Sequence[str]
) -> None:
    """Draw several arms in one panel, named at their ends."""
    courses = [material.course(profile, arm, readout) for arm in arms]
    time_axis(ax, material.cycles, material.months(profile), ticks=8)
    value_axis(ax, readout, courses)
    ax.set_ylabel(axis_title(readout))
    draw_chance(ax, readout)
    for place, (arm, values) in enumerate(zip(arms, courses, strict=True)):
        draw_course(ax, values, material.looks[arm], f"{TOGETHER}{arm}", shift=place)
    draw_end_labels(
        ax,
        [
            EndLabel(
                float(np.median(values[:, -1])),
                material.looks[arm],
                f"{material.arm_titles[arm]}\n{end_in_words(material, profile, arm, readout)}",
            )
            for arm, values in zip(arms, courses, strict=True)
        ],
    )


def end_in_words(material: Material, profile: str, arm: str, readout: str) -> str:
    """Write the median at the end, and the published value beside it."""
    median = float(np.median(material.course(profile, arm, readout)[:, -1]))
    known = published_end(material, profile, arm, readout)
    published = "" if known is None else f"   {published_text(known, readout)}"
    return f"ends at {number(median, printed_decimals(readout))}{published}"


def _shared(material: Material, profile: str, readout: str) -> list[FloatArray]:
    """List all that the panels of single arms show, which share one scale."""
    courses = [material.course(profile, arm, readout) for arm in material.arms]
    network = [material.published_course(profile, arm, readout) for arm in material.arms]
    return [*courses, *(course for course in network if course is not None)]


def draw_alone(ax: Axes, material: Material, profile: str, readout: str, arm: str) -> None:
    """Draw one arm with its patients, flares and doses, and the reference's median behind it."""
    look, values = material.looks[arm], material.course(profile, arm, readout)
    doses = material.arms[arm]
    months = material.months(profile)
    time_axis(ax, material.cycles, months, ticks=4, rows=len(doses), titled=False)
    value_axis(ax, readout, _shared(material, profile, readout))
    draw_chance(ax, readout)
    if material.reference not in (None, arm):
        untreated = np.median(material.course(profile, str(material.reference), readout), axis=0)
        ax.plot(np.arange(material.cycles), untreated, color=FAINT, lw=0.8, ls=(0, (2, 1)))
    draw_course(ax, values, look, arm, hairlines=True)
    draw_network(ax, material, profile, arm, readout, arm)
    draw_flares(ax, material.flare_share(profile, arm), look.colour, arm)
    draw_doses(ax, doses, look.colour, arm)
    known = published_end(material, profile, arm, readout)
    if known is not None:
        text = published_text(known, readout).split(" ")[1]
        draw_published(ax, material.last, known, arm, text)
    ax.set_title("\n".join(wrap(material.arm_titles[arm], _TITLE_WIDTH)), pad=4)
