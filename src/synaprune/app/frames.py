"""What changes on the page with the cycle, worked out for all cycles at once.

The page only puts ready words and shapes in their places, so that moving through the cycles
needs no answer from here, and every number is written by the same code as in figures and report.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from synaprune.figures.effects import in_numbers
from synaprune.figures.material import Material
from synaprune.figures.words import number
from synaprune.paper.intervals import mean_interval, spread
from synaprune.paper.published import printed_decimals

#: Stands for the text of an element where an attribute is named.
TEXT = "text"

_TO = "\N{WORD JOINER}–\N{WORD JOINER}"


@dataclass(frozen=True, slots=True)
class Frames:
    """Attributes of elements by cycle."""

    _changes: list[tuple[str, str, list[str]]] = field(default_factory=list)

    def add(self, element: str, attribute: str, values: Iterable[object]) -> None:
        """Let an attribute of an element (or its `TEXT`) follow the cycle.

        Parameters
        ----------
        element
            Its id on the page.
        attribute
            Name of the attribute.
        values
            One a cycle.
        """
        self._changes.append((element, attribute, [str(value) for value in values]))

    def first(self, element: str, attribute: str) -> str:
        """Give what an attribute starts with."""
        return next(v for e, a, v in self._changes if (e, a) == (element, attribute))[0]

    def json(self) -> str:
        """Write everything for the page."""
        return json.dumps(self._changes, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Values:
    """Table of a readout at a cycle.

    Attributes
    ----------
    columns
        Heads.
    rows
        Title of the arm, and the ids of its cells.
    frames
        What stands in the cells.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    frames: Frames


def values_by_cycle(material: Material, profile: str, readout: str) -> Values:
    """Give median, band of patients and twin difference of every arm at every cycle.

    Parameters
    ----------
    material
        The run.
    profile, readout
        What is shown.
    """
    compared = material.reference is not None and bool(material.treated)
    several = material.n > 1
    columns = ["Arm", "Median" if several else "Value"]
    columns += ["95 % of patients"] if several else []
    columns += ["From the untreated twin (95 %)"] if compared else []
    frames = Frames()
    rows = []
    for place, arm in enumerate(material.arms):
        cells = [f"value-{place}-{column}" for column in range(len(columns) - 1)]
        for cell, texts in zip(cells, _columns(material, profile, readout, arm), strict=True):
            frames.add(cell, TEXT, texts)
        rows.append((material.arm_titles[arm], tuple(cells)))
    return Values(tuple(columns), tuple(rows), frames)


def _columns(material: Material, profile: str, readout: str, arm: str) -> list[list[str]]:
    course = material.course(profile, arm, readout)
    places = max(printed_decimals(readout), 1)
    spreads = [spread(course[:, cycle]) for cycle in range(material.cycles)]
    found = [[number(one.value, places) for one in spreads]]
    if material.n > 1:
        found.append([
            f"{number(one.lower, places)}{_TO}{number(one.upper, places)}" for one in spreads
        ])  # fmt: skip
    if material.reference is not None and material.treated:
        twin = material.course(profile, material.reference, readout)
        found.append([
            "" if arm == material.reference
            else in_numbers(mean_interval(course[:, cycle] - twin[:, cycle]))
            for cycle in range(material.cycles)
        ])  # fmt: skip
    return found
