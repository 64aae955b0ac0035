"""The course of a profile at a glance: the main readouts, all arms in each, and the doses."""

from __future__ import annotations

from textwrap import shorten

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from synaprune.figures.bands import draw_course
from synaprune.figures.captions import CHANCE, captioned, reading
from synaprune.figures.material import Material
from synaprune.figures.record import Planned
from synaprune.figures.sheet import Sheet
from synaprune.figures.style import SMALL, TWO_COLUMNS, in_house_style
from synaprune.figures.time_axis import draw_chance, draw_doses, draw_flares, time_axis
from synaprune.figures.value_axis import value_axis
from synaprune.figures.words import axis_title, in_sentence, listed, number

#: What a user's own run is looked at by, in the order of the panels.
READOUTS = (
    "alsfrs_r_proxy",
    "motor_integrity_percent",
    "total_sparsity_percent",
    "respiratory_risk_percent",
    "depression_score",
    "nfl_proxy",
)

#: Single patients are drawn where no more arms than this share a panel.
_FEW_ARMS = 3

_LEFT, _WIDTH, _HEIGHT, _PITCH, _ACROSS = 14.0, 68.0, 34.0, 58.0, 90.0
_LEGEND_ROW, _LEGEND_COLUMNS, _STRIP_ROW, _STRIP_NAMES = 5.0, 3, 6.5, 44.0
_LONGEST_NAME = 26


def planned(material: Material, profile: str) -> Planned:
    """Describe the figure of one profile."""
    return captioned(
        material,
        name=f"course_{profile}",
        title=f"{material.profiles[profile]}: the course at a glance",
        drawn=f"Six readouts of {in_sentence(material.profiles[profile])}, all arms in each "
        f"panel; below, flares and doses by arm. {CHANCE}",
        seen=seen(material, profile),
        make=lambda: figure(material, profile),
    )


def seen(material: Material, profile: str) -> str:
    """Say where motor integrity ends in each arm."""
    ends = [
        f"{number(float(np.median(values[:, -1])), 0)} % in {in_sentence(title)}"
        for arm, title in material.arm_titles.items()
        for values in [material.course(profile, arm, "motor_integrity_percent")]
    ]
    return f"Median motor integrity ends at {listed(ends)}."


@in_house_style
def figure(material: Material, profile: str) -> Figure:
    """Draw six readouts and a strip of flares and doses.

    Parameters
    ----------
    material
        The run.
    profile
        Which profile.
    """
    legend = _LEGEND_ROW * -(-len(material.arms) // _LEGEND_COLUMNS) + 3
    rows = -(-len(READOUTS) // 2)
    strip = [(arm, drug) for arm, doses in material.arms.items() for drug in doses or {"": ()}]
    top = legend + rows * _PITCH
    sheet = Sheet(TWO_COLUMNS, top + _STRIP_ROW * len(strip) + 37)
    _draw_legend(sheet, material)
    for place, readout in enumerate(READOUTS):
        row, column = divmod(place, 2)
        ax = sheet.panel(_LEFT + column * _ACROSS, legend + row * _PITCH + 14.5, _WIDTH, _HEIGHT)
        _draw(ax, material, profile, readout)
    ax = sheet.panel(_STRIP_NAMES, top + 16, TWO_COLUMNS - _STRIP_NAMES - 4,
                     _STRIP_ROW * len(strip))  # fmt: skip
    _draw_strip(ax, material, profile, strip)
    sheet.key(reading(), 1)
    return sheet.figure


def _draw_legend(sheet: Sheet, material: Material) -> None:
    ax = sheet.panel(0, 0, sheet.width, 4)
    ax.set_axis_off()
    ax.set_xlim(0, sheet.width)
    ax.set_ylim(4, 0)
    for place, (arm, look) in enumerate(material.looks.items()):
        row, column = divmod(place, _LEGEND_COLUMNS)
        x, y = 2 + column * sheet.width / _LEGEND_COLUMNS, 2.5 + row * _LEGEND_ROW
        ax.plot([x, x + 4, x + 8], [y] * 3, color=look.colour, ls=look.dash, marker=look.marker,
                markevery=[1], ms=look.size, mec="white", mew=0.3, clip_on=False)  # fmt: skip
        name = shorten(material.arm_titles[arm], _LONGEST_NAME, placeholder=" …")
        ax.text(x + 10, y, name, va="center")


def _draw(ax: Axes, material: Material, profile: str, readout: str) -> None:
    courses = {arm: material.course(profile, arm, readout) for arm in material.arms}
    time_axis(ax, material.cycles, material.months(profile), ticks=6)
    value_axis(ax, readout, courses.values())
    ax.set_title(axis_title(readout), pad=5)
    draw_chance(ax, readout)
    for place, (arm, values) in enumerate(courses.items()):
        draw_course(
            ax, values, material.looks[arm], f"{readout}-{arm}",
            hairlines=len(courses) <= _FEW_ARMS, shift=place,
        )  # fmt: skip


def _draw_strip(ax: Axes, material: Material, profile: str, strip: list[tuple[str, str]]) -> None:
    """Draw a row for each arm, or for each drug of it: flares above its line, doses below."""
    time_axis(ax, material.cycles, material.months(profile), ticks=8)
    ax.set_ylim(len(strip), 0)
    names = []
    for row, (arm, drug) in enumerate(strip):
        colour, first = material.looks[arm].colour, row == 0 or arm != strip[row - 1][0]
        base = row + 0.55
        ax.axhline(base, color=colour, lw=0.5)
        if first:
            share = material.flare_share(profile, arm)
            draw_flares(ax, share, colour, arm, base=1 - base / len(strip))
        if drug:
            draw_doses(ax, {drug: material.arms[arm][drug]}, colour, arm,
                       base=1 - base / len(strip))  # fmt: skip
        several = len(material.arms[arm]) > 1
        title = f"{material.arm_titles[arm]}, {drug}" if several else material.arm_titles[arm]
        names.append(shorten(title, _LONGEST_NAME, placeholder=" …"))
    ax.set_yticks([row + 0.55 for row in range(len(strip))], names, fontsize=SMALL)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set_title("Flares and doses", pad=5)
