"""Twin differences: what each treatment changes in the same patients, by profile."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor, log10
from textwrap import wrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

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

_TOP, _NAMES, _GAP, _ROW, _TITLE, _TICKS, _FOOT = 12.5, 41.0, 5.0, 3.8, 5.5, 4.5, 13.0

#: Letters of a title in a line over a column.
_TITLE_WIDTH = 12

#: The finest scale of a measure as a share of its coarsest.
_FINEST = 0.12

#: The narrowest scale, in the unit of the measure.
_NARROWEST = 1.0

#: The least distance of two ticks and of a tick from the edge, as shares of a scale.
_STEP, _EDGE = 0.3, 0.05

#: The share of a scale that a letter of a label takes.
_LETTER = 0.125

#: Steps of ticks; each less than half more than the one before, so that two always fit.
_ROUND = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)

_BETTER = {1: "better →", -1: "← better", 0: ""}

KEY = (
    "Mark: mean difference from the untreated twin.  Bar: its 95 % t interval.\n"
    "Thin ticks: single patients."
)
KEY_SEVERAL = f"{KEY}  Scales differ from profile to profile."


def planned(material: Material, profiles: Sequence[str] | None = None) -> Planned:
    """Describe the figure.

    Parameters
    ----------
    material
        A run with an arm without doses and at least one other.
    profiles
        Which profiles; all by default.
    """
    shown = tuple(profiles or material.profiles)
    where = "by profile" if len(shown) > 1 else f"in {in_sentence(material.profiles[shown[0]])}"
    reference = in_sentence(material.arm_titles[str(material.reference)])
    return captioned(
        material,
        name="twin_differences",
        title="What each treatment changes in the same patients",
        drawn=f"Treated minus {reference} in the same patient, {where}: the functional score "
        "averaged over the whole course and at the final cycle, the other readouts at the final "
        f"cycle. Zero is no effect. {CHANCE_LEVELS}",
        seen=seen(material, shown),
        make=lambda: figure(material, shown),
    )


def seen(material: Material, profiles: Sequence[str]) -> str:
    """Say which treatment keeps most motor integrity, by profile; it may keep less than none."""
    integrity = next(m for m in MEASURES if m.readout == "motor_integrity_percent")
    found = [
        f"{in_sentence(material.profiles[profile])}: {in_sentence(material.arm_titles[arm])} "
        f"{in_numbers(estimate)}"
        for profile in profiles
        for arm, estimate in [best_effect(material, profile, integrity)]
    ]
    return f"The best difference in motor integrity (points of %) in {'; in '.join(found)}."


@in_house_style
def figure(material: Material, profiles: Sequence[str]) -> Figure:
    """Draw a row of panels a profile and a column a measure.

    Parameters
    ----------
    material
        A run with an arm without doses and at least one other.
    profiles
        Which profiles. The finest scale is that of all profiles of the run, so that a profile
        looks the same alone and among the others.
    """
    height = _ROW * len(material.treated)
    block = _TITLE + height + _TICKS
    sheet = Sheet(TWO_COLUMNS, _TOP + block * len(profiles) + _FOOT)
    width = (TWO_COLUMNS - _NAMES - _GAP * len(MEASURES)) / len(MEASURES)
    for column, measure in enumerate(MEASURES):
        left = _NAMES + column * (width + _GAP)
        title = "\n".join([*wrap(measure.title, _TITLE_WIDTH), measure.when])
        sheet.text(left + width / 2, _TOP - 1, title, ha="center", va="bottom", size=SMALL)
        limits = _limits(material, measure)
        for row, profile in enumerate(profiles):
            top = _TOP + row * block + _TITLE
            ax = sheet.panel(left, top, width, height)
            ax.set_xlim(limits[profile])
            _draw(ax, material, profile, measure, named=column == 0)
            if row == len(profiles) - 1:
                ax.set_xlabel(_BETTER[measure.better], fontsize=SMALL, labelpad=1)
            if column == 0:
                sheet.text(1, top - _TITLE + 1, material.profiles[profile], weight="bold")
    sheet.key(KEY_SEVERAL if len(profiles) > 1 else KEY, 1)
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
    round_values = few_ticks(*ax.get_xlim())
    ax.set_xticks(round_values, [_label(value) for value in round_values])
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


def few_ticks(low: float, high: float) -> list[float]:
    """Choose round ticks for a narrow scale that holds 0: so few that no labels meet.

    Parameters
    ----------
    low, high
        Limits.

    Returns
    -------
    list of float
        At least two multiples of a round number, none at the very edge, where its label would
        meet that of the next panel.

    Examples
    --------
    >>> few_ticks(-4.2, 5.1), few_ticks(-0.3, 1.2)
    ([-3.0, 0.0, 3.0], [0.0, 0.5, 1.0])
    """
    span = high - low
    magnitude = 10.0 ** floor(log10(span * _STEP))
    step = next(s * magnitude for s in _ROUND if s * magnitude >= span * _STEP)
    first, last = ceil((low + _EDGE * span) / step), floor((high - _EDGE * span) / step)
    ticks = [count * step for count in range(first, last + 1)]
    even = [count * step for count in range(first, last + 1) if count % 2 == 0]
    letters = max(len(_label(one)) + len(_label(next_)) for one, next_ in pairwise(ticks)) / 2
    return even if letters * _LETTER > step / span and len(even) > 1 else ticks


def _label(tick: float) -> str:
    return f"{tick:g}".replace("-", "−")


def _ticks(values: FloatArray, row: int) -> tuple[FloatArray, FloatArray]:
    """Give a vertical tick a patient as one broken line, which keeps vector files small."""
    gap = np.full(len(values), np.nan)
    x = np.column_stack([values, values, gap]).ravel()
    y = np.tile([row - 0.28, row + 0.28, np.nan], len(values))
    return x, y
