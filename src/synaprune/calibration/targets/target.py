"""What a calibration aims at: published numbers, each with a tolerance, a weight and a source.

Targets are data; where they come from (the paper, a user's file) stands in `targets`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from synaprune.calibration.targets.when import When, parse_when
from synaprune.paper.scenarios import Scenario

#: Where a cell of Table 3 comes from.
TABLE3 = "Table 3"


@dataclass(frozen=True)
class Target:
    """A number, or a range, that the median over patients should meet.

    Attributes
    ----------
    name
        Unique among the targets of a calibration.
    profile, treatment
        Whose course it is.
    minus
        A treatment whose twin is subtracted patient by patient, or empty.
    readout
        One of the readouts of Table 1.
    when
        The moment of the course; see `synaprune.calibration.targets.when`.
    low, high
        The range, in the readout's unit (cycles for ``cycles above`` and ``first above``); equal
        for a single value, infinite where one side is open.
    tolerance
        Distance from the range that still agrees, in the same unit.
    weight
        Share in the loss; 0 only reports.
    source
        Where the number comes from.
    minus_profile
        A profile whose same number is subtracted patient by patient, or empty.
    minus_readout
        A readout of the same course whose number is subtracted, or empty.
    """

    name: str
    profile: str
    treatment: str
    minus: str
    readout: str
    when: str
    low: float
    high: float
    tolerance: float
    weight: float
    source: str
    minus_profile: str = ""
    minus_readout: str = ""

    @cached_property
    def moment(self) -> When:
        """The words of `when`, understood."""
        return parse_when(self.when)

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Every scenario whose course is needed."""
        profiles = [self.profile, *([self.minus_profile] if self.minus_profile else [])]
        treatments = [self.treatment, *([self.minus] if self.minus else [])]
        return tuple(Scenario(p, t) for p in profiles for t in treatments)

    @property
    def readouts(self) -> tuple[str, ...]:
        """Every readout that is looked at."""
        return (self.readout, *([self.minus_readout] if self.minus_readout else []))

    @property
    def is_cell(self) -> bool:
        """Whether it is a cell of Table 3."""
        return self.source == TABLE3


def scenarios_of(targets: Iterable[Target]) -> tuple[Scenario, ...]:
    """Every scenario that some target needs, each once, in the order of first need."""
    return tuple(dict.fromkeys(s for target in targets for s in target.scenarios))
