"""One line of an arm: which drug is given, and at which cycles."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from synaprune.study.faults import Fault, shown
from synaprune.study.messages import failure
from synaprune.study.part import Part
from synaprune.study.rules import Name, Whole
from synaprune.study.tables import OneOrMany

#: The longest course that a study can ask for, in cycles.
MOST_CYCLES = 1000

_CYCLE = Whole(0, MOST_CYCLES - 1)


class Dose(Part):
    """When one drug is given; cycles count from 0.

    Without any time it is given at every cycle. `from` and `until` (both included) bound the
    course and `every` spaces it; `at` lists single cycles instead.

    Examples
    --------
    >>> Dose(**{"drug": "ketamine", "from": 3, "every": 3}).every
    3
    """

    drug: Annotated[str, Name(64)] = Field(description="Name of a drug.")
    start: Annotated[int | None, _CYCLE] = Field(
        default=None, alias="from", description="First cycle of the course (0 where left out)."
    )
    until: Annotated[int | None, _CYCLE] = Field(
        default=None,
        description="Last cycle of the course, included (the last of all where left out).",
    )
    every: Annotated[int | None, Whole(1, MOST_CYCLES)] = Field(
        default=None, description="Cycles from one dose to the next (1 where left out)."
    )
    at: Annotated[int | tuple[int, ...] | None, OneOrMany(_CYCLE)] = Field(
        default=None, description="The cycle, or the cycles, of single doses; stands alone."
    )

    @model_validator(mode="after")
    def _one_way_of_timing(self) -> Self:
        course = {"from": self.start, "until": self.until, "every": self.every}
        beside = [key for key, value in course.items() if value is not None]
        if self.at is not None and beside:
            raise failure([Fault(("at",), f"cannot stand beside {' and '.join(beside)}")])
        if self.until is not None and self.until < (self.start or 0):
            rule = f"must not be before from, cycle {self.start} (got {shown(self.until)})"
            raise failure([Fault(("until",), rule)])
        return self
