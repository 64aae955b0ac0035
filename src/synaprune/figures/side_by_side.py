"""One readout in several profiles, one panel each, with the same arms in every panel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from synaprune.figures.bands import draw_course
from synaprune.figures.captions import reading
from synaprune.figures.course import end_in_words
from synaprune.figures.end_labels import EndLabel, draw_end_labels
from synaprune.figures.material import Material
from synaprune.figures.published_marks import draw_network, draw_published, published_end
from synaprune.figures.sheet import Sheet
from synaprune.figures.style import INK, SMALL, TWO_COLUMNS, in_house_style
from synaprune.figures.time_axis import DOSE_ROW, draw_chance, draw_doses, draw_flares, time_axis
from synaprune.figures.value_axis import value_axis
from synaprune.figures.words import axis_title

_LEFT, _TOP, _NAMES, _HEIGHT, _BELOW = 14.0, 14.5, 54.0, 44.0, 8.5

#: Above a panel that counts time in cycles alone.
_TOP_WITHOUT_MONTHS = 6.0

#: Cycles between the flares of two arms that share an axis.
_FLARE_SHIFT = 0.22


@in_house_style
def side_by_side(
    material: Material,
    profiles: Sequence[str],
    readout: str,
    arms: Sequence[str],
    *,
    limit: tuple[float, str] | None = None,
) -> Figure:
    """Draw a readout over time in several profiles, one below the other.

    Where a cycle is not as long in all of them, time is counted in cycles alone.

    Parameters
    ----------
    material
        The run.
    profiles, readout, arms
        What to draw.
    limit
        A level to mark, with its name.
    """
    rows = sum(len(material.arms[arm]) for arm in arms)
    months = material.months(*profiles)
    top = _TOP if months else _TOP_WITHOUT_MONTHS
    pitch = top + _HEIGHT + DOSE_ROW * rows + _BELOW
    sheet = Sheet(TWO_COLUMNS, pitch * len(profiles) + 8)
    for place, profile in enumerate(profiles):
        panel = sheet.panel(_LEFT, top + place * pitch, TWO_COLUMNS - _LEFT - _NAMES, _HEIGHT)
        time_axis(panel, material.cycles, months, ticks=8, rows=rows)
        draw_arms(panel, material, profile, readout, arms)
        if limit is not None:
            _mark(panel, *limit)
        panel.set_title(material.profiles[profile], pad=5)
    shown = [(profile, arm, readout) for profile in profiles for arm in arms]
    network = any(material.published_course(*each) is not None for each in shown)
    ends = any(published_end(material, *each) is not None for each in shown)
    sheet.key(reading(network=network, ends=ends), _LEFT)
    return sheet.figure


def draw_arms(
    ax: Axes, material: Material, profile: str, readout: str, arms: Sequence[str]
) -> None:
    """Draw arms with patients, flares, doses, published ends and names in one panel."""
    courses = {arm: material.course(profile, arm, readout) for arm in arms}
    value_axis(ax, readout, courses.values())
    ax.set_ylabel(axis_title(readout))
    draw_chance(ax, readout)
    row, labels = 0, []
    for place, (arm, values) in enumerate(courses.items()):
        look, doses, name = material.looks[arm], material.arms[arm], f"{profile}-{arm}"
        draw_course(ax, values, look, name, hairlines=True, shift=place)
        draw_network(ax, material, profile, arm, readout, name)
        shift = (place - (len(arms) - 1) / 2) * _FLARE_SHIFT
        draw_flares(ax, material.flare_share(profile, arm), look.colour, name, shift=shift)
        draw_doses(ax, doses, look.colour, name, first_row=row)
        row += len(doses)
        known = published_end(material, profile, arm, readout)
        if known is not None:
            draw_published(ax, material.last + 0.5, known, name, colour=look.colour)
        words = f"{material.arm_titles[arm]}\n{end_in_words(material, profile, arm, readout)}"
        labels.append(EndLabel(float(np.median(values[:, -1])), look, words))
    draw_end_labels(ax, labels)


def _mark(ax: Axes, level: float, name: str) -> None:
    line = ax.axhline(level, lw=0.8, ls=(0, (6, 3)), color=INK, zorder=1.8)
    line.set_gid("limit")
    ax.annotate(
        name, (0, level), xycoords=ax.get_yaxis_transform(), xytext=(3, 2),
        textcoords="offset points", ha="left", va="bottom", fontsize=SMALL,
    )  # fmt: skip
