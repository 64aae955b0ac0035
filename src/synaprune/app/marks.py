"""Values at the points of a figure, to be read by pointer and keyboard.

The drawing stays what it is in every other place; over it lie marks, one for each value, whose
accessible name is the value in words. What is seen beside a mark is that same name, so that all
readers are told the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaprune.figures.bands import quantiles
from synaprune.figures.course import TOGETHER
from synaprune.figures.effects import effect, in_numbers
from synaprune.figures.material import Material
from synaprune.figures.published_marks import published_end
from synaprune.figures.twin_differences import MEASURES
from synaprune.figures.words import READOUT, number, patients_in_words
from synaprune.paper.published import printed_decimals

Places = Mapping[str, NDArray[np.float64]]

#: What the names of lines start with in a course, and of marks in twin differences.
COURSE, TWINS = "median-", "mean-"


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of a figure with its value.

    Attributes
    ----------
    row, column
        Place among the marks: up and down changes the row, left and right the column.
    label
        ``what: value; more; more``, the words of the read-out and of screen readers.
    places
        Where it is drawn, from the left and the upper edge in percent; the first carries the mark.
    id
        On the page, where its label follows the cycle.
    """

    row: int
    column: int
    label: str
    places: tuple[tuple[float, float], ...]
    id: str = ""

    @property
    def at(self) -> str:
        """All places in one text."""
        return " ".join(f"{x:.2f} {y:.2f}" for x, y in self.places)


def course_marks(material: Material, profile: str, readout: str, places: Places) -> list[Mark]:
    """Mark every arm at every cycle of a course.

    Parameters
    ----------
    material
        The run.
    profile, readout
        What is drawn.
    places
        Of its medians.
    """
    by_arm = {arm: quantiles(material.course(profile, arm, readout)) for arm in material.arms}
    same = Counter(
        (cycle, *bands[:, cycle]) for bands in by_arm.values() for cycle in range(material.cycles)
    )
    marks = []
    for row, (arm, bands) in enumerate(by_arm.items()):
        title = material.arm_titles[arm]
        panels = [places[name] for name in (f"{TOGETHER}{arm}", arm) if name in places]
        for cycle in range(material.cycles):
            words = _course_words(material, readout, bands[:, cycle])
            if cycle == material.last:
                words += _published_words(material, profile, arm, readout)
            words += _others_words(same[cycle, *bands[:, cycle]] - 1)
            month = f"{cycle * material.months(profile):g}"
            label = f"{title}, cycle {cycle} (month {month}): {'; '.join(words)}"
            marks.append(Mark(row, cycle, label, _percent([panel[cycle] for panel in panels])))
    return marks


def _course_words(material: Material, readout: str, bands: NDArray[np.float64]) -> list[str]:
    places = max(printed_decimals(readout), 1)
    low, lower, middle, upper, high = (number(float(edge), places) for edge in bands)
    what, unit = READOUT[readout].title, " %" if READOUT[readout].unit == "%" else ""
    people = patients_in_words(material.n)
    if material.n == 1:
        return [f"{what} {middle}{unit}", people]
    return [
        f"{what} {middle}{unit} (median)",
        f"50 % of patients {lower} to {upper}{unit}",
        f"95 % of patients {low} to {high}{unit}",
        people,
    ]


def _published_words(material: Material, profile: str, arm: str, readout: str) -> list[str]:
    known = published_end(material, profile, arm, readout)
    return [] if known is None else [f"paper {known:.{printed_decimals(readout)}f}"]


def _others_words(others: int) -> list[str]:
    if not others:
        return []
    return [f"the same in {others} other arm{'s' if others > 1 else ''}"]


def twin_marks(material: Material, profile: str, places: Places) -> list[Mark]:
    """Mark every treatment in every measure of the twin differences of a profile.

    Parameters
    ----------
    material
        A run with an arm without doses and at least one other.
    profile
        What is drawn.
    places
        Of its means.
    """
    marks = []
    for row, arm in enumerate(material.treated):
        for column, measure in enumerate(MEASURES):
            estimate = effect(material, profile, arm, measure)
            mean, _, interval = in_numbers(estimate).partition(" (")
            words = [
                f"difference {mean} (mean)",
                f"95 % interval {interval.rstrip(')')}" if estimate.n > 1 else "no interval",
                patients_in_words(estimate.n),
            ]
            label = f"{material.arm_titles[arm]}, {measure.title} {measure.when}"
            place = places[f"{measure.readout}-{measure.over}-{profile}-{arm}"][0]
            marks.append(Mark(row, column, f"{label}: {'; '.join(words)}", _percent([place])))
    return marks


def _percent(places: list[NDArray[np.float64]]) -> tuple[tuple[float, float], ...]:
    return tuple((100 * float(x), 100 * float(y)) for x, y in places)
