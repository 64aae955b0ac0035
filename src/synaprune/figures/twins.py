"""Twin differences: what each treatment changes in the same patients, by profile."""

from __future__ import annotations

from textwrap import wrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from synaprune.figures.captions import CHANCE_LEVELS, captioned
from synaprune.figures.effects import best_effect, in_numbers
from synaprune.figures.material import FloatArray, Material
from synaprune.figures.record import Planned
from synaprune.figures.sheet import Sheet
from synaprune.figures.style import (
    FAINT,
    HAIRLINES_BELOW,
    INK,
    SMALL,
    TWO_COLUMNS,
    in_house_style,
)
from synaprune.figures.twin_differences import MEASURES, Measure, differences
from synaprune.figures.words import in_sentence
from synaprune.paper.intervals import mean_interval

_TOP, _NAMES, _GAP, _ROW, _TITLE, _TICKS, _FOOT = 12.5, 41.0, 3.5, 3.8, 5.5, 4.5, 13.0

#: Letters of a title in a line over a column.
_TITLE_WIDTH = 12

#: The finest scale of a measure as a share of its coarsest.
_FINEST = 0.12

#: The narrowest scale, in the unit of the measure.
_NARROWEST = 1.0

_BETTER = {1: "better →", -1: "← better", 0: ""}

KEY = (
    "Mark: mean difference from the untreated twin.  Bar: its 95 % t interval.\n"
    "Thin ticks: single patients.  Scales differ from profile to profile."
)


def planned(material: Material) -> Planned:
    """Describe the figure."""
    reference = in_sentence(material.arm_titles[str(material.reference)])
    return captioned(
        material,
        name="twin_differences",
        title="What each treatment changes in the same patients",
        drawn=f"Treated minus {reference} in the same patient, by profile: the functional score "
        "averaged over the whole course and at the final cycle, the other readouts at the final "
        f"cycle. Zero is no effect. {CHANCE_LEVELS}",
        seen=seen(material),
        make=lambda: figure(material),
    )


def seen(material: Material) -> str:
    """Say which treatment keeps most motor integrity, by profile."""
    integrity = next(m for m in MEASURES if m.readout == "motor_integrity_percent")
    found = [
        f"{in_sentence(material.profiles[profile])}: {in_sentence(material.arm_titles[arm])} "
        f"{in_numbers(estimate)}"
        for profile in material.profiles
        for arm, estimate in [best_effect(material, profile, integrity)]
    ]
    return f"The largest difference in motor integrity (points of %) in {'; in '.join(found)}."


@in_house_style
def figure(material: Material) -> Figure:
    """Draw a row of panels a profile and a column a measure.

    Parameters
    ----------
    material
        A run with an arm without doses and at least one other.
    """
    height = _ROW * len(material.treated)
    block = _TITLE + height + _TICKS
    sheet = Sheet(TWO_COLUMNS, _TOP + block * len(material.profiles) + _FOOT)
    width = (TWO_COLUMNS - _NAMES - _GAP * len(MEASURES)) / len(MEASURES)
    for column, measure in enumerate(MEASURES):
        left = _NAMES + column * (width + _GAP)
        title = "\n".join([*wrap(measure.title, _TITLE_WIDTH), measure.when])
        sheet.text(left + width / 2, _TOP - 1, title, ha="center", va="bottom", size=SMALL)
        limits = _limits(material, measure)
        for row, profile in enumerate(material.profiles):
            top = _TOP + row * block + _TITLE
            ax = sheet.panel(left, top, width, height)
            ax.set_xlim(limits[profile])
            _draw(ax, material, profile, measure, named=column == 0)
            if row == len(material.profiles) - 1:
                ax.set_xlabel(_BETTER[measure.better], fontsize=SMALL, labelpad=1)
            if column == 0:
                sheet.text(1, top - _TITLE + 1, material.profiles[profile], weight="bold")
    sheet.key(KEY, 1)
    return sheet.figure


def _limits(material: Material, measure: Measure) -> dict[str, tuple[float, float]]:
    """Give each profile a scale that holds 0 and everything drawn.

    No scale is finer than a share of the coarsest, or noise would look like an effect.
    """
    ends: dict[str, tuple[float, float]] = {}
    for profile in material.profiles:
        values = [
            value for arm in material.treated for value in _extent(material, profile, arm, measure)
        ]
        ends[profile] = min([*values, 0.0]), max([*values, 0.0])
    widest = max(high - low for low, high in ends.values())
    finest = max(_FINEST * widest, _NARROWEST)
    limits = {}
    for profile, (low, high) in ends.items():
        lacking = max(finest - (high - low), 0.0) / 2
        margin = 0.08 * (high - low) + lacking
        limits[profile] = low - margin, high + margin
    return limits


def _extent(material: Material, profile: str, arm: str, measure: Measure) -> list[float]:
    """List what must be inside the scale: interval, and patients where they are drawn."""
    values = differences(material, profile, arm, measure)
    mean, lower, upper, n = mean_interval(values)
    if n == 1:
        return [mean]
    people = [float(values.min()), float(values.max())] if n < HAIRLINES_BELOW else []
    return [lower, upper, *people]


def _draw(ax: Axes, material: Material, profile: str, measure: Measure, *, named: bool) -> None:
    count = len(material.treated)
    ax.set_ylim(count - 0.5, -0.5)
    ax.xaxis.set_major_locator(MaxNLocator(2, steps=[1, 2, 5, 10]))
    ax.axvline(0, color=INK, lw=0.6)
    for row in range(count):
        ax.axhline(row, color=FAINT, lw=0.25, alpha=0.5, zorder=0)
    for row, arm in enumerate(material.treated):
        look, values = material.looks[arm], differences(material, profile, arm, measure)
        mean, lower, upper, n = mean_interval(values)
        name = f"{measure.readout}-{measure.over}-{profile}-{arm}"
        if 1 < n < HAIRLINES_BELOW:
            (ticks,) = ax.plot(*_ticks(values, row), color=look.colour, lw=0.5, alpha=0.6)
            ticks.set_gid(f"patients-{name}")
        if n > 1:
            (bar,) = ax.plot([lower, upper], [row, row], color=look.colour, lw=2.4,
                             solid_capstyle="butt")  # fmt: skip
            bar.set_gid(f"interval-{name}")
        (mark,) = ax.plot([mean], [row], marker=look.marker, ms=look.size, color=look.colour,
                          mec="white", mew=0.3, ls="")  # fmt: skip
        mark.set_gid(f"mean-{name}")
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    names = [material.arm_titles[arm] for arm in material.treated] if named else []
    ax.set_yticks(range(len(names)), names, fontsize=SMALL)


def _ticks(values: FloatArray, row: int) -> tuple[FloatArray, FloatArray]:
    """Give a vertical tick a patient as one broken line, which keeps vector files small."""
    gap = np.full(len(values), np.nan)
    x = np.column_stack([values, values, gap]).ravel()
    y = np.tile([row - 0.28, row + 0.28, np.nan], len(values))
    return x, y
